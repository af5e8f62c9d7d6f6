"""Slow rises: the same cells as of spikes, over a year and a quarter."""

from dataclasses import replace

from bot.experience.cells import Cell as Where
from bot.noticing.findings import Findings
from bot.noticing.rises import REPORTED, cells
from bot.noticing.seen import FEW_PEOPLE, NOT_ROUTED, Seen, named, reports_in, tickets_of
from bot.signals.drift import ADDED_UP, THRESHOLD, USUAL, Drift, Verdict, drifts
from bot.signals.signal import Kind, Number, Signal, sentence, thing

_RISEN = frozenset({Verdict.SLOW_RISE, Verdict.OVERALL})
_FEW = "too few weeks or counts for twice as much to be noticed"
_OVERALL = "; everything rose, so this blames nothing of its own"


def slow_rises(seen: Seen, until: int | None = None) -> Findings:
    """As of the last whole week, or of the one at a place among them."""
    found = Findings(Kind.SLOW_RISE)
    last = len(seen.weeks) - 1 if until is None else until
    if seen.reading.world.routes is None:
        found.hush(f"touchpoints: {NOT_ROUTED}")
    for drift in drifts(cells(seen.complaints, last)):
        if _told(drift, found, f"touchpoints: {_FEW}"):
            found.say(_strength(drift), replace(drift.signal(seen.period(last)), evidence=()))
    for across in REPORTED:
        for drift in drifts(cells(seen.reported[across], last)):
            if not _told(drift, found, f"{across.value}s: {_FEW}"):
                continue
            signal = _of_reports(seen, drift, Where(across, drift.cell.id), last)
            if signal is None:
                found.hush(f"{across.value}s that rose: {FEW_PEOPLE}")
            else:
                found.say(_strength(drift), signal)
    return found


def _told(drift: Drift, found: Findings, few: str) -> bool:
    if drift.verdict is Verdict.FEW_DATA:
        found.hush(few)
    return drift.verdict in _RISEN


def _strength(drift: Drift) -> float:
    return 1 - THRESHOLD / max(drift.evidence, THRESHOLD)


def _of_reports(seen: Seen, drift: Drift, where: Where, last: int) -> Signal | None:
    """Counts are of tickets that enough people have; None where nothing of that may be told."""
    lately = seen.heard(where, last + 1 - ADDED_UP, last)
    if not lately:
        return None
    before = seen.heard(where, last + 1 - ADDED_UP - USUAL, last - ADDED_UP)
    now, usual = reports_in(lately) / ADDED_UP, reports_in(before) / USUAL
    said = f": {now:.1f} reports a week or more lately, {usual:.1f} or more in the year before"
    id_ = named(where.across, where.id)
    return Signal(
        kind=Kind.SLOW_RISE,
        verdict=drift.verdict.value,
        where=(id_,),
        parts=sentence(thing(id_), said + (_OVERALL if drift.verdict is Verdict.OVERALL else "")),
        evidence=(tickets_of(lately),),
        numbers=(
            Number("usual", usual, USUAL, "weeks"),
            Number("lately", now, ADDED_UP, "weeks"),
            Number("evidence", drift.evidence, ADDED_UP, "weeks"),
            Number("evidence beside all others", drift.share_evidence, ADDED_UP, "weeks"),
        ),
        period=seen.period(last),
    )
