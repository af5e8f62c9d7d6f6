"""Who may see what: each role's reach, and whether those who serve customers see the same of them."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.audiences import CUSTOMERS, EVERYONE, PUBLIC
from bot.errors import NotAllowed
from bot.experience.viewers import Viewer, may_see, must_keep, must_oversee, must_steer
from bot.people import ORDINARY_EMPLOYEE, Directory, Person

OUTSIDER = "Somebody from outside"
EMPLOYEE = "Every employee"


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody has by one role alone, or by none. `pages` are paths of pages; `overview`, `keeping`, `access` and
    `oversight` say which parts of the page are open to them."""

    name: str
    meaning: str
    audiences: frozenset[str]
    pages: frozenset[str]
    customers: bool
    friction: bool
    overview: bool
    keeping: bool
    access: bool
    oversight: bool


@dataclass(frozen=True, slots=True)
class Parity:
    """Those who serve customers beside each other. All have one right to customers and the same story of them; of pages
    they share this many, and `differing` says of each other one which of them read it."""

    roles: tuple[str, ...]
    shared: int
    differing: dict[str, tuple[str, ...]]


# Audiences -> the paths of the pages that they may read.
Readable = Callable[[frozenset[str]], frozenset[str]]


def askers(directory: Directory) -> dict[str, Person]:
    """Those as whom one can ask, by a name that stands in an address: somebody from outside, of a partner, without a
    role, with one role, and everybody on the roster."""
    by_role = {f"role:{role}": _with(directory, role) for role in directory.roles}
    partners = {
        f"partner:{name}": Person("", f"Somebody of {name}", frozenset({PUBLIC, f"partner:{name}"}), outsider=True)
        for name in sorted(set(directory.partners.values()))
    }
    people = {member.email: directory.find(member.email) for member in directory.roster}
    outsider = Person("", OUTSIDER, frozenset({PUBLIC}), outsider=True)
    return {EVERYONE: ORDINARY_EMPLOYEE, **by_role, PUBLIC: outsider, **partners, **people}


def reaches(directory: Directory, readable: Readable) -> list[Reach]:
    """Of somebody from outside, of each partner, of every employee, and of each role."""
    known = askers(directory)
    partners = [key for key in known if key.startswith("partner:")]
    meanings = {f"role:{role}": meaning for role, meaning in directory.roles.items()}
    named = {PUBLIC: OUTSIDER, EVERYONE: EMPLOYEE}
    return [
        _reach(named.get(key) or key.partition(":")[2], meanings.get(key, ""), known[key], readable)
        for key in (PUBLIC, *partners, EVERYONE, *meanings)
    ]


def parity(found: list[Reach]) -> Parity:
    """Access parity: the rep on the phone and the one who writes e-mails know the same (R51)."""
    serving = [one for one in found if {f"role:{one.name}", CUSTOMERS} <= one.audiences]
    every = frozenset().union(*(one.pages for one in serving))
    shared = frozenset.intersection(*(one.pages for one in serving)) if serving else frozenset()
    return Parity(
        roles=tuple(one.name for one in serving),
        shared=len(shared),
        differing={
            source: tuple(one.name for one in serving if source in one.pages) for source in sorted(every - shared)
        },
    )


def _with(directory: Directory, role: str) -> Person:
    own = ORDINARY_EMPLOYEE.audiences | {f"role:{role}"} | ({CUSTOMERS} if role in directory.serving else set())
    return Person("", f"somebody with the role {role}", frozenset(own), frozenset({role}))


def _reach(name: str, meaning: str, person: Person, readable: Readable) -> Reach:
    viewer = Viewer(person.name, person.audiences)
    return Reach(
        name=name,
        meaning=meaning,
        audiences=person.audiences,
        pages=readable(person.audiences),
        customers=CUSTOMERS in person.audiences,
        friction=EVERYONE in person.audiences,
        overview=may_see(viewer),
        keeping=_open(must_keep, viewer),
        access=_open(must_steer, viewer),
        oversight=_open(must_oversee, viewer),
    )


def _open(must: Callable[[Viewer], object], viewer: Viewer) -> bool:
    try:
        must(viewer)
    except NotAllowed:
        return False
    return True
