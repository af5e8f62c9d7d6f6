"""Who is where and who is who, while it changes: channels joined and left, user groups, profiles."""

import time
from dataclasses import replace

from bot.simulator import events
from bot.simulator.errors import NotInWorkspace
from bot.simulator.groups import UserGroup
from bot.simulator.hands.base import Hands
from bot.simulator.messages import Message
from bot.simulator.people import Person


class MembershipHands(Hands):
    """Slack tells the app of each change, where it is there to hear it."""

    def join(self, member_id: str, channel_id: str, *, inviter: str = "") -> None:
        """Somebody, or the bot, is now in a channel."""
        with self._change():
            channel = self.channel(channel_id)
            if member_id in channel.members:
                return
            if member_id == self.installation.bot.user_id and not self.is_installed:
                raise NotInWorkspace(f"{self.installation.bot.name} is not installed here. Install it, then add it.")
            channel = self._channels[channel_id] = replace(channel, members=(*channel.members, member_id))
            body = events.member_event(
                "member_joined_channel", member_id, channel, team_id=self._team_of(member_id), ts=self._next_ts()
            )
            self._tell_event(body | ({"inviter": inviter} if inviter else {}), channel=channel)
            self.post(
                Message(channel_id, "", member_id, f"<@{member_id}> has joined the channel", subtype="channel_join")
            )

    def leave(self, member_id: str, channel_id: str) -> None:
        """Somebody, or the bot, is no longer in a channel."""
        with self._change():
            channel = self.channel(channel_id)
            if member_id not in channel.members:
                return
            members = tuple(one for one in channel.members if one != member_id)
            channel = self._channels[channel_id] = replace(channel, members=members)
            body = events.member_event(
                "member_left_channel", member_id, channel, team_id=self._team_of(member_id), ts=self._next_ts()
            )
            self._tell_event(body, channel=channel)
            self.post(
                Message(channel_id, "", member_id, f"<@{member_id}> has left the channel", subtype="channel_leave")
            )

    def group(self, group_id: str) -> UserGroup:
        """A user group by id or handle. Raises NotInWorkspace."""
        wanted = group_id.removeprefix("@")
        for one in self.groups:
            if wanted in (one.id, one.handle):
                return one
        there = ", ".join(f"{one.id} (@{one.handle})" for one in self.groups)
        raise NotInWorkspace(f"No user group is called {group_id!r}. There are: {there}.")

    def set_group(self, group_id: str, members: tuple[str, ...]) -> None:
        """Other people are behind a user group now."""
        with self._change():
            before = self.group(group_id)
            after = replace(before, members=tuple(self.person(one).id for one in members), updated=int(time.time()))
            self._groups[before.id] = after
            for body in events.group_events(before, after, self.installation, ts=self._next_ts()):
                self._tell_event(body)

    def change_profile(
        self,
        person_id: str,
        *,
        name: str | None = None,
        email: str | None = None,
        title: str | None = None,
        guest: bool | None = None,
        deleted: bool | None = None,
    ) -> None:
        """Somebody is now called otherwise, became a guest, or was deactivated. What is not given stays."""
        given = {"name": name, "email": email, "title": title, "guest": guest, "deleted": deleted}
        with self._change():
            before = self.person(person_id)
            changes = {field: value for field, value in given.items() if value is not None}
            after: Person = replace(before, **changes)  # type: ignore[arg-type]
            self._people[person_id] = after
            ts = self._next_ts()
            body = {"type": "user_change", "user": self.profile(after), "cache_ts": int(float(ts)), "event_ts": ts}
            self._tell_event(body)

    def _next_ts(self) -> str:
        return self._transcripts.next_ts()

    def _team_of(self, member_id: str) -> str:
        person = next((one for one in self.people if one.id == member_id), None)
        return person.team.id if person else self.installation.team.id
