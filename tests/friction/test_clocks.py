"""Promises of tickets are kept by the clock: what each event does to them, and what time alone brings, once."""

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from bot.database import Database, open_database
from bot.friction import lateness, tickets
from bot.friction.acting import Resolution
from bot.friction.clocks import Clocks
from bot.friction.due import Promise
from bot.friction.kinds import Privacy, Severity
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow, ReportRow, TicketRow
from bot.friction.telling import LATE, LINE, NEWS, SOON
from bot.handlers.friction import cards
from bot.handlers.friction.watch import LEFT_TO_OTHERS
from bot.working_time import Calendar, Shift
from sqlalchemy import select, text, update

from friction.clocked import MAYA, NEW_YORK, SHOP, TRIAGER, Leads, Office, at, watch
from friction.desk import TEAM


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_what_is_filed_on_friday_is_due_around_weekend_and_holiday(office: Office) -> None:
    # S2 of one: eight hours, and eighty; Friday 20 November 16:00. Thanksgiving is on Thursday.
    assert office.due(office.file("20 16:00")) == ("23 16:00", "07 16:00")
    assert office.due(office.file("20 16:00", severity=Severity.S1)) == ("20 17:00", "23 16:00")
    assert office.due(office.file("25 16:00", severity=Severity.S1)) == ("25 17:00", "27 16:00")


def test_a_team_without_a_place_has_the_usual_hours_and_its_own_shop_its_own(office: Office) -> None:
    # Nine to five in Berlin: that Friday evening is over, Monday 09:00 there is 03:00 in New York.
    assert office.due(office.file("20 16:00", team="nobody", severity=Severity.S1)) == ("23 04:00", "23 11:00")
    # Ten to two, Tuesday to Saturday.
    assert office.due(office.file("20 13:30", team=SHOP, severity=Severity.S1)) == ("21 10:30", "24 13:30")


def test_a_night_at_the_end_of_summer_time_is_an_hour_longer(office: Office) -> None:
    nights = Calendar(((Shift(22 * 60, 30 * 60),),) * 7, zone=NEW_YORK)
    desk = replace(office.desk, clocks=Clocks(calendars={TEAM: nights}))
    office.desk = desk
    # From 23:00 until six in the morning it is eight hours on that night, not seven.
    assert office.due(office.file("10-31 23:00", severity=Severity.S1)) == ("01 00:00", "01 06:00")


# Filed as S2 on Friday at 16:00: promised by Monday 16:00, and by Monday in two weeks (7 December) 16:00. Then:
HAPPENS: dict[str, tuple[list[Callable[[Office, int], None]], tuple[str, str]]] = {
    "nothing": ([], ("23 16:00", "07 16:00")),
    # Two have it: four hours and 24, from when the second one said so.
    "me too": ([lambda o, n: o.join(n, "23 10:00", "U0SAM")], ("23 14:00", "27 10:00")),
    "me too, anonymously: from the end of that day": (
        [lambda o, n: o.join(n, "23 10:00", "U0SAM", Privacy.ANONYMOUS)],
        ("23 16:00", "27 17:00"),
    ),
    "acknowledge": ([lambda o, n: o.act(n, "23 10:00", Event.ACKNOWLEDGE)], ("23 16:00", "07 16:00")),
    "acknowledge, assign, start": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.ACKNOWLEDGE),
            lambda o, n: o.act(n, "23 11:00", Event.ASSIGN, assignee="U0OLU"),
            lambda o, n: o.act(n, "23 12:00", Event.START),
        ],
        ("23 16:00", "07 16:00"),
    ),
    "worse than said": (
        [lambda o, n: o.act(n, "23 10:00", Event.SET, sets={"severity": "S1"})],
        ("23 11:00", "24 10:00"),
    ),
    "less bad than said": (
        [lambda o, n: o.act(n, "23 10:00", Event.SET, TRIAGER, sets={"severity": "S4"})],
        ("24 16:00", "21 16:00"),
    ),
    "less bad, when it was late already": (
        [lambda o, n: o.act(n, "23 16:30", Event.SET, TRIAGER, sets={"severity": "S4"})],
        ("23 16:00", "21 16:00"),
    ),
    # Six hours and 78 are left, in four hours a day from Tuesday to Saturday.
    "handed over": ([lambda o, n: o.act(n, "23 10:00", Event.SET, sets={"team": SHOP})], ("25 12:00", "19 12:00")),
    "held from Tuesday to Friday: sixteen working hours": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.TRIAGE, sets={"severity": "S2", "team": TEAM}),
            lambda o, n: o.act(n, "24 10:00", Event.HOLD_FOR_PARTNER, sets={"partner": "fieldpro"}),
            lambda o, n: o.act(n, "27 10:00", Event.RESUME),
        ],
        ("23 16:00", "09 16:00"),
    ),
    "held over a weekend: none": (
        [
            lambda o, n: o.act(n, "20 16:30", Event.TRIAGE, sets={"severity": "S2", "team": TEAM}),
            lambda o, n: o.act(n, "20 17:30", Event.HOLD_FOR_PARTNER, sets={"partner": "fieldpro"}),
            lambda o, n: o.act(n, "23 08:30", Event.RESUME),
        ],
        ("23 16:00", "07 16:00"),
    ),
    "asked and answered": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.ACKNOWLEDGE),
            lambda o, n: o.act(n, "23 11:00", Event.ASK),
            lambda o, n: o.act(n, "23 15:00", Event.ANSWER, MAYA),
        ],
        ("23 16:00", "08 12:00"),
    ),
    "me too while it waits: 24 hours from when it goes on": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.ACKNOWLEDGE),
            lambda o, n: o.act(n, "23 11:00", Event.ASK),
            lambda o, n: o.join(n, "23 12:00", "U0SAM"),
            lambda o, n: o.act(n, "23 15:00", Event.RESUME),
        ],
        ("23 16:00", "27 15:00"),
    ),
    "handed over while it waits": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.ACKNOWLEDGE),
            lambda o, n: o.act(n, "24 10:00", Event.ASK),
            lambda o, n: o.act(n, "25 10:00", Event.SET, sets={"team": SHOP}),
            lambda o, n: o.act(n, "27 10:00", Event.RESUME),
        ],
        ("23 16:00", "22 12:00"),
    ),
    "merged and taken out again a day later": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.MERGE, other=o.file("20 09:00", who="U0SAM")),
            lambda o, n: o.act(n, "24 10:00", Event.UNMERGE),
        ],
        ("24 16:00", "08 16:00"),
    ),
    "resolved, and opened again: from the beginning": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.ACKNOWLEDGE),
            lambda o, n: o.act(n, "23 12:00", Event.RESOLVE, resolution=Resolution.FIXED),
            lambda o, n: o.act(n, "24 12:00", Event.REOPEN, MAYA),
        ],
        ("23 16:00", "09 12:00"),
    ),
    "rejected, and opened again: to be acknowledged once more": (
        [
            lambda o, n: o.act(n, "23 10:00", Event.REJECT),
            lambda o, n: o.act(n, "24 10:00", Event.REOPEN, MAYA),
        ],
        ("25 10:00", "09 10:00"),
    ),
}


@pytest.mark.parametrize("happens", HAPPENS)
def test_what_an_event_does_to_both_times(office: Office, happens: str) -> None:
    events, becomes = HAPPENS[happens]
    number = office.file("20 16:00")
    for event in events:
        event(office, number)
    assert office.due(number) == becomes


def test_a_ticket_that_another_is_merged_into_is_due_sooner_and_one_split_off_from_then_on(office: Office) -> None:
    number = office.file("20 16:00")
    office.act(office.file("20 09:00", who="U0SAM"), "23 10:00", Event.MERGE, other=number)
    assert office.due(number) == ("23 14:00", "27 10:00")
    with office.database.reading() as session:
        sams = {one.id for one in tickets.reports(session, number)} - {min(session.scalars(select(ReportRow.id)))}
    office.act(number, "24 12:00", Event.SPLIT, reports=frozenset(sams))
    assert office.due(number + 2) == ("25 12:00", "09 12:00")


def test_nothing_that_is_kept_says_at_which_hour_an_anonymous_report_was_filed(office: Office) -> None:
    morning, evening = (office.file(when, privacy=Privacy.ANONYMOUS) for when in ("20 08:05", "20 17:55"))
    own = {"id", "secret", "_sa_instance_state"}
    first, second = ({k: v for k, v in vars(office.row(each)).items() if k not in own} for each in (morning, evening))
    assert first == second
    # Eight hours from the end of that day, and nobody is late before it was filed.
    assert office.due(morning) == ("23 17:00", "07 17:00")


def test_owners_are_warned_and_leads_told_once_for_each_promise_and_each_time_it_is_opened(office: Office) -> None:
    number = office.file("20 16:00")
    assert office.look("23 14:23") == []  # four fifths of eight hours are 6 h 24 min
    assert office.look("23 14:24") == ["warned acknowledge"]
    assert office.look("23 15:00") == []
    office.join(number, "23 15:30", "U0SAM")  # due sooner than before, but nobody is warned twice
    assert office.look("23 16:00") == []
    assert office.look("23 16:01") == ["breached acknowledge"]
    office.act(number, "23 16:30", Event.ACKNOWLEDGE)
    assert office.look("30 17:00") == ["breached resolve"]  # nobody looked meanwhile: no warning of what is late
    office.act(number, "30 17:00", Event.RESOLVE, resolution=Resolution.FIXED)
    office.act(number, "12-01 09:00", Event.REOPEN, MAYA)
    assert office.due(number)[1] == "14 17:00"
    assert office.look("12-11 09:00") == ["warned resolve"]
    assert office.look("12-14 17:01") == ["breached resolve"]
    assert office.look("12-31 17:00") == []


def test_nobody_is_warned_of_what_waits_or_is_over(office: Office) -> None:
    waits, over = office.file("20 16:00"), office.file("20 16:00")
    for number in (waits, over):
        office.act(number, "20 16:30", Event.TRIAGE, sets={"severity": "S2", "team": TEAM})
    office.act(waits, "20 16:45", Event.HOLD_FOR_PARTNER, sets={"partner": "fieldpro"})
    office.act(over, "20 16:45", Event.REJECT)
    assert office.look("12-31 17:00") == []
    assert lateness.late(office.row(waits), now=at("12-31 17:00")) == []
    assert office.row(waits).held_seconds == 0


def test_what_it_waited_is_counted_in_working_time(office: Office) -> None:
    number = office.file("20 16:00")
    office.act(number, "20 16:15", Event.TRIAGE, sets={"severity": "S2", "team": TEAM})
    office.act(number, "20 16:30", Event.HOLD_FOR_PARTNER, sets={"partner": "fieldpro"})
    office.act(number, "23 10:00", Event.RESUME)
    assert office.row(number).held_seconds == 1.5 * 3600
    assert office.row(number).held_since is None


def test_whoever_was_assigned_is_warned_too_and_the_card_says_late(office: Office) -> None:
    number = office.file("20 16:00", severity=Severity.S1)
    office.act(number, "20 16:10", Event.ASSIGN, TRIAGER, assignee="U0OLU", assignee_name="Olu")
    office.look("20 16:48")
    (soon,), (line,) = office.owed(SOON), office.owed(LINE)
    assert soon["until"] == line["until"] == at("20 17:00").astimezone(UTC).isoformat()
    assert "FR-1 “the till froze” is assigned to you. Most of the time is over, and it is not acknowledged yet." in (
        cards.soon(soon).text
    )
    office.look("20 17:01")
    assert [cards.line(one).text for one in office.owed(LINE)] == [
        "Most of the time is over, and it is not acknowledged yet.",
        "This is late: it is not acknowledged yet.",
    ]
    card = office.owed("friction_card")[-1]
    assert card["late"] == ["acknowledge"]
    assert "Late! To be acknowledged by " in str(cards.card(card).blocks)


def test_a_question_is_asked_once_more_and_then_given_up_with_words_that_say_so(office: Office) -> None:
    number = office.file("20 09:00")
    office.act(number, "20 16:00", Event.ACKNOWLEDGE)
    office.act(number, "20 16:30", Event.ASK, words="Which till is it?")
    assert office.look("24 16:29") == []
    assert office.look("24 16:30") == ["remind"]  # Monday, Tuesday
    assert office.look("12-02 16:29") == []
    assert office.look("12-02 16:30") == ["resolve"]  # Wednesday, Friday, Monday, Tuesday, Wednesday
    row = office.row(number)
    assert (row.state, row.resolution) == (State.RESOLVED, Resolution.NOT_REPRODUCIBLE)
    told = [cards.news(one).text for one in office.owed(NEWS)]
    assert "There is still a question" in told[-2]
    assert "Nobody answered the question about it within 7 working days" in told[-1]
    assert office.look("12-09 16:29") == []
    assert office.look("12-09 16:30") == ["close"]


def test_a_question_that_is_answered_is_not_asked_again_and_the_next_one_is(office: Office) -> None:
    number = office.file("20 09:00")
    office.act(number, "20 16:00", Event.ACKNOWLEDGE)
    office.act(number, "20 16:30", Event.ASK)
    office.act(number, "24 16:00", Event.ANSWER, MAYA)
    assert office.look("24 17:00") == []
    office.act(number, "25 12:00", Event.ASK)
    assert office.look("30 12:00") == ["remind"]


def test_what_is_resolved_is_closed_after_five_working_days_unless_somebody_says_that_it_still_happens(
    office: Office,
) -> None:
    quiet, said = (office.file("20 09:00", severity=Severity.S3) for _ in range(2))
    for number in (quiet, said):
        office.act(number, "20 10:00", Event.ACKNOWLEDGE)
        office.act(number, "23 12:00", Event.RESOLVE, resolution=Resolution.FIXED)
    office.join(said, "24 12:00", "U0SAM")
    assert (office.row(said).state, office.row(said).look_at) == (State.RESOLVED, None)
    assert office.look("12-01 11:59") == []
    assert office.look("12-01 12:00") == ["close"]
    assert office.row(quiet).state == State.CLOSED
    assert "is closed: nobody said that it still happens" in cards.news(office.owed(NEWS)[-1]).text


def test_me_too_of_what_is_resolved_says_that_it_still_happens_and_enough_of_them_open_it(office: Office) -> None:
    slows, grave = office.file("20 09:00", severity=Severity.S3), office.file("20 09:00")
    for number in (slows, grave):
        office.act(number, "20 10:00", Event.ACKNOWLEDGE)
        office.act(number, "20 12:00", Event.RESOLVE, resolution=Resolution.FIXED)
    office.join(slows, "23 12:00", "U0SAM", Privacy.ANONYMOUS)
    assert office.row(slows).state == State.RESOLVED
    office.join(slows, "23 13:00", "U0NOOR")
    assert office.row(slows).state == State.IN_PROGRESS
    office.join(grave, "23 12:00", "U0SAM")
    assert office.row(grave).state == State.IN_PROGRESS
    # Three have it meanwhile: S2 is due in 24 hours from then.
    assert office.due(grave)[1] == "27 12:00"
    # Resolved once more, everybody is asked anew.
    office.act(slows, "24 12:00", Event.RESOLVE, resolution=Resolution.FIXED)
    with office.database.reading() as session:
        assert {one.still for one in tickets.reports(session, slows)} == {""}


def test_forty_breaches_at_once_are_one_message_to_each_lead(office: Office) -> None:
    for _ in range(40):
        office.file("20 16:00")
    watch(office, at("23 17:00"), Leads("U0RUTH", "U0LEA"))()
    first, second = office.owed(LATE)
    assert first == second
    assert len(first["late"]) == 40  # type: ignore[arg-type]
    shown = str(cards.late(first).blocks)
    assert "40 promises are broken:" in shown
    assert "FR-7 “the till froze” is not acknowledged yet (retail-operations). Promised until " in shown


def test_a_workspace_without_a_lead_leaves_it_a_minute_to_one_with_them(office: Office) -> None:
    office.file("20 16:00", severity=Severity.S1)
    watch(office, at("20 17:00") + LEFT_TO_OTHERS, Leads())()
    assert office.owed(LINE) == []
    watch(office, at("20 17:02"), Leads())()
    (line,) = office.owed(LINE)
    assert (line["event"], office.owed(LATE)) == (LATE, [])


@pytest.mark.each_engine
def test_each_is_warned_and_broken_once_though_one_replica_is_killed_and_two_look_at_once(
    database: Database, database_url: str
) -> None:
    office = Office(database)
    for number in range(12):
        office.file("20 16:00", severity=Severity.S1 if number % 2 else Severity.S2)
    when = at("23 14:30")  # of every second one half the time is over: warned, or late by both promises
    dying = [sys.executable, "-m", "friction.dying_watch", database_url, when.isoformat()]
    killed = subprocess.run(dying, cwd=Path(__file__).parents[1], check=False, timeout=60)
    assert killed.returncode < 0
    assert office.owed(LINE) == []
    ready = threading.Barrier(2)

    def replica() -> None:
        own = open_database(database_url)
        step = watch(office, when, Leads("U0RUTH"), own)
        ready.wait()
        for _ in range(3):
            step()
        own.close()

    replicas = [threading.Thread(target=replica) for _ in range(2)]
    for each in replicas:
        each.start()
    for each in replicas:
        each.join()
    with database.reading() as session:
        came = session.scalars(select(EventRow).where(EventRow.event.in_(("warned", "breached")))).all()
    counted = sorted((one.ticket, one.event, one.changed["promise"]) for one in came)
    assert counted == sorted(
        each
        for ticket in range(1, 13)
        for each in (
            [(ticket, "warned", "acknowledge")]
            if ticket % 2
            else [(ticket, "breached", "acknowledge"), (ticket, "warned", "resolve")]
        )
    )
    assert len(office.owed(LINE)) == 18
    (late,) = office.owed(LATE)
    assert len(late["late"]) == 6  # type: ignore[arg-type]


def test_a_look_at_ten_thousand_tickets_of_which_none_is_due_is_one_query_of_an_index(office: Office) -> None:
    office.file("20 16:00")
    asked = "EXPLAIN QUERY PLAN SELECT * FROM friction_tickets WHERE look_at <= 'x' ORDER BY look_at, id LIMIT 50"
    with office.database.reading() as session:
        plan = " ".join(row[3] for row in session.execute(text(asked)))
    assert "USING INDEX ix_friction_tickets_look_at" in plan
    assert "TEMP B-TREE" not in plan


def test_lists_tell_days_and_what_is_late_and_no_hours(office: Office) -> None:
    number = office.file("20 16:00", severity=Severity.S1)
    told = lateness.as_json(office.row(number), now=at("20 17:01"), zone=NEW_YORK)
    assert told == {"acknowledge_by": "2026-11-20", "resolve_by": "2026-11-23", "late": ["acknowledge"]}
    office.act(number, "20 17:02", Event.ACKNOWLEDGE)
    assert lateness.late(office.row(number), now=at("23 16:01")) == [Promise.RESOLVE]


def test_what_was_taken_over_from_elsewhere_is_promised_nothing_until_it_is_opened_again(office: Office) -> None:
    number = office.file("20 16:00")
    with office.database.writing.begin() as session:
        office.desk.clocks.promise_nothing(session, number)
    office.join(number, "23 10:00", "U0SAM")
    office.act(number, "23 10:00", Event.TRIAGE, sets={"severity": "S1", "team": SHOP})
    office.act(number, "23 10:00", Event.HOLD_FOR_PARTNER, sets={"partner": "fieldpro"})
    office.act(number, "23 11:00", Event.RESUME)
    assert office.due(number) == ("", "")
    assert office.look("12-31 17:00") == []
    with office.database.writing.begin() as session:
        session.execute(update(TicketRow).values(state=State.CLOSED, changed_at=at("12-30 12:00")))
    office.act(number, "12-31 12:00", Event.REOPEN, TRIAGER)
    assert office.row(number).resolve_by is not None
