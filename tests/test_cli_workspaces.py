"""The command line for several workspaces: where the bot is, its keys, and what to forget."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from bot import app, settings
from bot.installations import Installations
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Installation

from commands import Command

KEY, NEWER = Fernet.generate_key().decode(), Fernet.generate_key().decode()
TOKEN = "xoxb-local-never-printed"
SET = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "the secret of the app",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "TOKEN_KEY": KEY,
    "SLACK_WORKSPACES": "T01,T03",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a database in which the bot is installed in T01 and T02."""
    with closing(app.open_store(settings.load({"DATA_DIR": str(tmp_path / "var")}, folder=tmp_path))) as database:
        store = Installations(database, client_id="1.2", keys=[KEY]).store
        for team, name in (("T01", "Tidewater"), ("T02", "[bold]Sea — Süd")):
            store.save(Installation(app_id="A1", team_id=team, team_name=name, user_id="U0SAM", bot_token=TOKEN))
    return tmp_path


def test_it_lists_where_the_bot_is_where_it_may_be_and_where_it_should_not_be(command: Command) -> None:
    listed = command("workspaces", **SET)
    assert listed.code == 0
    assert "Installed in 1 of 2 workspaces that SLACK_WORKSPACES names." in listed.out
    assert "Not yet in T03: open /slack/install of your public address in a browser." in listed.out
    assert "Not attended, because SLACK_WORKSPACES does not name them: T02." in listed.out
    assert "[bold]Sea — Süd" in listed.out
    assert "U0SAM" in listed.out


def test_programs_get_one_json_object(command: Command) -> None:
    told = json.loads(command("workspaces", "--json", **SET).out)
    assert told["missing"] == ["T03"]
    assert [(one["workspace"], one["attended"]) for one in told["installed"]] == [("T01", True), ("T02", False)]
    assert all(set(one) == {"workspace", "name", "installed_at", "by", "attended"} for one in told["installed"])


def test_with_one_workspace_it_says_what_several_need(command: Command) -> None:
    refused = command("workspaces")
    assert refused.code == 1
    assert "SLACK_CLIENT_ID is not set, so this Throughline is in one workspace at most." in refused.err
    assert "docs/slack-setup.md" in refused.err


def test_a_key_is_made_before_anything_is_set(command: Command) -> None:
    first, second = (command("workspaces", "key").out.strip() for _ in range(2))
    assert first != second
    Fernet(first)


def test_a_key_is_changed_without_installing_anything_again(command: Command) -> None:
    both = {**SET, "TOKEN_KEY": f"{NEWER},{KEY}"}
    assert "Encrypted the tokens of 2 workspaces with the first TOKEN_KEY." in command("workspaces", "seal", **both).out
    only = {**SET, "TOKEN_KEY": NEWER}
    assert command("workspaces", "seal", **only).code == 0
    refused = command("workspaces", "seal", **SET)
    assert refused.code == 1
    assert "TOKEN_KEY does not open the tokens" in refused.err


def test_a_workspace_is_forgotten_also_when_the_key_is_lost(command: Command) -> None:
    lost = {**SET, "TOKEN_KEY": NEWER}
    said = command("workspaces", "forget", "T02", **lost)
    assert "Forgot the tokens of T02. Remove the app at Slack too" in said.out
    assert "T02" not in command("workspaces", **lost).out
    again = command("workspaces", "forget", "T02", **SET)
    assert again.code == 1
    assert "The bot is not installed in T02. `throughline workspaces` lists where it is." in again.err


@pytest.mark.parametrize("arguments", [(), ("--json",), ("seal",), ("forget", "T01"), ("forget", "T09")])
def test_no_secret_is_printed(command: Command, arguments: tuple[str, ...]) -> None:
    said = command("workspaces", *arguments, **SET)
    secrets = (TOKEN, KEY, SET["SLACK_CLIENT_SECRET"], SET["SLACK_SIGNING_SECRET"])
    assert not any(secret in said.out + said.err for secret in secrets)
