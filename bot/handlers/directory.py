"""Asks Slack who somebody is and who reads a channel. What Slack does not say is not assumed."""

import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from slack_sdk import WebClient

from bot.people import Directory, Person, Profile, shared_audiences

# Long enough that a busy channel costs Slack nothing, short enough that a role taken away is soon gone.
REMEMBERED_SECONDS = 300.0
# Past this many members nobody knows who reads along; then only the asker is answered.
MOST_MEMBERS = 300
_PAGE = 200

T = TypeVar("T")


class SlackDirectory:
    """People and channels as Slack knows them, with their audiences from `config/people.yaml`."""

    def __init__(
        self, client: WebClient, directory: Directory, *, team: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._directory = directory
        self._team = team
        self._clock = clock
        self._lock = Lock()
        self._people: dict[str, tuple[float, tuple[Profile, bool]]] = {}
        self._channels: dict[str, tuple[float, frozenset[str]]] = {}
        self._directs: dict[str, tuple[float, str]] = {}

    def person(self, user: str) -> Person:
        """Who a user is. Raises what the Slack client raises: a person nobody could ask about is not answered."""
        return self._directory.person(self._user(user)[0])

    def direct_with(self, user: str) -> str:
        """The id of the direct message with somebody."""
        return self._remembered(self._directs, user, self._opened)

    def readers(self, channel: str) -> frozenset[str]:
        """The audiences that everybody who reads a channel has in common; none where they cannot be counted."""
        return self._remembered(self._channels, channel, self._readers)

    def _readers(self, channel: str) -> frozenset[str]:
        members: list[str] = []
        cursor = ""
        while True:
            page = self._client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor)
            members.extend(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if len(members) > MOST_MEMBERS:
                return frozenset()
            if not cursor:
                break
        people = [self._directory.person(profile) for profile, robot in map(self._user, members) if not robot]
        return shared_audiences(people, channel=channel)

    def _opened(self, user: str) -> str:
        return str(self._client.conversations_open(users=[user])["channel"]["id"])

    def _user(self, user: str) -> tuple[Profile, bool]:
        return self._remembered(self._people, user, self._asked)

    def _asked(self, user: str) -> tuple[Profile, bool]:
        said = self._client.users_info(user=user)["user"]
        profile = said.get("profile") or {}
        away = said.get("team_id") not in {None, self._team} and not said.get("enterprise_user")
        flags = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")
        return (
            Profile(
                id=user,
                name=profile.get("real_name") or said.get("real_name") or said.get("name") or user,
                email=profile.get("email") or "",
                outsider=away or any(said.get(flag) for flag in flags),
            ),
            bool(said.get("is_bot")),
        )

    def _remembered(self, known: dict[str, tuple[float, T]], key: str, ask: Callable[[str], T]) -> T:
        with self._lock:
            since, value = known.get(key, (0.0, None))
        if value is None or self._clock() - since > REMEMBERED_SECONDS:
            value = ask(key)
            with self._lock:
                known[key] = (self._clock(), value)
        return value
