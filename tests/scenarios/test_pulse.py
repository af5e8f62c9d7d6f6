"""One question a week in the local workspace: it is asked, answered with one tap, changed, and stopped."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot import exchanges
from bot import pulse_wording as wording
from bot.database import Base
from bot.exchanges import Exchange
from bot.handlers.friction.callers import Callers
from bot.handlers.pulses import cards
from bot.handlers.pulses.asking import Asking
from bot.handlers.pulses.surface import PRESSED
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import InboxRow
from bot.pulses.tables import AnswerRow, AskedRow, StopRow
from bot.retrieval.embedding import Embedder
from bot.simulator.faults import Mishap
from bot.simulator.messages import SeenMessage
from slack_sdk import WebClient
from sqlalchemy import select

import offices
from offices import PATIENCE_SECONDS, Office

PEOPLE = ("U0MAYA", "U0FEMI", "U0SAM", "U0JONAS", "U0ELIF", "U0NIAMH")
MAYA, FEMI, SAM = "U0MAYA", "U0FEMI", "U0SAM"


def a_working_noon(now: datetime) -> datetime:
    """The last one in the shops of New York, within the week."""
    noon = datetime.combine(now.date(), time(16), UTC)
    return next(at for days in range(8) if (at := noon - timedelta(days=days)) <= now and at.weekday() < 4)


@pytest.fixture
def office(tmp_path: Path, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    """People who asked something lately, each of whom has one question in front of them."""
    house = offices.house_in(offices.furnish(tmp_path / "var", starter_data), encoder)
    opened = offices.open_office(house)
    here = opened.house
    now = a_working_noon(datetime.now(UTC))
    with here.database.writing.begin() as session:
        for person in PEOPLE:
            for minute in range(3):
                asked = Exchange(person, "D1", "", "how much?", "", False, 1.0, (), 1.0)
                exchanges.record(session, asked, gap=None, now=now - timedelta(minutes=minute))
    client = WebClient(token=opened.slack.bot_token, base_url=opened.slack.api_url)
    team = opened.workspace.installation.team.id
    people = SlackDirectory(client, here.directory, team=team)
    step = Asking(
        here.database,
        Callers(people, here.owners),
        sealer=here.friction.sealer,
        directory=here.directory,
        map_=lambda: here.touchpoints.map,
        zone=UTC,
        clock=lambda: now,
    )
    step()
    yield opened
    opened.close()
    house.database.close()


def sees(office: Office, person: str, words: str) -> SeenMessage:
    where = office.workspace.direct(person).id
    return office.workspace.wait_for(
        lambda: next((one for one in office.replies(person, where) if words in one.words), None),
        timeout=PATIENCE_SECONDS,
    )


def press(office: Office, person: str, message: SeenMessage, action: str) -> None:
    office.workspace.click(person, office.workspace.direct(person).id, message.ts, action)


def rows(office: Office, table: type[Base]) -> list[Any]:
    with office.house.database.of_all.reading() as session:
        return list(session.scalars(select(table)))


def test_it_is_answered_with_one_tap_and_changed_in_its_place(office: Office) -> None:
    question = sees(office, MAYA, "One tap: ")
    assert wording.WHO_SEES in question.words
    press(office, MAYA, question, "pulse_score_3")
    thanks = sees(office, MAYA, "Thank you, that counts. You can change it until ")
    assert thanks.ts == question.ts
    assert "3" not in thanks.words.partition("until")[0], "whoever looks on sees no score"
    press(office, MAYA, thanks, cards.CHANGE_ACTION)
    again = sees(office, MAYA, "One tap: ")
    press(office, MAYA, again, "pulse_score_6")
    sees(office, MAYA, "Thank you, that counts.")
    office.settle()
    assert [row.score for row in rows(office, AnswerRow)] == [6]
    assert len(office.replies(MAYA, office.workspace.direct(MAYA).id)) == 1


def test_a_press_whose_reply_is_lost_counts_once(office: Office) -> None:
    question = sees(office, MAYA, "One tap: ")
    office.workspace.faults.strike_next(Mishap.DROPPED_AFTER, method="response_url")
    press(office, MAYA, question, "pulse_score_5")
    sees(office, MAYA, "Thank you, that counts.")
    office.settle()
    assert [row.score for row in rows(office, AnswerRow)] == [5]


def test_nothing_anywhere_joins_a_person_and_what_they_said(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for person, score in ((MAYA, 1), (FEMI, 7)):
        press(office, person, sees(office, person, "One tap: "), f"pulse_score_{score}")
        sees(office, person, "Thank you, that counts.")
    office.settle()
    assert sorted(row.score for row in rows(office, AnswerRow)) == [1, 7]
    direct = {office.workspace.direct(person).id for person in (MAYA, FEMI)}
    with office.house.database.of_all.reading() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(select(table)):
                told = str(tuple(row))
                if "pulse" in told or table.name.startswith("pulse"):
                    assert not any(name in told for name in (*PEOPLE, *direct, "Maya", "maya.okafor")), table.name
    pressed = [row for row in rows(office, InboxRow) if row.kind == PRESSED]
    assert [(row.person, row.value, row.conversation.split(":")[0]) for row in pressed] == [("", {}, "stripped")] * 2
    assert not any("score" in row.key for row in pressed)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("bot")]
    assert not any("pulse" in line for line in said)
    assert {row.handle for row in rows(office, AskedRow)}.isdisjoint({row.mark for row in rows(office, AnswerRow)})


def test_whoever_wants_no_questions_gets_none_and_may_have_them_again(office: Office) -> None:
    question = sees(office, MAYA, "One tap: ")
    press(office, MAYA, question, cards.STOP_ACTION)
    stopped = sees(office, MAYA, "I ask you no more.")
    office.settle()
    assert len(rows(office, StopRow)) == 1
    press(office, MAYA, stopped, cards.RESUME_ACTION)
    sees(office, MAYA, "Thank you. I ask you again")
    office.settle()
    assert rows(office, StopRow) == []
    assert "Nobody is asked anything here" in office.slash(MAYA, "C0HARBOUR", "pulse", "/throughline").words
    assert "I do not ask you" in office.slash(MAYA, "C0HARBOUR", "pulse off", "/throughline").words
    assert len(rows(office, StopRow)) == 1
    assert "Write " in office.slash(MAYA, "C0HARBOUR", "pulse maybe", "/throughline").words


def test_not_now_leaves_nothing_behind(office: Office) -> None:
    question = sees(office, SAM, "One tap: ")
    press(office, SAM, question, cards.NOT_NOW_ACTION)
    assert sees(office, SAM, wording.LATER).ts == question.ts
    office.settle()
    assert rows(office, AnswerRow) == []
    assert rows(office, StopRow) == []


def test_home_says_that_one_is_asked_and_how_it_ends_where_anybody_is(
    tmp_path: Path, starter_data: Path, encoder: Embedder
) -> None:
    house = offices.house_in(offices.furnish(tmp_path / "var", starter_data), encoder, PULSE="weekly")
    office = offices.open_office(house)
    try:
        office.workspace.open_home(MAYA)
        home = office.workspace.wait_for(
            lambda: seen if (seen := office.workspace.home_of(MAYA)) and wording.TITLE in seen.words else None,
            timeout=PATIENCE_SECONDS,
        )
        assert "/throughline pulse off" in home.words
    finally:
        office.close()
        house.database.close()
