"""Themes are proposed once a night, whoever does it, and a night that was missed is made up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bot.database import Database
from bot.friction import intake as intake_module
from bot.friction import theme_list, theming
from bot.friction.desk import Reader
from bot.friction.nights import GIVEN_UP_AFTER, Nights, night_of
from bot.friction.tables import NightRow
from sqlalchemy import select

from friction.desk import SEALER, reporter

NEW_YORK = ZoneInfo("America/New_York")
EVENING = datetime(2026, 11, 20, 23, tzinfo=UTC)  # six in the evening there
MORNING = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)  # half past three there


class Clock:
    def __init__(self) -> None:
        self.now = EVENING

    def __call__(self) -> datetime:
        return self.now


def file(database: Database, reader: Reader, words: str, person: str) -> None:
    read = reader.intake
    with database.writing.begin() as session:
        draft = read.read(session, words, role="shop", place="", now=EVENING)
        subject = intake_module.Subject("slow", "S3", tools=("pos",))
        read.file(session, draft, subject, intake_module.Said(words), reporter(person), sealer=SEALER, now=EVENING)


def nights_done(database: Database) -> list[date]:
    with database.reading() as session:
        return list(session.scalars(select(NightRow.day).where(NightRow.done_at.is_not(None)).order_by(NightRow.day)))


def test_the_night_begins_at_the_quiet_hour_of_the_place() -> None:
    assert night_of(EVENING, NEW_YORK) == date(2026, 11, 20)
    assert night_of(datetime(2026, 11, 21, 7, 59, tzinfo=UTC), NEW_YORK) == date(2026, 11, 20)
    assert night_of(MORNING, NEW_YORK) == date(2026, 11, 21)


@pytest.mark.each_engine
def test_of_several_replicas_one_proposes_and_a_missed_night_is_made_up(
    database: Database, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[datetime] = []
    propose = theming.propose
    monkeypatch.setattr(
        theming, "propose", lambda *given, **more: (asked.append(more["now"]), propose(*given, **more))[1]
    )
    clock = Clock()
    replicas = [Nights(database, lambda: reader.intake, zone=NEW_YORK, clock=clock) for _ in range(3)]

    def look() -> None:
        for replica in replicas:
            assert replica() > 0

    look()
    assert asked == [], "nothing is reported"
    file(database, reader, "the till froze while I was selling", "U0001")
    file(database, reader, "till frozen in the middle of a sale", "U0002")
    look()
    assert nights_done(database) == [date(2026, 11, 20)], "that night was missed"
    clock.now = MORNING
    look()
    look()
    assert nights_done(database) == [date(2026, 11, 20), date(2026, 11, 21)]
    assert asked == [EVENING, MORNING]
    with database.reading() as session:
        (theme,) = theme_list.themes(session, audiences=frozenset({"everyone"}))
    assert len(theme.tickets) == 2


def test_a_night_whose_replica_is_gone_is_taken_over(database: Database, reader: Reader) -> None:
    file(database, reader, "the till froze while I was selling", "U0001")
    with database.writing.begin() as session:
        session.add(NightRow(day=date(2026, 11, 20), begun_at=EVENING))
    clock = Clock()
    nights = Nights(database, lambda: reader.intake, zone=NEW_YORK, clock=clock)
    clock.now = EVENING + timedelta(minutes=30)
    nights()
    assert nights_done(database) == []
    clock.now = EVENING + GIVEN_UP_AFTER
    nights()
    assert nights_done(database) == [date(2026, 11, 20)]


def test_words_of_which_guesses_are_kept_are_not_read_again(
    database: Database, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(database, reader, "the till froze while I was selling", "U0001")
    monkeypatch.setattr(intake_module.Intake, "guessed", lambda *_given, **_more: pytest.fail("read again"))
    assert theming.propose(database, reader.intake, now=MORNING).looked_at == 1
