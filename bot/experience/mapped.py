"""The picture of the map, with what some weeks brought."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.exchanges import ExchangeRow, GapRow
from bot.experience.cells import Across, Cell, units_in
from bot.experience.picture import Picture, picture
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.weights import rounded
from bot.touchpoints import TouchpointMap


def mapped(reading: Reading) -> Picture:
    """Complaints of these weeks; hours as they are lost in a week where the last one ended, or now."""
    map_ = reading.world.map
    return picture(
        map_,
        complaints={id_: sum(came.complaints) for id_, came in reading.contacts.items()},
        hours=hours_at(reading),
        gaps=unanswered(reading.session, map_, since=reading.since, until=reading.until),
    )


def hours_at(reading: Reading) -> dict[str, float | None]:
    """EX touchpoint -> hours a week; None where too few people have what is open there. Nothing where nothing is."""
    map_ = reading.world.map
    there = {id_ for one, _ in reading.standing.values() for id_ in one.fields[By.TOUCHPOINT]}
    found: dict[str, float | None] = {}
    for id_ in there:
        units = units_in(Cell(Across.TOUCHPOINT, id_), reading.units, map_)
        found[id_] = rounded(sum(unit.hours for unit in units)) if units else None
    return found


def unanswered(session: Session, map_: TouchpointMap, *, since: datetime, until: datetime) -> Mapping[str, int]:
    """CX touchpoint -> different questions of that time that nothing answered.

    A question is about the work whose standard is the page that came nearest to answering it.
    """
    by_page: dict[str, set[str]] = defaultdict(set)
    for one in map_.ex.values():
        if one.standard and one.standard.policy:
            by_page[one.standard.policy].update(one.serves)
    asked = (
        select(GapRow.closest, ExchangeRow.question)
        .join(ExchangeRow, ExchangeRow.id == GapRow.exchange)
        .where(ExchangeRow.asked_at >= since, ExchangeRow.asked_at < until)
    )
    questions: dict[str, set[str]] = defaultdict(set)
    for closest, question in session.execute(asked):
        page = str(closest[0].get("source", "")) if closest else ""
        for touchpoint in by_page.get(page, ()):
            questions[touchpoint].add(" ".join(question.casefold().split()))
    return {touchpoint: len(some) for touchpoint, some in questions.items()}
