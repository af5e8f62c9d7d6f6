"""What was promised, tried and told in earlier contacts, and by when: found by how it is said, judged by hand."""

from datetime import UTC, date, datetime

import pytest
from bot.customers.story import due, fragile
from bot.customers.story.promises import Promise
from bot.customers.story.sayings import SayingKind, sayings_in
from bot.customers.timeline import Interaction, unanswered

FRIDAY = datetime(2026, 11, 20, 8, 14, tzinfo=UTC)


def contact(text: str = "", *, channel: str = "phone", direction: str = "in", **fields: object) -> Interaction:
    usual = {
        "id": 1,
        "at": FRIDAY,
        "channel": channel,
        "direction": direction,
        "subject": "",
        "text": text,
        "outcome": "",
        "agent": "Sam Tran",
        "team": "",
        "place": "",
        "device": "",
        "transfers": None,
        "refs": {},
        "source": "phones",
    }
    return Interaction(**{**usual, **fields})  # type: ignore[arg-type]


PROMISES = [
    ("Promised to call her back by 22 Nov. Transferred twice.", "phone", "in", date(2026, 11, 22)),
    ("We will call you back within 2 working days.", "email", "out", date(2026, 11, 24)),
    ("You promised me a call back on Monday and nobody called!", "email", "in", None),
    ("Will call back Friday.", "phone", "in", date(2026, 11, 27)),
    ("Technician visit booked for Monday morning.", "phone", "in", date(2026, 11, 23)),
    ("Agent: I'll refund the $12.50 by end of the week.", "chat", "in", date(2026, 11, 20)),
    ("Credit will be issued in 3-5 business days.", "phone", "in", date(2026, 11, 27)),
    ("Refund of $40 due on 25 November, supervisor will confirm.", "phone", "in", date(2026, 11, 25)),
    ("Guaranteed her that the fee is waived.", "store", "in", None),
]


@pytest.mark.parametrize(("text", "channel", "direction", "day"), PROMISES, ids=[one[0][:40] for one in PROMISES])
def test_a_promise_is_found_with_its_day(text: str, channel: str, direction: str, day: date | None) -> None:
    found = sayings_in([contact(text, channel=channel, direction=direction)], zone=UTC)
    assert [(one.kind, one.due) for one in found] == [(SayingKind.PROMISE, day)]
    assert found[0].quote in text


NO_PROMISES = [
    ("I will return the box tomorrow.", "email"),
    ("Customer will call back tomorrow.", "phone"),
    ("Told her we can't promise a date.", "phone"),
    ("Will you call me back?", "email"),
    ("She said she will send the modem back by Friday.", "phone"),
    ("still billed for 3 boxes", "email"),
]


@pytest.mark.parametrize(("text", "channel"), NO_PROMISES, ids=[one[0][:40] for one in NO_PROMISES])
def test_what_a_customer_will_do_and_what_nobody_promised_is_no_promise(text: str, channel: str) -> None:
    found = sayings_in([contact(text, channel=channel)], zone=UTC)
    assert [one for one in found if one.kind is SayingKind.PROMISE] == []


def test_steps_that_were_taken_are_found_and_steps_that_were_advised_are_not() -> None:
    text = (
        "She rebooted twice. Asked her to try to reset the modem. Have you tried another cable? Gave the box serials."
    )
    found = sayings_in([contact(text)], zone=UTC)
    assert [(one.kind, one.quote) for one in found] == [
        (SayingKind.TRIED, "She rebooted twice."),
        (SayingKind.TOLD, "Gave the box serials."),
    ]


DAYS = [
    ("by 22 Nov", date(2026, 11, 22)),
    ("by Nov 22nd at noon", date(2026, 11, 22)),
    ("on Friday", date(2026, 11, 27)),
    ("tomorrow", date(2026, 11, 21)),
    ("tonight", date(2026, 11, 20)),
    ("within 48 hours", date(2026, 11, 22)),
    ("in two weeks", date(2026, 12, 4)),
    ("by the end of the month", date(2026, 11, 30)),
    ("by EOD", date(2026, 11, 20)),
    ("within three business days", date(2026, 11, 25)),
    ("by 2026-12-01", date(2026, 12, 1)),
    ("for 3 boxes", None),
    ("in the app", None),
    ("on her account", None),
    ("by 12 March 2020", None),
]


@pytest.mark.parametrize(("words", "day"), DAYS, ids=[words for words, _ in DAYS])
def test_a_day_is_read_as_of_when_it_was_said(words: str, day: date | None) -> None:
    assert due.day_in(f"We call back {words}", said_at=FRIDAY) == day


def test_who_wrote_and_got_no_answer_is_waiting() -> None:
    written = contact("still billed", channel="email", id=3)
    answered = [
        contact("again?", channel="email", id=2),
        contact("sorry", channel="email", direction="out", id=9),
        contact("first", channel="email", id=1),
    ]
    assert unanswered([written, contact(id=8), *answered]) == {3, 2}
    assert unanswered([contact("thanks", channel="email", outcome="answered")]) == set()


def reasons(*contacts: Interaction, chains: object = (), promises: object = ()) -> list[str]:
    found = fragile.reasons_for(contacts, chains, promises, now=FRIDAY, zone=UTC)  # type: ignore[arg-type]
    return [reason.text for reason in found]


def survey(score: str, day: int, **fields: object) -> Interaction:
    return contact(channel="survey", outcome=score, at=FRIDAY.replace(day=day), **fields)


def test_one_star_after_five_is_a_reason_and_five_after_one_is_none() -> None:
    assert reasons(survey("1", 18), survey("5", 10)) == ["rated us 1 on 18 Nov, after 5 before"]
    assert reasons(survey("5", 18), survey("1", 10)) == []
    assert reasons(survey("3 stars", 18)) == []
    assert reasons(survey("1 star", 18)) == ["rated us 1 star on 18 Nov"]
    assert reasons(survey("4", 18), survey("9", 10)) == ["rated us 4 on 18 Nov, after 9 before"], "of ten"
    assert reasons(survey("4", 18), survey("5", 10)) == [], "of five"


def test_three_transfers_or_three_contacts_in_one_matter_are_reasons() -> None:
    chain = [contact(transfers=2, id=3), contact(transfers=1, id=2), contact(id=1)]
    assert set(reasons(chains=[chain])) == {
        "was transferred 3 times about the same thing",
        "contacted us 3 times about the same thing, still open",
    }
    assert reasons(chains=[chain[1:]]) == []


def test_an_overdue_promise_and_a_threat_to_leave_are_reasons_and_quoted() -> None:
    late = Promise("call back", date(2026, 11, 18), "Sam", FRIDAY, "", 1, None)
    assert reasons(promises=[late]) == ["waits for what was promised, 2 days overdue: “call back”"]
    angry = contact("Thanks. I will cancel my contract if this goes on.", channel="email")
    assert reasons(angry) == ["“I will cancel my contract if this goes on.” (e-mail, 20 Nov)"]
    assert reasons(contact("We cancel my contract", direction="out")) == []
