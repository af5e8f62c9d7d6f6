"""Who may read the page: whoever steers or mends what gets in people's way."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.audiences import EVERYONE
from bot.errors import NotAllowed
from bot.friction.tickets import must_be_employee
from bot.people import ADMIN, Person

# Who steers the experience of employees and customers, by config/people.yaml.
LEAD = "lead"
WHO_MAY = "leads, admins, and the people of teams that own a tool or a page"
STEERING = frozenset({f"role:{LEAD}", f"role:{ADMIN}"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who reads; `teams` are the keys of those in `config/owners.yaml` that they belong to."""

    name: str
    audiences: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


def viewer_of(person: Person, teams: Iterable[str]) -> Viewer:
    return Viewer(person.name, person.audiences, frozenset(teams))


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


# Whoever runs commands on the machine, and what the company posts of itself: sums and tickets, never who reported.
THE_COMPANY = Viewer("Throughline", frozenset({EVERYONE, f"role:{LEAD}"}))
