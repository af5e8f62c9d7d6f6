"""The manifest that people paste into Slack is what the bot listens to and what it calls: no less, and no more."""

import ast
from pathlib import Path

import bot
import pytest
from bot.database import Database
from bot.handlers import COMMANDS, EVENTS
from bot.handlers.ask import Ask
from bot.handlers.manifest import bot_scopes, manifest
from bot.simulator import Workspace
from slack_sdk import WebClient

SOURCE = Path(bot.__file__).parent
# Slack's documented scopes of what is subscribed to ...
SCOPES_OF_EVENTS = {
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}
# ... and of the methods that are called. Who reads along is asked of public and of private channels.
SCOPES_OF_METHODS = {
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "views_open": set(),
    "views_publish": set(),
    "users_info": {"users:read", "users:read.email"},
    "users_lookupByEmail": {"users:read", "users:read.email"},
}


def called_methods() -> set[str]:
    """Every method of Slack's client that the bot's source calls."""
    rooms = [SOURCE / "app.py", SOURCE / "doctor.py", *(SOURCE / "handlers").glob("*.py")]
    calls = [node for room in rooms for node in ast.walk(ast.parse(room.read_text(encoding="utf-8")))]
    names = {node.func.attr for node in calls if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    return {name for name in names if "_" in name and callable(getattr(WebClient, name, None))}


def test_the_manifest_subscribes_to_the_events_that_are_read() -> None:
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {name.partition(".")[0] for name in subscribed} == set(EVENTS)


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_of_the_manifest_is_read(database: Database, kind: str) -> None:
    event = {"type": kind, "user": "U0MAYA", "text": "<@U0BOT> hello", "channel": "C0", "ts": "1.0"}
    arriving = Ask(database, assistant=None, directory=None, bot="U0BOT").read({"event": event})
    assert arriving is not None
    assert arriving.value["text"] == "hello"


def test_the_manifest_names_the_commands_that_are_registered() -> None:
    named = [command["command"] for command in manifest()["features"]["slash_commands"]]
    assert sorted(named) == sorted(COMMANDS)


def test_the_local_workspace_knows_the_same_commands() -> None:
    assert Workspace().commands == COMMANDS


def test_the_manifest_asks_for_the_scopes_that_are_needed_and_for_no_other() -> None:
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}.union(*(SCOPES_OF_EVENTS[name] for name in events))
    needed |= set().union(*(SCOPES_OF_METHODS[name] for name in called_methods()))
    assert sorted(bot_scopes()) == sorted(needed)


def test_the_manifest_switches_on_what_the_bot_relies_on() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert manifest()["settings"]["interactivity"]["is_enabled"] is True
    assert manifest()["features"]["app_home"]["messages_tab_enabled"] is True
    assert manifest()["features"]["app_home"]["messages_tab_read_only_enabled"] is False
    assert len(manifest()["display_information"]["name"]) <= 35
    assert len(manifest()["display_information"]["description"]) <= 140
