"""Spikes: touchpoints that customers complain of, themes and tools that employees report."""

from dataclasses import replace

from sqlalchemy import select

from bot.customers.tables import InteractionRow
from bot.experience.cells import Across
from bot.experience.cells import Cell as Where
from bot.noticing.findings import Findings
from bot.noticing.seen import FEW_PEOPLE, NOT_ROUTED, Counts, Seen, named, reports_in, tickets_of
from bot.signals.signal import Evidence, Kind, Number, Signal, sentence, thing
from bot.signals.spikes import Cell, Spike, Verdict, spikes

REPORTED = (Across.THEME, Across.TOOL)


def rises(seen: Seen, until: int | None = None) -> Findings:
    """As of the last whole week, or of the one at a place among them. Each cell is compared with its like."""
    found = Findings(Kind.SPIKE)
    last = len(seen.weeks) - 1 if until is None else until
    if seen.reading.world.routes is None:
        found.hush(f"touchpoints: {NOT_ROUTED}")
    for spike in spikes(_cells(seen.complaints, last)):
        if _told(spike, found, "touchpoints: too few complaints for a rise of five times to be noticed"):
            found.say(_strength(spike), _of_complaints(seen, spike, last))
    for across in REPORTED:
        for spike in spikes(_cells(seen.reported[across], last)):
            why = f"{across.value}s: too few reports for a rise of five times to be noticed"
            if _told(spike, found, why) and (signal := _of_reports(seen, across, spike, last)) is not None:
                found.say(_strength(spike), signal)
            elif spike.verdict in _RISEN:
                found.hush(f"{across.value}s that rose: {FEW_PEOPLE}")
    return found


_RISEN = frozenset({Verdict.THEME_SPIKE, Verdict.OVERALL})
_OVERALL = "; everything rose, so this blames nothing of its own"


def _cells(counts: dict[str, Counts], last: int) -> list[Cell]:
    return [Cell(id_, one.many[: last + 1], one.people[: last + 1]) for id_, one in counts.items()]


def _told(spike: Spike, found: Findings, few: str) -> bool:
    if spike.verdict is Verdict.FEW_DATA:
        found.hush(few)
    return spike.verdict in _RISEN


def _strength(spike: Spike) -> float:
    return 1 - spike.p


def _of_complaints(seen: Seen, spike: Spike, last: int) -> Signal:
    signal = spike.signal(seen.period(last))
    return replace(signal, evidence=_complaints(seen, spike.cell.id, last + 1 - spike.over, last))


def _complaints(seen: Seen, touchpoint: str, since: int, until: int) -> tuple[Evidence, ...]:
    """The rows, for whoever may look customers up."""
    routes = seen.reading.world.routes
    if not seen.shows_customers or routes is None:
        return ()
    asked = select(InteractionRow.id).join(routes, routes.c.interaction == InteractionRow.id)
    here = asked.where(*seen.complained(since, until), routes.c.touchpoint == touchpoint)
    rows = seen.reading.session.scalars(here.order_by(InteractionRow.id))
    return (Evidence("complaint", tuple(map(str, rows))),)


def _of_reports(seen: Seen, across: Across, spike: Spike, last: int) -> Signal | None:
    """Counts are of tickets that enough people have; None where no such ticket was reported lately."""
    where = Where(across, spike.cell.id)
    lately = seen.heard(where, last + 1 - spike.over, last)
    if not lately:
        return None
    before = seen.heard(where, max(0, last - 1 - spike.compared), last - 2)
    count, usual = reports_in(lately), reports_in(before) * spike.over / spike.compared
    many = "week" if spike.over == 1 else f"{spike.over} weeks"
    said = f": {count} reports or more in the last {many}, usually {usual:.0f} or more"
    id_ = named(across, spike.cell.id)
    return Signal(
        kind=Kind.SPIKE,
        verdict=spike.verdict.value,
        where=(id_,),
        parts=sentence(thing(id_), said + (_OVERALL if spike.verdict is Verdict.OVERALL else "")),
        evidence=(tickets_of(lately),),
        numbers=(
            Number("count", count, count, "reports"),
            Number("usual", usual, spike.compared, "weeks"),
            Number("rise of all others", spike.rise, spike.compared, "weeks"),
            Number("p of the count", spike.p, spike.compared, "weeks"),
            Number("p of the share", spike.share_p, spike.compared, "weeks"),
        ),
        period=seen.period(last),
    )
