"""How many people there are: by role, by place, at a touchpoint, with a tool."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.headcounts.tables import HeadcountRow
from bot.people import Directory
from bot.touchpoints import TouchpointMap

# Roles and place of people who are alike in both.
Group = tuple[frozenset[str], str]


class _Placed(Protocol):
    @property
    def roles(self) -> frozenset[str]: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Headcounts:
    """`groups`: people by exactly the roles that they have, and place ("" where none is said).

    `imported`: from a roster that was imported, not from the one in `config/people.yaml`.
    """

    groups: Mapping[Group, int]
    imported: bool = False

    @property
    def total(self) -> int:
        return sum(self.groups.values())

    def with_any(self, roles: Iterable[str], *, place: str | None = None) -> int:
        """People who have one of these roles at least, each once; at one place where it is given."""
        wanted = frozenset(roles)
        return sum(people for (own, at), people in self.groups.items() if own & wanted and place in {None, at})

    def at(self, place: str) -> int:
        """Everybody who works there."""
        return sum(people for (_, at), people in self.groups.items() if at == place)

    def by_role_and_place(self) -> Mapping[tuple[str, str], int]:
        """Who has two roles is in both, so these do not add up to `total`."""
        found: Counter[tuple[str, str]] = Counter()
        for (roles, place), people in self.groups.items():
            found.update(dict.fromkeys(((role, place) for role in roles), people))
        return found

    def at_touchpoint(self, map_: TouchpointMap, touchpoint: str, *, place: str | None = None) -> int:
        """Whose work that is: of an EX touchpoint its roles, of a CX one those of all that serves it."""
        work = [map_.ex[touchpoint]] if touchpoint in map_.ex else map_.serving(touchpoint)
        return self.with_any((role for one in work for role in one.roles), place=place)

    def with_tool(self, map_: TouchpointMap, tool: str, *, place: str | None = None) -> int:
        """Who needs a tool or partner somewhere in their work."""
        return self.with_any((role for one in map_.touchpoints_with(tool) for role in one.roles), place=place)


def headcounts(session: Session, directory: Directory) -> Headcounts:
    """Those of the last import; of the roster in `config/people.yaml` where there was none."""
    rows = session.scalars(select(HeadcountRow)).all()
    if rows:
        groups = {(frozenset(filter(None, row.roles.split("+"))), row.place): row.people for row in rows}
        return Headcounts(groups, imported=True)
    return Headcounts(_counted(directory.roster))


def _counted(people: Iterable[_Placed]) -> Mapping[Group, int]:
    return Counter((one.roles, one.place) for one in people)
