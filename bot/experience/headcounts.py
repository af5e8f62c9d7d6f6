"""How many people do a work, so that friction can be told for each of them."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.people import Directory


@dataclass(frozen=True, slots=True)
class Headcount:
    """So many people of one place who have all of these roles."""

    roles: frozenset[str]
    place: str
    people: int


@dataclass(frozen=True, slots=True)
class Headcounts:
    entries: tuple[Headcount, ...] = ()

    @classmethod
    def of_roster(cls, directory: Directory) -> "Headcounts":
        """Of `config/people.yaml`: each person once, whatever roles they have."""
        return cls(tuple(Headcount(member.roles, member.place, 1) for member in directory.roster))

    @classmethod
    def of_counts(cls, counts: Mapping[tuple[str, str], int]) -> "Headcounts":
        """Of (role, place) -> people, each person taken to have one role."""
        return cls(tuple(Headcount(frozenset({role}), place, people) for (role, place), people in counts.items()))

    @property
    def everybody(self) -> int:
        return sum(one.people for one in self.entries)

    def with_roles(self, roles: AbstractSet[str]) -> int:
        """Those who have one of them."""
        return _sum(one for one in self.entries if one.roles & roles)

    def at(self, place: str) -> int:
        return _sum(one for one in self.entries if one.place == place)


def _sum(entries: Iterable[Headcount]) -> int:
    return sum(one.people for one in entries)
