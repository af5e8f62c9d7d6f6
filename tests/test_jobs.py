"""Workers keep what is in their hands, let go of what they could not finish, and know who they are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import inbox, outbox
from bot.database import Database
from bot.inbox import Accepted, InboxRow
from bot.jobs import IDLE_SECONDS, InboxWork, LeaseKeeping, OutboxWork
from bot.leases import LEASE, RENEWAL, Claim, Hands, replica_in
from bot.outbox import Destination, OutboxRow, Owed
from sqlalchemy import select
from sqlalchemy.orm import Session

pytestmark = pytest.mark.each_engine


def accept(session: Session, key: str) -> None:
    now = datetime.now(UTC)
    inbox.accept(session, key=key, kind="question", conversation=key, value={"text": key}, now=now)


def owe(session: Session, key: str, now: datetime) -> None:
    outbox.owe(session, key=key, kind="words", to=Destination(key), value={"text": key}, now=now)


def leases(database: Database) -> list[datetime | None]:
    with database.reading() as session:
        return [*session.scalars(select(InboxRow.lease_until)), *session.scalars(select(OutboxRow.lease_until))]


def test_what_takes_long_is_kept_as_long_as_it_is_in_hand(database: Database) -> None:
    with database.writing.begin() as session:
        accept(session, "a")
        owe(session, "b", datetime.now(UTC))
    events, messages = Hands("here"), Hands("here")
    keeping = LeaseKeeping(database, events=events, messages=messages)
    seen: list[tuple[list[datetime | None], list[datetime | None]]] = []

    def at_work(_row: Accepted | Owed) -> None:
        before = leases(database)
        assert keeping() == RENEWAL.total_seconds()
        seen.append((before, leases(database)))

    assert InboxWork(database, at_work, events)() is None
    assert OutboxWork(database, at_work, messages)() is None
    [(event_taken, event_kept), (message_taken, message_kept)] = seen
    assert event_taken[0] is not None
    assert event_kept[0] is not None
    assert event_kept[0] > event_taken[0]
    assert message_taken[1] is not None
    assert message_kept[1] is not None
    assert message_kept[1] > message_taken[1]
    assert message_kept[0] == event_kept[0]  # put down, so not renewed any more


def test_work_that_could_not_be_written_down_is_done_again_at_once(database: Database) -> None:
    with database.writing.begin() as session:
        accept(session, "a")
    attempts: list[int] = []

    def work(event: Accepted) -> None:
        attempts.append(event.attempts)
        if event.attempts == 1:
            raise ConnectionError("the database went away")
        with database.writing.begin() as session:
            inbox.finish(session, event)

    step = InboxWork(database, work, Hands("here"))
    with pytest.raises(ConnectionError):
        step()
    assert (step(), step()) == (None, IDLE_SECONDS)
    assert attempts == [1, 2]


def test_an_idle_courier_sleeps_until_the_next_message_is_due(database: Database) -> None:
    step = OutboxWork(database, lambda _owed: None, Hands("here"))
    assert step() == IDLE_SECONDS
    with database.writing.begin() as session:
        owe(session, "soon", datetime.now(UTC) + timedelta(seconds=0.5))
    wait = step()
    assert wait is not None
    assert 0 < wait <= 0.5


def test_nothing_is_written_while_nothing_is_in_hand(database: Database) -> None:
    with database.writing.begin() as session:
        accept(session, "a")
        inbox.take(session, Claim("here", now=datetime.now(UTC) - LEASE / 2))
    before = leases(database)
    LeaseKeeping(database, events=Hands("here"), messages=Hands("here"))()
    assert leases(database) == before


def test_a_replica_has_the_same_name_in_each_of_its_lives_and_another_on_another_machine(tmp_path: Path) -> None:
    name = replica_in(tmp_path, machine="shop-1")
    assert replica_in(tmp_path, machine="shop-1") == name
    assert replica_in(tmp_path, machine="shop-2") != name
    (tmp_path / "other").mkdir()
    assert replica_in(tmp_path / "other", machine="shop-1") != name
    assert len(replica_in(tmp_path, machine="x" * 200)) == 64
