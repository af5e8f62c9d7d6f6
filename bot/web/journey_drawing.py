"""The journey in one line: complaints rise above it, hours hang below, one scale for all stages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.experience.stages import Stage
from bot.touchpoints import TouchpointMap
from bot.touchpoints.kinds import Purchase
from bot.web.rendering import short as plain

# In pixels: the line, and the longest bars.
LINE, ABOVE, BELOW = 84, 56, 44
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """`up` and `down` are heights, 0 for none."""

    name: str
    up: int
    down: int
    complaints: str
    hours: str
    few: bool
    label: str


def drawn(found: Sequence[Stage], name_of: Callable[[str], str]) -> tuple[Drawn, ...]:
    most_complaints = max((one.complaints for one in found), default=0)
    most_hours = max((one.hours or 0.0 for one in found), default=0.0)
    return tuple(
        Drawn(
            name_of(one.id),
            _high(one.complaints, most_complaints, ABOVE),
            _high(one.hours or 0.0, most_hours, BELOW),
            str(one.complaints) if one.complaints else "",
            f"{plain(round(one.hours, 1))} h" if one.hours else "",
            one.few,
            f"{one.complaints} complaints, {_hours(one)}",
        )
        for one in found
    )


def footer(found: Sequence[Stage], map_: TouchpointMap) -> str:
    """How much of it comes after the sale, and how much of each side has a target."""
    after = [one for one in found if map_.stages[one.id].purchase is Purchase.AFTER]
    before = [one for one in found if map_.stages[one.id].purchase is Purchase.BEFORE]
    everything, late = (sum(one.complaints for one in some) for some in (found, after))
    aims = (
        f"Before it, {sum(one.aimed for one in before)} of {sum(one.touchpoints for one in before)} touchpoints have a "
        f"target; after it, {sum(one.aimed for one in after)} of {sum(one.touchpoints for one in after)}."
    )
    if not everything:
        return aims
    return f"{round(100 * late / everything)} % of complaints come after the sale ({late} of {everything}). {aims}"


def _hours(one: Stage) -> str:
    told = f"{plain(round(one.hours, 1))} hours a week" if one.hours else "no hours told"
    return f"{told}, some of too few people" if one.few else told


def _high(value: float, most: float, room: int) -> int:
    return max(round(room * value / most), _LEAST) if value and most else 0
