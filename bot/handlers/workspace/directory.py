"""Asks Slack who somebody is and who reads a channel. What Slack does not say is not assumed."""

import http.client
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import audiences, wording
from bot.errors import PeopleUnknown
from bot.handlers.workspace import membership
from bot.handlers.workspace.remembered import Remembered
from bot.people import Directory, Person, Profile, shared_audiences

# Changes are heard of at once; this is for those that Slack tells nobody: channels that the bot is not in, and events
# that were lost. Long enough that a busy channel costs Slack little.
REMEMBERED_SECONDS = 300.0
MOST_PEOPLE = 10_000
MOST_CHANNELS = 1_000
# Past this many members nobody knows who reads along; then only the asker is answered.
MOST_READERS = 300
# Past this many nobody counts as a member of a channel that a page is for.
MOST_MEMBERS = 20_000
_PAGE = 200
_LARGE_PAGE = 1000
# Slack's words for a channel that is not there, or not for us to see.
_NOBODY = frozenset({"channel_not_found", "is_archived", "method_not_supported_for_channel_type"})
_OUTSIDE = ("is_restricted", "is_ultra_restricted", "is_stranger", "deleted")


@dataclass(frozen=True, slots=True)
class _Rolls:
    """Who is in each user group, by its handle, and in each channel, by its id."""

    groups: Mapping[str, frozenset[str]]
    channels: Mapping[str, frozenset[str]]

    def entered(self, profile: Profile) -> Profile:
        return replace(
            profile,
            groups=frozenset(group for group, members in self.groups.items() if profile.id in members),
            channels=frozenset(channel for channel, members in self.channels.items() if profile.id in members),
        )


class SlackDirectory:
    """People and channels as Slack knows them, with their audiences from `config/people.yaml`.

    `named` are the audiences that pages and notices name now: only of those groups and channels Slack is asked who is
    in them. `news` says what changed since it was asked last. `enterprise` is "" outside Enterprise Grid.
    """

    def __init__(
        self,
        client: WebClient,
        directory: Directory,
        *,
        team: str,
        enterprise: str = "",
        named: Callable[[], frozenset[str]] = frozenset,
        news: Callable[[], list[str]] = list,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._directory = directory
        self._team = team
        self._enterprise = enterprise
        self._named = named
        self._news = news
        self._catching_up = Lock()
        lasting = partial(Remembered, seconds=REMEMBERED_SECONDS, clock=clock)
        self._users: Remembered[tuple[Profile, bool]] = lasting(self._user, most=MOST_PEOPLE)
        self._listed: Remembered[tuple[str, ...]] = lasting(self._readers_of, most=MOST_CHANNELS)
        self._members: Remembered[frozenset[str]] = lasting(self._members_of, most=MOST_CHANNELS)
        self._groups: Remembered[Mapping[str, frozenset[str]]] = lasting(self._all_groups, most=1)
        self._directs: Remembered[str] = lasting(self._opened, most=MOST_PEOPLE)

    def person(self, user: str) -> Person:
        """Who a user is. Raises `PeopleUnknown` where Slack does not say: such a person is not answered."""
        with self._asking():
            return self._described([self._users(user)[0]])[0]

    def address(self, user: str) -> str:
        """A user's e-mail address; their id for an outsider, and where Slack shows none. Raises `PeopleUnknown`."""
        with self._asking():
            profile = self._users(user)[0]
        return user if profile.outsider else profile.email or user

    def direct_with(self, user: str) -> str:
        """The id of the direct message with somebody."""
        with self._asking():
            return self._directs(user)

    def readers(self, channel: str) -> frozenset[str]:
        """The audiences that everybody who reads a channel has in common; none where they cannot be counted.

        Raises `PeopleUnknown` where Slack does not say who they are.
        """
        with self._asking():
            known = map(self._users, self._listed(channel))
            people = self._described(profile for profile, robot in known if not robot)
        return shared_audiences(people, channel=channel)

    def given(self, role: str) -> list[Person]:
        """Whoever has a role by a user group or a channel, in the order of their ids; no programs."""
        grants = self._directory.grants
        if not any(role in roles for roles in (*grants.groups.values(), *grants.channels.values())):
            return []
        with self._asking():
            rolls = self._rolls()
            members = {
                member
                for known, giving in ((rolls.groups, grants.groups), (rolls.channels, grants.channels))
                for place, roles in giving.items()
                if role in roles
                for member in known[place]
            }
            found = map(self._users, sorted(members))
            people = self._described(profile for profile, robot in found if not robot)
        return [person for person in people if role in person.roles]

    @contextmanager
    def _asking(self) -> Iterator[None]:
        self._catch_up()
        try:
            yield
        except (SlackApiError, SlackClientError, OSError, http.client.HTTPException) as fault:
            raise PeopleUnknown(wording.PEOPLE_UNKNOWN) from fault

    def _catch_up(self) -> None:
        """Forget what has changed, before anybody goes by it."""
        with self._catching_up:
            for subject in self._news():
                kind, _, key = subject.partition(":")
                match f"{kind}:":
                    case membership.USER:
                        self._users.forget(key)
                    case membership.CHANNEL:
                        self._listed.forget(key)
                        self._members.forget(key)
                    case _:
                        self._groups.forget("")

    def _described(self, profiles: Iterable[Profile]) -> list[Person]:
        """People with the user groups and channels they are in."""
        known = list(profiles)
        rolls = None if all(profile.outsider for profile in known) else self._rolls()
        return [self._directory.person(rolls.entered(profile) if rolls else profile) for profile in known]

    def _rolls(self) -> _Rolls:
        """Who is in the user groups and channels whose members may read or do something of their own."""
        named, grants = self._named(), self._directory.grants
        groups = {name.removeprefix(audiences.GROUP) for name in named if name.startswith(audiences.GROUP)}
        channels = {name.removeprefix(audiences.CHANNEL) for name in named if name.startswith(audiences.CHANNEL)}
        groups |= grants.groups.keys()
        known = self._groups("") if groups else {}
        return _Rolls(
            groups={group: known.get(group, frozenset()) for group in groups},
            channels={channel: self._members(channel) for channel in channels | grants.channels.keys()},
        )

    def _readers_of(self, channel: str) -> tuple[str, ...]:
        """Everybody in a channel, the bot too; nobody where they are too many."""
        return tuple(self._in_channel(channel, page=_PAGE, most=MOST_READERS))

    def _members_of(self, channel: str) -> frozenset[str]:
        try:
            return frozenset(self._in_channel(channel, page=_LARGE_PAGE, most=MOST_MEMBERS))
        except SlackApiError as fault:
            if fault.response.get("error") in _NOBODY:
                return frozenset()
            raise

    def _in_channel(self, channel: str, *, page: int, most: int) -> list[str]:
        members: list[str] = []
        cursor = ""
        while len(members) <= most:
            said = self._client.conversations_members(channel=channel, limit=page, cursor=cursor)
            members.extend(said["members"])
            cursor = (said.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return members if len(members) <= most else []
        return []

    def _all_groups(self, _everything: str) -> Mapping[str, frozenset[str]]:
        """Handle -> members, of the user groups that are not switched off."""
        said = self._client.usergroups_list(include_users=True)["usergroups"]
        return {group["handle"]: frozenset(group.get("users") or ()) for group in said if not group.get("date_delete")}

    def _opened(self, user: str) -> str:
        return str(self._client.conversations_open(users=[user])["channel"]["id"])

    def _user(self, user: str) -> tuple[Profile, bool]:
        """Somebody, and whether it is a program."""
        said = self._client.users_info(user=user)["user"]
        profile = said.get("profile") or {}
        return (
            Profile(
                id=user,
                name=profile.get("real_name") or said.get("real_name") or said.get("name") or user,
                email=profile.get("email") or "",
                outsider=not self._is_ours(said) or any(said.get(flag) for flag in _OUTSIDE),
            ),
            bool(said.get("is_bot")),
        )

    def _is_ours(self, said: Mapping[str, Any]) -> bool:
        """Of this workspace, or of another one of the same enterprise; who names neither is not."""
        grid = said.get("enterprise_user") or {}
        ours = bool(self._enterprise) and grid.get("enterprise_id") == self._enterprise
        return ours or said.get("team_id") == self._team
