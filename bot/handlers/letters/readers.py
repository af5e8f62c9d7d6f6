"""To whom the digest and alerts go: leads, and the people of teams, as far as Slack knows them."""

from dataclasses import dataclass

from bot.experience.viewers import LEAD, Viewer, may_see, viewer_of
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Owners, Person


@dataclass(frozen=True, slots=True)
class Reader:
    """`leads`: what concerns any team concerns them."""

    person: Person
    viewer: Viewer
    leads: bool


class Readers:
    """Asks Slack; whatever asks it raises `PeopleUnknown`, or what Slack's client raises."""

    def __init__(self, addressees: Addressees, directory: SlackDirectory, *, owners: Owners) -> None:
        self._addressees = addressees
        self._directory = directory
        self._owners = owners

    def all(self) -> list[Reader]:
        """Each once. Where nobody leads, admins stand in, as elsewhere."""
        leading = {person.id: person for person in self._addressees.with_role(LEAD)}
        addresses = dict.fromkeys(address for team in self._owners.teams.values() for address in team.people)
        owning = {person.id: person for person in self._addressees.at(addresses)}
        found = []
        for person in (leading | owning).values():
            viewer = self.viewer(person)
            if may_see(viewer):
                found.append(Reader(person, viewer, person.id in leading))
        return found

    def reads(self, person: Person) -> bool:
        """Whether somebody leads, or is of a team."""
        viewer = self.viewer(person)
        return may_see(viewer) and bool(viewer.teams or LEAD in person.roles)

    def viewer(self, person: Person) -> Viewer:
        return viewer_of(person, self._owners.teams_of(self._directory.address(person.id)))
