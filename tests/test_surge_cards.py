"""What a team reads of a surge: in its channel, or its people alone where it has none; never where guests read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from bot import outbox
from bot.database import Database
from bot.errors import SettingsError
from bot.experience.world import World
from bot.handlers.letters import cards
from bot.handlers.letters.surging import Surging
from bot.handlers.workspace.addressees import Addressee
from bot.outbox import OutboxRow, Owed
from bot.people import Owners, Team
from bot.routing.tables import RouteRow
from sqlalchemy import select
from sqlalchemy.orm import Session

import offices
from noticing.planted_company import MAP, TODAY, Company

COMPLAINT, BILL = "cx.social.complaint", "cx.phone.billing_question"
TEAMS = {key: Team(key=key, name=key, channel=f"#{key}", people=()) for key in ("complaints", "billing-policy")}
APPROVED, NEVER = "What happened to you should not have happened.", "Do not offer anything to buy."
TRACK = SimpleNamespace(key="fragile", wording=((APPROVED,), (NEVER,)))


class Nobody:
    """Of an assistant whose pages answer nothing."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, asked: Any, **_when: object) -> Any:
        self.asked.append(asked.question.text)
        return SimpleNamespace(answer=SimpleNamespace(answered=False))


class Slack:
    def __init__(self, *found: Addressee) -> None:
        self.found = found

    def of(self, team: Team, *, may_read: Any) -> tuple[Addressee, ...]:
        assert team.key in TEAMS
        assert may_read(frozenset({"everyone"}))
        assert not may_read(frozenset({"public"}))
        return self.found


def world_of(_: Session) -> World:
    return World(MAP, zone=UTC, routes=RouteRow.__table__)


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        company = Company(session)
        company.contacts(COMPLAINT, TODAY - timedelta(minutes=9), many=15)
    with database.reading() as session:
        yield Company(session)


def looked(database: Database, slack: Slack, at: datetime = TODAY) -> tuple[list[Owed], Nobody]:
    """What is owed after one look."""
    assistant = Nobody()
    owners: Any = Owners(TEAMS)
    pages = "http://127.0.0.1:8023"
    step = Surging(
        database, slack, assistant, owners=owners, world=world_of, tracks=lambda: (TRACK,), address=lambda: pages,
        zone=UTC, clock=lambda: at,
    )  # fmt: skip
    step()
    with database.reading() as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.id))
        return [outbox._owed(row) for row in rows], assistant


def test_approved_words_and_what_not_to_do_stand_on_the_card_also_where_no_page_answers(
    database: Database, company: Company
) -> None:
    (owed,), assistant = looked(database, Slack(Addressee("C0COMPLAINTS", reads=True)))
    shown = str(cards.surge(owed.value).blocks)
    assert owed.destination.channel == "C0COMPLAINTS"
    assert "Many complaints now: Complaining in public" in shown
    assert "15 within an hour, usually hardly any at this time of day; the first at 08:51." in shown
    assert APPROVED in shown
    assert NEVER in shown
    assert "No page says what to answer" in shown
    assert "/map?cell=social.support#cell" in shown
    assert assistant.asked == ["Complaining in public"]
    assert looked(database, Slack(Addressee("C0COMPLAINTS", reads=True)), TODAY + timedelta(minutes=1))[0] == [owed]


def test_where_guests_read_nothing_is_told_and_the_log_says_what_to_do(
    database: Database, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    assert looked(database, Slack(Addressee("C0SHARED", reads=False)))[0] == []
    assert "nobody is told of a surge at cx.social.complaint" in caplog.text


def test_the_people_of_a_team_without_a_channel_are_told_each(database: Database, company: Company) -> None:
    found, _ = looked(database, Slack(Addressee("D1", reads=True), Addressee("D2", reads=True)))
    assert [one.destination.channel for one in found] == ["D1", "D2"]


def test_surges_at_several_touchpoints_say_so(database: Database, company: Company) -> None:
    with database.writing.begin() as session:
        Company(session).contacts(BILL, TODAY - timedelta(minutes=5), many=20)
    found, _ = looked(database, Slack(Addressee("C1", reads=True)))
    assert ["So it is at one other touchpoint" in str(cards.surge(one.value).blocks) for one in found] == [True, True]


def test_what_the_setting_may_say_is_said() -> None:
    assert offices.settings_for(offices.PROJECT, SURGE_ALERTS="on").surge_alerts
    assert not offices.settings_for(offices.PROJECT, SURGE_ALERTS="OFF").surge_alerts
    with pytest.raises(SettingsError, match="write on, so that teams are told"):
        offices.settings_for(offices.PROJECT, SURGE_ALERTS="sometimes")
