"""What each address tells: the same functions that the page asks, so that the numbers are the same."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.errors import NoSuchTicket
from bot.experience import aims as aiming
from bot.experience import finding, picture, telling
from bot.experience import themes as theming
from bot.experience import touchpoints as placing
from bot.experience.cells import Across, Cell, cells
from bot.experience.mapped import mapped
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.viewers import Viewer
from bot.experience.weeks import last_weeks, week_at
from bot.friction import export
from bot.friction.history import Happened
from bot.friction.tickets import number_of
from bot.noticing import wording
from bot.noticing.names import names
from bot.noticing.noticed import KINDS, noticed
from bot.signals.signal import Number, Signal
from bot.steering import efforts
from bot.touchpoints import TouchpointMap
from bot.web.api.asked import KEY, Asked, MapAsked, MetricsAsked, OneAsked, SignalsAsked, TicketsAsked, WeeksAsked
from bot.web.site import Site

Row = dict[str, Any]
T = TypeVar("T")


class NotThere(Exception):
    """There is nothing of that name; the message says what there is."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody asks, within one transaction that reads."""

    session: Session
    site: Site
    viewer: Viewer
    now: datetime

    def reading(self, weeks: int) -> Reading:
        zone = self.site.zone
        span = last_weeks(weeks, until=week_at(self.now, zone))
        world = self.site.world_in(self.session)
        return self.site.snapshots.reading(self.session, span, world, viewer=self.viewer, now=self.now)


@dataclass(frozen=True, slots=True)
class Found:
    """Some of a list, and how many there are in all."""

    total: int
    items: list[Row]


def metrics(asking: Asking, asked: MetricsAsked) -> Found:
    reading = asking.reading(asked.weeks)
    known = cells(asking.session, asked.by, reading.world.map, [*asking.site.places])
    chosen = [cell for cell in known if not asked.only or cell.id == asked.only]
    if asked.only and not chosen:
        raise NotThere(_unknown(asked.by, asked.only, known))
    return Found(len(chosen), [scorecard(reading, cell).as_json() for cell in _some(chosen, asked)])


def metric_lines(card: Row) -> Iterator[Row]:
    where = {name: value for name, value in card.items() if name != "metrics"}
    return ({**where, **line} for line in card["metrics"])


def map_cells(asking: Asking, asked: MapAsked) -> Found:
    drawn = mapped(asking.reading(asked.weeks))
    there = [cell for cell in drawn.cells if cell.touchpoints]
    name_of = asking.site.map().name_of

    def row(cell: picture.Cell) -> Row:
        return {
            "key": cell.key,
            "channel": cell.channel,
            "channel_name": name_of(cell.channel),
            "stage": cell.stage,
            "stage_name": name_of(cell.stage),
            "touchpoints": list(cell.touchpoints),
            "complaints": cell.complaints,
            "hours_a_week": None if cell.hours is None else round(cell.hours, 1),
            "few": cell.few,
            "unanswered_questions": cell.gaps,
            "tools": list(cell.tools),
            "partners": list(cell.partners),
            "worst": drawn.worst is not None and cell.key == drawn.worst.key,
        }

    return Found(len(there), [row(cell) for cell in _some(there, asked)])


def themes(asking: Asking, asked: WeeksAsked) -> Found:
    found = theming.themes(asking.reading(asked.weeks), efforts.days_by_theme(asking.session, asking.viewer))
    shares = {one.id: one.share for one in found.shares}

    def row(one: theming.Theme) -> Row:
        return {
            "id": one.id,
            "label": one.label,
            "tickets": one.tickets,
            "hours_a_week": one.hours,
            "share_of_hours": shares.get(one.id),
            "people_at_least": one.people,
            "customers_a_week": one.customers,
            "effort_days": one.effort_days,
            "cost_of_delay_a_week": one.delay,
            "priority": one.priority.as_json(),
            "rice": one.rice.as_json(),
        }

    return Found(len(found.roadmap), [row(one) for one in _some(found.roadmap, asked)])


def tickets(asking: Asking, asked: TicketsAsked) -> Found:
    found = finding.part(
        asking.session,
        asked.wanted,
        viewer=asking.viewer,
        most=asked.limit,
        after=asked.offset,
        clock=asking.site.clock_in(asking.session),
    )
    return Found(found.total, export.rows_of(asking.session, found.first))


def ticket(asking: Asking, _asked: OneAsked, key: str) -> Row:
    number = number_of(key) if re.fullmatch(KEY, key) else None
    if number is None:
        raise NoSuchTicket(f"There is no {key[:20]}: a ticket is called FR-31, or as its number is.")
    told = telling.story(asking.session, number, viewer=asking.viewer, zone=asking.site.zone)
    return {
        **export.rows_of(asking.session, [told.ticket])[0],
        "acknowledge_by": told.acknowledge.by,
        "acknowledged_at": told.acknowledge.kept_at,
        "resolve_by": told.resolve.by,
        "resolved_at": told.resolve.kept_at,
        "held": told.held,
        "history": [_happened(one) for one in told.history],
    }


def touchpoints(asking: Asking, asked: WeeksAsked) -> Found:
    found = placing.spots(asking.reading(asked.weeks))
    map_ = asking.site.map()
    return Found(len(found), [_touchpoint(map_, one) for one in _some(found, asked)])


def targets(asking: Asking, asked: WeeksAsked) -> Found:
    found = aiming.aims(asking.reading(asked.weeks))
    name_of = asking.site.map().name_of

    def row(one: aiming.Aimed) -> Row:
        return {
            "touchpoint": one.touchpoint,
            "touchpoint_name": name_of(one.touchpoint),
            "target": one.target,
            "aim": one.variance.aim.target,
            "more_is_better": one.variance.aim.more_is_better,
            "actual": one.variance.actual.as_json(),
            "variance": one.variance.variance.as_json(),
            "weeks_missed": one.variance.weeks_missed,
        }

    return Found(len(found), [row(one) for one in _some(found, asked)])


def signals(asking: Asking, asked: SignalsAsked) -> Found:
    reading = asking.reading(asked.weeks)
    found = noticed(reading, frozenset(KINDS if asked.kind is None else {asked.kind})).signals
    name_of = names(reading)

    def row(one: Signal) -> Row:
        return {
            "kind": one.kind.value,
            "verdict": str(one.verdict),
            "where": list(one.where),
            "sentence": one.sentence(name_of),
            "since": one.period.since,
            "until": one.period.until,
            "numbers": [asdict(each) for each in one.numbers],
            "evidence": [{"kind": each.kind, "ids": list(each.ids)} for each in one.evidence],
        }

    return Found(len(found), [row(one) for one in _some(found, asked)])


def signal_lines(signal: Row) -> Iterator[Row]:
    """The file of the page has the same in words."""
    numbers = [wording.number(Number(**one)) for one in signal["numbers"]]
    evidence = [f"{each['kind']} {id_}" for each in signal["evidence"] for id_ in each["ids"]]
    yield {**signal, "numbers": numbers, "evidence": evidence}


def _touchpoint(map_: TouchpointMap, one: placing.Spot) -> Row:
    stands = map_.cx[one.touchpoint]
    return {
        "id": stands.id,
        "name": stands.name,
        "stage": stands.stage,
        "channel": stands.channel,
        "owner": stands.owner,
        "served_by": [work.id for work in map_.serving(stands.id)],
        "tools": [tool.id for tool in map_.tools_at(stands.id)],
        "tickets": one.tickets,
        "hours_a_week": one.hours,
        "load": one.load.as_json(),
        "contacts": one.contacts,
        "complaints": one.complaints,
        "rate": one.rate.as_json(),
        "share_of_hours": one.share_of_hours,
        "share_of_complaints": one.share_of_complaints,
    }


def _happened(one: Happened) -> Row:
    return {
        "on": one.day,
        "event": one.event,
        "by": one.by,
        "words": one.words,
        "until": one.until,
        "people": one.people,
    }


def _some(found: Iterable[T], asked: Asked) -> list[T]:
    return list(islice(found, asked.offset, asked.offset + asked.limit))


def _unknown(by: Across, only: str, known: Sequence[Cell]) -> str:
    if by is Across.ALL:
        return "`only` names one of something: say `by` too, as by=tool&only=orion."
    some = ", ".join(cell.id for cell in known[:12]) or "none yet"
    return f"There is no {by} {only!r}. There are: {some}."
