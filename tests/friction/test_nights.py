"""Themes are proposed once a night, whoever does it, and a night that was missed or failed is made up."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bot.database import Database
from bot.errors import ThemesNotMade
from bot.friction import clustering, theme_list, theme_moves, theming
from bot.friction import intake as intake_module
from bot.friction.clustering import Proposal, Ticket
from bot.friction.desk import Reader
from bot.friction.nights import AFTER_START, GIVEN_UP_AFTER, MOST_ATTEMPTS, Nights, night_of
from bot.friction.roles import Actor
from bot.friction.tables import NightRow, ThemeRow, TicketRow
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


class Begun:
    """Bots that have run for a while; `cluster` makes their themes, and `asked` is when."""

    def __init__(self, database: Database, reader: Reader, *, replicas: int = 1) -> None:
        self.clock, self.asked = Clock(), list[datetime]()
        self.cluster: Callable[[Iterable[Ticket]], Sequence[Proposal]] = clustering.proposals
        self.clock.now = EVENING - AFTER_START
        self._replicas = [
            Nights(database, lambda: reader.intake, zone=NEW_YORK, clock=self.clock, cluster=self._made)
            for _ in range(replicas)
        ]
        self.clock.now = EVENING

    def look(self) -> None:
        for replica in self._replicas:
            assert replica() > 0

    def _made(self, tickets: Iterable[Ticket]) -> Sequence[Proposal]:
        self.asked.append(self.clock.now)
        return self.cluster(tickets)


@pytest.mark.each_engine
def test_of_several_replicas_one_proposes_and_a_missed_night_is_made_up(database: Database, reader: Reader) -> None:
    bots = Begun(database, reader, replicas=3)
    bots.look()
    assert bots.asked == [], "nothing is reported"
    file(database, reader, "the till froze while I was selling", "U0001")
    file(database, reader, "till frozen in the middle of a sale", "U0002")
    bots.look()
    assert nights_done(database) == [date(2026, 11, 20)], "that night was missed"
    bots.clock.now = MORNING
    bots.look()
    bots.look()
    assert nights_done(database) == [date(2026, 11, 20), date(2026, 11, 21)]
    assert bots.asked == [EVENING, MORNING]
    with database.reading() as session:
        (theme,) = theme_list.themes(session, audiences=frozenset({"everyone"}))
    assert len(theme.tickets) == 2


def test_a_missed_night_is_not_made_up_right_after_a_start(database: Database, reader: Reader) -> None:
    file(database, reader, "the till froze while I was selling", "U0001")
    clock = Clock()
    nights = Nights(database, lambda: reader.intake, zone=NEW_YORK, clock=clock, cluster=clustering.proposals)
    waited = 0.0
    while not nights_done(database):
        wait = nights()
        waited += wait
        clock.now += timedelta(seconds=wait)
        assert clock.now < EVENING + timedelta(hours=1)
    assert waited - wait == AFTER_START.total_seconds()


def test_a_night_whose_replica_is_gone_is_taken_over(database: Database, reader: Reader) -> None:
    file(database, reader, "the till froze while I was selling", "U0001")
    with database.writing.begin() as session:
        session.add(NightRow(day=date(2026, 11, 20), begun_at=EVENING, attempts=1))
    bots = Begun(database, reader)
    bots.clock.now = EVENING + timedelta(minutes=30)
    bots.look()
    assert nights_done(database) == []
    bots.clock.now = EVENING + GIVEN_UP_AFTER
    bots.look()
    assert nights_done(database) == [date(2026, 11, 20)]


@pytest.mark.each_engine
def test_a_night_that_fails_is_said_and_tried_again_a_few_times_and_the_next_one_anew(
    database: Database, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    file(database, reader, "the till froze while I was selling", "U0001")
    bots = Begun(database, reader, replicas=2)

    def failing(tickets: Iterable[Ticket]) -> Sequence[Proposal]:
        list(tickets)
        raise ThemesNotMade("its process ended with code -9")

    bots.cluster = failing
    with caplog.at_level(logging.WARNING):
        for _ in range(12):
            bots.look()
            bots.clock.now += GIVEN_UP_AFTER / 2
    assert bots.asked == [EVENING + attempt * GIVEN_UP_AFTER for attempt in range(MOST_ATTEMPTS)]
    assert [record.getMessage() for record in caplog.records] == [
        f"no themes of 2026-11-20, attempt {attempt + 1} of 3: its process ended with code -9"
        for attempt in range(MOST_ATTEMPTS)
    ]
    assert nights_done(database) == []
    bots.cluster, bots.clock.now = clustering.proposals, MORNING
    bots.look()
    assert nights_done(database) == [date(2026, 11, 21)]


@pytest.mark.each_engine
def test_what_people_do_while_themes_are_made_stays_as_they_did_it(database: Database, reader: Reader) -> None:
    ruth = Actor("U0RUTH", "T0", "Ruth", triager=True)
    for number, words in enumerate(("the till froze while I was selling", "till frozen in the middle of a sale")):
        file(database, reader, words, f"U00{number}")
        file(database, reader, f"{words} once more", f"U01{number}")
    with database.writing.begin() as session:
        for label in ("Tills", "Other", "Third"):
            session.add(ThemeRow(label=label, named_by="", outcome="", changed_at=EVENING))
        session.flush()
        for ticket, theme in ((1, 1), (2, 1), (3, 2)):
            session.get_one(TicketRow, ticket).theme = theme

    def meanwhile(tickets: Iterable[Ticket]) -> Sequence[Proposal]:
        looked_at = list(tickets)
        assert [(one.key, one.theme) for one in looked_at] == [("1", "1"), ("2", "1"), ("3", "2"), ("4", "")]
        with database.writing.begin() as session:
            theme_moves.place(session, 1, 3, ruth, now=EVENING)
            theme_moves.place(session, 4, 2, ruth, now=EVENING)
            theme_moves.merge(session, 2, 3, ruth, now=EVENING)
            theme_moves.rename(session, 1, "Tills that freeze", ruth, now=EVENING)
        return [
            Proposal("1", ("1", "2", "3"), "1", "the machine's name", ()),
            Proposal("2", ("4",), "4", "gone by now", ()),
        ]

    theming.propose(database, reader.intake, now=MORNING, cluster=meanwhile)
    with database.reading() as session:
        placed = {number: session.get_one(TicketRow, number).theme for number in (1, 2, 3, 4)}
        labels = {row.id: row.label for row in session.scalars(select(ThemeRow))}
    assert placed == {1: 3, 2: 1, 3: 3, 4: 3}
    assert labels == {1: "Tills that freeze", 3: "Third"}


def test_words_of_which_guesses_are_kept_are_not_read_again(
    database: Database, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    file(database, reader, "the till froze while I was selling", "U0001")
    monkeypatch.setattr(intake_module.Intake, "guessed", lambda *_given, **_more: pytest.fail("read again"))
    assert theming.propose(database, reader.intake, now=MORNING).looked_at == 1
