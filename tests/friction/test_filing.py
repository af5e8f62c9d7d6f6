"""Reports become tickets: nobody counts twice, and what is kept of a reporter is what they chose."""

import re

import pytest
from bot.database import Database
from bot.errors import MoveRefused, NoSuchTicket, NotAllowed
from bot.friction import acting, filing, tickets
from bot.friction.acting import Act, Resolution
from bot.friction.filing import Said
from bot.friction.kinds import CustomerEffect, Frequency, Privacy
from bot.friction.moves import Event, State
from bot.friction.roles import THROUGHLINE, Actor
from bot.friction.sealing import Sealer
from bot.friction.tables import EventRow, ReportRow, TicketRow
from sqlalchemy import select
from sqlalchemy.orm import Session

from friction.desk import NOW, SEALER, TEAM, filed, reporter

EMPLOYEE = frozenset({"everyone"})
OWNER = Actor("U0OLU", "T0", "Olu", teams=frozenset({TEAM}))
TRIAGER = Actor("U0RUTH", "T0", "Ruth", triager=True)
MAYA, SAM, NOOR = (reporter(f"U0{name.upper()}", name) for name in ("Maya", "Sam", "Noor"))

pytestmark = pytest.mark.each_engine


def everything(session: Session) -> str:
    """Every row of friction, as one text."""
    rows = [
        *session.scalars(select(TicketRow)),
        *session.scalars(select(ReportRow)),
        *session.scalars(select(EventRow)),
    ]
    return " ".join(repr(vars(row)) for row in rows)


def test_hours_are_of_each_person_the_most_they_say_and_a_me_too_adds_a_report_and_no_ticket(
    database: Database,
) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA)
        said = Said("froze here too", minutes=15, frequency=Frequency.DAILY, effect=CustomerEffect.WAITED)
        joined = filing.me_too(session, number, said, SAM, sealer=SEALER, now=NOW)
        one = tickets.ticket(session, number, audiences=EMPLOYEE)
        exact = tickets.exact(session, number)
    assert (joined.ticket, joined.people) == (number, 2)
    # 15 minutes, five times a week: 75 minutes.
    assert (exact.people, exact.hours, one.effect) == (2, 1.25, CustomerEffect.WAITED)


@pytest.mark.parametrize("privacy", Privacy)
def test_nobody_reports_a_ticket_twice_whether_they_are_known_or_not(database: Database, privacy: Privacy) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA, privacy=privacy)
        with pytest.raises(MoveRefused, match=f"You reported FR-{number} already"):
            filed(session, "again", who=MAYA, joins=number)
        assert filed(session, "here too", who=SAM, joins=number, privacy=privacy) == number
        assert tickets.people(session, number) == 2


def test_an_anonymous_reporter_stands_nowhere_and_has_a_code_that_only_they_know(database: Database) -> None:
    said = Said("till froze", Privacy.ANONYMOUS, customer=1, evidence=("https://slack.example/archives/C1/p1",))
    with database.writing.begin() as session:
        subject = filing.Subject(*_kind_and_severity(), team=TEAM)
        made = filing.file(session, subject, said, MAYA, sealer=SEALER, now=NOW)
        told = everything(session)
        mine = filing.claimed(session, made.code.lower().replace("-", " "), sealer=SEALER)
        (report,) = tickets.reports(session, made.ticket)
        ticket = session.get_one(TicketRow, made.ticket)
        times = {report.at.time(), ticket.filed_at.time(), ticket.changed_at.time()}
        times |= {event.at.time() for event in session.scalars(select(EventRow))}
    assert re.fullmatch(r"([2-9A-HJ-NP-Z]{4}-){2}[2-9A-HJ-NP-Z]{4}", made.code)
    for word in ("U0MAYA", "Maya", "T0'", "harbour-street", "slack.example", made.code):
        assert word not in told, word
    assert mine is not None
    assert mine.ticket == made.ticket
    assert [f"{time:%H:%M:%S}" for time in times] == ["00:00:00"]


def test_a_confidential_reporter_is_sealed_and_only_the_bots_key_opens_it(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA, privacy=Privacy.CONFIDENTIAL)
        assert "U0MAYA" not in everything(session)
        assert "'name': 'Maya'" not in everything(session)
        (report,) = tickets.reports(session, number)
    assert SEALER.person(report.reached, Privacy.CONFIDENTIAL) == "U0MAYA"
    other = Sealer(b"OTg3NjU0MzIxMDk4NzY1NDMyMTA5ODc2NTQzMjEwOTg=")
    assert other.person(report.reached, Privacy.CONFIDENTIAL) == ""


def test_when_a_ticket_ends_nobody_can_tell_any_more_who_reported_anonymously(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA, privacy=Privacy.ANONYMOUS)
        row = session.get_one(TicketRow, number)
        assert filing.reports_of(session, row, MAYA, sealer=SEALER)
        row.state = State.RESOLVED
        acting.act(session, number, Act(Event.CLOSE), THROUGHLINE, sealer=SEALER, now=NOW)
        assert row.secret == ""
        assert not filing.reports_of(session, row, MAYA, sealer=SEALER)


def test_who_reports_anonymously_once_it_is_open_again_has_no_mark_that_is_the_same_elsewhere(
    database: Database,
) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=SAM)
        session.get_one(TicketRow, number).state = State.RESOLVED
        acting.act(session, number, Act(Event.CLOSE), THROUGHLINE, sealer=SEALER, now=NOW)
        again = Act(Event.REOPEN, "it froze again this morning")
        acting.act(session, number, again, Actor("U0SAM", "T0", "Sam"), sealer=SEALER, now=NOW)
        filed(session, "here too", who=MAYA, joins=number, privacy=Privacy.ANONYMOUS)
        (report,) = (one for one in tickets.reports(session, number) if one.privacy == Privacy.ANONYMOUS)
    assert report.handle != MAYA.handle(SEALER)


def test_reports_of_a_merged_ticket_count_where_it_went_and_come_back_when_it_is_taken_apart(
    database: Database,
) -> None:
    with database.writing.begin() as session:
        old = filed(session, "till froze", who=MAYA, privacy=Privacy.ANONYMOUS)
        new = filed(session, "till hangs", who=SAM)
        filed(session, "hangs", who=MAYA, joins=new)
        acting.act(session, old, Act(Event.MERGE, other=new), TRIAGER, sealer=SEALER, now=NOW)
        assert tickets.standing(session, old).id == new
        assert tickets.people(session, new) == 3  # that two of them are Maya nobody knows
        with pytest.raises(MoveRefused, match="already"):
            filed(session, "and again", who=MAYA, joins=old)
        acting.act(session, old, Act(Event.UNMERGE), TRIAGER, sealer=SEALER, now=NOW)
        assert [tickets.people(session, number) for number in (old, new)] == [1, 2]


def test_who_acts_on_an_old_picture_is_told_who_was_faster(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA)
        seen = tickets.ticket(session, number, audiences=EMPLOYEE).version
        acting.act(session, number, Act(Event.ACKNOWLEDGE, version=seen), OWNER, sealer=SEALER, now=NOW)
        with pytest.raises(MoveRefused, match="was changed by Olu: it is acknowledged now"):
            acting.act(session, number, Act(Event.ACKNOWLEDGE, version=seen), TRIAGER, sealer=SEALER, now=NOW)


def test_the_owner_may_not_lower_a_severity_alone_and_a_triager_says_why(database: Database) -> None:
    lower = Act(Event.SET, sets={"severity": "S4"})
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA)
        with pytest.raises(MoveRefused, match="lowered by a triager"):
            acting.act(session, number, lower, OWNER, sealer=SEALER, now=NOW)
        with pytest.raises(MoveRefused, match="Say why"):
            acting.act(session, number, lower, TRIAGER, sealer=SEALER, now=NOW)
        acting.act(session, number, Act(Event.SET, "One till of six", sets=lower.sets), TRIAGER, sealer=SEALER, now=NOW)
        assert tickets.ticket(session, number, audiences=EMPLOYEE).severity == "S4"


def test_opened_again_it_has_another_secret_and_no_mark_is_that_of_a_person(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA)
        row = session.get_one(TicketRow, number)
        row.state = State.RESOLVED
        acting.act(session, number, Act(Event.CLOSE), THROUGHLINE, sealer=SEALER, now=NOW)
        acting.act(session, number, Act(Event.REOPEN, "again"), TRIAGER, sealer=SEALER, now=NOW)
        filed(session, "here too", who=NOOR, joins=number, privacy=Privacy.ANONYMOUS)
        marks = set(session.scalars(select(ReportRow.handle).where(ReportRow.privacy == Privacy.ANONYMOUS)))
    assert row.secret
    assert NOOR.handle(SEALER) not in marks


def test_with_a_ticket_those_end_that_were_merged_into_it(database: Database) -> None:
    with database.writing.begin() as session:
        kept, gone = filed(session, "till froze", who=MAYA), filed(session, "till froze too", who=SAM)
        filed(session, "and here", who=NOOR, joins=gone, privacy=Privacy.ANONYMOUS)
        acting.act(session, gone, Act(Event.MERGE, other=kept), TRIAGER, sealer=SEALER, now=NOW)
        session.get_one(TicketRow, kept).state = State.RESOLVED
        acting.act(session, kept, Act(Event.CLOSE), THROUGHLINE, sealer=SEALER, now=NOW)
        assert session.get_one(TicketRow, gone).secret == ""
        beside = session.scalars(select(EventRow).where(EventRow.ticket == kept, EventRow.event == "took_in")).one()
    assert (beside.changed["other"][1], beside.actor_name) == (f"FR-{gone}", "Ruth")


def test_it_is_open_again_when_enough_of_those_who_have_it_say_so(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA)
        filed(session, "here too", who=SAM, joins=number)
        row = session.get_one(TicketRow, number)
        row.state, row.severity = State.IN_PROGRESS, "S3"
        done = Act(Event.RESOLVE, "New cable in place.", resolution=Resolution.FIXED)
        acting.act(session, number, done, OWNER, sealer=SEALER, now=NOW)
        assert not acting.say_still(session, number, Actor("U0MAYA", "T0"), still=True, sealer=SEALER)
        assert acting.say_still(session, number, Actor("U0SAM", "T0"), still=True, sealer=SEALER)
        with pytest.raises(MoveRefused, match="who reported it"):
            acting.say_still(session, number, Actor("U0NOOR", "T0"), still=True, sealer=SEALER)


def test_who_said_that_it_still_happens_said_it_of_what_was_done_then(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "it irritates", who=SAM)
        filed(session, "me too", who=MAYA, joins=number)
        row = session.get_one(TicketRow, number)
        row.severity, row.state = "S3", State.ACKNOWLEDGED
        for person, name in (("U0SAM", "Sam"), ("U0MAYA", "Maya")):
            act = Act(Event.RESOLVE, "the cable was replaced", resolution=Resolution.FIXED)
            acting.act(session, number, act, OWNER, sealer=SEALER, now=NOW)
            said = Actor(person, "T0", name)
            assert not acting.say_still(session, number, said, still=True, sealer=SEALER)
            acting.act(session, number, Act(Event.STILL_HAPPENS), said, sealer=SEALER, now=NOW)
            assert [one.still for one in tickets.reports(session, number)].count("yes") == 1
            row.state = State.IN_PROGRESS


def test_whoever_is_no_employee_sees_no_ticket_and_what_is_not_there_is_said(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "till froze", who=MAYA)
        with pytest.raises(NotAllowed):
            tickets.ticket(session, number, audiences=frozenset({"public", "partner:FieldPro"}))
        with pytest.raises(NoSuchTicket, match="FR-4711"):
            tickets.ticket(session, 4711, audiences=EMPLOYEE)


@pytest.mark.parametrize(("typed", "number"), [("FR-31", 31), ("fr31", 31), ("#31", 31), ("FR 31", 31), ("x", None)])
def test_a_ticket_is_named_as_people_type_it(typed: str, number: int | None) -> None:
    assert tickets.number_of(typed) == number


def _kind_and_severity() -> tuple[filing.Kind, filing.Severity]:
    return filing.Kind.OUTAGE, filing.Severity.S2
