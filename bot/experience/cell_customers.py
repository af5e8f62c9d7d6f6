"""What customers say at the touchpoints of a cell: metric 20, and complaints."""

from dataclasses import replace

from bot.experience import contacts
from bot.experience.cells import Across, Cell
from bot.experience.contacts import Scores
from bot.experience.lines import Line
from bot.experience.reading import Reading
from bot.metrics.measure import Unit, untold
from bot.touchpoints import TouchpointMap


def lines(reading: Reading, cell: Cell) -> list[Line]:
    """Of a cell without CX touchpoints none."""
    everything = cell.across is Across.ALL
    served = served_in(cell, reading.world.map)
    if not everything and not served:
        return []
    scores = [one for at, weeks in reading.scores.items() if everything or at in served for one in weeks]
    rows = [one for at, one in reading.contacts.items() if everything or at in served]
    customers = max((one for at, one in reading.answering.items() if everything or at in served), default=0)
    all_scores = replace(sum(scores, Scores()), customers=customers)
    rate = contacts.rate(sum(sum(one.complaints) for one in rows), sum(sum(one.contacts) for one in rows))
    if reading.world.routes is None:
        rate = untold(Unit.PER_1000, 0, "contacts", "nothing was routed to touchpoints")
    return [
        Line(20, "customer satisfaction", all_scores.csat),
        Line(20, "mean score", all_scores.mean),
        Line(20, "complaints", rate),
    ]


def served_in(cell: Cell, map_: TouchpointMap) -> frozenset[str]:
    """The CX touchpoints that a cell of a stage, a channel or a touchpoint stands for."""
    if cell.across is Across.STAGE:
        return frozenset(one.id for one in map_.cx.values() if one.stage == cell.id)
    if cell.across is Across.CHANNEL:
        return frozenset(one.id for one in map_.cx.values() if one.channel == cell.id)
    if cell.across is Across.TOUCHPOINT:
        return frozenset({cell.id} if cell.id in map_.cx else {one.id for one in map_.served_by(cell.id)})
    return frozenset()
