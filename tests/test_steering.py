"""What leads write down: the newest counts, nothing is lost, and whoever may not decide cannot."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from bot.database import Database
from bot.errors import NotAllowed, SteeringRefused
from bot.experience.viewers import Viewer
from bot.retrieval import notices
from bot.steering import annotations, partner_notices, ratings, roadmap, verdicts
from bot.steering.ratings import Component, Quarter
from bot.steering.roadmap import Lane
from bot.working_time import Calendar
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
TODAY = NOW.date()
RUTH = Viewer("Ruth Adeyemi", frozenset({"everyone", "role:lead"}))
JONAS = Viewer("Jonas O'Weber", frozenset({"everyone"}), frozenset({"billing-it"}))
SAM = Viewer("Sam", frozenset({"everyone"}))
pytestmark = pytest.mark.each_engine


def test_a_note_stands_on_its_day_until_it_is_taken_away_and_can_be_put_back(database: Database) -> None:
    with database.writing.begin() as session:
        number = annotations.annotate(
            session, date(2026, 5, 3), " new  registers ", RUTH, about="pos", today=TODAY, now=NOW
        )
        annotations.annotate(session, date(2026, 5, 2), "school's out", RUTH, today=TODAY, now=NOW)
    with database.writing.begin() as session:
        told = annotations.between(session, date(2026, 5, 2), date(2026, 5, 3), JONAS)
        assert [(one.day.day, one.words, one.about) for one in told] == [
            (2, "school's out", ""),
            (3, "new registers", "pos"),
        ]
        assert annotations.remove(session, number, RUTH)
        assert len(annotations.between(session, date(2026, 5, 2), date(2026, 5, 3), RUTH)) == 1
        annotations.remove(session, number, RUTH, removed=False)
        assert len(annotations.between(session, date(2026, 5, 3), date(2026, 5, 3), RUTH)) == 1
        assert not annotations.remove(session, 999, RUTH)


def test_the_newest_rating_of_a_quarter_counts_and_is_compared_with_the_quarter_before(database: Database) -> None:
    autumn, winter = Quarter(2026, 4), Quarter(2027, 1)
    with database.writing.begin() as session:
        for quarter, score in ((autumn, 2), (autumn, 3), (winter, 5)):
            ratings.rate(session, quarter, Component.MOBILE, score, "The form fits a phone.", RUTH, now=NOW)
        found = ratings.ratings(session, (autumn, winter), JONAS)
    assert (found[autumn][Component.MOBILE].score, found[autumn][Component.MOBILE].change) == (3, None)
    assert (found[winter][Component.MOBILE].score, found[winter][Component.MOBILE].change) == (5, 2)
    assert Component.ANALYTICS not in found[winter]


def test_quarters_are_those_of_the_calendar() -> None:
    assert ratings.quarter_of(date(2026, 12, 31)) == Quarter(2026, 4)
    assert ratings.quarter_of(date(2027, 1, 1)).before == Quarter(2026, 4)
    assert [one.key for one in ratings.last_quarters(3, until=Quarter(2026, 1))] == ["2025-Q3", "2025-Q4", "2026-Q1"]
    assert Quarter(2026, 4).first_day == date(2026, 10, 1)


def test_the_roadmap_keeps_every_decision_and_shows_the_last(database: Database) -> None:
    with database.writing.begin() as session:
        roadmap.decide(session, "theme:1", Lane.NEXT, "It costs most.", RUTH, now=NOW)
        roadmap.decide(session, "theme:2", Lane.LATER, "Orion retires in spring.", RUTH, now=NOW)
        roadmap.decide(session, "theme:1", Lane.NOW, "The patch is here.", RUTH, now=NOW)
        with pytest.raises(SteeringRefused, match="Ruth Adeyemi put it there"):
            roadmap.decide(session, "theme:1", Lane.NOW, "Again.", RUTH, now=NOW)
        standing = roadmap.stands(session, JONAS)
        assert {item: one.lane for item, one in standing.items()} == {"theme:1": Lane.NOW, "theme:2": Lane.LATER}
        assert roadmap.log(session, JONAS)[0].why == "It costs most."


def test_the_newest_verdict_of_a_pair_counts(database: Database) -> None:
    with database.writing.begin() as session:
        for same in (True, False):
            verdicts.judge(session, 4, "cx.store.equipment_return", RUTH, same=same, now=NOW)
        found = verdicts.verdicts(session, RUTH)
    assert {pair: one.same for pair, one in found.items()} == {(4, "cx.store.equipment_return"): False}


def test_a_notice_to_a_partner_is_late_after_three_working_days_unless_it_is_acknowledged(database: Database) -> None:
    friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
    with database.writing.begin() as session:
        posted = notices.post(
            session,
            "Installers bring the new box.",
            until=friday + timedelta(days=30),
            said="20 December",
            audiences=["partner:fieldpro", "partner:parcel_carrier", "everyone"],
            by="Ruth",
            now=friday,
        )
        calendar = Calendar(zone=UTC)

        def late(at: datetime) -> list[str]:
            found = partner_notices.notices(session, JONAS, calendar=calendar, now=at)
            return [one.partner for one in found if one.late]

        assert late(datetime(2026, 11, 25, 11, tzinfo=UTC)) == []  # Wednesday: Monday and Tuesday, and hours
        assert late(datetime(2026, 11, 26, 12, tzinfo=UTC)) == ["fieldpro", "parcel_carrier"]
        assert partner_notices.acknowledge(session, posted.number, "fieldpro", RUTH, now=friday)
        assert not partner_notices.acknowledge(session, posted.number, "fieldpro", RUTH, now=friday)
        assert late(datetime(2026, 11, 26, 12, tzinfo=UTC)) == ["parcel_carrier"]
        with pytest.raises(SteeringRefused, match="not meant for harlow"):
            partner_notices.acknowledge(session, posted.number, "harlow", RUTH, now=friday)


WRITES: list[Callable[[Session, Viewer], object]] = [
    lambda session, who: annotations.annotate(session, TODAY, "x", who, today=TODAY, now=NOW),
    lambda session, who: annotations.remove(session, 1, who),
    lambda session, who: ratings.rate(session, Quarter(2026, 4), Component.MOBILE, 3, "x", who, now=NOW),
    lambda session, who: roadmap.decide(session, "theme:1", Lane.NOW, "x", who, now=NOW),
    lambda session, who: verdicts.judge(session, 1, "cx.store.checkout", who, same=True, now=NOW),
    lambda session, who: partner_notices.acknowledge(session, 1, "fieldpro", who, now=NOW),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("who", [JONAS, SAM, Viewer("Guest", frozenset({"public", "role:lead"}))])
def test_only_leads_and_admins_decide(
    database: Database, write: Callable[[Session, Viewer], object], who: Viewer
) -> None:
    with database.writing.begin() as session, pytest.raises(NotAllowed):
        write(session, who)


def test_an_ordinary_employee_reads_none_of_it(database: Database) -> None:
    with database.reading() as session:
        for read in (
            lambda: annotations.between(session, TODAY, TODAY, SAM),
            lambda: ratings.ratings(session, [Quarter(2026, 4)], SAM),
            lambda: roadmap.log(session, SAM),
            lambda: verdicts.verdicts(session, SAM),
            lambda: partner_notices.notices(session, SAM, calendar=Calendar(), now=NOW),
        ):
            with pytest.raises(NotAllowed):
                read()


@pytest.mark.parametrize("words", ["", " \n ", "x" * 601])
def test_words_are_needed_and_not_too_many(database: Database, words: str) -> None:
    with database.writing.begin() as session:
        for write in (
            lambda: annotations.annotate(session, TODAY, words, RUTH, today=TODAY, now=NOW),
            lambda: roadmap.decide(session, "theme:1", Lane.NOW, words, RUTH, now=NOW),
            lambda: ratings.rate(session, Quarter(2026, 4), Component.MOBILE, 3, words, RUTH, now=NOW),
        ):
            with pytest.raises(SteeringRefused, match=r"write a few words|say it in 600"):
                write()


@pytest.mark.parametrize("score", [0, 6, -1])
def test_a_score_is_one_to_five(database: Database, score: int) -> None:
    with database.writing.begin() as session, pytest.raises(SteeringRefused, match=r"from 1 .* to 5"):
        ratings.rate(session, Quarter(2026, 4), Component.MOBILE, score, "x", RUTH, now=NOW)
