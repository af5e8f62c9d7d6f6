"""What is owed to Slack is owed once, delivered in order within a conversation, and given up in the open."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bot import outbox
from bot.database import Database
from bot.leases import LEASE, Claim
from bot.outbox import Destination, OutboxRow, Owed
from sqlalchemy import select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)
pytestmark = pytest.mark.each_engine
MINUTE = timedelta(minutes=1)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing.begin() as opened:
        yield opened


def owe(session: Session, key: str, channel: str = "C1", thread: str | None = None, now: datetime = NOW) -> None:
    outbox.owe(session, key=key, kind="words", to=Destination(channel, thread), value={"text": key}, now=now)


def claim(*in_hand: int, replica: str = "here", now: datetime = NOW) -> Claim:
    return Claim(replica, now=now, in_hand=frozenset(in_hand))


def due(session: Session, now: datetime = NOW) -> list[str]:
    return [owed.value["text"] for owed in outbox.due(session, claim(now=now))]


def test_a_message_is_owed_once_per_key(session: Session) -> None:
    owe(session, "a")
    owe(session, "a", channel="C2")
    assert due(session) == ["a"]
    outbox.sent(session, 1, ts="1.1")
    owe(session, "a")
    assert due(session) == []


def test_a_message_comes_back_as_it_was_owed(session: Session) -> None:
    to = Destination("C1", thread="1.0", only="U1", response_url="http://127.0.0.1/reply")
    outbox.owe(session, key="a", kind="answer", to=to, value={"reply": [1, None]}, now=NOW)
    [owed] = outbox.due(session, claim())
    assert owed == Owed(
        id=1,
        kind="answer",
        destination=to,
        value={"reply": [1, None]},
        attempts=0,
        lane="response_url",
        token=owed.token,
        doubtful=False,
        created_at=NOW,
        give_up_at=NOW + outbox.GIVE_UP_AFTER,
    )


def test_only_the_oldest_message_of_each_conversation_is_due(session: Session) -> None:
    owe(session, "a1", "A")
    owe(session, "a2", "A")
    owe(session, "t1", "A", thread="1.0")
    owe(session, "b1", "B")
    assert due(session) == ["a1", "t1", "b1"]
    outbox.sent(session, 1, ts="1.1")
    assert due(session) == ["a2", "t1", "b1"]


def test_a_message_that_waits_holds_back_what_follows_it_in_its_conversation_only(session: Session) -> None:
    owe(session, "a1", "A")
    owe(session, "a2", "A")
    owe(session, "b1", "B")
    outbox.try_again(session, 1, at=NOW + MINUTE, fault="ratelimited")
    assert due(session) == ["b1"]
    assert due(session, NOW + MINUTE) == ["a1", "b1"]
    assert outbox.due(session, claim(now=NOW + MINUTE))[0].attempts == 1


def test_a_message_that_somebody_delivers_is_due_to_nobody_else_nor_is_what_follows_it(session: Session) -> None:
    owe(session, "a1", "A")
    owe(session, "a2", "A")
    owe(session, "b1", "B")
    taken = outbox.take(session, claim())
    assert taken
    assert (taken.id, taken.doubtful) == (1, False)
    for others in (claim(1), claim(replica="there", now=NOW + LEASE - timedelta(milliseconds=1))):
        assert [owed.value["text"] for owed in outbox.due(session, others)] == ["b1"]
    outbox.sent(session, 1, ts="1.1")
    assert due(session) == ["a2", "b1"]


def test_a_message_that_a_killed_replica_delivered_is_delivered_by_another_when_its_lease_ends(
    session: Session,
) -> None:
    owe(session, "a1")
    outbox.take(session, claim())
    again = outbox.take(session, claim(replica="there", now=NOW + LEASE))
    assert again
    assert again.doubtful
    outbox.renew(session, claim(1, replica="there", now=NOW + 2 * LEASE))
    assert outbox.take(session, claim(replica="elsewhere", now=NOW + 2 * LEASE)) is None


def test_what_failed_is_held_by_nobody_until_its_time_comes(session: Session) -> None:
    owe(session, "a1")
    outbox.take(session, claim())
    outbox.try_again(session, 1, at=NOW + MINUTE, fault="ratelimited")
    assert due(session) == []
    assert outbox.take(session, claim(replica="there", now=NOW + MINUTE)) is not None


def test_who_failed_late_does_not_undo_what_another_delivered(session: Session) -> None:
    owe(session, "a1")
    outbox.sent(session, 1, ts="1.1")
    outbox.try_again(session, 1, at=NOW, fault="timeout")
    outbox.bury(session, 1, fault="channel_not_found", now=NOW)
    row = session.get_one(OutboxRow, 1)
    assert (row.state, row.attempts, row.fault) == ("sent", 0, "")


def test_a_message_given_up_lets_the_next_one_go_and_stays_to_be_looked_at(session: Session) -> None:
    owe(session, "a1", "A")
    owe(session, "a2", "A")
    outbox.bury(session, 1, fault="channel_not_found" + "x" * 5000, now=NOW)
    assert due(session) == ["a2"]
    assert outbox.dead(session) == 1
    row = session.get_one(OutboxRow, 1)
    assert (row.state, row.attempts, len(row.fault)) == ("dead", 1, 2000)


def test_what_was_delivered_keeps_slacks_number_and_loses_its_fault(session: Session) -> None:
    owe(session, "a")
    outbox.try_again(session, 1, at=NOW, fault="timeout")
    outbox.sent(session, 1, ts="1763719860.000100")
    assert session.execute(select(OutboxRow.state, OutboxRow.ts, OutboxRow.fault)).one() == (
        "sent",
        "1763719860.000100",
        "",
    )
    assert outbox.dead(session) == 0


def test_the_next_time_is_that_of_the_message_that_wants_to_go_first(session: Session) -> None:
    assert outbox.next_due(session) is None
    owe(session, "late", "A", now=NOW + 2 * MINUTE)
    owe(session, "soon", "B", now=NOW + MINUTE)
    assert outbox.next_due(session) == NOW + MINUTE
    assert due(session) == []
    outbox.sent(session, 2, ts="1.1")
    assert outbox.next_due(session) == NOW + 2 * MINUTE


def test_a_round_brings_no_more_than_its_limit(session: Session) -> None:
    for number in range(30):
        owe(session, str(number), channel=f"C{number}")
    assert len(outbox.due(session, claim())) == 20
    assert due(session)[:3] == ["0", "1", "2"]


def test_what_a_failed_transaction_owed_is_never_sent(database: Database) -> None:
    def owe_and_fail() -> None:
        with database.writing.begin() as session:
            owe(session, "a")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        owe_and_fail()
    with database.reading() as session:
        assert due(session) == []


def test_a_time_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="a time without a zone"):
        owe(session, "a", now=datetime(2026, 11, 21, 10, 11))  # noqa: DTZ001 - the fault itself


def test_every_message_has_a_token_that_no_other_has(session: Session) -> None:
    for number in range(50):
        owe(session, str(number))
    tokens = session.scalars(select(OutboxRow.token)).all()
    assert len({*tokens}) == 50
    assert all(len(token) == 32 for token in tokens)


def test_a_destination_from_before_it_could_replace_anything_is_read(session: Session) -> None:
    owe(session, "a")
    old = {"channel": "C1", "thread": None, "only": "U1", "response_url": None}
    session.execute(update(OutboxRow).values(destination=old))
    assert outbox.due(session, claim())[0].destination == Destination("C1", only="U1")


@pytest.mark.parametrize(
    ("to", "lane", "conversation"),
    [
        (Destination("C1", thread="1.0"), "C1", "C1:1.0"),
        (Destination("C1", only="U1"), "chat.postEphemeral", "C1:"),
        (Destination("C1", only="U1", response_url="https://hooks.slack.com/x"), "response_url", "C1:"),
        (Destination("", only="U1"), "@U1", "@U1:"),
        (Destination("C1", replaces="a"), "chat.update", "C1:"),
    ],
)
def test_what_slack_counts_together_is_one_lane(
    session: Session, to: Destination, lane: str, conversation: str
) -> None:
    outbox.owe(session, key="a", kind="words", to=to, value={}, now=NOW)
    assert session.execute(select(OutboxRow.lane, OutboxRow.conversation)).one() == (lane, conversation)


def test_what_takes_the_place_of_a_message_waits_for_it_also_in_another_conversation(session: Session) -> None:
    owe(session, "first", "A")
    outbox.owe(session, key="second", kind="words", to=Destination("B", replaces="first"), value={"text": "2"}, now=NOW)
    assert due(session) == ["first"]
    assert outbox.posted(session, "first") is None
    outbox.sent(session, 1, ts="1.1", channel="A")
    assert due(session) == ["2"]
    assert outbox.posted(session, "first") == outbox.Posted("A", "1.1")


def test_what_only_one_person_saw_cannot_be_changed(session: Session) -> None:
    owe(session, "first", "A")
    outbox.sent(session, 1, ts="")
    assert outbox.posted(session, "first") is None


def test_what_was_never_tried_again_in_vain_keeps_its_attempts(session: Session) -> None:
    owe(session, "a")
    outbox.put_back(session, 1, at=NOW, fault="ratelimited")
    outbox.try_again(session, 1, at=NOW, fault="HTTP 502")
    assert outbox.due(session, claim())[0].attempts == 1


def test_answers_are_kept_for_thirty_days_and_dead_letters_for_ninety(session: Session) -> None:
    for number, age in enumerate((31, 29, 91, 31), start=1):
        owe(session, str(number), f"C{number}", now=NOW - timedelta(days=age))
    owe(session, "waiting", "C5", now=NOW - timedelta(days=365))
    outbox.sent(session, 1, ts="1.1")
    outbox.sent(session, 2, ts="1.1")
    outbox.bury(session, 3, fault="is_archived", now=NOW - timedelta(days=91))
    outbox.bury(session, 4, fault="is_archived", now=NOW - timedelta(days=31))
    outbox.forget_old(session, now=NOW)
    assert session.scalars(select(OutboxRow.key).order_by(OutboxRow.id)).all() == ["2", "4", "waiting"]


def test_what_failed_while_slack_was_away_is_hurried_and_what_is_meant_for_later_is_not(session: Session) -> None:
    owe(session, "failed", "A")
    owe(session, "later", "B", now=NOW + MINUTE)
    outbox.put_back(session, 1, at=NOW + MINUTE, fault="HTTP 502")
    outbox.hurry(session, now=NOW)
    assert due(session) == ["failed"]
