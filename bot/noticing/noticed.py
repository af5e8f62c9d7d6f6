"""Everything that is worth a look as of some weeks, in one call: for the command line, the page, Slack and the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.experience.figures import figure_by_rights, forget
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
from bot.steering.decided import Decided, decided

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
# What people decide of, on shared issues and on the roadmap.
DECIDED_ON = frozenset({Kind.SHARED_ISSUE, Kind.EFFECT})
# So many are looked at, the running one among them, unless somebody says otherwise: some kinds need 64.
WEEKS = 104


@dataclass(frozen=True, slots=True)
class Noticed:
    """The most important first; `silences` are what nothing is said of, and why; `as_of` is when it was looked at."""

    signals: tuple[Signal, ...]
    silences: tuple[Silence, ...]
    as_of: datetime
    decided: Decided = field(default=(), compare=False, repr=False)

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


def noticed(reading: Reading, kinds: frozenset[Kind] = frozenset(KINDS)) -> Noticed:
    """Those of `kinds`, as of the last whole week of a reading; spikes need 10 weeks, most others 26, some 64.

    What is told follows the rule of few people: reports are counted from tickets that enough people have, and rows of
    customers are named only to a viewer with the right to look them up. A reading raises `NotAllowed` for whoever may
    not read the page. What people decided meanwhile counts at once, also in an older snapshot.
    """
    found = _noticed(reading, kinds)
    if found.decided == decided(reading.session):
        return found
    forget(_noticed, reading, kinds)
    return _noticed(reading, kinds)


@figure_by_rights
def _noticed(reading: Reading, kinds: frozenset[Kind]) -> Noticed:
    seen, marks = Seen(reading), decided(reading.session)
    found = [(number, _found(seen, kind, marks)) for number, kind in enumerate(KINDS) if kind in kinds]
    told = [(place(signal), number, -strength, signal) for number, each in found for strength, signal in each.told]
    told.sort(key=lambda one: (*one[:3], one[3].where))
    return Noticed(
        tuple(signal for *_, signal in told),
        tuple(silence for _, each in found for silence in each.silences),
        reading.now,
        marks,
    )


def _found(seen: Seen, kind: Kind, marks: Decided) -> Findings:
    """Once for each snapshot and rights; where people decide about it, once for what they decided."""
    key = kind, seen.reading.viewer.rights, marks if kind in DECIDED_ON else ()
    return seen.reading.snapshot.once(key, lambda: KINDS[kind](seen))
