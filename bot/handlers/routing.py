"""To whom a request goes: the channel of the team, else its people, else the admins of the knowledge."""

from collections.abc import Callable
from dataclasses import dataclass

from bot import request_wording as wording
from bot.errors import RequestRefused
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Owners, Team


@dataclass(frozen=True, slots=True)
class Recipient:
    """A channel or a direct message that gets a card; `readers` is what everybody who reads it may see."""

    channel: str
    readers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a request goes. `reached` says it to the asker; `team` is None where no team answers for the question."""

    team: Team | None
    recipients: tuple[Recipient, ...]
    reached: str


class Router:
    """Finds the ones who can answer. What cannot be reached is said, not skipped in silence.

    `escalation`: a channel -> the channel that its settings name for its questions, both by id; "" for none.
    """

    def __init__(
        self,
        channels: SlackChannels,
        directory: SlackDirectory,
        *,
        addressees: Addressees,
        owners: Owners,
        escalation: Callable[[str], str],
    ) -> None:
        self._channels = channels
        self._directory = directory
        self._addressees = addressees
        self._owners = owners
        self._escalation = escalation

    def destination(self, owner: str, *, asked_in: str) -> tuple[str, str]:
        """Whom a question about a page of this owner is for: the name of a team and a channel with #, "" for none.

        A channel that settings name has no team.
        """
        team, own = self._owners.called(owner), self._escalation(asked_in)
        named = self._channels.name_of(own) if own else None
        if named:
            return "", named
        return (team.name, team.channel) if team else ("", "")

    def route(self, owner: str, *, asked_in: str, asker: str) -> Route:
        """Where a question about a page of this owner goes ("" where no page names one). Raises `RequestRefused`."""
        team, own = self._owners.called(owner), self._escalation(asked_in)
        named = self._channels.name_of(own) if own else None
        if named:
            return self._to_channel(team, own, wording.in_channel("", named))
        known = self._channels.called(team.channel) if team else None
        if team and known:
            return self._to_channel(team, known, wording.in_channel(team.name, team.channel))
        why = self._why(team, owner)
        found = self._addressees.colleagues(team, but=asker)
        if not found:
            raise RequestRefused(wording.nobody(why))
        direct = tuple(Recipient(self._directory.direct_with(one.id), one.audiences) for one in found)
        return Route(team, direct, wording.in_person([one.name for one in found], why))

    def _to_channel(self, team: Team | None, channel: str, reached: str) -> Route:
        return Route(team, (Recipient(channel, self._directory.readers(channel)),), reached)

    @staticmethod
    def _why(team: Team | None, owner: str) -> str:
        if team is not None:
            return wording.not_in(team.channel)
        return wording.UNLISTED_OWNER if owner else wording.NO_OWNER
