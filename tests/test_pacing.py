"""Messages go out at Slack's pace: one a second in a channel after a short burst, and no lane waits for another."""

from datetime import UTC, datetime, timedelta

import pytest
from bot import outbox, pacing
from bot.database import Database
from bot.leases import Claim
from bot.outbox import Destination
from bot.pacing import IN_CHANNEL, PaceRow
from sqlalchemy import select

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)
pytestmark = pytest.mark.each_engine


def owe(database: Database, channel: str, count: int, *, only: str | None = None) -> None:
    """Each in a thread of its own, so that no order holds them back."""
    with database.writing.begin() as session:
        for number in range(count):
            to = Destination(channel, thread=f"{number}.0", only=only)
            outbox.owe(session, key=f"{channel}{only}{number}", kind="words", to=to, value={}, now=NOW)


def sent_by(database: Database, now: datetime, *, replica: str = "here") -> list[str]:
    """Everything that may go at this moment, delivered by one replica."""
    lanes = []
    while True:
        with database.writing.begin() as session:
            owed = outbox.take(session, Claim(replica, now=now))
            if owed is None:
                return lanes
            outbox.sent(session, owed.id, ts="1.1")
        lanes.append(owed.lane)


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(database: Database) -> None:
    owe(database, "C1", 20)
    went = [len(sent_by(database, NOW + second * SECOND)) for second in range(8)]
    assert went == [IN_CHANNEL.burst, 1, 1, 1, 1, 1, 1, 1]
    assert sent_by(database, NOW + 7.9 * SECOND) == []


def test_a_channel_that_was_quiet_takes_a_burst_again_and_no_longer_one(database: Database) -> None:
    owe(database, "C1", 30)
    sent_by(database, NOW)
    assert len(sent_by(database, NOW + 3600 * SECOND)) == IN_CHANNEL.burst


def test_replicas_share_the_pace_of_a_channel(database: Database) -> None:
    owe(database, "C1", 20)
    went = [sent_by(database, NOW + second * SECOND, replica=f"replica {second % 3}") for second in range(10)]
    assert sum(map(len, went)) == IN_CHANNEL.burst + 9


def test_no_channel_waits_for_another_and_what_one_person_sees_has_a_pace_of_its_own(database: Database) -> None:
    owe(database, "C1", 20)
    owe(database, "C2", 3)
    owe(database, "C3", 30, only="U1")
    went = sent_by(database, NOW)
    assert {lane: went.count(lane) for lane in went} == {"C1": 5, "C2": 3, pacing.EPHEMERAL: 20}


def test_a_courier_knows_when_the_next_message_may_go(database: Database) -> None:
    owe(database, "C1", 7)
    sent_by(database, NOW)
    with database.writing.begin() as session:
        assert outbox.next_due(session) == NOW + SECOND
        pacing.limit(session, "C1", until=NOW + 9 * SECOND, now=NOW)
        assert outbox.next_due(session) == NOW + 9 * SECOND
        pacing.lock_out(session, reason="token_revoked", now=NOW)
        assert outbox.next_due(session) == NOW + 60 * SECOND


def test_after_a_limit_a_channel_begins_without_a_burst(database: Database) -> None:
    owe(database, "C1", 10)
    with database.writing.begin() as session:
        pacing.limit(session, "C1", until=NOW + 9 * SECOND, now=NOW)
    assert sent_by(database, NOW + 8 * SECOND) == []
    assert len(sent_by(database, NOW + 9 * SECOND)) == 1


def test_a_limit_that_is_over_is_no_reason_to_stop_everything(database: Database) -> None:
    with database.writing.begin() as session:
        pacing.limit(session, "C1", until=NOW + SECOND, now=NOW)
        pacing.limit(session, "C2", until=NOW + 9 * SECOND, now=NOW + 2 * SECOND)
        assert pacing.closed(session, now=NOW + 2 * SECOND) is None
        pacing.limit(session, "C3", until=NOW + 9 * SECOND, now=NOW + 2 * SECOND)
        assert pacing.closed(session, now=NOW + 2 * SECOND) is not None


def test_one_failure_stops_nothing_and_three_in_a_row_stop_everything_longer_each_time(database: Database) -> None:
    with database.writing.begin() as session:
        waits, now = [], NOW
        for _ in range(10):
            pacing.strike(session, reason="no route", now=now)
            closed = pacing.closed(session, now=now)
            waits.append((closed.until - now).total_seconds() if closed else 0)
            now = closed.until if closed else now
        assert waits == [0, 0, 1, 2, 4, 8, 16, 30, 30, 30]


def test_failures_of_what_was_under_way_already_count_as_one(database: Database) -> None:
    with database.writing.begin() as session:
        for _ in range(50):
            pacing.strike(session, reason="no route", now=NOW)
        closed = pacing.closed(session, now=NOW)
        assert closed == pacing.Closed(NOW + SECOND, "no route", struck_at=NOW)


def test_a_success_opens_what_failures_closed_and_not_what_slack_asked_to_wait_for(database: Database) -> None:
    with database.writing.begin() as session:
        for _ in range(3):
            pacing.strike(session, reason="no route", now=NOW)
        assert pacing.reopen(session, now=NOW)
        assert pacing.closed(session, now=NOW) is None
        assert not pacing.reopen(session, now=NOW)
        for lane in ("C1", "C2"):
            pacing.limit(session, lane, until=NOW + 9 * SECOND, now=NOW)
        assert not pacing.reopen(session, now=NOW)
        assert pacing.closed(session, now=NOW) is not None
        assert pacing.reopen(session, now=NOW + 9 * SECOND)


def test_lanes_that_were_quiet_for_long_are_forgotten(database: Database) -> None:
    owe(database, "C1", 1)
    sent_by(database, NOW)
    with database.writing.begin() as session:
        pacing.forget_old(session, now=NOW + timedelta(minutes=59))
        assert session.scalars(select(PaceRow.lane)).all() == ["C1"]
        pacing.forget_old(session, now=NOW + timedelta(minutes=61))
        assert session.scalars(select(PaceRow.lane)).all() == []
