"""Themes, or causes, by hours: a bar each, and a dot where it and all greater ones are. In percent of the width."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.experience.themes import Themes
from bot.metrics.shares import Share
from bot.signals.pareto import MOST

# No eye reads more bars; the rest is one.
MOST_ROWS = 12
# What is less is an error of rounding.
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Bar:
    """`id` is the number of a theme or a cause, "" of tickets of none, None of `several` smaller ones together.

    `share` and `together` are percents of all hours, `before` what all greater ones make; `vital`: one of the few.
    """

    id: str | None
    hours: float
    share: float
    before: float
    together: float
    vital: bool
    several: int = 1


def bars(shares: Sequence[Share]) -> tuple[Bar, ...]:
    rows, before = [], 0.0
    for one in shares[:MOST_ROWS]:
        rows.append(Bar(one.id, one.value, 100 * one.share, before, 100 * one.cumulative, _vital(one)))
        before = 100 * one.cumulative
    rest = shares[MOST_ROWS:]
    if rest:
        hours = sum(one.value for one in rest)
        rows.append(Bar(None, hours, 100.0 - before, before, 100.0, vital=False, several=len(rest)))
    return tuple(rows)


def headline(found: Themes, labels: Mapping[str, str]) -> str:
    """ "3 of 11 themes cost 81 % of the time"."""
    few = [one for one in found.shares if _vital(one)]
    named = [one for one in found.shares if one.id]
    if not few or len(few) == len(found.shares) or not all(one.id for one in few):
        return "Themes, by what they cost"
    share = round(100 * few[-1].cumulative)
    if len(few) == 1:
        return f"One theme costs {share} % of the time: {labels[few[0].id]}"
    return f"{len(few)} of {len(named)} themes cost {share} % of the time"


def _vital(one: Share) -> bool:
    """Whether those before it make less than four fifths."""
    return one.cumulative - one.share < MOST - _NOTHING
