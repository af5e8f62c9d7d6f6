"""Admins see what could not be delivered and why, send it again or let it go; nobody else does."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import app, doctor, outbox, pacing, settings
from bot.app import open_store
from bot.curation import OPERATOR
from bot.database import Database
from bot.deadletters import DeadLetters
from bot.errors import NoSuchMessage, NotAllowed
from bot.leases import Claim
from bot.outbox import Destination
from bot.people import ORDINARY_EMPLOYEE
from cryptography.fernet import Fernet

from commands import Command

NOW = datetime(2026, 11, 21, 10, 11, tzinfo=UTC)


def die(database: Database, key: str, to: Destination, *, reason: str = "is_archived", now: datetime = NOW) -> None:
    kind = outbox.HOME if key == "home" else "words"
    with database.writing.begin() as session:
        outbox.owe(session, key=key, kind=kind, to=to, value={"text": "Mrs Canary"}, now=now)
        owed = outbox.take(session, Claim("here", now=now))
        assert owed
        outbox.bury(session, owed.id, fault=reason, now=now + timedelta(minutes=owed.id))


@pytest.fixture
def dead(database: Database) -> DeadLetters:
    die(database, "a", Destination("C1"))
    die(database, "b", Destination("C1", thread="1.0", only="U1"), reason="user_not_found")
    die(database, "c", Destination("", only="U2"))
    die(database, "home", Destination("", only="U2"))
    return DeadLetters(database)


@pytest.mark.each_engine
def test_the_newest_comes_first_with_its_place_and_reason_and_not_its_words(dead: DeadLetters) -> None:
    letters = dead.letters(by=OPERATOR)
    assert [(one.where, one.reason) for one in letters] == [
        ("the Home of U2", "is_archived"),
        ("a direct message to U2", "is_archived"),
        ("a thread of C1, for U1 alone", "user_not_found"),
        ("C1", "is_archived"),
    ]
    assert letters[-1].died_at == NOW + timedelta(minutes=1)
    assert "Canary" not in repr(letters)


@pytest.mark.each_engine
def test_one_that_is_sent_again_has_a_day_and_all_attempts_before_it(database: Database, dead: DeadLetters) -> None:
    later = NOW + timedelta(days=3)
    letter = dead.replay(2, by=OPERATOR, now=later)
    assert letter.where == "a thread of C1, for U1 alone"
    with database.writing.begin() as session:
        [owed] = outbox.due(session, Claim("here", now=later))
    assert (owed.id, owed.attempts, owed.give_up_at) == (2, 0, later + outbox.GIVE_UP_AFTER)
    assert owed.created_at == NOW  # from where on it is looked for
    assert [one.number for one in dead.letters(by=OPERATOR)] == [4, 3, 1]


@pytest.mark.each_engine
def test_all_can_be_sent_again_and_one_can_be_let_go(database: Database, dead: DeadLetters) -> None:
    dead.drop(1, by=OPERATOR)
    assert dead.replay_all(by=OPERATOR, now=NOW) == 3
    assert dead.letters(by=OPERATOR) == []
    assert dead.deliveries(by=OPERATOR, now=NOW).waiting == 3


@pytest.mark.parametrize("number", [99, 5])
def test_what_is_not_dead_can_neither_be_replayed_nor_dropped(
    database: Database, dead: DeadLetters, number: int
) -> None:
    with database.writing.begin() as session:
        outbox.owe(session, key="alive", kind="words", to=Destination("C1"), value={}, now=NOW)
    with pytest.raises(NoSuchMessage, match="throughline messages"):
        dead.replay(number, by=OPERATOR, now=NOW)
    with pytest.raises(NoSuchMessage, match=f"number {number}"):
        dead.drop(number, by=OPERATOR)


def test_only_admins_see_and_do_anything(dead: DeadLetters) -> None:
    for act in (
        lambda: dead.letters(by=ORDINARY_EMPLOYEE),
        lambda: dead.deliveries(by=ORDINARY_EMPLOYEE, now=NOW),
        lambda: dead.replay(1, by=ORDINARY_EMPLOYEE, now=NOW),
        lambda: dead.replay_all(by=ORDINARY_EMPLOYEE, now=NOW),
        lambda: dead.drop(1, by=ORDINARY_EMPLOYEE),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert len(dead.letters(by=OPERATOR)) == 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Database:
    return open_store(settings.load({"DATA_DIR": str(folder / "var")}, folder=folder))


def test_the_command_line_lists_replays_and_drops(store: Database, command: Command) -> None:
    die(store, "a", Destination("C1"), reason="not_in_channel", now=datetime.now(UTC))
    die(store, "b", Destination("", only="U2"), now=datetime.now(UTC))
    listed = command("messages")
    assert listed.code == 0
    assert "a direct message to U2" in listed.out
    assert "not_in_channel" in listed.out
    assert "--replay NUMBER" in listed.out
    again = command("messages", "--replay", "1")
    assert "Message 1 is sent again to C1." in again.out
    assert "Waiting to be delivered: 1," in again.out
    assert "not_in_channel" not in again.out
    dropped = command("messages", "--drop", "2")
    assert "Message 2 is dropped" in dropped.out
    assert json.loads(command("messages", "--json").out)["undelivered"] == []
    unknown = command("messages", "--replay", "7")
    assert unknown.code == 1
    assert "No undelivered message has the number 7" in unknown.err
    assert "--replay all" in command("messages", "--replay", "seven").err


def test_the_command_line_and_the_doctor_say_when_nothing_is_delivered(store: Database, command: Command) -> None:
    now = datetime.now(UTC)
    with store.writing.begin() as session:
        outbox.owe(session, key="a", kind="words", to=Destination("C1"), value={}, now=now - timedelta(minutes=9))
        pacing.lock_out(session, reason="Slack refuses the bot's token (token_revoked)", now=now)
    said = command("messages").out
    assert "Nothing is delivered just now: Slack refuses the bot's token (token_revoked)." in said
    assert "Waiting to be delivered: 1, the oldest for 54" in said
    found = {finding.state: finding.what for finding in doctor._deliveries(store)}
    assert found["fault"] == "Nothing is delivered just now: Slack refuses the bot's token (token_revoked)"
    assert found["warning"].startswith("1 messages wait to be delivered, the oldest since ")
    as_json = json.loads(command("messages", "--json").out)
    assert (as_json["waiting"], as_json["closed"]["reason"]) == (1, "Slack refuses the bot's token (token_revoked)")


SEVERAL = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "one secret",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "TOKEN_KEY": Fernet.generate_key().decode(),
    "SLACK_WORKSPACES": "T01,T02",
}


def test_of_several_workspaces_the_command_line_says_which_a_message_is_of(store: Database, command: Command) -> None:
    now = datetime.now(UTC)
    for workspace in ("T01", "T02"):
        die(store.of(workspace), "a", Destination("C1"), reason="not_in_channel", now=now)
    with store.of("T02").writing.begin() as session:
        pacing.lock_out(session, reason="Slack refuses the bot's token (token_revoked)", now=now)
    said = command("messages", **SEVERAL).out
    assert "C1 in T01" in said
    assert "C1 in T02" in said
    assert "Nothing is delivered just now in T02: Slack refuses the bot's token (token_revoked)." in said
    assert [finding.what for finding in doctor._deliveries(store) if finding.state == "fault"] == [
        "Nothing is delivered just now in T02: Slack refuses the bot's token (token_revoked)"
    ]
    as_json = json.loads(command("messages", "--json", **SEVERAL).out)
    assert {letter["workspace"] for letter in as_json["undelivered"]} == {"T01", "T02"}
    assert as_json["closed"]["workspace"] == "T02"


def test_in_slack_an_admin_sees_and_sends_again_what_is_of_this_workspace(folder: Path, store: Database) -> None:
    now = datetime.now(UTC)
    for workspace in ("T01", "T02"):
        die(store.of(workspace), workspace, Destination("C1"), reason="not_in_channel", now=now)
    dead = app.build(settings.load({"DATA_DIR": str(folder / "var")}, folder=folder)).of("T01").dead_letters
    [ours] = dead.letters(by=OPERATOR)
    assert ours.workspace == "T01"
    with pytest.raises(NoSuchMessage):
        dead.replay(2, by=OPERATOR, now=now)
    assert dead.replay_all(by=OPERATOR, now=now) == 1
    assert [one.workspace for one in DeadLetters(store).letters(by=OPERATOR)] == ["T02"]
