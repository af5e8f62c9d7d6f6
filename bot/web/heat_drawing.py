"""Touchpoint x tool as a table of shades."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from bot.experience.finding import NONE, Wanted
from bot.experience.touchpoints import Heat
from bot.web.filtering import address

# From one to the darkest, which is the cell of most hours.
SHADES = 5


@dataclass(frozen=True, slots=True)
class Shaded:
    """`shade` is 0 where no hours are told; `where` leads to its tickets."""

    heat: Heat
    shade: int
    where: str
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A row for each touchpoint, in it a cell for each tool: None where nothing is open. Most hours first, both."""

    tools: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Shaded | None, ...]], ...]


def drawn(found: Sequence[Heat], name_of: Callable[[str], str]) -> Drawn:
    most = max((one.hours or 0.0 for one in found), default=0.0)
    cells = {(one.touchpoint, one.tool): _shaded(one, most, name_of) for one in found}
    tools = _ordered(found, lambda one: one.tool)
    rows = _ordered(found, lambda one: one.touchpoint)
    return Drawn(tools, tuple((row, tuple(cells.get((row, tool)) for tool in tools)) for row in rows))


def touchpoint_name(id_: str, name_of: Callable[[str], str]) -> str:
    return name_of(id_) if id_ else "No touchpoint named"


def tool_name(id_: str, name_of: Callable[[str], str]) -> str:
    return name_of(id_) if id_ else "No tool named"


def where(one: Heat) -> str:
    return address(Wanted(touchpoint=one.touchpoint or NONE, tool=one.tool or NONE))


def _shaded(one: Heat, most: float, name_of: Callable[[str], str]) -> Shaded:
    lost = "few people" if one.hours is None else f"{one.hours:g} hours a week"
    names = f"{touchpoint_name(one.touchpoint, name_of)}, {tool_name(one.tool, name_of)}"
    label = f"{names}: {lost}, {one.tickets} open {'ticket' if one.tickets == 1 else 'tickets'}"
    return Shaded(one, ceil(SHADES * one.hours / most) if one.hours and most else 0, where(one), label)


def _ordered(found: Sequence[Heat], of: Callable[[Heat], str]) -> tuple[str, ...]:
    """What is named nowhere comes last."""
    hours: dict[str, float] = {}
    for one in found:
        hours[of(one)] = hours.get(of(one), 0.0) + (one.hours or 0.0)
    return tuple(sorted(hours, key=lambda id_: (not id_, -hours[id_], id_)))
