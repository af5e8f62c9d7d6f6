"""Who asks too much at once hears it once; who must wait hears for how many. Nothing is lost in silence."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bot import inbox, outbox, wording
from bot.database import Database
from bot.handlers.arrival import Arrival
from bot.handlers.questions import QUESTION
from bot.handlers.surfaces import Arriving
from bot.handlers.turns import MOST_TOLD, Turnstile, WaitingLine
from bot.leases import Claim
from bot.throttle import Limits, TooMany, verdict
from sqlalchemy import select

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, 10, 0, 30, tzinfo=UTC)
LIMITS = Limits(person=3, everybody=5)


def value_of(person: str, *, addressed: bool = True) -> dict[str, Any]:
    return {"person": person, "channel": f"D{person}", "thread": "", "addressed": addressed, "text": "a question"}


def ask(
    database: Database, key: str, person: str = "U1", *, at: float = 0, kind: str = QUESTION, addressed: bool = True
) -> TooMany | None:
    """Let somebody ask, `at` seconds after `NOW`, as `Arrival` does it."""
    now = NOW + timedelta(seconds=at)
    arriving = Arriving(key=key, kind=kind, conversation=f"D{person}:", value=value_of(person, addressed=addressed))
    turnstile = Turnstile(LIMITS)
    with database.writing.begin() as session:
        too_many = turnstile.check(session, arriving, now=now)
        state = inbox.State.REFUSED if too_many else inbox.State.WAITING
        new = inbox.accept(
            session, key=key, kind=kind, conversation=arriving.conversation, value=arriving.value, now=now, state=state
        )
        if new and too_many:
            turnstile.tell(session, arriving, too_many, now=now)
    return too_many


def said(database: Database) -> list[tuple[str, str | None]]:
    with database.reading() as session:
        rows = session.scalars(select(outbox.OutboxRow).order_by(outbox.OutboxRow.id))
        return [(row.value["text"], row.destination["only"]) for row in rows]


def test_so_many_a_minute_are_let_in_and_then_it_is_said_when_to_ask_again(database: Database) -> None:
    assert [ask(database, f"k{second}", at=second) for second in (0, 10, 20)] == [None] * 3
    assert ask(database, "k4", at=25) == TooMany(seconds=35, crowd=False)
    assert ask(database, "k5", at=26) == TooMany(seconds=34, crowd=False)
    assert said(database) == [(wording.too_many(35, crowd=False), "U1")]
    assert ask(database, "k6", at=59.5) == TooMany(seconds=1, crowd=False)
    assert ask(database, "k7", at=60) is None  # what was refused does not count
    assert ask(database, "k8", at=60) == TooMany(seconds=10, crowd=False)
    assert len(said(database)) == 2  # once a minute


def test_everybody_has_turns_of_their_own_until_all_together_ask_too_much(database: Database) -> None:
    assert [ask(database, f"a{number}", "U1", at=1) for number in range(3)] == [None] * 3
    assert [ask(database, f"b{number}", "U2", at=2) for number in range(2)] == [None] * 2
    assert ask(database, "b3", "U2", at=3) == TooMany(seconds=58, crowd=True)
    assert ask(database, "c1", "U3", at=4) == TooMany(seconds=57, crowd=True)
    assert said(database) == [(wording.too_many(58, crowd=True), "U2"), (wording.too_many(57, crowd=True), "U3")]


def test_what_is_no_question_is_always_let_in_and_does_not_count(database: Database) -> None:
    assert [ask(database, f"f{number}", kind="feedback") for number in range(20)] == [None] * 20
    assert [ask(database, f"k{number}") for number in range(3)] == [None] * 3


def test_a_question_that_comes_twice_is_told_once_and_one_to_others_not_at_all(database: Database) -> None:
    for number in range(3):
        ask(database, f"k{number}")
    assert [ask(database, "twin") is None, ask(database, "twin") is None] == [False, False]
    ask(database, "aside", "U1", at=31, addressed=False)  # in the next minute, so it would be told anew
    assert len(said(database)) == 1
    with database.reading() as session:
        states = session.scalars(select(inbox.InboxRow.state).order_by(inbox.InboxRow.id)).all()
    assert states == ["waiting"] * 3 + ["refused"] * 2


def test_nobody_works_on_what_was_refused(database: Database) -> None:
    for number in range(5):
        ask(database, f"k{number}")
    taken = []
    with database.writing.begin() as session:
        while event := inbox.take(session, Claim("here", NOW)):
            taken.append(event.id)
            inbox.finish(session, event)
    assert len(taken) == 3
    with database.writing.begin() as session:
        inbox.forget_old(session, now=NOW + 2 * inbox.KEPT)
        left = session.scalars(select(inbox.InboxRow)).all()
        assert [(row.id, row.value, row.person) for row in left] == [(5, {}, "")], "of the newest the number stays"


def test_all_replicas_count_the_same_questions(database: Database) -> None:
    """The turnstile keeps nothing: what counts stands in the inbox."""
    for number in range(3):
        ask(database, f"k{number}")
    with database.reading() as session:
        assert verdict(session, LIMITS, kind=QUESTION, person="U1", now=NOW) is not None
        assert verdict(session, LIMITS, kind=QUESTION, person="U2", now=NOW) is None


def test_arrival_acks_and_writes_down_what_it_refuses(database: Database) -> None:
    class Surface:
        work: dict[str, Any] = {}  # noqa: RUF012 - never changed

        def read(self, body: Any) -> Arriving:
            return Arriving(key=body["key"], kind=QUESTION, conversation="DU1:", value=value_of("U1"))

    arrival = Arrival(
        database, [Surface()], faults=lambda _body: None, turnstile=Turnstile(Limits(1, 9)), wake=lambda: None
    )
    assert [arrival.record({"key": key}, lambda: "acked") for key in ("a", "b", "c")] == ["acked"] * 3
    with database.reading() as session:
        assert session.scalars(select(inbox.InboxRow.state).order_by(inbox.InboxRow.id)).all() == [
            "waiting",
            "refused",
            "refused",
        ]
    assert len(said(database)) == 1


def test_who_waits_for_some_seconds_hears_how_many_are_before_them_and_only_once(database: Database) -> None:
    limits = [ask(database, f"k{number}", f"U{number}", at=number / 10) for number in range(4)]
    assert limits == [None] * 4
    now = NOW + timedelta(seconds=3)
    line = WaitingLine(database, wake=lambda: None, clock=lambda: now)
    line()
    assert said(database) == []  # nobody has waited for longer
    now = NOW + timedelta(seconds=3.15)
    line()
    assert said(database) == [(wording.in_line(1), "U1")]  # the first has nobody before them
    now = NOW + timedelta(seconds=9)
    with database.writing.begin() as session:
        event = inbox.take(session, Claim("here", now))
        assert event is not None
        inbox.finish(session, event)
        inbox.take(session, Claim("here", now))  # under way counts as before
    line()
    line()
    WaitingLine(database, wake=lambda: None, clock=lambda: now)()  # another replica looks, too
    assert said(database)[1:] == [(wording.in_line(1), "U2"), (wording.in_line(2), "U3")]


def test_a_long_line_is_told_step_by_step_and_who_spoke_to_others_is_not(database: Database) -> None:
    with database.writing.begin() as session:
        for number in range(MOST_TOLD + 5):
            value = value_of(f"U{number}", addressed=number != 3)
            inbox.accept(session, key=f"k{number}", kind=QUESTION, conversation=f"D{number}:", value=value, now=NOW)
    line = WaitingLine(database, wake=lambda: None, clock=lambda: NOW + timedelta(seconds=10))
    line()
    assert len(said(database)) == MOST_TOLD - 2
    line()
    assert len(said(database)) == MOST_TOLD + 3
    assert "U3" not in {only for _, only in said(database)}
