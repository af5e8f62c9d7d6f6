"""Correlations: reports of a work, and complaints at what it serves, in the same week or up to four weeks later."""

from dataclasses import replace

import numpy as np

from bot.experience.cells import Across, Cell
from bot.noticing.findings import Findings
from bot.noticing.seen import FEW_PEOPLE, NOT_ROUTED, Seen, tickets_of
from bot.signals.lags import LEAST_WEEKS, Lagged
from bot.signals.signal import Kind
from bot.signals.tails import rejected

# Fewer reports or complaints than this cannot rise and fall together.
LEAST = 26
# Of the pairs that are named, this share may be chance.
RATE = 0.1


def correlations(seen: Seen) -> Findings:
    """Of all whole weeks; every pair is looked at, so chance is held down over all of them."""
    found = Findings(Kind.CORRELATION)
    if seen.reading.world.routes is None:
        found.hush(NOT_ROUTED)
        return found
    if len(seen.weeks) < LEAST_WEEKS:
        found.hush(f"fewer than {LEAST_WEEKS} whole weeks")
        return found
    tried = []
    for work, reports in seen.reported[Across.TOUCHPOINT].items():
        served = [one.id for one in seen.map.served_by(work) if one.id in seen.complaints]
        frequent = [id_ for id_ in served if min(sum(reports.many), sum(seen.complaints[id_].many)) >= LEAST]
        found.hush(f"pairs with fewer than {LEAST} reports or complaints", len(served) - len(frequent))
        tickets = seen.told_in(Cell(Across.TOUCHPOINT, work)) if frequent else []
        if not tickets:
            found.hush(f"pairs: {FEW_PEOPLE}", len(frequent))
            continue
        lagged = Lagged(reports.many)
        compared = ((id_, lagged.correlation(seen.complaints[id_].many)) for id_ in frequent)
        tried += [(work, id_, one, tickets) for id_, one in compared if one is not None]
    together = rejected(np.array([one.p for _, _, one, _ in tried]), rate=RATE)
    for (work, touchpoint, one, tickets), named in zip(tried, together, strict=True):
        if named:
            signal = one.signal(work, touchpoint, seen.period())
            found.say(one.rho, replace(signal, evidence=(tickets_of(tickets),)))
    found.hush("pairs that do not rise and fall together", int((~together).sum()))
    return found
