"""Who hears what people say of a page: its owner's channel, else the people of that team, else the admins."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import ADMIN, Directory, Person, Team

# Whether whoever has all of these audiences may read what it is about.
MayRead = Callable[[frozenset[str]], bool]


@dataclass(frozen=True, slots=True)
class Addressee:
    """A channel, or the direct message with one person. `reads`: everybody there may read what it is about."""

    channel: str
    reads: bool


class Addressees:
    """Finds them in Slack."""

    def __init__(self, channels: SlackChannels, directory: SlackDirectory, *, people: Directory) -> None:
        self._channels = channels
        self._directory = directory
        self._people = people

    def of(self, team: Team | None, *, may_read: MayRead) -> tuple[Addressee, ...]:
        """Nobody where none of them is known in Slack.

        In a channel where not everybody may read it nothing is said, if its people can be written to.
        """
        channel = self._channels.called(team.channel) if team else None
        if channel and may_read(self._directory.readers(channel)):
            return (Addressee(channel, reads=True),)
        found = self.colleagues(team)
        if found:
            return tuple(Addressee(self._directory.direct_with(one.id), reads=may_read(one.audiences)) for one in found)
        return (Addressee(channel, reads=False),) if channel else ()

    def colleagues(self, team: Team | None, *, but: str = "") -> list[Person]:
        """The people of a team whom Slack knows, else the admins; without the one whose id is `but`."""
        return self._at(team.people if team else (), but) or self._at(self._with(ADMIN), but)

    def with_role(self, role: str) -> list[Person]:
        """Whoever has a role, by the roster, a user group or a channel, and is known in Slack; else the admins."""
        given = [*self._at(self._with(role), ""), *self._directory.given(role)]
        found = {person.id: person for person in given if role in person.roles}
        return [*found.values()] or self._at(self._with(ADMIN), "")

    def at(self, addresses: Iterable[str]) -> list[Person]:
        """Those of them whom Slack knows."""
        return self._at(addresses, "")

    def _with(self, role: str) -> list[str]:
        return [member.email for member in self._people.roster if role in member.roles]

    def _at(self, addresses: Iterable[str], but: str) -> list[Person]:
        known = [person for address in addresses if (person := self._channels.person_at(address))]
        return [self._directory.person(person) for person in known if person != but]
