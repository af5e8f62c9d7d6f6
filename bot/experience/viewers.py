"""Who may read the page: whoever steers or mends what gets in people's way."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.audiences import EVERYONE
from bot.errors import NotAllowed
from bot.friction.tickets import must_be_employee
from bot.people import ADMIN, AUDITOR, Person, must_be_admin, must_be_auditor

# Who steers the experience of employees and customers, by config/people.yaml.
LEAD = "lead"
WHO_MAY = "leads, admins, and the people of teams that own a tool or a page"
_ROLE = "role:"
STEERING = frozenset({f"{_ROLE}{LEAD}", f"{_ROLE}{ADMIN}"})


# What decides what somebody reads of numbers: all audiences but their own, and their teams.
Rights = tuple[frozenset[str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who reads; `teams` are the keys of those in `config/owners.yaml` that they belong to.

    `id` is theirs at Slack, or their address where they are known by that alone.
    """

    name: str
    audiences: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    id: str = ""

    @property
    def rights(self) -> Rights:
        return self.audiences - {f"person:{self.id}"}, self.teams

    @property
    def person(self) -> Person:
        """As whoever asks and decides elsewhere knows them."""
        roles = frozenset(one.removeprefix(_ROLE) for one in self.audiences if one.startswith(_ROLE))
        return Person(self.id, self.name, self.audiences, roles, outsider=EVERYONE not in self.audiences)


def viewer_of(person: Person, teams: Iterable[str]) -> Viewer:
    return Viewer(person.name, person.audiences, frozenset(teams), person.id)


def may_see(viewer: Viewer) -> bool:
    return EVERYONE in viewer.audiences and bool(viewer.teams or viewer.audiences & STEERING)


def must_see(viewer: Viewer) -> AbstractSet[str]:
    """The audiences of whoever may read; every query begins with this. Raises `NotAllowed` for everybody else."""
    must_be_employee(viewer.audiences)
    if not may_see(viewer):
        raise NotAllowed(
            f"The page is read by {WHO_MAY}. `/friction hot` shows everybody what costs most time; for the page ask an "
            "admin, who keeps config/people.yaml and config/owners.yaml."
        )
    return viewer.audiences


def must_steer(viewer: Viewer) -> None:
    """Raises `NotAllowed` for everybody but leads and admins."""
    must_be_employee(viewer.audiences)
    if not viewer.audiences & STEERING:
        raise NotAllowed("Who may see what is shown to leads and admins. Ask an admin, who keeps config/people.yaml.")


def must_keep(viewer: Viewer) -> None:
    """Raises `NotAllowed` for everybody but admins."""
    must_be_employee(viewer.audiences)
    must_be_admin(viewer.person)


def must_oversee(viewer: Viewer) -> None:
    """Raises `NotAllowed` for everybody but auditors, who need no other role."""
    must_be_employee(viewer.audiences)
    must_be_auditor(viewer.person)


def must_enter(viewer: Viewer) -> None:
    """Raises `NotAllowed` for whoever has nothing to read here."""
    if AUDITOR not in viewer.person.roles:
        must_see(viewer)
    must_be_employee(viewer.audiences)


# Whoever runs commands on the machine, and what the company posts of itself: sums and tickets, never who reported.
THE_COMPANY = Viewer("Throughline", frozenset({EVERYONE, f"role:{LEAD}"}))
