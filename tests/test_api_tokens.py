"""Tokens of programs: whose they are, how long they last, and what whoever runs Throughline does with them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import app, settings
from bot.database import Database
from bot.errors import TokenNotMade
from bot.jobs import Housekeeping
from bot.visits import tokens
from bot.visits.tokens import DAYS, MOST
from bot.visits.visiting import Visitor

from commands import Command

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)
# Who came by a link in Slack has an address too; who signed in with Slack has none.
SAM, SAM_AGAIN = Visitor("Sam", "sam@tidewater.example", "U0SAM", "T1"), Visitor("Sam", "", "U0SAM", "T1")
NAMESAKE, RUTH = Visitor("Sam", "", "U0SAM", "T2"), Visitor("Ruth", "ruth@tidewater.example")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.each_engine
def test_a_token_is_of_one_person_and_ends_with_its_time_or_when_revoked(database: Database) -> None:
    with database.writing.begin() as session:
        secret = tokens.make(session, SAM, " a  wall ", days=30, now=NOW)
        tokens.make(session, RUTH, "a sheet", days=90, now=NOW)
        mine = tokens.of(session, SAM_AGAIN, now=NOW)
        assert [(one.label, one.visitor, one.seen_at) for one in mine] == [("a wall", SAM, None)]
        assert [tokens.of(session, other, now=NOW) for other in (NAMESAKE, Visitor("Sam", ""))] == [[], []]
        assert tokens.shown(session, secret, now=NOW + 30 * DAY - timedelta(seconds=1)) == mine[0]
        assert tokens.shown(session, secret, now=NOW + 30 * DAY) is None
        assert tokens.shown(session, f"{secret}x", now=NOW) is None
        assert not tokens.revoke(session, mine[0].id, RUTH)
        assert not tokens.revoke(session, mine[0].id, NAMESAKE)
        assert tokens.revoke(session, mine[0].id, SAM_AGAIN)
        assert tokens.shown(session, secret, now=NOW) is None
        assert [one.visitor.name for one in tokens.every(session, now=NOW)] == ["Ruth"]


@pytest.mark.each_engine
def test_a_session_of_one_workspace_sees_no_token_of_another(database: Database) -> None:
    with database.of("T1").writing.begin() as session:
        tokens.make(session, SAM, "a wall", days=30, now=NOW)
    with database.of("T2").reading() as session:
        assert tokens.every(session, now=NOW) == []


def test_use_is_written_down_every_five_minutes(database: Database) -> None:
    with database.writing.begin() as session:
        secret = tokens.make(session, SAM, "a wall", days=30, now=NOW)
        first = tokens.shown(session, secret, now=NOW)
        assert first is not None
        assert tokens.to_note(first, now=NOW)
        tokens.note_seen(session, first.id, now=NOW)
        again = tokens.shown(session, secret, now=NOW)
        assert again is not None
        assert not tokens.to_note(again, now=NOW + timedelta(minutes=5))
        assert tokens.to_note(again, now=NOW + timedelta(minutes=5, seconds=1))


def test_what_is_over_is_dropped(database: Database) -> None:
    with database.writing.begin() as session:
        for days in DAYS:
            tokens.make(session, SAM, f"{days} days", days=days, now=NOW)
    Housekeeping(database, clock=lambda: NOW + 91 * DAY)()
    with database.reading() as session:
        assert [one.label for one in tokens.every(session, now=NOW)] == ["365 days"]


@pytest.mark.parametrize(
    ("label", "days", "words"), [("  ", 30, "what the token is for"), ("x" * 81, 30, "80"), ("x", 31, "30, 90 or 365")]
)
def test_what_is_not_made_says_what_to_say_instead(database: Database, label: str, days: int, words: str) -> None:
    with database.writing.begin() as session, pytest.raises(TokenNotMade, match=words):
        tokens.make(session, SAM, label, days=days, now=NOW)


def test_nobody_has_more_than_they_oversee(database: Database) -> None:
    with database.writing.begin() as session:
        for _ in range(MOST):
            tokens.make(session, SAM, "one more", days=30, now=NOW)
        tokens.make(session, RUTH, "hers", days=30, now=NOW)
        with pytest.raises(TokenNotMade, match="Revoke one"):
            tokens.make(session, SAM_AGAIN, "too many", days=30, now=NOW)
        tokens.make(session, SAM, "when those are over", days=30, now=NOW + 31 * DAY)


def test_tokens_are_made_listed_and_revoked_on_the_machine(folder: Path, command: Command) -> None:
    assert "There is none" in command("tokens").out
    secret = command("tokens", "make", "a wall", "--as", "Ruth", "--days", "30").out.strip()
    (listed,) = json.loads(command("tokens", "--json").out)
    assert (listed["name"], listed["label"], listed["seen_at"]) == ("Ruth Adeyemi", "a wall", None)
    told = command("tokens").out
    assert "Ruth Adeyemi: a wall   never used" in told
    assert secret not in told
    database = app.open_store(settings.load({"DATA_DIR": str(folder / "var")}, folder=folder))
    with database.reading() as session:
        shown = tokens.shown(session, secret, now=datetime.now(UTC))
    database.close()
    assert shown is not None
    assert shown.visitor == Visitor("Ruth Adeyemi", "ruth.adeyemi@tidewater.example")
    assert "opens nothing" in command("tokens", "revoke", str(listed["id"])).out
    assert command("tokens", "revoke", str(listed["id"])).code == 1
    for nobody in ("nobody@tidewater.example", "somebody@fieldpro.example"):
        assert command("tokens", "make", "a wall", "--as", nobody).code == 1
