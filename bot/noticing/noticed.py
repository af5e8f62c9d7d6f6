"""Everything that is worth a look as of some weeks, in one call: for the command line, the page, Slack and the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.experience.figures import figure_by_rights
from bot.experience.reading import Reading
from bot.noticing.attention import attention
from bot.noticing.correlations import correlations
from bot.noticing.findings import Findings, Silence
from bot.noticing.fixes import effects_of_fixes
from bot.noticing.importance import place
from bot.noticing.missing import gaps
from bot.noticing.pages import answers_by_channel, stale_pages, used_pages
from bot.noticing.partner_waits import partner_waits
from bot.noticing.placed import placed
from bot.noticing.rises import rises
from bot.noticing.seen import Seen
from bot.noticing.shared_issues import shared_issues
from bot.noticing.slow_rises import slow_rises
from bot.noticing.systems import disagreements, routed_twice
from bot.signals.signal import Kind, Signal

# Of each kind how it is found, in the whole weeks of a reading.
KINDS: Mapping[Kind, Callable[[Seen], Findings]] = {
    Kind.SHARED_ISSUE: shared_issues,
    Kind.SPIKE: rises,
    Kind.SLOW_RISE: slow_rises,
    Kind.PARTNER_DELAY: partner_waits,
    Kind.EFFECT: effects_of_fixes,
    Kind.QUADRANT: placed,
    Kind.CORRELATION: correlations,
    Kind.DOUBLE_ROUTING: routed_twice,
    Kind.DATA_CONFLICT: disagreements,
    Kind.TWO_ANSWERS: answers_by_channel,
    Kind.GAP: gaps,
    Kind.STALE_PAGE: stale_pages,
    Kind.USED_PAGE: used_pages,
    Kind.FRONT_LOADED: attention,
}
# So many are looked at, the running one among them, unless somebody says otherwise: some kinds need 64.
WEEKS = 104


@dataclass(frozen=True, slots=True)
class Noticed:
    """The most important first; `silences` are what nothing is said of, and why; `as_of` is when it was looked at."""

    signals: tuple[Signal, ...]
    silences: tuple[Silence, ...]
    as_of: datetime

    def of(self, kind: Kind) -> tuple[Signal, ...]:
        return tuple(one for one in self.signals if one.kind is kind)

    def at(self, id_: str) -> tuple[Signal, ...]:
        """Those about one thing: of the map by its id, of a page by its path, "theme:12" of a theme."""
        return tuple(one for one in self.signals if id_ in one.where)

    def as_json(self) -> dict[str, Any]:
        return {
            "signals": [one.as_json() for one in self.signals],
            "silent": [one.as_json() for one in self.silences],
        }


@figure_by_rights
def noticed(reading: Reading, kinds: frozenset[Kind] = frozenset(KINDS)) -> Noticed:
    """Those of `kinds`, as of the last whole week of a reading; spikes need 10 weeks, most others 26, some 64.

    What is told follows the rule of few people: reports are counted from tickets that enough people have, and rows of
    customers are named only to a viewer with the right to look them up. A reading raises `NotAllowed` for whoever may
    not read the page.
    """
    seen = Seen(reading)
    found = [(number, KINDS[kind](seen)) for number, kind in enumerate(KINDS) if kind in kinds]
    told = [(place(signal), number, -strength, signal) for number, each in found for strength, signal in each.told]
    told.sort(key=lambda one: (*one[:3], one[3].where))
    return Noticed(
        tuple(signal for *_, signal in told),
        tuple(silence for _, each in found for silence in each.silences),
        reading.now,
    )
