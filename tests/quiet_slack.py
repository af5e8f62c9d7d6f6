"""Slack as far as the bot asks it anything, in memory: people and places of a test's own, and no wire between."""

from dataclasses import dataclass, field
from typing import Any

from slack_sdk.errors import SlackApiError

BOT = "UBOT"


@dataclass
class Somebody:
    """Whom Slack knows. `team` is the workspace they are of; `flags` are those of Slack's, as is_restricted."""

    id: str
    name: str
    email: str
    team: str
    flags: set[str] = field(default_factory=set)


@dataclass
class Room:
    """A channel; `flags` are those of Slack's, as is_ext_shared. Where the bot is not `joined`, Slack shows nothing."""

    id: str
    name: str
    members: list[str]
    flags: set[str] = field(default_factory=set)
    joined: bool = True


@dataclass
class QuietSlack:
    """Answers as Slack's client does. Whatever else is asked of it fails the test."""

    people: dict[str, Somebody] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)

    def direct(self, user: str) -> str:
        return f"D{user}"

    def users_info(self, *, user: str) -> dict[str, Any]:
        one = self._of(self.people, user, "user_not_found")
        said = {"id": user, "team_id": one.team, "profile": {"real_name": one.name, "email": one.email}}
        return {"user": {**said, **dict.fromkeys(one.flags, True)}}

    def users_lookupByEmail(self, *, email: str) -> dict[str, Any]:  # noqa: N802 - as Slack calls it
        found = [one for one in self.people.values() if one.email == email and not one.flags]
        if not found:
            raise _refused("users_not_found")
        return {"user": {"id": found[-1].id}}

    def conversations_members(self, *, channel: str, limit: int, cursor: str) -> dict[str, Any]:
        assert (limit > 0, cursor) == (True, "")
        return {"members": self._room(channel).members}

    def conversations_info(self, *, channel: str) -> dict[str, Any]:
        room = self._room(channel)
        return {"channel": {"id": channel, "name": room.name, **dict.fromkeys(room.flags, True)}}

    def conversations_list(self, **_: object) -> dict[str, Any]:
        rooms = [room for room in self.rooms.values() if not room.id.startswith("D")]
        return {"channels": [{"id": one.id, "name": one.name, "is_member": one.joined} for one in rooms]}

    def conversations_open(self, *, users: list[str]) -> dict[str, Any]:
        return {"channel": {"id": self.direct(users[0])}}

    def chat_getPermalink(self, *, channel: str, message_ts: str) -> dict[str, Any]:  # noqa: N802 - as Slack calls it
        return {"permalink": f"https://slack.example/{channel}/{message_ts}"}

    def conversations_replies(self, *, channel: str, ts: str, **_: object) -> dict[str, Any]:
        self._room(channel)
        return {"messages": [{"ts": ts, "text": "nobody may know what this one says"}]}

    def usergroups_list(self, **_: object) -> dict[str, Any]:
        return {"usergroups": []}

    def assistant_threads_setStatus(self, **_: object) -> None:  # noqa: N802 - as Slack calls it
        """Shown, and over."""

    def assistant_threads_setSuggestedPrompts(self, **_: object) -> None:  # noqa: N802 - as Slack calls it
        """Shown, and over."""

    def _room(self, channel: str) -> Room:
        room = self._of(self.rooms, channel, "channel_not_found")
        if not room.joined:
            raise _refused("channel_not_found")
        return room

    @staticmethod
    def _of(known: dict[str, Any], key: str, fault: str) -> Any:
        if key not in known:
            raise _refused(fault)
        return known[key]


def _refused(fault: str) -> SlackApiError:
    return SlackApiError(fault, {"ok": False, "error": fault})
