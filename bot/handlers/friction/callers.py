"""Who acts on friction from Slack: as a person, as a reporter, as what they are to tickets."""

from dataclasses import dataclass

from bot.friction.desk import reporter_of
from bot.friction.reporters import Reporter
from bot.friction.roles import Actor
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Owners, Person

LEAD = "lead"


@dataclass(frozen=True, slots=True)
class Callers:
    """Asks Slack who they are; whatever asks it raises `PeopleUnknown` where Slack does not say."""

    directory: SlackDirectory
    owners: Owners

    def person(self, user: str) -> Person:
        return self.directory.person(user)

    def reporter(self, person: Person, *, workspace: str) -> Reporter:
        return reporter_of(person, workspace=workspace, address=self._address(person))

    def actor(self, person: Person, *, workspace: str, code: str = "") -> Actor:
        """`code` is that of an anonymous report which they say is theirs."""
        address = self._address(person)
        return Actor(
            person.id,
            workspace,
            person.name,
            teams=self.owners.teams_of(address) if address else frozenset(),
            triager=person.admin or LEAD in person.roles,
            employee=not person.outsider,
            address=address,
            code=code,
        )

    def _address(self, person: Person) -> str:
        """ "" where Slack shows none."""
        told = self.directory.address(person.id)
        return told if "@" in told else ""
