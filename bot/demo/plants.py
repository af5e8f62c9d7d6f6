"""What is planted: where it stands and when it happens is drawn from the seed, so that nobody knows it by heart."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any

from bot.demo.chances import stream
from bot.demo.ground import Ex, Ground
from bot.demo.times import Period
from bot.errors import SettingsError

# A fix needs weeks before and after it, a correlation half a year.
FEWEST_WEEKS = 30
# A spike and a surge this far apart are told apart by anybody who looks at the weeks.
_APART = 6


class Kind(StrEnum):
    DOUBLE_ENTRY = "double_entry"
    SLOW_TOOL = "slow_tool"
    SURGE = "surge"
    SILENT_COST = "silent_cost"
    BLIND_SPOT = "blind_spot"
    PARTNER_DELAY = "partner_delay"
    FIX_WORKED = "fix_worked"
    FIX_FAILED = "fix_failed"
    SPIKE = "spike"
    NOON = "staffing_at_noon"
    FRONT_LOADED = "front_loaded"


@dataclass(slots=True)
class Plant:
    """`first` to `last` are weeks counted from 0, `last` included. `rows` fills as files are written."""

    kind: Kind
    first: int
    last: int
    signal: str
    ex: tuple[str, ...] = ()
    cx: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    partner: str = ""
    item: str = ""
    sizes: dict[str, float] = field(default_factory=dict)
    rows: dict[str, list[str]] = field(default_factory=lambda: {"tickets": [], "reports": [], "interactions": []})

    def during(self, week: int) -> bool:
        return self.first <= week <= self.last

    def as_json(self, period: Period) -> dict[str, Any]:
        return {
            "id": self.kind.value.replace("_", "-"),
            "kind": self.kind.value,
            "ex": list(self.ex),
            "cx": list(self.cx),
            "tools": list(self.tools),
            "partner": self.partner,
            "item": self.item,
            "first_week": period.monday(self.first).isoformat(),
            "last_week": period.monday(self.last).isoformat(),
            "sizes": {name: round(size, 3) for name, size in self.sizes.items()},
            "signal": self.signal,
            "rows": self.rows,
        }


Sites = dict[Kind, Plant]


# Who has not bought yet complains least here, so that nothing of these is planted before that.
_AFTER_BUYING = frozenset({Kind.DOUBLE_ENTRY, Kind.SLOW_TOOL, Kind.BLIND_SPOT, Kind.PARTNER_DELAY})


def plan(ground: Ground, period: Period, seed: str) -> Sites:
    """All plants, each at touchpoints of its own. Raises `SettingsError` where the map has no room for them."""
    chance = stream(f"{seed}/plants")
    placed = _placed(ground, chance)
    weeks = _weeks(chance, period.weeks)
    return {kind: _sized(kind, ex, cx, extra, ground, weeks, chance, period) for kind, ex, cx, extra in placed}


# A kind, the EX and the CX touchpoints that it takes, and what else it needs.
_Site = tuple[Kind, tuple[str, ...], tuple[str, ...], dict[str, Any]]


def _placed(ground: Ground, chance: Random) -> list[_Site]:
    before = _before_buying(ground)
    ways = {
        kind: [one for one in find(ground) if kind not in _AFTER_BUYING or not before & set(one[2])]
        for kind, find in _WAYS
    }
    shuffled = [chance.sample(found, len(found)) for found in ways.values()]
    if (sites := _without_overlap(shuffled, frozenset())) is not None:
        return [*sites, *_everywhere(ground)]
    missing = ", ".join(kind.value for kind, found in ways.items() if not found) or "all of them side by side"
    raise SettingsError(
        f"The touchpoint map has no room for what is planted: {missing}. It needs touchpoints that serve others, one "
        "where an item is written with two tools, and one with a partner; leave --map out to take the shipped map."
    )


def _without_overlap(ways: Sequence[Sequence[_Site]], taken: frozenset[str]) -> list[_Site] | None:
    if not ways:
        return []
    for site in ways[0]:
        own = frozenset((*site[1], *site[2]))
        if not own & taken and (rest := _without_overlap(ways[1:], taken | own)) is not None:
            return [site, *rest]
    return None


def _at_noon(ground: Ground) -> Iterator[_Site]:
    channel = "chat" if any(one.channel == "chat" for one in ground.cx.values()) else "phone"
    for one in ground.ex.values():
        if one.serves and all(ground.cx[each].channel == channel for each in one.serves):
            yield Kind.NOON, (one.id,), one.serves[:1], {"tools": one.tools[:1]}


def _slow(ground: Ground) -> Iterator[_Site]:
    for one in ground.ex.values():
        if ground.crm in one.tools and 0 < len(one.serves) <= 3:  # noqa: PLR2004 - more would be thin everywhere
            yield Kind.SLOW_TOOL, (one.id,), one.serves, {"tools": (ground.crm,)}


def _double(ground: Ground) -> Iterator[_Site]:
    for one in ground.ex.values():
        for item, tools in one.written_twice if one.serves else []:
            yield Kind.DOUBLE_ENTRY, (one.id,), one.serves, {"item": item, "tools": tools}


def _partner(ground: Ground) -> Iterator[_Site]:
    for one in ground.ex.values():
        for partner in one.partners if one.serves else []:
            yield Kind.PARTNER_DELAY, (one.id,), one.serves, {"partner": partner, "tools": one.tools[:1]}


def _blind(ground: Ground) -> Iterator[_Site]:
    for id_ in ground.cx:
        if serving := tuple(ground.serving(id_)):
            yield Kind.BLIND_SPOT, serving, (id_,), {}


def _work_with_tools(kind: Kind, *, serving: bool) -> Callable[[Ground], Iterator[_Site]]:
    def find(ground: Ground) -> Iterator[_Site]:
        ones: Iterator[Ex] = (one for one in ground.ex.values() if one.tools and not one.partners)
        yield from (
            (kind, (one.id,), one.serves, {"tools": one.tools[:1]}) for one in ones if one.serves or not serving
        )

    return find


# The choosiest first.
_WAYS: tuple[tuple[Kind, Callable[[Ground], Iterator[_Site]]], ...] = (
    (Kind.NOON, _at_noon),
    (Kind.PARTNER_DELAY, _partner),
    (Kind.DOUBLE_ENTRY, _double),
    (Kind.SLOW_TOOL, _slow),
    (Kind.BLIND_SPOT, _blind),
    (Kind.SILENT_COST, _work_with_tools(Kind.SILENT_COST, serving=True)),
    (Kind.FIX_WORKED, _work_with_tools(Kind.FIX_WORKED, serving=False)),
    (Kind.FIX_FAILED, _work_with_tools(Kind.FIX_FAILED, serving=False)),
    (Kind.SPIKE, _work_with_tools(Kind.SPIKE, serving=False)),
)


def _everywhere(ground: Ground) -> Iterator[_Site]:
    before = _before_buying(ground)
    yield Kind.SURGE, (), (), {}
    yield Kind.FRONT_LOADED, (), tuple(id_ for id_ in ground.cx if id_ in before), {}


def _before_buying(ground: Ground) -> frozenset[str]:
    """The CX touchpoints of the first third of the journey."""
    stages = ground.stages[: max(1, len(ground.stages) // 3)]
    return frozenset(one.id for one in ground.cx.values() if one.stage in stages)


def _weeks(chance: Random, weeks: int) -> dict[Kind, tuple[int, int]]:
    """The first and the last week of each that has its time."""

    def between(least: float, most: float) -> int:
        return chance.randint(round(weeks * least), round(weeks * most))

    surge = between(0.35, 0.9)
    # Nine weeks before it are needed to see it.
    spikes = [week for week in range(max(9, round(weeks * 0.3)), weeks - 2) if abs(week - surge) >= _APART]
    spike, partner, worked, failed = chance.choice(spikes), between(0.2, 0.55), between(0.45, 0.7), between(0.45, 0.7)
    return {
        Kind.SURGE: (surge, surge + 1),
        Kind.SPIKE: (spike, spike + 1),
        Kind.DOUBLE_ENTRY: (between(0.1, 0.25), weeks - 1),
        Kind.PARTNER_DELAY: (partner, min(partner + chance.randint(10, 16), weeks - 3)),
        Kind.FIX_WORKED: (worked, weeks - 1),
        Kind.FIX_FAILED: (failed, weeks - 1),
    }


# From the least to the most of each size; docs/demo-data.md says what they mean.
_SIZES: dict[Kind, dict[str, tuple[float, float]]] = {
    Kind.DOUBLE_ENTRY: {"reports_a_week": (5, 7), "complaints_a_week": (2, 3), "repeats": (0.55, 0.7)},
    Kind.SLOW_TOOL: {"reports_a_week": (8, 10), "complaints_a_week": (8, 10)},
    Kind.SURGE: {"times": (3, 4)},
    Kind.SILENT_COST: {"reports_a_week": (5, 7), "minutes": (25, 40)},
    Kind.BLIND_SPOT: {"complaints_a_week": (12, 16), "reports_a_week": (0.03, 0.08)},
    Kind.PARTNER_DELAY: {"reports_a_week": (6, 8), "days": (4, 9), "complaints_a_week": (6, 9)},
    Kind.FIX_WORKED: {"reports_a_week": (9, 12), "left": (0.12, 0.22)},
    Kind.FIX_FAILED: {"reports_a_week": (9, 12), "left": (0.95, 1.1)},
    Kind.SPIKE: {"reports_a_week": (9, 11), "times": (5, 5.5)},
    Kind.NOON: {"reports_a_week": (4, 6), "complaints_a_week": (4, 6)},
    Kind.FRONT_LOADED: {"complaints_before": (0.3, 0.4), "complaints_after": (1.3, 1.5)},
}
_SIGNALS = {
    Kind.DOUBLE_ENTRY: "Shared issue: {ex} writes {item} with {tools}; complaints at {cx} appear together with it, and "
    "the same customers come back within 14 days.",
    Kind.SLOW_TOOL: "Correlation at a lag of one week: reports about {tools} at {ex}, then complaints at {cx}.",
    Kind.SURGE: "Part of an overall rise: all complaints for two weeks, no touchpoint's share changed.",
    Kind.SILENT_COST: "Silent cost: {ex} takes many hours, and nobody complains at {cx}.",
    Kind.BLIND_SPOT: "Blind spot: many complaints at {cx}, and hardly a report from {ex}.",
    Kind.PARTNER_DELAY: "Tickets at {ex} wait for {partner} for days, in these weeks, and contacts at {cx} rise.",
    Kind.FIX_WORKED: "The fix of {tools} at {ex} worked: reports fell to a third or less, elsewhere they did not.",
    Kind.FIX_FAILED: "The fix of {tools} at {ex} changed nothing: reports go on as before.",
    Kind.SPIKE: "Spike of reports about {tools} at {ex}, by count and by share, for two weeks.",
    Kind.NOON: "At noon {cx} has most contacts, and reports at {ex} and complaints stand in the same hours.",
    Kind.FRONT_LOADED: "Front-loaded: before they buy ({cx}) customers complain least and are happiest; after it the "
    "other way round.",
}


def _sized(
    kind: Kind,
    ex: tuple[str, ...],
    cx: tuple[str, ...],
    extra: dict[str, Any],
    ground: Ground,
    weeks: dict[Kind, tuple[int, int]],
    chance: Random,
    period: Period,
) -> Plant:
    first, last = weeks.get(kind, (0, period.weeks - 1))
    named = {name: ", ".join(ids) for name, ids in (("ex", ex), ("cx", cx), ("tools", extra.get("tools", ())))}
    partner = ground.names.get(extra.get("partner", ""), "")
    signal = _SIGNALS[kind].format(**named, item=extra.get("item", ""), partner=partner)
    sizes = {name: chance.uniform(*bounds) for name, bounds in _SIZES[kind].items()}
    return Plant(kind, first, last, signal, ex=ex, cx=cx, sizes=sizes, **extra)
