"""What may be told of the people behind tickets: whole tickets of five, and bundles of five, as `friction.sums` has it.

Shares of people (whose loop was closed, who said it again, who speaks up) are counted from those tickets alone, for
their number would tell how many reported the others. So such a share may leave tickets of few people out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.experience import costing
from bot.experience.cells import Cell, units_in
from bot.experience.costing import Costing, Said
from bot.friction import sums
from bot.friction.kinds import Privacy
from bot.friction.sums import Counted, Part, Unit
from bot.friction.suppression import FEWEST
from bot.touchpoints import TouchpointMap


def within(slot: int | None, between: tuple[int, int]) -> bool:
    """Whether a slot lies between two edges; nothing that has none does."""
    return slot is not None and between[0] < slot <= between[1]


def lately(found: Iterable[Costing], between: tuple[int, int]) -> list[Costing]:
    """Tickets with what was reported of them between two edges, without those of which nothing was."""
    begin, end = between
    heard: list[Costing] = []
    for one in found:
        reports = tuple(each for each in one.reports if begin < each.slot <= end)
        if reports:
            heard.append(one if len(reports) == len(one.reports) else replace(one, reports=reports))
    return heard


def counting_people(found: Iterable[Costing]) -> list[Unit]:
    """What may be told of those who reported: of tickets of five and of bundles of five."""
    return sums.units(_counted(one) for one in found)


def tickets_in(
    cell: Cell, found: Sequence[Costing], map_: TouchpointMap, units: Iterable[Unit] | None = None
) -> list[Costing]:
    """Those whose people may be counted in a cell; of a place see `of_place`."""
    told = counting_people(found) if units is None else units
    numbers = {number for unit in units_in(cell, told, map_) for number in unit.tickets}
    return [one for one in found if one.number in numbers]


def at_place(place: str, found: Iterable[Costing]) -> list[Costing]:
    """Tickets of which so many people of a place have it that it may be told, with what those said."""
    found = list(found)
    units = sums.of_places(_by_places(one) for one in found).get(place, ())
    numbers = {number for unit in units for number in unit.tickets}
    return [replace(one, reports=tuple(_from(place, one.reports))) for one in found if one.number in numbers]


def places(found: Iterable[Costing]) -> frozenset[str]:
    """Those of which anything may be told."""
    return frozenset(place for place, units in sums.of_places(map(_by_places, found)).items() if place and units)


def at_least(found: Iterable[Costing]) -> int:
    """How many people there are at least, by the ticket of most; those of a bundle are five or more.

    Not how many different ones: people who are on several tickets make differences of one (docs/decisions.md).
    """
    return max((max(costing.sure(one.reports), FEWEST) for one in found), default=0)


def in_fives(found: Iterable[Costing]) -> int:
    """Different people, in whole fives: no ticket that is told can be subtracted from that."""
    known: set[str] = set()
    nameless = 0
    for one in found:
        known |= {each.handle for each in one.reports if not each.anonymous}
        nameless = max(nameless, len({each.handle for each in one.reports if each.anonymous}))
    return max(len(known), nameless) // FEWEST * FEWEST


def _counted(one: Costing) -> Counted:
    """Each person counts, whatever they say that it costs."""
    names = tuple(sorted({_name(each) for each in one.reports}))
    told = len(one.reports) >= FEWEST and costing.sure(one.reports) >= FEWEST
    return Counted(one.number, told, one.fields, {"": Part(names, float(len(names)))})


def _by_places(one: Costing) -> Counted:
    first: dict[str, Said] = {}
    for each in one.reports:
        first.setdefault(each.handle, each)
    parts: dict[str, list[Said]] = {}
    for each in first.values():
        parts.setdefault(each.place, []).append(each)
    hours = _hours(one.reports)
    return Counted(
        one.number,
        costing.sure(one.reports) >= FEWEST,
        one.fields,
        {
            place: Part(tuple(map(_name, those)), sum(hours(each.handle) for each in those))
            for place, those in parts.items()
        },
    )


def _from(place: str, reports: Iterable[Said]) -> Iterable[Said]:
    """Of whoever said it first there."""
    first: dict[str, str] = {}
    for each in reports:
        first.setdefault(each.handle, each.place)
        if first[each.handle] == place:
            yield each


def _hours(reports: Iterable[Said]) -> Callable[[str], float]:
    most: dict[str, float] = {}
    for each in reports:
        if each.still != "no":
            most[each.handle] = max(most.get(each.handle, 0.0), each.hours)
    return lambda handle: most.get(handle, 0.0)


def _name(each: Said) -> str:
    return Privacy.ANONYMOUS if each.anonymous else each.handle
