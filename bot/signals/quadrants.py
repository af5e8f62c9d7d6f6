"""Friction beside complaints, touchpoint by touchpoint: shared issue, silent cost, blind spot or healthy."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

import scipy  # which loads a part of it, a second, when that is first called

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence, thing

# Weighted minutes a week of each employee: from there on the friction index is no longer green (experience.md (b) 5).
# A fixed cut: where all is well, none is above it, and where all is bad, all are.
LOADED = 5.0
# Where a touchpoint has no target, its complaints stand out at this many times the middle one of the company: at
# 1.5, one of thirty stood out in every second company where all is well, by what touchpoints differ anyway.
STANDS_OUT = 2.0
# One-sided, of the rate. Few complaints have a wide interval, so they do not stand out by chance.
_TAIL = 0.05
# With fewer contacts, a rate that does not stand out says nothing.
LEAST_CONTACTS, LEAST_PEOPLE = 100, 5


class Quadrant(StrEnum):
    SHARED_ISSUE = "shared issue"
    SILENT_COST = "silent cost"
    BLIND_SPOT = "blind spot"
    HEALTHY = "healthy"
    FEW_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """`load` in weighted minutes an employee and week (metric 4), of so many `people`; None where it cannot be told.

    `target` are complaints per 1,000 contacts, None where nobody set one; `hours` are lost a week.
    """

    id: str
    load: float | None
    people: int
    complaints: int
    contacts: int
    hours: float = 0.0
    target: float | None = None

    @property
    def rate(self) -> float | None:
        """Complaints per 1,000 contacts."""
        return 1000 * self.complaints / self.contacts if self.contacts else None


@dataclass(frozen=True, slots=True)
class Placed:
    """`cut` is what the rate was compared with, in complaints per 1,000 contacts, drawn by the target or the middle."""

    touchpoint: Touchpoint
    quadrant: Quadrant
    cut: float | None
    by_target: bool

    def signal(self, period: Period) -> Signal:
        one = self.touchpoint
        load = f"{one.load:.1f} min of friction" if one.load is not None else "friction unknown"
        rate = f"{one.rate:.1f} complaints per 1,000 contacts" if one.rate is not None else "no contacts"
        return Signal(
            kind=Kind.QUADRANT,
            verdict=self.quadrant.value,
            where=(one.id,),
            parts=sentence(thing(one.id), f" is a {self.quadrant.value}: {load}, {rate}")
            if self.quadrant not in {Quadrant.HEALTHY, Quadrant.FEW_DATA}
            else sentence(thing(one.id), f": {self.quadrant.value} ({load}, {rate})"),
            evidence=(Evidence("touchpoint", (one.id,)),),
            numbers=(
                Number("load", one.load, one.people, "people"),
                Number("complaints per 1,000 contacts", one.rate, one.contacts, "contacts"),
                Number("cut of the rate", self.cut, one.contacts, "contacts"),
            ),
            period=period,
        )


def quadrants(touchpoints: Sequence[Touchpoint]) -> list[Placed]:
    """Each by whether its friction load reaches 5 min, and whether its complaint rate stands out.

    The rate stands out if the lower end of its exact Poisson interval (one-sided 95 %; F. Garwood, Biometrika 28 (1936)
    437-442) is above the cut: the target of the touchpoint, else twice the median rate of those with 100 contacts
    or more, which one giant does not move. No cut is "the upper half": where all is well, all are healthy.
    """
    rates = [one.rate for one in touchpoints if one.rate is not None and one.contacts >= LEAST_CONTACTS]
    middle = STANDS_OUT * median(rates) if rates else None
    found = []
    for one in touchpoints:
        cut = one.target if one.target is not None else middle
        found.append(Placed(one, _quadrant(_loaded(one), _complained(one, cut)), cut, one.target is not None))
    return found


def _loaded(one: Touchpoint) -> bool | None:
    return None if one.load is None or one.people < LEAST_PEOPLE else one.load >= LOADED


def _complained(one: Touchpoint, cut: float | None) -> bool | None:
    if not one.contacts or cut is None:
        return None
    low = float(scipy.special.gammaincinv(one.complaints, _TAIL)) if one.complaints else 0.0
    if 1000 * low / one.contacts > cut:
        return True
    return False if one.contacts >= LEAST_CONTACTS else None


def _quadrant(loaded: bool | None, complained: bool | None) -> Quadrant:  # noqa: FBT001 - the two axes
    if loaded is None or complained is None:
        return Quadrant.FEW_DATA
    if loaded:
        return Quadrant.SHARED_ISSUE if complained else Quadrant.SILENT_COST
    return Quadrant.BLIND_SPOT if complained else Quadrant.HEALTHY
