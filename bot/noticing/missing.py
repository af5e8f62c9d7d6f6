"""Gaps: what the map alone shows to be wrong, and questions that no page answers, by the work that they are about."""

from collections import defaultdict
from dataclasses import replace

from sqlalchemy import select

from bot.exchanges import ExchangeRow, GapRow
from bot.noticing.findings import Findings
from bot.noticing.seen import Seen
from bot.signals.signal import Evidence, Kind, Signal, sentence
from bot.signals.touchpoint_gaps import Gap, by_touchpoint
from bot.touchpoints import gaps as of_map

_WORDS_OF_PAGES = "words of selling that no page of helping says: pages are compared by `throughline map gaps`"


def gaps(seen: Seen) -> Findings:
    """Those of questions first; where most people ask in vain before others."""
    found = Findings(Kind.GAP)
    asked = by_touchpoint(_asked(seen))
    most = max((one.askers for one in asked), default=0) or 1
    for one in asked:
        if one.touchpoint:
            found.say(0.5 + one.askers / most / 2, _of_questions(seen, one.signal(seen.period())))
        else:
            found.hush("questions that no page answers, of no touchpoint that is known", one.times)
    for gap in of_map.gaps_of(seen.map):
        found.say(0.0, _of_map(seen, gap))
    found.hush(_WORDS_OF_PAGES)
    return found


def _asked(seen: Seen) -> list[Gap]:
    """Of the whole weeks; a question is about all work whose standard is the page that came nearest to answering it."""
    if not seen.weeks:
        return []
    work: dict[str, list[str]] = defaultdict(list)
    for one in seen.map.ex.values():
        if one.standard and one.standard.policy:
            work[one.standard.policy].append(one.id)
    rows = (
        select(GapRow.closest, ExchangeRow.question, ExchangeRow.person)
        .join(ExchangeRow, ExchangeRow.id == GapRow.exchange)
        .where(ExchangeRow.asked_at >= seen.edges[0], ExchangeRow.asked_at < seen.edges[-1])
        .order_by(ExchangeRow.id)
    )
    askers: dict[tuple[str, str], list[str]] = defaultdict(list)
    written: dict[str, str] = {}
    for closest, question, person in seen.reading.session.execute(rows):
        line = " ".join(question.split())
        first = written.setdefault(line.casefold(), line)
        page = str(closest[0].get("source", "")) if closest else ""
        for at in work.get(page, [""]):
            askers[at, first].append(person)
    return [Gap(question, len(set(by)), len(by), at) for (at, question), by in askers.items()]


def _of_questions(seen: Seen, signal: Signal) -> Signal:
    """Admins read the questions, as everywhere; others are told how many, and not by how many people."""
    if seen.reading.viewer.person.admin:
        return signal
    at, many = signal.parts[0], signal.parts[1].text.partition(", most often")[0]
    return replace(signal, parts=sentence(at, many), evidence=(), numbers=signal.numbers[:1])


def _of_map(seen: Seen, gap: of_map.Gap) -> Signal:
    return Signal(
        kind=Kind.GAP,
        verdict=gap.kind.called,
        where=gap.ids,
        parts=sentence(gap.told.removesuffix(".")),
        evidence=(Evidence("line of the map", (str(gap.line),)),) if gap.line else (),
        numbers=(),
        period=seen.period(),
    )
