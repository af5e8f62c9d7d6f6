"""What Slack delivers is worked on once, in order within a conversation, and survives a crash."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from threading import Lock

import pytest
from bot import inbox
from bot.database import Database
from bot.inbox import Accepted, InboxRow, Superseded
from bot.leases import LEASE, Claim, Hands
from sqlalchemy import select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)
pytestmark = pytest.mark.each_engine


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing.begin() as opened:
        yield opened


def accept(session: Session, key: str, conversation: str = "C1:1", now: datetime = NOW) -> bool:
    return inbox.accept(session, key=key, kind="question", conversation=conversation, value={"text": key}, now=now)


def claim(*in_hand: int, replica: str = "here", now: datetime = NOW) -> Claim:
    return Claim(replica, now=now, in_hand=frozenset(in_hand))


# What a replica claims that knows of every event it has taken: in these tests it has no more than these.
ALL = tuple(range(1, 100))


def take(session: Session, *in_hand: int) -> Accepted:
    """The next event, for a replica that has these, or else everything it ever took, in hand."""
    event = inbox.take(session, claim(*(in_hand or ALL)))
    assert event is not None
    return event


def keys(session: Session) -> list[str]:
    """Takes and finishes everything that is free, in the order in which it comes."""
    found = []
    while event := inbox.take(session, claim(*ALL)):
        found.append(event.value["text"])
        inbox.finish(session, event)
    return found


def test_an_event_is_accepted_once_per_key(session: Session) -> None:
    assert accept(session, "a")
    assert not accept(session, "a", conversation="C2:1")
    assert accept(session, "b")
    assert keys(session) == ["a", "b"]


def test_a_key_stays_known_after_its_event_was_worked_on(session: Session) -> None:
    accept(session, "a")
    inbox.finish(session, take(session))
    assert not accept(session, "a")
    assert inbox.take(session, claim(*ALL)) is None


def test_an_event_comes_back_as_it_was_accepted(session: Session) -> None:
    seen_in_tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    accept(session, "a", now=seen_in_tokyo)
    assert take(session) == Accepted(
        id=1, kind="question", conversation="C1:1", value={"text": "a"}, attempts=1, received_at=NOW
    )


def test_a_conversation_is_worked_on_in_order_and_one_at_a_time(session: Session) -> None:
    for key, conversation in (("a1", "A"), ("a2", "A"), ("b1", "B"), ("a3", "A")):
        accept(session, key, conversation)
    first, second = take(session), take(session)
    assert [first.value["text"], second.value["text"]] == ["a1", "b1"]
    assert inbox.take(session, claim(*ALL)) is None
    assert inbox.any_free(session, claim(*ALL))
    inbox.finish(session, first)
    assert keys(session) == ["a2", "a3"]
    assert not inbox.any_free(session, claim(*ALL))


def test_what_fails_is_tried_again_before_what_came_after_it(session: Session) -> None:
    accept(session, "a1")
    accept(session, "a2")
    first = take(session)
    inbox.fail(session, first, fault="the disk was full", again=True)
    again = take(session)
    assert (again.value["text"], again.attempts) == ("a1", 2)
    inbox.fail(session, again, fault="still", again=False)
    assert keys(session) == ["a2"]
    assert session.scalars(select(InboxRow.fault).order_by(InboxRow.id)).all() == ["still", ""]


def test_a_long_fault_is_cut(session: Session) -> None:
    accept(session, "a")
    inbox.fail(session, take(session), fault="x" * 5000, again=False)
    assert session.scalars(select(InboxRow.fault)).one() == "x" * 2000


def test_what_the_last_life_of_a_replica_had_taken_is_taken_up_at_once_and_first(session: Session) -> None:
    for key, conversation in (("a1", "A"), ("a2", "A"), ("b1", "B"), ("c1", "C")):
        accept(session, key, conversation)
    first = take(session)
    inbox.finish(session, take(session))
    assert inbox.left_unfinished(session, claim()) == 1
    again = inbox.take(session, claim())
    assert again is not None
    assert (again.id, again.attempts) == (first.id, 2)
    inbox.finish(session, again)
    assert keys(session) == ["a2", "c1"]
    assert inbox.left_unfinished(session, claim()) == 0


def test_another_replica_takes_nothing_of_ours_until_our_lease_ends_and_then_in_order(session: Session) -> None:
    accept(session, "a1", "A")
    accept(session, "a2", "A")
    take(session)
    just_before, then = NOW + LEASE - timedelta(milliseconds=1), NOW + LEASE
    assert inbox.take(session, claim(replica="there", now=just_before)) is None
    taken = inbox.take(session, claim(replica="there", now=then))
    assert taken is not None
    assert (taken.value["text"], taken.attempts) == ("a1", 2)


def test_what_is_in_hand_is_not_taken_again_by_the_same_replica_even_when_its_lease_is_over(session: Session) -> None:
    accept(session, "a1", "A")
    event = take(session)
    assert inbox.take(session, claim(event.id, now=NOW + 2 * LEASE)) is None


def test_a_lease_that_is_renewed_does_not_end(session: Session) -> None:
    accept(session, "a1", "A")
    event = take(session)
    inbox.renew(session, claim(event.id, now=NOW + LEASE / 2))
    assert inbox.take(session, claim(replica="there", now=NOW + LEASE)) is None
    assert inbox.take(session, claim(replica="there", now=NOW + LEASE * 3 / 2)) is not None


def test_a_replica_renews_nothing_that_another_has_taken_over(session: Session) -> None:
    accept(session, "a1", "A")
    event = take(session)
    assert inbox.take(session, claim(replica="there", now=NOW + LEASE)) is not None
    inbox.renew(session, claim(event.id, now=NOW + 9 * LEASE))
    assert session.scalars(select(InboxRow.lease_until)).one() == NOW + 2 * LEASE


def test_who_was_silent_for_too_long_changes_nothing_any_more(database: Database) -> None:
    with database.writing.begin() as session:
        accept(session, "a1", "A")
        late = take(session)
        again = inbox.take(session, claim(replica="there", now=NOW + LEASE))
    assert again is not None

    def work_late() -> None:
        with database.writing.begin() as session:
            accept(session, "what the late one did")
            inbox.finish(session, late)

    with pytest.raises(Superseded):
        work_late()
    with database.writing.begin() as session:
        assert not inbox.fail(session, late, fault="late", again=True)
        inbox.finish(session, again)
        assert session.execute(select(InboxRow.key, InboxRow.state)).all() == [("a1", "done")]


def test_threads_of_one_replica_never_take_what_another_of_them_has_in_hand(database: Database) -> None:
    with database.writing.begin() as session:
        for number in range(30):
            accept(session, str(number), conversation=f"C{number}")
    hands, taken = Hands("here"), []

    def choose(claim: Claim) -> Accepted | None:
        with database.writing.begin() as session:
            return inbox.take(session, claim)

    def work(_thread: int) -> None:
        while event := hands.take(choose):
            taken.append(event.id)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(6)))
    assert sorted(taken) == sorted(set(taken))
    assert len(taken) == 30


def test_only_what_was_worked_off_a_day_ago_is_forgotten(session: Session) -> None:
    old, fresh = NOW - timedelta(hours=24, seconds=1), NOW - timedelta(hours=24)
    for key, now in (("done", old), ("failed", old), ("fresh", fresh), ("waiting", old), ("taken", old)):
        accept(session, key, conversation=key, now=now)
    inbox.finish(session, take(session))
    inbox.fail(session, take(session), fault="x", again=False)
    inbox.finish(session, take(session))
    waiting = take(session)
    take(session)
    inbox.fail(session, waiting, fault="x", again=True)
    inbox.forget_old(session, now=NOW)
    assert session.scalars(select(InboxRow.key).order_by(InboxRow.id)).all() == ["fresh", "waiting", "taken"]


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="a time without a zone"), database.writing.begin() as session:
        accept(session, "a", now=datetime(2026, 11, 21, 10, 11))  # noqa: DTZ001 - the fault itself
    with database.reading() as session:
        assert not inbox.any_free(session, claim(*ALL))


def test_what_a_failed_transaction_accepted_is_not_there(database: Database) -> None:
    def accept_and_fail() -> None:
        with database.writing.begin() as session:
            accept(session, "a")
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        accept_and_fail()
    with database.writing.begin() as session:
        assert inbox.take(session, claim(*ALL)) is None
        assert accept(session, "a")


def test_six_threads_accept_fifty_events_each_and_none_is_lost_or_doubled(database: Database) -> None:
    def deliver(thread: int) -> list[bool]:
        new = []
        for number in range(50):
            with database.writing.begin() as session:
                # Two threads each deliver the same fifty keys, as Slack's redeliveries do.
                new.append(accept(session, f"{thread // 2}:{number}", conversation=f"C{number % 7}"))
        return new

    with ThreadPoolExecutor(6) as threads:
        told_new = [answer for answers in threads.map(deliver, range(6)) for answer in answers]
    with database.reading() as session:
        stored = session.scalars(select(InboxRow.key)).all()
    assert sorted(stored) == sorted(f"{pair}:{number}" for pair in range(3) for number in range(50))
    assert Counter(told_new) == {True: 150, False: 150}


def test_three_workers_take_everything_once_and_never_two_of_one_conversation(database: Database) -> None:
    with database.writing.begin() as session:
        for number in range(36):
            accept(session, str(number), conversation=f"C{number % 6}")
    lock, busy, done = Lock(), set(), []

    def work(_worker: int) -> None:
        while True:
            with database.writing.begin() as session:
                event = inbox.take(session, claim(*ALL))
            if event is None:
                return
            with lock:
                assert event.conversation not in busy
                busy.add(event.conversation)
                done.append((event.conversation, int(event.value["text"])))
            with database.writing.begin() as session:
                with lock:
                    busy.remove(event.conversation)
                inbox.finish(session, event)

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(work, range(3)))
    for conversation in range(6):
        assert [number for place, number in done if place == f"C{conversation}"] == list(range(conversation, 36, 6))
