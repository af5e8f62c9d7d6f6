"""Complaints, times to resolve and waits for partners that a question asks for, out of the database."""

from datetime import UTC, datetime, timedelta

import pytest
from bot.asked_metrics import lasted, routed
from bot.asked_metrics.complaints import Complained
from bot.asked_metrics.lasting import Lasted
from bot.asked_metrics.measure import Request
from bot.asked_metrics.measure import World as Names
from bot.asked_metrics.periods import Period
from bot.asked_metrics.things import Dimension, Thing
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database
from bot.experience.viewers import THE_COMPANY
from bot.experience.world import World
from bot.friction.moves import Event
from bot.routing.tables import RouteRow
from bot.touchpoints import TouchpointMap
from bot.working_time import ALWAYS, Calendar
from sqlalchemy.orm import Session

from test_numbers import filed, moved, resolved, shipped_map

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture(scope="module")
def starter_map() -> TouchpointMap:
    return shipped_map()


def request(map_: TouchpointMap, *things: Thing, by: Dimension | None = None) -> Request:
    names = Names(map_, {}, {}, {}, lambda _sources, _audiences: {})
    period = Period((NOW - 90 * DAY).date(), NOW.date())
    return Request(things, by, period, said=True, viewer=THE_COMPANY, world=names, now=NOW, zone=UTC)


@pytest.mark.each_engine
def test_complaints_are_counted_by_customer_and_touchpoint_and_only_those_of_the_time(database: Database) -> None:
    def came(session: Session, customer: int, at: datetime, *, channel: str = "phone", complaint: bool = True) -> None:
        row = InteractionRow(
            source="crm", source_id=f"{at.isoformat()}-{customer}-{channel}", customer=customer, known_by="",
            channel=channel, direction="in", device="", at=at, subject="", text="", outcome="", agent="", team="",
            place="", transfers=None, refs={}, digest="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        where = {"touchpoint": "cx.phone.moving", "complaint": complaint, "likeness": 1.0}
        session.add(RouteRow(interaction=row.id, routed_by="", map_version=0, digest="", **where))

    with database.writing.begin() as session:
        people = [CustomerRow(name=f"C{one}", first_seen=NOW) for one in range(2)]
        session.add_all(people)
        session.flush()
        first, second = (one.id for one in people)
        for hours in (1, 2):
            came(session, first, NOW - hours * HOUR)
        came(session, second, NOW - 3 * HOUR)
        came(session, second, NOW - 4 * HOUR, complaint=False)
        came(session, second, NOW - 5 * HOUR, channel="survey")
        came(session, second, NOW - 30 * DAY)
        came(session, second, NOW)
        found = sorted(routed.complained(session, NOW - 7 * DAY, NOW), key=lambda one: one.customer)
    assert found == [Complained("cx.phone.moving", first, 2), Complained("cx.phone.moving", second, 1)]


@pytest.mark.each_engine
def test_half_are_resolved_by_the_estimate_that_counts_what_is_open_as_not_resolved(
    database: Database, starter_map: TouchpointMap
) -> None:
    world = World(starter_map, usual=Calendar(ALWAYS, zone=UTC), zone=UTC)
    begun = NOW - 10 * DAY
    with database.writing.begin() as session:
        for hours in (10, 20, 30):
            number = filed(session, range(hours, hours + 1), at=begun, tools=("pos",))
            resolved(session, number, seen=begun + HOUR, at=begun + hours * HOUR)
        filed(session, range(60, 61), at=begun, tools=("pos",))
        filed(session, range(61, 62), at=NOW - 14 * HOUR, tools=("orion",))  # open, and young: censored at 14 hours
        total, *parts = lasted.resolved(world, session, request(starter_map, by=Dimension.TOOL))
        orion = lasted.resolved(world, session, request(starter_map, Thing(Dimension.TOOL, "orion", "Orion")))
    # 5 at risk at 10 h: .8; 3 at 20 h: .8 * 2 / 3 = .53; 2 at 30 h: .27, the first at or below one half.
    assert total == Lasted("", 30.0, 5)
    # Without the young one: .75, .5 at 20 h.
    name_of = starter_map.name_of
    assert {(one.name, one.hours, one.n) for one in parts} == {
        (name_of("pos"), 20.0, 4),
        (name_of("orion"), None, 1),
    }
    assert orion == [Lasted("", None, 1)]


def test_a_wait_for_a_partner_is_told_of_each_partner(database: Database, starter_map: TouchpointMap) -> None:
    world = World(starter_map, usual=Calendar(ALWAYS, zone=UTC), zone=UTC)
    begun = NOW - 10 * DAY
    with database.writing.begin() as session:
        number = filed(session, range(1), at=begun)
        moved(session, number, Event.TRIAGE, begun + HOUR, sets={"partner": "fieldpro"})
        moved(session, number, Event.HOLD_FOR_PARTNER, begun + 2 * HOUR)
        moved(session, number, Event.RESUME, begun + 8 * HOUR)
        found = lasted.waited(world, session, request(starter_map, by=Dimension.PARTNER))
    assert [(one.hours, one.n) for one in found] == [(6.0, 1), (6.0, 1)]
    assert found[1].name == starter_map.name_of("fieldpro")
