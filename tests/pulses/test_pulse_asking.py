"""Whom Throughline asks, and when: never twice a week, never against somebody's will, never outside their hours."""

import re
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest
from bot.database import Database
from bot.friction.acting import Act, Resolution, act
from bot.friction.kinds import Privacy
from bot.friction.moves import Event, State
from bot.friction.roles import THROUGHLINE, Actor
from bot.friction.tables import TicketRow
from bot.outbox import OutboxRow
from bot.pulses import asking
from bot.pulses.questions import Choice, Question, quarter_of
from bot.working_time import ALWAYS, Calendar
from sqlalchemy import select

from friction.desk import SEALER, filed, reporter
from pulses.company import NEW_YORK, SIX, Company, utc


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database, utc("2026-09-28T11:00"))  # a Monday


def test_in_a_quarter_nobody_is_asked_twice_a_week_nor_against_their_will_nor_outside_their_hours(
    company: Company,
) -> None:
    company.hire("UGUEST", is_restricted=True)
    company.hire("UELSE", team="T0OTHER")
    with company.here.writing.begin() as session:
        asking.stop(session, company.handle("U5"), now=company.now)
    for hour in range(0, 14 * 7 * 24, 4):
        company.now = utc("2026-09-28T00:00") + timedelta(hours=hour)
        if company.now.astimezone(NEW_YORK).hour == 8:
            company.use(*SIX, "UGUEST", "UELSE", times=2)
        company.step()
    rows = company.asked()
    times = defaultdict(list)
    for row in rows:
        times[row.handle].append(row.at)
        local = row.at.astimezone(NEW_YORK)
        assert local.weekday() != 6, "the shop is closed"
        assert 10 <= local.hour < 18
    assert set(times) == {company.handle(user) for user in SIX[:5]}, "neither guests nor whoever stopped it"
    assert all(later - earlier >= timedelta(days=7) for each in times.values() for earlier, later in pairwise(each))
    choices = [(row.handle, row.question, row.tool, quarter_of(row.monday)) for row in rows]
    assert len(set(choices)) == len(choices), "the same question comes back in another quarter"
    assert {row.tool for row in rows if row.question == Question.EASE} == {"pos", "orion", "keyring"}
    assert {row.monday.month for row in rows if row.question == Question.RECOMMEND} == {11}


def test_all_who_work_with_a_tool_are_asked_about_the_same_one(company: Company) -> None:
    company.use(*SIX)
    company.step()
    assert len(company.asked()) == len(SIX)
    assert len({(row.question, row.tool) for row in company.asked()}) == 1


def test_whoever_is_seldom_here_is_left_alone(company: Company) -> None:
    company.use(*SIX[:5])
    company.use("U5", times=2)
    company.step()
    assert company.handle("U5") not in {row.handle for row in company.asked()}
    company.now += timedelta(days=8)
    company.step()
    assert len(company.asked()) == 5, "they were not here since they were asked"


def test_nothing_is_asked_of_which_nothing_could_ever_be_shown(company: Company) -> None:
    company.use(*SIX[:4])
    company.step()
    assert company.asked() == []


def test_two_replicas_ask_somebody_once(company: Company) -> None:
    company.use(*SIX)
    company.step()
    company.asking()()
    assert len(company.asked()) == len(SIX)


def test_a_place_that_is_always_open_is_asked_by_day() -> None:
    place = Calendar(ALWAYS, zone=NEW_YORK)
    assert not asking.is_at_work(place, now=utc("2026-09-28T03:00"))
    assert asking.is_at_work(place, now=utc("2026-09-28T09:00"))


@pytest.mark.parametrize(
    ("privacy", "is_asked"), [(Privacy.NAMED, True), (Privacy.CONFIDENTIAL, True), (Privacy.ANONYMOUS, False)]
)
def test_after_a_report_was_closed_its_reporter_is_asked_once_how_easy_it_was(
    company: Company, privacy: Privacy, is_asked: bool
) -> None:
    with company.here.writing.begin() as session:
        who = reporter("U1")
        number = filed(session, "the till froze", who=who, privacy=privacy, now=company.now - timedelta(days=40))
        owner = Actor("U0RUTH", "T0", "Ruth", triager=True)
        for by, one in (
            (owner, Act(Event.ACKNOWLEDGE)),
            (owner, Act(Event.RESOLVE, "It has a new plug", Resolution.FIXED)),
            (THROUGHLINE, Act(Event.CLOSE)),
        ):
            act(session, number, one, by, sealer=SEALER, now=company.now - timedelta(days=2))
        assert session.get_one(TicketRow, number).state == State.CLOSED
    for day in range(20):
        company.step()
        company.now += timedelta(days=1)
        assert len(company.asked()) == int(is_asked), day
    if is_asked:
        (row,) = company.asked()
        assert (row.question, row.tool) == (Question.DONE, "pos")
        with company.database.reading() as session:
            (owed,) = session.scalars(select(OutboxRow).where(OutboxRow.kind == "pulse"))
        # By whole words: what is sealed may hold these two letters by chance.
        kept = f"{owed.destination} {owed.value} {owed.conversation} {owed.lane} {owed.key}"
        assert "U1" not in re.findall(r"\w+", kept)


def test_a_question_is_over_after_a_week(company: Company) -> None:
    with company.here.writing.begin() as session:
        found = asking.ask(
            session, reporter("U1"), Choice(Question.EASE, "pos"), sealer=SEALER, now=company.now, zone=NEW_YORK
        )
        assert found is not None
        assert asking.opened(session, found.number, now=company.now + timedelta(days=6, hours=23)) == found
        assert asking.opened(session, found.number, now=company.now + timedelta(days=7)) is None
