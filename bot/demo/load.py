"""How much is to be expected at each touchpoint in each week: the quiet background, and what is planted in it."""

import math
from dataclasses import dataclass
from random import Random

from bot.demo.chances import stream
from bot.demo.ground import Ground
from bot.demo.plants import Kind, Plant, Sites
from bot.demo.sizes import Scale
from bot.demo.times import Period

# One size of a negative binomial for all: the variance of a week of ten is eighteen.
OVERDISPERSION = 12.0
# What a tool's bad days lead to is its own noise already.
_STEADY = 60.0
# The slow tool's bad weeks: how much of one is left in the next, and how far they wander (of the logarithm).
_STAYS, _WANDERS = 0.55, 0.6
_SILENT = 0.03


@dataclass(frozen=True, slots=True)
class Expected:
    """The mean of a week's count, the size of its negative binomial, and the plant that it belongs to."""

    mean: float
    size: float = OVERDISPERSION
    plant: Plant | None = None


class Load:
    """What is drawn from here on is noise around it."""

    def __init__(self, ground: Ground, sites: Sites, scale: Scale, period: Period, seed: str) -> None:
        chance = stream(f"{seed}/load")
        self._sites, self._scale, self._period = sites, scale, period
        self._before = frozenset(sites[Kind.FRONT_LOADED].cx)
        self._busy = {id_: chance.uniform(0.6, 1.4) for id_ in (*ground.cx, *ground.ex)}
        self._at_ex = {id_: plant for plant in sites.values() for id_ in plant.ex}
        self._at_cx = {
            id_: plant for plant in sites.values() if plant.kind is not Kind.FRONT_LOADED for id_ in plant.cx
        }
        self._wander = _wandering(chance, period.weeks)

    def neutral(self, cx: str, week: int) -> Expected:
        more = 2.0 if self._planted(self._at_cx, cx) is Kind.NOON else 1.0
        return Expected(self._scale.neutral * self._busy[cx] * more * self._period.season(week, 0.08))

    def complaints(self, cx: str, week: int) -> Expected:
        found = self._complaints(cx, week)
        surge = self._sites[Kind.SURGE]
        times = surge.sizes["times"] if surge.during(week) else 1.0
        return Expected(found.mean * times, found.size, found.plant)

    def _complaints(self, cx: str, week: int) -> Expected:
        season = self._period.season(week, 0.05)
        front = self._sites[Kind.FRONT_LOADED].sizes
        staged = front["complaints_before" if cx in self._before else "complaints_after"]
        quiet = self._scale.complaints * self._busy[cx] * staged * season
        plant = self._at_cx.get(cx)
        if plant is None or plant.kind in {Kind.FIX_WORKED, Kind.FIX_FAILED, Kind.SPIKE}:
            return Expected(quiet)
        if plant.kind is Kind.SILENT_COST:
            return Expected(quiet * _SILENT)
        mean = plant.sizes["complaints_a_week"] * self._scale.contacts / len(plant.cx)
        if plant.kind is Kind.SLOW_TOOL:
            return Expected(mean * self._wander[week], _STEADY, plant)  # of the week before
        return Expected(mean * season, OVERDISPERSION, plant) if plant.during(week) else Expected(quiet)

    def reports(self, ex: str, week: int) -> Expected:
        quiet = self._scale.background * self._busy[ex] * self._period.season(week, 0.05)
        plant = self._at_ex.get(ex)
        if plant is None:
            return Expected(quiet)
        mean = plant.sizes["reports_a_week"] * self._scale.reports
        if plant.kind is Kind.BLIND_SPOT:
            return Expected(plant.sizes["reports_a_week"], OVERDISPERSION)
        if plant.kind is Kind.SLOW_TOOL:
            return Expected(mean * self._wander[week + 1], _STEADY, plant)
        if plant.kind in {Kind.FIX_WORKED, Kind.FIX_FAILED}:
            return Expected(mean * (plant.sizes["left"] if week >= plant.first else 1.0), OVERDISPERSION, plant)
        if plant.kind is Kind.SPIKE:
            return Expected(mean * (plant.sizes["times"] if plant.during(week) else 1.0), OVERDISPERSION, plant)
        return Expected(mean, OVERDISPERSION, plant) if plant.during(week) else Expected(quiet)

    @staticmethod
    def _planted(at: dict[str, Plant], id_: str) -> Kind | None:
        return at[id_].kind if id_ in at else None


def _wandering(chance: Random, weeks: int) -> list[float]:
    """Mean one, each week like the one before; one week more than there are, since complaints lag by one."""
    moved, found = chance.gauss(0.0, _WANDERS), []
    for _ in range(weeks + 1):
        found.append(math.exp(moved - _WANDERS**2 / 2))
        moved = _STAYS * moved + chance.gauss(0.0, _WANDERS * math.sqrt(1 - _STAYS**2))
    return found
