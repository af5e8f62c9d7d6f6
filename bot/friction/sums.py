"""What sums of friction are made of, so that none gives few people away, whatever is added and subtracted.

What a ticket of enough people weighs is told wherever it is listed, so whoever has a sum subtracts it. What is left is
of tickets of few people. So these are bundled: as alike as can be, and of enough people together. A sum counts whole
bundles only, those that lie in it altogether; what is left over counts nowhere. Then everything that follows from all
sums and tickets together, by any field and at once, is of whole bundles and whole tickets.

Places cross tickets: of a ticket of enough people the parts of single places count by themselves only if each and what
is left beside all of them are of enough people, or nothing is left.

Not protected is what `suppression` does not protect either: what somebody knows from another day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.friction.suppression import FEWEST


@dataclass(frozen=True, slots=True)
class Part:
    """Who reported one ticket from one place, and the hours that they lose.

    Each counts once; anonymous ones are all called the same, since they may be.
    """

    people: tuple[str, ...]
    hours: float


@dataclass(frozen=True, slots=True)
class Counted:
    """A ticket as it is summed up: `told` if everybody may read what it weighs; its parts by places, none empty.

    `fields` are the values of each field, in the order in which bundles are kept apart: those that matter most first.
    """

    number: int
    told: bool
    fields: Mapping[str, frozenset[str]]
    places: Mapping[str, Part]

    @property
    def hours(self) -> float:
        return sum(part.hours for part in self.places.values())


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted whole or not at all: `fields` has what all of its tickets share."""

    tickets: tuple[int, ...]
    hours: float
    fields: Mapping[str, frozenset[str]]


def units(tickets: Iterable[Counted]) -> list[Unit]:
    """Tickets that are told, and bundles of those that are not."""
    counted = list(tickets)
    few = [one for one in counted if not one.told]
    bundles, _ = _bundled(few, list(few[0].fields)) if few else ([], [])
    whole = [Unit((one.number,), one.hours, one.fields) for one in counted if one.told]
    return [*whole, *(_unit(bundle) for bundle in bundles)]


def of_places(tickets: Iterable[Counted]) -> dict[str, list[Unit]]:
    """Of each place the parts of told tickets that count by themselves."""
    found: dict[str, list[Unit]] = {}
    for one in tickets:
        for place in _telling_of_no_few(one) if one.told else ():
            found.setdefault(place, []).append(Unit((one.number,), one.places[place].hours, {}))
    return found


def _telling_of_no_few(one: Counted) -> list[str]:
    """Its places with enough people, so that those of all others together are enough, or none."""
    size = {place: len(part.people) for place, part in one.places.items()}
    large = sorted((place for place in size if size[place] >= FEWEST), key=lambda place: (-size[place], place))
    while large and 0 < sum(size.values()) - sum(size[place] for place in large) < FEWEST:
        large.pop()
    return large


def _bundled(tickets: Sequence[Counted], fields: Sequence[str]) -> tuple[list[list[Counted]], list[Counted]]:
    """Bundles that are alike in as many of the fields as there are people for, and what is too few for any."""
    bundles: list[list[Counted]] = []
    left = list(tickets)
    if not _enough(left):
        return [], left
    if fields:
        left = []
        alike: dict[frozenset[str], list[Counted]] = {}
        for one in tickets:
            alike.setdefault(one.fields[fields[0]], []).append(one)
        for each in alike.values():
            more, rest = _bundled(each, fields[1:])
            bundles += more
            left += rest
    return ([*bundles, left], []) if _enough(left) else (bundles, left)


def _enough(tickets: Sequence[Counted]) -> bool:
    people: set[str] = set()
    costly = False
    for one in tickets:
        for part in one.places.values():
            people.update(part.people)
            costly = costly or part.hours > 0
        if costly and len(people) >= FEWEST:
            return True
    return False


def _unit(bundle: Sequence[Counted]) -> Unit:
    shared = {field: frozenset.intersection(*(one.fields[field] for one in bundle)) for field in bundle[0].fields}
    return Unit(tuple(one.number for one in bundle), sum(one.hours for one in bundle), shared)
