"""The picture of the map, with what some weeks brought; of one place, or of one partner."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.exchanges import ExchangeRow, GapRow
from bot.experience import contacts, costing, told
from bot.experience.cells import Across, Cell, units_in
from bot.experience.figures import figure
from bot.experience.picture import Picture, picture
from bot.experience.reading import Reading
from bot.friction.groups import By
from bot.friction.weights import rounded
from bot.touchpoints import TouchpointMap


@dataclass(frozen=True, slots=True)
class Part:
    """Of what the map is drawn; "" for all of it. `place` is that of whoever reports, and where customers came to."""

    place: str = ""
    partner: str = ""


ALL_OF_IT = Part()
# So many weeks are shown of it, unless somebody asks for others.
WEEKS = 4


@figure
def mapped(reading: Reading, part: Part = ALL_OF_IT) -> Picture:
    """Complaints of these weeks; hours as they are lost in a week where the last one ended, or now.

    Of a partner: complaints where it has a part, hours of tickets about it. Questions are told of no place.
    """
    map_ = reading.world.map
    here = touchpoints_of(map_, part)
    gaps = {} if part.place else unanswered(reading.session, map_, since=reading.since, until=reading.until)
    return picture(
        map_,
        complaints={id_: sum(came.complaints) for id_, came in _contacts(reading, part).items() if here(id_)},
        hours=hours_at(reading, part),
        gaps={id_: count for id_, count in gaps.items() if here(id_)},
    )


@figure
def hours_at(reading: Reading, part: Part = ALL_OF_IT) -> dict[str, float | None]:
    """EX touchpoint -> hours a week; None where too few people have what is open there. Nothing where nothing is.

    Of a place, also None where nobody there reported what others did: who did is not said.
    """
    standing = [
        one for one, _ in reading.standing.values() if not part.partner or part.partner in one.fields[By.PARTNER]
    ]
    there = {id_ for one in standing for id_ in one.fields[By.TOUCHPOINT]}
    if part.place:
        of_place: dict[str, float] = defaultdict(float)
        for one in told.at_place(part.place, [one for one, _ in reading.standing.values()]):
            if not part.partner or part.partner in one.fields[By.PARTNER]:
                for id_ in one.fields[By.TOUCHPOINT]:
                    of_place[id_] += costing.cost(one, one.reports).counted.hours
        return {id_: rounded(of_place[id_]) if id_ in of_place else None for id_ in there}
    found: dict[str, float | None] = {}
    units = [one for one in reading.units if not part.partner or part.partner in one.fields[By.PARTNER]]
    for id_ in there:
        inside = units_in(Cell(Across.TOUCHPOINT, id_), units, reading.world.map)
        found[id_] = rounded(sum(unit.hours for unit in inside)) if inside else None
    return found


@figure
def places(reading: Reading) -> tuple[str, ...]:
    """Those where enough people have something for it to be told, in order."""
    return tuple(sorted(told.places(one for one, _ in reading.standing.values())))


def touchpoints_of(map_: TouchpointMap, part: Part) -> Callable[[str], bool]:
    """Whether a CX touchpoint belongs to it."""
    if not part.partner:
        return lambda _id: True
    having = {id_ for id_ in map_.cx if any(one.id == part.partner for one in map_.partners_at(id_))}
    return lambda id_: id_ in having


def unanswered(session: Session, map_: TouchpointMap, *, since: datetime, until: datetime) -> Mapping[str, int]:
    """CX touchpoint -> different questions of that time that nothing answered."""
    return {id_: len(some) for id_, some in questions(session, map_, since=since, until=until).items()}


def questions(
    session: Session, map_: TouchpointMap, *, since: datetime, until: datetime
) -> Mapping[str, Mapping[str, int]]:
    """CX touchpoint -> what was asked at that time and nothing answered, and how many times.

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
        .order_by(ExchangeRow.id)
    )
    found: dict[str, Counter[str]] = defaultdict(Counter)
    written: dict[str, str] = {}
    for closest, question in session.execute(asked):
        page = str(closest[0].get("source", "")) if closest else ""
        line = " ".join(question.split())
        first = written.setdefault(line.casefold(), line)
        for touchpoint in by_page.get(page, ()):
            found[touchpoint][first] += 1
    return found


def _contacts(reading: Reading, part: Part) -> Mapping[str, contacts.Contacts]:
    if not part.place:
        return reading.contacts
    return contacts.by_touchpoint(
        reading.session, reading.weeks, reading.world, viewer=reading.viewer, now=reading.now, place=part.place
    )
