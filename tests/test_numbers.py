"""Numbers out of the database against numbers worked out by hand, on both engines, and nothing told of few people."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database
from bot.errors import NotAllowed
from bot.experience import contacts, journeys, returning
from bot.experience.aims import CSAT, aims
from bot.experience.cells import EVERYTHING, Across, Cell, cells
from bot.experience.clocks import Clocks
from bot.experience.courses import backlog, control, time_to_resolve
from bot.experience.headcounts import Headcount, Headcounts
from bot.experience.legs import handoffs, runs
from bot.experience.lines import FEW_PEOPLE
from bot.experience.losses import lost
from bot.experience.partners import partner_lane
from bot.experience.peaks import peaks
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.strip import strip
from bot.experience.themes import themes
from bot.experience.touchpoints import heat, spots
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.experience.weeks import Week, last_weeks, week_at
from bot.experience.world import Pulses, Rates, World
from bot.friction import acting, filing
from bot.friction.acting import Act, Resolution
from bot.friction.clocks import Clocks as Promising
from bot.friction.filing import Said, Subject
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy, Severity
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.friction.tables import ThemeRow, TicketRow
from bot.metrics.flow import Flow
from bot.people import load_directory, load_owners
from bot.touchpoints import FILE, TouchpointMap, load_map
from bot.working_time import ALWAYS, Calendar
from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, insert
from sqlalchemy.orm import Session

from friction import weeks
from friction.desk import SEALER
from offices import PROJECT

# A Friday; the week began on Monday the 16th.
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
THIS = week_at(NOW, UTC)
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
TILL, RETURN, SHOP = "ex.store.checkout", "ex.store.equipment_return", "cx.store.checkout"
ROUTES = Table(
    "routes_of_tests",
    MetaData(),
    Column("interaction", Integer, primary_key=True),
    Column("touchpoint", String(64)),
    Column("complaint", Boolean),
)
TWENTY = Headcounts(
    (Headcount(frozenset({"shop"}), "harbour-street", 12), Headcount(frozenset({"shop"}), "mill-road", 8))
)
WEEK, HOUR, DAY = timedelta(weeks=1), timedelta(hours=1), timedelta(days=1)


@cache
def shipped_map() -> TouchpointMap:
    owners = load_owners(PROJECT / "config" / "owners.yaml")
    roles = load_directory(PROJECT / "config" / "people.yaml").roles
    folder = PROJECT / "knowledge"
    return load_map(folder / FILE, teams=owners.teams, roles=roles, tracks=None, pages=folder)


@pytest.fixture
def world() -> World:
    """Everybody works at every hour, so that hours can be worked out in the head."""
    return World(
        shipped_map(), TWENTY, usual=Calendar(ALWAYS, zone=UTC), zone=UTC, rates=Rates(25.0, 6.0), routes=ROUTES
    )


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    ROUTES.create(database.engine)
    with database.writing.begin() as opened:
        yield opened


def reading(session: Session, world: World, count: int = 4, *, until: Week = THIS) -> Reading:
    return Reading(session, last_weeks(count, until=until), world, viewer=THE_COMPANY, now=NOW)


def filed(
    session: Session,
    people: range,
    *,
    at: datetime,
    touchpoint: str = TILL,
    tools: tuple[str, ...] = ("pos",),
    effect: CustomerEffect = CustomerEffect.NONE,
    minutes: float = 60,
    privacy: Privacy = Privacy.NAMED,
    kind: Kind = Kind.SLOW,
) -> int:
    """So many people lose so many minutes a week."""
    subject = Subject(kind, Severity.S3, tools=tools, touchpoint=touchpoint, team="retail-operations")
    said = Said("it hangs", privacy, minutes, Frequency.WEEKLY, effect)
    first, *rest = people
    number = filing.file(session, subject, said, weeks.person(first), sealer=SEALER, now=at).ticket
    for one in rest:
        filing.me_too(session, number, said, weeks.person(one), sealer=SEALER, now=at)
    Promising(usual=Calendar(ALWAYS, zone=UTC)).filed(session, number, privacy, now=at)
    return number


def moved(session: Session, number: int, event: Event, at: datetime, **more: object) -> None:
    words = {Event.RESOLVE: "It was made quick again", Event.REOPEN: "still slow", Event.ASK: "which till?"}
    resolution = Resolution.FIXED if event is Event.RESOLVE else None
    done = acting.act(
        session,
        number,
        Act(event, words.get(event, ""), resolution, **more),
        RUTH,
        sealer=SEALER,
        now=at,  # type: ignore[arg-type]
    )
    Promising(usual=Calendar(ALWAYS, zone=UTC)).moved(session, done, now=at)


def resolved(session: Session, number: int, *, seen: datetime, at: datetime) -> None:
    moved(session, number, Event.ACKNOWLEDGE, seen)
    moved(session, number, Event.RESOLVE, at)


def came(session: Session, *rows: tuple[str, datetime, str, bool, str], together: str = "") -> None:
    """(channel, when, touchpoint or "", whether it complains, outcome), each of its own customer or all of one."""
    who = CustomerRow(name=together, first_seen=NOW)
    for number, (channel, at, touchpoint, complaint, outcome) in enumerate(rows, start=1):
        who = who if together else CustomerRow(name="", first_seen=NOW)
        session.add(who)
        session.flush()
        row = InteractionRow(
            source="crm", source_id=f"{at.isoformat()}-{number}-{together}", customer=who.id, known_by="",
            channel=channel, direction="in", device="", at=at, subject="", text="", outcome=outcome, agent="", team="",
            place="", transfers=None, refs={}, digest="",
        )  # fmt: skip
        session.add(row)
        session.flush()
        if touchpoint:
            session.execute(insert(ROUTES).values(interaction=row.id, touchpoint=touchpoint, complaint=complaint))


@pytest.mark.each_engine
def test_hours_cost_and_load_of_cells_are_those_of_the_tickets_that_may_be_told(session: Session, world: World) -> None:
    filed(session, range(6), at=NOW - WEEK, effect=CustomerEffect.WAITED)  # 6 h at the till, with customers
    filed(session, range(10, 15), at=NOW - WEEK, touchpoint=RETURN, tools=("orion",), minutes=120)  # 10 h
    filed(session, range(20, 22), at=NOW - WEEK, touchpoint=RETURN, tools=("caredesk",))  # two people: not told
    now = reading(session, world)
    everything = scorecard(now, EVERYTHING)
    assert everything.of("hours lost").value == 16
    assert everything.of("cost").value == 400
    # The two of CareDesk are told nowhere: not alone, and not as what is left of the sum.
    assert scorecard(now, Cell(Across.TOOL, "caredesk")).of("hours lost").why == FEW_PEOPLE
    till = scorecard(now, Cell(Across.TOUCHPOINT, TILL))
    assert (till.of("hours lost").value, till.of("hours lost").n) == (6, 6)
    # 6 people x 60 minutes x 1.5 for S3 x 1.5 for customers = 810 minutes over 20 people who have the role.
    assert till.of("friction load").value == pytest.approx(810 / 20)
    assert scorecard(now, Cell(Across.TOOL, "orion")).of("hours lost").value == 10
    assert scorecard(now, Cell(Across.TOOL, "linecheck")).of("hours lost").why == "not enough data"
    by_cell = {(one.touchpoint, one.tool): (one.tickets, one.hours) for one in heat(now)}
    assert by_cell == {(TILL, "pos"): (1, 6), (RETURN, "orion"): (1, 10), (RETURN, "caredesk"): (1, None)}
    assert lost(session, [THIS], viewer=THE_COMPANY, now=NOW, zone=UTC).total[-1].hours == 16


@pytest.mark.each_engine
def test_one_week_alone_is_counted_as_well(session: Session, world: World) -> None:
    came(session, ("phone", NOW, SHOP, True, ""), *(("survey", NOW, SHOP, False, f"{one} of 5") for one in range(1, 6)))
    now = Reading(session, [THIS], world, viewer=THE_COMPANY, now=NOW + HOUR)
    assert (now.contacts[SHOP].complaints, now.scores[SHOP][0].mean.value) == ((1,), 3)


@pytest.mark.each_engine
def test_a_place_is_told_only_where_five_of_its_people_and_five_others_have_it(session: Session, world: World) -> None:
    # Every third of `weeks.person` works at Harbour Street: of 15 people five there, ten elsewhere; of 6 two.
    filed(session, range(15), at=NOW - WEEK)
    filed(session, range(20, 26), at=NOW - WEEK, touchpoint=RETURN)
    there = scorecard(reading(session, world), Cell(Across.PLACE, "harbour-street"))
    assert there.of("hours lost").value == 5
    assert scorecard(reading(session, world), Cell(Across.PLACE, "nowhere")).of("hours lost").value is None


@pytest.mark.each_engine
def test_clocks_run_from_filed_to_resolved_without_what_waited(session: Session, world: World) -> None:
    at = NOW - 2 * WEEK
    number = filed(session, range(1), at=at)
    moved(session, number, Event.ACKNOWLEDGE, at + 2 * HOUR)
    sets = {"kind": "slow", "severity": "S3", "team": "retail-operations", "partner": "fieldpro"}
    moved(session, number, Event.TRIAGE, at + 3 * HOUR, sets=sets)
    moved(session, number, Event.HOLD_FOR_PARTNER, at + 4 * HOUR)
    moved(session, number, Event.RESUME, at + 14 * HOUR)
    moved(session, number, Event.RESOLVE, at + 20 * HOUR)
    moved(session, number, Event.REOPEN, at + 30 * HOUR)
    moved(session, number, Event.RESOLVE, at + 33 * HOUR)
    filed(session, range(1, 2), at=at + DAY)  # nobody ever looks at it
    found = runs(session, TicketRow.filed_at >= at)
    clocks = Clocks(world, since=at, now=NOW)
    assert [(one.hours, one.over) for one in clocks.acknowledging(found)] == [(2, True), (13 * 24.0, False)]
    # 20 hours less the 10 that the partner had it, then 3 more; and 13 days.
    assert [(one.hours, one.over) for one in clocks.resolving(found)] == [(10, True), (3, True), (13 * 24.0, False)]
    assert clocks.waiting(found, "fieldpro").median.value == 10
    assert [(ended - at, again - at if again else None) for ended, again in found[0].resolved] == [
        (20 * HOUR, 30 * HOUR),
        (33 * HOUR, None),
    ]
    told = scorecard(reading(session, world), Cell(Across.TOOL, "pos"))
    assert told.of("time to resolve, median").value == 10  # of 3, 10 and what is open: the second
    assert told.of("time to acknowledge, median").value == 2
    assert told.of("open now").value == 1
    assert time_to_resolve(reading(session, world), EVERYTHING).still_open == 1
    lane = next(one for one in partner_lane(reading(session, world)) if one.partner == "fieldpro")
    assert (lane.waited.median.value, lane.waiting_now) == (10, 0)


@pytest.mark.each_engine
def test_who_is_passed_on_counts_and_who_has_it_first_does_not(session: Session) -> None:
    number = filed(session, range(1), at=NOW - WEEK)
    moved(session, number, Event.ASSIGN, NOW - 6 * DAY, assignee="U0A", assignee_name="Ana")
    moved(session, number, Event.ASSIGN, NOW - 5 * DAY, assignee="U0B", assignee_name="Ben")
    moved(session, number, Event.SET, NOW - 4 * DAY, sets={"team": "billing-it"})
    assert handoffs(session) == {number: 2}


@pytest.mark.each_engine
def test_loops_are_closed_for_who_was_told_of_tickets_of_five(session: Session, world: World) -> None:
    number = filed(session, range(5), at=NOW - WEEK)
    filed(session, range(10, 12), at=NOW - WEEK, touchpoint=RETURN)
    few = filed(session, range(20, 22), at=NOW - WEEK, touchpoint="")
    for one in (number, few):
        resolved(session, one, seen=NOW - 5 * DAY, at=NOW - 4 * DAY)
    for place, report in enumerate(acting.tickets.reports(session, number)):
        report.still = ("yes", "no", "no", "", "")[place]
    session.flush()
    told = scorecard(reading(session, world), EVERYTHING)
    assert (told.of("loop closed").value, told.of("loop closed").n) == (80, 5)
    assert told.of("confirmed fixed").value == 40
    # The two who share a ticket are in no number.
    assert scorecard(reading(session, world), Cell(Across.TOUCHPOINT, "")).of("loop closed").why == FEW_PEOPLE


@pytest.mark.each_engine
def test_reports_are_counted_of_tickets_of_five_in_those_weeks(session: Session, world: World) -> None:
    filed(session, range(6), at=NOW - WEEK)
    filed(session, range(10, 13), at=NOW - WEEK, touchpoint=RETURN, kind=Kind.LOGIN)  # three people: told nowhere
    filed(session, range(20, 26), at=NOW - 6 * WEEK, touchpoint=RETURN)  # before these weeks
    told = scorecard(reading(session, world), EVERYTHING)
    # 6 reports / 20 employees / 4 weeks x 100 = 7.5; 5 of 6 say again what one said.
    assert told.of("report rate").value == 7.5
    assert told.of("me-too rate").value == pytest.approx(500 / 6)
    assert told.of("voice coverage").value == 25  # 6 people, told as 5 of 20
    assert scorecard(reading(session, world), Cell(Across.KIND, "login")).of("report rate").why == FEW_PEOPLE


@pytest.mark.each_engine
def test_the_strip_has_a_number_for_each_week_and_the_flow_adds_up(session: Session, world: World) -> None:
    one = filed(session, range(6), at=NOW - 3 * WEEK, effect=CustomerEffect.WAITED)
    filed(session, range(10, 11), at=NOW - 3 * WEEK)
    resolved(session, one, seen=NOW - 3 * WEEK + 5 * HOUR, at=NOW - WEEK)
    now = reading(session, world)
    shown = strip(now)
    assert [week.hours for week in shown.hours] == [6, 6, None, None]
    assert [week.value for week in shown.customer_touching] == [50, None, None, None]
    assert shown.time_to_acknowledge[0].value == 5  # of two the one is seen after 5 hours: half are
    assert shown.loop_closed[2].value == 100
    assert backlog(now, EVERYTHING) == (Flow(2, 0, 2), Flow(0, 0, 2), Flow(0, 1, 1), Flow(0, 0, 1))
    assert control(now, EVERYTHING).filed == (2, 0, 0, 0)
    assert scorecard(now, EVERYTHING).of("resolved").value == 1


@pytest.mark.each_engine
def test_themes_come_in_the_order_of_what_a_day_of_work_saves(session: Session, world: World) -> None:
    for number, label in ((1, "Tills hang"), (2, "Boxes twice"), (3, "Rare")):
        session.add(ThemeRow(id=number, label=label, named_by="", outcome="", changed_at=NOW))
    session.flush()
    for theme, people, place in ((1, range(6), TILL), (2, range(10, 22), RETURN), (3, range(30, 32), "")):
        session.get_one(TicketRow, filed(session, people, at=NOW - WEEK, touchpoint=place)).theme = theme
    session.flush()
    found = themes(reading(session, world), ((1, 1.0), (2, 10.0)))
    # 6 h x 25 = 150 a week in a day; 12 h x 25 = 300 in ten: 30 a day; of the third nothing may be told.
    assert [(one.label, one.hours, one.priority.value) for one in found.roadmap] == [
        ("Tills hang", 6, 150),
        ("Boxes twice", 12, 30),
        ("Rare", None, None),
    ]
    assert [(one.id, round(one.cumulative, 3)) for one in found.shares] == [("2", 0.667), ("1", 1)]


@pytest.mark.each_engine
def test_contacts_and_complaints_are_of_their_week_also_where_clocks_change(session: Session, world: World) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    autumn = last_weeks(3, until=week_at(datetime(2026, 11, 2, tzinfo=UTC), berlin))
    # The week from 19 October has 169 hours; a contact an hour, routed; every fourth complains.
    start = autumn[0].start(berlin)
    hours = [start + HOUR * number for number in range(3 * 168 + 1)]
    came(session, *(("phone", at, SHOP, number % 4 == 0, "") for number, at in enumerate(hours)))
    came(session, ("survey", hours[5], SHOP, False, "5/5"), ("phone", hours[5] + timedelta(minutes=1), "", False, ""))
    there = replace(world, zone=berlin)
    found = contacts.by_touchpoint(session, autumn, there, viewer=THE_COMPANY, now=NOW)[SHOP]
    expected = Counter(week_at(at, berlin) for at in hours)
    assert found.contacts == tuple(expected[week] for week in autumn)
    assert found.contacts == (169, 168, 168)
    assert sum(found.complaints) == sum(number % 4 == 0 for number in range(len(hours)))
    by_hour = contacts.demand(session, autumn, berlin, viewer=THE_COMPANY, now=NOW)["phone"]
    of_hour = Counter(at.astimezone(berlin).hour for at in [*hours, hours[5]])
    assert by_hour == tuple(of_hour[hour] for hour in range(24))


@pytest.mark.each_engine
def test_satisfaction_of_touchpoints_and_journeys_and_their_targets(session: Session, world: World) -> None:
    monday = THIS.start(UTC)
    for number, score in enumerate((4, 4, 5, 5, 4, 2)):
        at = monday + HOUR * number
        given = ("survey", at, SHOP, False, f"{score}/5"), ("survey", at + HOUR, "", False, "2/5")
        came(session, *given, together=f"Customer {number}")
    now = reading(session, world)
    shop = now.scores[SHOP][-1]
    # 4 + 4 + 5 + 5 + 4 + 2 = 24 / 6 = 4.0; five of six are satisfied.
    assert (shop.mean.value, shop.mean.n) == (pytest.approx(4.0), 6)
    assert shop.csat.value == pytest.approx(500 / 6)
    found = journeys.of(now)
    assert found.own.value == pytest.approx(2)
    assert found.fine_but_not.value == pytest.approx(500 / 6)
    aimed = next(one for one in aims(now) if (one.touchpoint, one.target) == (SHOP, CSAT))
    assert aimed.variance.variance.value == pytest.approx(4.0 - aimed.variance.aim.target)
    spot = next(one for one in spots(now) if one.touchpoint == SHOP)
    assert (spot.contacts, spot.rate.value) == (0, None)


@pytest.mark.each_engine
@pytest.mark.parametrize("together", ["", "Ann"])
def test_answers_of_fewer_than_five_customers_are_no_score(session: Session, world: World, together: str) -> None:
    """Of four, and of one who answers nine times."""
    hours = range(9 if together else 4)
    given = [("survey", THIS.start(UTC) + HOUR * number, SHOP, False, "1/5") for number in hours]
    came(session, *given, together=together)
    now = reading(session, world)
    shop, told = now.scores[SHOP][-1], scorecard(now, Cell(Across.TOUCHPOINT, SHOP))
    assert (shop.mean.value, shop.mean.n, shop.csat.value) == (None, None, None)
    assert (told.of("mean score").value, told.of("customer satisfaction").value) == (None, None)
    assert journeys.of(now).worst.value is None


@pytest.mark.each_engine
def test_noon_is_the_busiest_hour(session: Session, world: World) -> None:
    noon = THIS.start(UTC) + 12 * HOUR
    came(
        session, *(("store", noon + DAY * day + HOUR * hour, SHOP, False, "") for day in range(4) for hour in (0, 0, 1))
    )
    filed(session, range(6), at=noon)
    filed(session, range(10, 12), at=noon + HOUR)
    shown = peaks(reading(session, world))
    assert (shown.busiest, shown.contacts["store"][12], shown.contacts["store"][13]) == (12, 8, 4)
    # Two people at 13: hidden, and noon with them, since the total would tell.
    assert (shown.reports[12], shown.reports[13], shown.reports[3]) == (None, None, 0)


def test_pulses_of_four_people_are_not_told(session: Session, world: World) -> None:
    told = scorecard(reading(session, replace(world, pulses=Pulses((10, 9, 8, 1), (7,) * 5, 4, 5))), EVERYTHING)
    assert (told.of("eNPS").why, told.of("ease").value) == (FEW_PEOPLE, 7)


def test_nothing_at_all_is_told_as_such_and_never_as_zero(session: Session, world: World) -> None:
    told = scorecard(reading(session, replace(world, routes=None)), EVERYTHING)
    counts = {"open now", "filed", "resolved", "report rate", "voice coverage"}
    assert all(line.measure.value is None and line.measure.why for line in told.lines if line.name not in counts)
    assert {line.number for line in told.lines} == {*range(1, 23)} - {17, 22}
    assert told.as_json()["until"] == THIS.key


def test_every_cell_has_its_numbers(session: Session, world: World) -> None:
    weeks.furnish(session, SEALER, now=NOW)
    now = reading(session, world)
    for across in Across:
        for cell in cells(session, across, world.map, ["harbour-street"]):
            assert scorecard(now, cell).lines


def test_who_may_not_read_gets_no_numbers(session: Session, world: World) -> None:
    stranger = Viewer("Sam", frozenset({"everyone"}))
    with pytest.raises(NotAllowed):
        Reading(session, [THIS], world, viewer=stranger, now=NOW)
    for ask in (contacts.by_touchpoint, contacts.scores_by_touchpoint):
        with pytest.raises(NotAllowed):
            ask(session, [THIS], world, viewer=stranger, now=NOW)
    with pytest.raises(NotAllowed):
        contacts.demand(session, [THIS], UTC, viewer=stranger, now=NOW)


@pytest.mark.each_engine
def test_who_comes_again_elsewhere_is_told_by_stage_and_the_contacts_of_a_channel_that_were_placed(
    session: Session, world: World
) -> None:
    at = NOW - WEEK
    for number in range(6):
        rows = [
            ("store", at, "cx.store.checkout", False, ""),
            ("phone", at + HOUR * (10 + 100 * number), "", False, ""),
        ]
        came(session, *rows, together=f"C{number}")
    now = reading(session, world)
    # One of six within 72 hours.
    share = returning.by_stage(now, frozenset(world.map.cx))[world.map.cx["cx.store.checkout"].stage]
    assert (round(share.value or 0, 1), share.n) == (16.7, 6)
    placed = [
        contacts.placed(session, now.weeks, world, channel=one, viewer=THE_COMPANY, now=NOW)
        for one in ("store", "phone")
    ]
    assert placed == [6, 0]
    assert returning.share(returning.returns(now, channel="phone")).value in {0, None}
