"""A request to people: who may see it, what may become of it, and that no reply is lost or passed on twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bot import exchanges, outbox, requests, tried
from bot.database import Database
from bot.exchanges import Exchange, Gap
from bot.outbox import Destination, OutboxRow
from bot.requests import MOVES, WAITING, Asking, Place, Request, State, Written
from sqlalchemy import select
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 20, 10, 11, tzinfo=UTC)
SOON = NOW + timedelta(minutes=5)
QUESTION = "Do we still bill the fee?"
pytestmark = pytest.mark.each_engine


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing.begin() as opened:
        yield opened


def exchanged(session: Session, *, person: str = "U0SAM", channel: str = "C0", private: bool = False) -> int:
    exchange = Exchange(
        person=person,
        channel=channel,
        thread="1.0",
        question=QUESTION,
        reason="",
        private=private,
        confidence=0.5,
        citations=({"source": "fees.md", "title": "Fees", "owner": "Returns team"},),
        milliseconds=1.0,
    )
    return exchanges.record(session, exchange, gap=None, now=NOW)


def asked(
    session: Session,
    *,
    asker: str = "U0SAM",
    question: str = QUESTION,
    exchange: int | None = None,
    now: datetime = NOW,
) -> requests.Asked:
    asking = Asking(
        exchange=exchange or exchanged(session, person=asker),
        asker=asker,
        asker_name="Sam Tran",
        team="returns",
        question=question,
        added="",
        place=Place(direct="D0SAM", channel="C0", thread="1.0"),
    )
    return requests.ask(session, asking, now=now)


def shown(session: Session, number: int, *, channel: str = "C0RETURNS", ts: str = "5.0") -> None:
    """A card that was delivered."""
    key = f"request:{number}:{channel}:{ts}"
    requests.add_card(session, number, channel=channel, key=key)
    outbox.owe(session, key=key, kind="request_card", to=Destination(channel), value={}, now=NOW)
    row = session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()
    outbox.sent(session, row.id, ts=ts)


def reply(
    session: Session, number: int, text: str = "No.", *, ts: str = "6.0", version: str = ""
) -> requests.Replied | None:
    return requests.reply(session, number, Written("C0RETURNS", ts, version, "U0JONAS", text), now=SOON)


def test_what_somebody_saw_in_a_channel_is_found_with_the_pages_that_were_tried(session: Session) -> None:
    exchange = exchanged(session)
    found = tried.seen_by(session, exchange, person="U0MAYA", channel="C0")
    assert found is not None
    assert (found.question, found.sources, found.owner, found.answered) == (
        QUESTION,
        ("fees.md",),
        "Returns team",
        True,
    )


def test_a_refusal_names_the_closest_pages_as_tried(session: Session) -> None:
    exchange = exchanges.record(
        session,
        Exchange("U0SAM", "C0", "1.0", QUESTION, "nothing answers this", False, 0.1, (), 1.0),
        gap=Gap("Billing", frozenset(), ({"source": "a.md", "owner": ""}, {"source": "b.md", "owner": "Billing"})),
        now=NOW,
    )
    found = tried.seen_by(session, exchange, person="U0SAM", channel="C0")
    assert found is not None
    assert (found.sources, found.owner, found.answered) == (("a.md", "b.md"), "Billing", False)


@pytest.mark.parametrize(
    ("private", "person", "channel", "seen"),
    [
        pytest.param(True, "U0SAM", "C0", True, id="private, its asker"),
        pytest.param(True, "U0SAM", "D0SAM", True, id="private, its asker elsewhere"),
        pytest.param(True, "U0MAYA", "C0", False, id="private, somebody else in the same channel"),
        pytest.param(False, "U0MAYA", "C0", True, id="public, somebody who reads the channel"),
        pytest.param(False, "U0MAYA", "C1", False, id="public, from another channel"),
    ],
)
def test_only_who_saw_an_exchange_may_ask_people_about_it(
    session: Session, private: bool, person: str, channel: str, seen: bool
) -> None:
    exchange = exchanged(session, private=private)
    assert bool(tried.seen_by(session, exchange, person=person, channel=channel)) is seen


def test_who_asks_the_same_again_joins_the_request_that_waits(session: Session) -> None:
    first = asked(session)
    again = asked(session, question="  do we STILL bill the fee? ", now=SOON)
    assert (first.joined, again.joined) == (False, True)
    assert again.request.number == first.request.number


def test_who_changes_the_words_of_the_same_exchange_joins_too(session: Session) -> None:
    exchange = exchanged(session)
    first = asked(session, exchange=exchange)
    assert asked(session, exchange=exchange, question="Other words", now=SOON).request.number == first.request.number


@pytest.mark.parametrize(
    ("asker", "question", "later"),
    [
        pytest.param("U0MAYA", QUESTION, timedelta(minutes=5), id="somebody else"),
        pytest.param("U0SAM", "What is the late fee?", timedelta(minutes=5), id="another question"),
        pytest.param("U0SAM", QUESTION, timedelta(days=1, seconds=1), id="a day later"),
    ],
)
def test_what_is_not_the_same_is_a_request_of_its_own(
    session: Session, asker: str, question: str, later: timedelta
) -> None:
    asked(session)
    assert not asked(session, asker=asker, question=question, now=NOW + later).joined


def test_an_answered_request_is_not_joined(session: Session) -> None:
    number = asked(session).request.number
    reply(session, number)
    assert not asked(session, now=SOON).joined


def test_a_card_is_known_by_its_message_once_it_is_delivered(session: Session) -> None:
    number = asked(session).request.number
    key = f"request:{number}"
    requests.add_card(session, number, channel="C0RETURNS", key=key)
    outbox.owe(session, key=key, kind="request_card", to=Destination("C0RETURNS"), value={}, now=NOW)
    assert requests.shown_at(session, "C0RETURNS", "") is None
    assert requests.shown_at(session, "C0RETURNS", "5.0") is None
    outbox.sent(session, session.scalars(select(OutboxRow.id)).one(), ts="5.0")
    found = requests.shown_at(session, "C0RETURNS", "5.0")
    assert found is not None
    assert found.number == number
    assert requests.shown_at(session, "C0OTHER", "5.0") is None


def test_a_request_is_taken_where_its_card_is_and_once(session: Session) -> None:
    number = asked(session).request.number
    shown(session, number)
    assert requests.take(session, number, channel="C0", person="U0SAM", name="Sam", now=SOON) is None
    taken = requests.take(session, number, channel="C0RETURNS", person="U0JONAS", name="Jonas", now=SOON)
    again = requests.take(session, number, channel="C0RETURNS", person="U0ELIF", name="Elif", now=SOON)
    assert taken is not None
    assert again is not None
    assert (taken.state, taken.taker_name, again.taker_name) == (State.TAKEN, "Jonas", "Jonas")


def test_a_reply_is_passed_on_once_and_every_other_version_is_a_correction(session: Session) -> None:
    number = asked(session).request.number
    first = reply(session, number, "No fee.")
    assert first is not None
    assert (first.first, first.correction, first.request.state) == (True, False, State.ANSWERED)
    assert reply(session, number, "No fee.") is None
    assert reply(session, number, "No fee.", version="6.5") is None
    corrected = reply(session, number, "No fee within 30 days.", version="6.7")
    assert corrected is not None
    assert (corrected.first, corrected.correction) == (False, True)
    assert reply(session, number, "An earlier version that came late.", version="6.6") is None
    more = reply(session, number, "And after that $50.", ts="7.0")
    assert more is not None
    assert (more.first, more.correction) == (False, False)
    assert requests.replies(session, number) == ["No fee within 30 days.", "And after that $50."]


def test_only_the_asker_says_what_became_of_it(session: Session) -> None:
    number = asked(session).request.number
    reply(session, number)
    assert requests.judge(session, number, asker="U0MAYA", to=State.ACCEPTED, now=SOON) is None
    assert requests.own(session, number, asker="U0MAYA") is None
    reopened = requests.judge(session, number, asker="U0SAM", to=State.REOPENED, now=SOON)
    assert reopened is not None
    assert reopened.state is State.REOPENED
    accepted = requests.judge(session, number, asker="U0SAM", to=State.ACCEPTED, now=SOON)
    assert accepted is not None
    assert accepted.state is State.ACCEPTED


def test_a_reply_to_a_request_that_is_over_still_counts(session: Session) -> None:
    number = asked(session).request.number
    requests.judge(session, number, asker="U0SAM", to=State.CLOSED, now=SOON)
    replied = reply(session, number)
    assert replied is not None
    assert replied.request.state is State.ANSWERED


def test_every_state_that_waits_can_be_answered_and_closed() -> None:
    assert all({State.ANSWERED, State.CLOSED} <= MOVES[state] for state in WAITING)
    assert set(MOVES) == set(State)


def test_a_person_sees_their_own_requests_and_a_team_what_waits_for_it(session: Session) -> None:
    mine = [asked(session, question=words).request.number for words in ("one", "two")]
    other = asked(session, asker="U0MAYA").request.number
    reply(session, mine[0])

    def numbers(found: list[Request]) -> list[int]:
        return [request.number for request in found]

    assert numbers(requests.of_asker(session, "U0SAM")) == [mine[1], mine[0]]
    assert numbers(requests.open_for(session, "returns")) == [mine[1], other]
    assert numbers(requests.open_for(session, "billing")) == []


def test_everybody_who_asked_in_the_same_words_is_known_once(session: Session) -> None:
    first = asked(session).request.number
    asked(session, asker="U0MAYA")
    asked(session, asker="U0RUTH", question="Something else")
    later = asked(session, now=NOW + timedelta(days=2)).request.number
    alike = requests.asked_alike(session, first)
    assert {(request.asker, request.number) for request in alike} >= {("U0SAM", later)}
    assert sorted(request.asker for request in alike) == ["U0MAYA", "U0SAM"]


def test_what_waits_is_reminded_of_once_in_each_state(session: Session) -> None:
    number = asked(session).request.number
    shown(session, number)

    def due(now: datetime) -> list[int]:
        return [request.number for request in requests.unreminded(session, since=now - timedelta(days=1))]

    assert due(NOW + timedelta(hours=23)) == []
    tomorrow = NOW + timedelta(days=1)
    assert due(tomorrow) == [number]
    requests.reminded(session, [number], now=tomorrow)
    assert due(tomorrow + timedelta(days=9)) == []
    requests.take(session, number, channel="C0RETURNS", person="U0JONAS", name="Jonas", now=tomorrow)
    assert due(tomorrow + timedelta(days=1)) == [number]
    reply(session, number)
    assert due(tomorrow + timedelta(days=9)) == []
