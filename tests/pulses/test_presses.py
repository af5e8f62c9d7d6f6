"""A press that comes twice, or whose work is cut off and done again, is one answer; and what it was stands nowhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bot import inbox
from bot.database import Database
from bot.handlers.pulses.surface import Pulses
from bot.inbox import Accepted, InboxRow, Superseded
from bot.leases import Claim
from bot.outbox import OutboxRow
from bot.pulses import asking
from bot.pulses.questions import Choice, Question
from bot.pulses.tables import AnswerRow
from sqlalchemy import func, select

from friction.desk import SEALER, reporter
from pulses.company import MAP, TEAM, Company

NOW = datetime.now(UTC)
# No word of letters and digits that a sealed id might hold by chance.
ASKED = "U0WHOWASASKED"


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database, NOW)


@pytest.fixture
def surface(company: Company) -> Pulses:
    return Pulses(company.here, company.callers, sealer=SEALER, map_=lambda: MAP, asking_people=True)


def asked(company: Company) -> int:
    with company.here.writing.begin() as session:
        choice = Choice(Question.EASE, "pos")
        found = asking.ask(session, reporter(ASKED), choice, sealer=SEALER, now=company.now, zone=UTC)
        assert found is not None
        return found.number


def press(number: int, score: int, at: str = "1.0") -> dict[str, Any]:
    action = {"action_id": f"pulse_score_{score}", "value": f"{number}:{score}", "action_ts": at}
    return {
        "type": "block_actions",
        "user": {"id": ASKED},
        "team": {"id": TEAM},
        "container": {"message_ts": "9.0"},
        "response_url": "https://hooks.slack.com/actions/T0/1/x",
        "actions": [action],
    }


def accept(company: Company, surface: Pulses, body: dict[str, Any]) -> bool:
    arriving = surface.read(body)
    assert arriving is not None
    with company.here.writing.begin() as session:
        return inbox.accept(
            session,
            key=arriving.key,
            kind=arriving.kind,
            conversation=arriving.conversation,
            value=arriving.value,
            now=NOW,
        )


def take(company: Company, *, now: datetime) -> Accepted:
    with company.here.writing.begin() as session:
        event = inbox.take(session, Claim("replica", now))
    assert event is not None
    return event


def scores(company: Company) -> list[int]:
    with company.here.reading() as session:
        return list(session.scalars(select(AnswerRow.score)))


@pytest.mark.each_engine
def test_what_is_cut_off_and_done_again_is_one_answer_and_one_reply(company: Company, surface: Pulses) -> None:
    number = asked(company)
    assert accept(company, surface, press(number, 5))
    assert not accept(company, surface, press(number, 5)), "Slack sends it again"
    cut_off = take(company, now=NOW)
    again = take(company, now=NOW + timedelta(hours=1))
    surface.take(again)
    with pytest.raises(Superseded):
        surface.take(cut_off)
    assert scores(company) == [5]
    with company.here.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 1
        row = session.scalars(select(InboxRow)).one()
        assert (row.person, row.value) == ("", {})


def test_before_it_is_worked_on_a_press_names_nobody_either(company: Company, surface: Pulses) -> None:
    accept(company, surface, press(asked(company), 5))
    with company.here.reading() as session:
        row = session.scalars(select(InboxRow)).one()
    assert ASKED not in f"{row.person} {row.value} {row.conversation} {row.key}"


def test_a_press_whose_score_is_not_its_buttons_is_nobodys(company: Company, surface: Pulses) -> None:
    body = press(asked(company), 5)
    body["actions"][0]["value"] = "1:7"
    assert surface.read(body) is None


def test_after_a_week_the_question_says_that_it_is_over(company: Company, surface: Pulses) -> None:
    company.now = NOW - timedelta(days=8)
    accept(company, surface, press(asked(company), 5))
    surface.take(take(company, now=NOW))
    assert scores(company) == []
    with company.here.reading() as session:
        assert "is over" in session.scalars(select(OutboxRow)).one().value["text"]
