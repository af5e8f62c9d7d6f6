"""Quadrants: how much friction there is at a CX touchpoint, beside how much customers complain there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from bot.experience.cell_hours import load_on
from bot.experience.cells import Across, Cell, touchpoints_in
from bot.experience.costing import Costing, costs_at
from bot.friction.groups import By
from bot.noticing.findings import Findings
from bot.noticing.seen import NOT_ROUTED, Seen
from bot.signals.quadrants import LEAST_PEOPLE, LOADED, Placed, Quadrant, Touchpoint, quadrants
from bot.signals.signal import Kind, Number, Signal, sentence, thing

# So many weeks are looked at: what was half a year ago may be mended.
_WEEKS = 26
# Complaints stand out from so many times the middle touchpoint on: touchpoints differ in how many customers come there,
# and at twice the middle one or two in thirty stood out by that (seeds 1 to 4 of tests/benchmarks/planted.py).
_STANDS_OUT = 3.0
# What may not be told is said to be little where it is less than this share of what is much.
_LITTLE = 0.5
_FEW = "few people reported it, and it is little"


def placed(seen: Seen) -> Findings:
    found = Findings(Kind.QUADRANT)
    if seen.reading.world.routes is None:
        found.hush(NOT_ROUTED)
        return found
    for one in quadrants_of(seen):
        if one.quadrant is Quadrant.FEW_DATA:
            found.hush("too few contacts, or friction of few people")
        elif one.quadrant is Quadrant.HEALTHY:
            found.hush("healthy: little friction, and no more complaints than elsewhere")
        else:
            load, rate = one.touchpoint.load or 0.0, one.touchpoint.rate or 0.0
            found.say(1 - 1 / (1 + load / LOADED + rate / (one.cut or 1.0)), _signal(seen, one))
    return found


def quadrants_of(seen: Seen) -> list[Placed]:
    """Every CX touchpoint of the map, over the last half year, in the order of the map.

    Complaints are compared per thousand contacts of customers anywhere: where a contact belongs is found for complaints
    far more often than for other contacts, so a rate of the touchpoint's own contacts would say how those are worded.
    The middle is that of touchpoints with any complaint. Load is the mean of the weeks.
    """
    weeks = range(max(0, len(seen.weeks) - _WEEKS), len(seen.weeks))
    contacts = sum(one.contacts[week] for one in seen.reading.contacts.values() for week in weeks)
    found, loads = [], _Loads(seen, weeks)
    for id_ in seen.map.cx:
        of_weeks = seen.complaints.get(id_)
        load, people, hidden = loads.on(Cell(Across.TOUCHPOINT, id_))
        complaints = sum(of_weeks.many[week] for week in weeks) if of_weeks else 0
        if hidden and load is not None and load < _LITTLE * LOADED:
            load, people = 0.0, max(people, LEAST_PEOPLE)
        found.append(Touchpoint(id_, None if hidden and load else load, people, complaints, contacts))
    rates = [one.rate for one in found if one.rate]
    cut = _STANDS_OUT * median(rates) if rates else None
    return quadrants([replace(one, target=cut or None) for one in found])


class _Loads:
    """Many touchpoints are served by the same work: each ticket is weighed once."""

    def __init__(self, seen: Seen, weeks: Sequence[int]) -> None:
        self._seen, self._weeks = seen, max(len(weeks), 1)
        edges = seen.reading.edges
        self._stands, self._ends = ([of_all[week] for week in weeks] for of_all in (edges.stands, edges.ends))
        self._told: dict[int, float] = {}
        self._all: dict[int, float] = {}
        self._at: dict[str, list[Costing]] = defaultdict(list)
        for one in seen.reading.costing:
            for touchpoint in one.fields[By.TOUCHPOINT]:
                self._at[touchpoint].append(one)

    def on(self, cell: Cell) -> tuple[float | None, int, bool]:
        """Weighted minutes an employee and week, of so many employees, and whether it may not be told."""
        employees = self._seen.reading.employees(cell)
        told = self._seen.told_in(cell)
        numbers = {one.number for one in told}
        here = {one.number: one for id_ in touchpoints_in(cell, self._seen.map) for one in self._at.get(id_, ())}
        known = sum(self._weighed(one, self._told) for one in told)
        everything = known + sum(self._weighed(here[one], self._all) for one in sorted(here.keys() - numbers))
        if not known and everything:
            return load_on(everything, employees, LEAST_PEOPLE).value, employees, True
        return load_on(known, employees, LEAST_PEOPLE).value, employees, False

    def _weighed(self, one: Costing, known: dict[int, float]) -> float:
        """The mean of the weeks; of what was reported in them alone where it is told."""
        if one.number not in known:
            costs = costs_at(one, self._stands, self._ends)
            known[one.number] = sum(cost.weighted for cost in costs if cost is not None) / self._weeks
        return known[one.number]


def _signal(seen: Seen, one: Placed) -> Signal:
    at = one.touchpoint
    load = f"{at.load:.1f} min of friction an employee and week" if at.load else "little friction reported"
    rate = f"{at.complaints} complaints in half a year, {at.rate or 0:.1f} of 1,000 contacts anywhere"
    said = f" is a {one.quadrant.value}: {load}, {rate}"
    signal = one.signal(seen.period())
    return replace(
        signal,
        parts=sentence(thing(at.id), said),
        evidence=(),
        numbers=(
            Number("load", at.load or None, at.people, "employees", why="" if at.load else _FEW),
            Number("complaints per 1,000 contacts anywhere", at.rate, at.contacts, "contacts"),
            Number("cut: three times the middle touchpoint", one.cut, at.contacts, "contacts"),
        ),
    )
