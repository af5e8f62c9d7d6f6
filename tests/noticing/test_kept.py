"""Signals are kept for minutes: never for other rights, never past a decision, and made anew before they are stale."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from bot.database import Database
from bot.experience.reading import Reading
from bot.experience.viewers import Viewer
from bot.experience.weeks import last_weeks, week_at
from bot.noticing.kept import ASKED_LATELY, FRESH, Kept
from bot.noticing.noticed import Noticed
from bot.noticing.renewing import EVERY_SECONDS, PAUSE_SECONDS, Renewing
from bot.signals.signal import Kind
from bot.steering.verdicts import judge, take_back
from sqlalchemy.orm import Session

from noticing.planted_company import LEAD, TODAY, WHO_SERVES, Company, when

BILL, WORK = "cx.phone.billing_question", "ex.phone.billing_question"
WEEKS = 26
SHARED = [Kind.SHARED_ISSUE]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        company = Company(session)
        theme = company.theme("Typed twice")
        for back in range(WEEKS):
            company.contacts(BILL, when(back), many=3)
        company.ticket(theme, WORK, when(1), tools=["orion"], people=15)
    with database.writing.begin() as session:
        yield Company(session)


def looked(company: Company, kept: Kept, *, viewer: Viewer = LEAD, now: datetime = TODAY) -> Noticed:
    weeks = last_weeks(WEEKS, until=week_at(now, company.reading(WEEKS).world.zone))
    return kept.noticed(Reading(company.session, weeks, company.reading(WEEKS).world, viewer=viewer, now=now), SHARED)


def test_it_is_the_same_for_some_minutes_and_then_looked_at_anew(company: Company) -> None:
    kept = Kept()
    first = looked(company, kept)
    assert first.signals
    assert looked(company, kept, now=TODAY + FRESH) is first
    later = looked(company, kept, now=TODAY + FRESH + MINUTE)
    assert (later.as_of, later.signals) == (TODAY + FRESH + MINUTE, first.signals)


def test_people_with_the_same_rights_read_the_same_and_others_never(company: Company) -> None:
    kept = Kept()
    first = looked(company, kept)
    assert (
        looked(
            company, kept, viewer=replace(LEAD, name="Another lead", id="U2", audiences=LEAD.audiences | {"person:U2"})
        )
        is first
    )
    serving = looked(company, kept, viewer=WHO_SERVES)
    assert {rows.kind for rows in serving.signals[0].evidence} > {rows.kind for rows in first.signals[0].evidence}
    assert looked(company, kept) is first


def test_what_people_decide_and_a_changed_world_are_seen_at_once(company: Company) -> None:
    kept = Kept()
    first = looked(company, kept)
    judge(company.session, 1, BILL, LEAD, same=False, now=TODAY)
    company.session.flush()
    assert looked(company, kept).signals != first.signals
    take_back(company.session, 1, BILL, LEAD)
    company.session.flush()
    assert looked(company, kept).signals == first.signals
    weeks = company.reading(WEEKS).weeks
    other = replace(company.reading(WEEKS).world, routes=None)
    assert not kept.noticed(Reading(company.session, weeks, other, viewer=LEAD, now=TODAY), SHARED).signals


def test_two_who_look_at_once_are_given_one_result(company: Company, database: Database) -> None:
    kept, world, weeks = Kept(), company.reading(WEEKS).world, company.reading(WEEKS).weeks

    def look(_: int) -> Noticed:
        with database.reading() as session:
            return kept.noticed(Reading(session, weeks, world, viewer=LEAD, now=TODAY), SHARED)

    with ThreadPoolExecutor(4) as threads:
        assert len({id(one) for one in threads.map(look, range(8))}) == 1


def test_in_the_bot_what_was_asked_for_lately_is_made_anew_before_it_is_stale(
    company: Company, database: Database
) -> None:
    kept, world, now = Kept(), company.reading(WEEKS).world, [TODAY]

    def same_world(_: Session) -> object:
        return world

    renewing = Renewing(database, kept, same_world, clock=lambda: now[0])
    assert renewing() == EVERY_SECONDS
    looked(company, kept)
    assert renewing() == EVERY_SECONDS
    now[0] = TODAY + FRESH / 2 + MINUTE
    assert renewing() == PAUSE_SECONDS
    assert looked(company, kept, now=TODAY + FRESH + MINUTE).as_of == now[0]
    now[0] += ASKED_LATELY + FRESH
    assert (renewing(), kept.results) == (EVERY_SECONDS, 0)
