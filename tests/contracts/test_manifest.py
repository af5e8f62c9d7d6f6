"""The manifest that people paste into Slack is what the bot listens to and what it calls: no less, and no more."""

import ast
from collections.abc import Sequence
from pathlib import Path

import bot
import pytest
from bot import offered
from bot.app import House
from bot.handlers import ACTIONS, COMMANDS, EVENTS, FORMS, GLOBAL_SHORTCUTS, SHORTCUTS
from bot.handlers.manifest import bot_scopes, manifest, manifest_over_http
from bot.handlers.surfaces import Forms, Surface
from bot.handlers.workspace.departure import EVENTS as DEPARTURES
from bot.handlers.workspace.departure import Departure
from bot.handlers.workspace.membership import CHANNEL_EVENTS, GROUP_EVENTS, USER_EVENTS
from bot.simulator import Workspace
from slack_sdk import WebClient

SOURCE = Path(bot.__file__).parent
# Slack's documented scopes of what is subscribed to ...
SCOPES_OF_EVENTS = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "app_uninstalled": set(),
    "tokens_revoked": set(),
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "subteam_created": {"usergroups:read"},
    "subteam_members_changed": {"usergroups:read"},
    "subteam_updated": {"usergroups:read"},
    "team_join": {"users:read"},
    "user_change": {"users:read"},
}
# ... and of the methods that are called. Who reads along is asked of public and of private channels.
SCOPES_OF_METHODS = {
    "apps_connections_open": set(),  # of the bot's; the app's own token has a scope for it
    "apps_uninstall": set(),
    "assistant_threads_setStatus": {"assistant:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_test": set(),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_startStream": {"chat:write"},
    "chat_stopStream": {"chat:write"},
    "chat_getPermalink": set(),
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_list": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_open": {"im:write"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "oauth_v2_access": set(),
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "views_open": set(),
    "views_update": set(),
    "usergroups_list": {"usergroups:read"},
    "views_publish": set(),
    "users_lookupByEmail": {"users:read.email"},
    "users_info": {"users:read", "users:read.email"},
}


def called_methods() -> set[str]:
    """Every method of Slack's client that the bot's source calls."""
    rooms = [SOURCE / "attendance.py", SOURCE / "slack_checks.py", *(SOURCE / "handlers").rglob("*.py")]
    calls = [node for room in rooms for node in ast.walk(ast.parse(room.read_text(encoding="utf-8")))]
    names = {node.func.attr for node in calls if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)}
    return {name for name in names if "_" in name.strip("_") and callable(getattr(WebClient, name, None))}


def test_the_manifest_subscribes_to_the_events_that_are_read() -> None:
    subscribed = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {name.partition(".")[0] for name in subscribed} == set(EVENTS)


# One event of each kind that the bot does something about.
WRITTEN = {"user": "U0MAYA", "text": "<@U0BOT> hello", "channel": "C0", "ts": "1.0"}
EXAMPLES = {
    "app_home_opened": {"user": "U0MAYA", "channel": "D0MAYA", "tab": "home", "event_ts": "1.0"},
    "app_mention": WRITTEN,
    "message": WRITTEN,
    "reaction_added": {
        "user": "U0MAYA",
        "reaction": "construction",
        "item": {"type": "message", "channel": "C0", "ts": "1.0"},
    },
    **{kind: {"user": {"id": "U0MAYA"}} for kind in USER_EVENTS},
    **{kind: {"user": "U0MAYA", "channel": "C0"} for kind in CHANNEL_EVENTS},
    **{kind: {"subteam_id": "S0SHOP"} for kind in GROUP_EVENTS},
    **{kind: {"tokens": {"bot": ["U0BOT"]}} for kind in DEPARTURES},
}


def surfaces_of(house: House) -> Sequence[Surface]:
    """Everything that people can do; nothing is asked of Slack to read it."""
    return offered.surfaces_of(house, None, None, channels=None, bot="U0BOT", wake=lambda: None)


@pytest.mark.parametrize("kind", EVENTS)
def test_every_event_of_the_manifest_is_read(house: House, kind: str) -> None:
    surfaces = [Departure(house.database, has_left=lambda: True, leave=lambda: None), *surfaces_of(house)]
    body = {"event": {"type": kind, **EXAMPLES[kind]}, "event_id": "Ev1"}
    assert any(surface.read(body) for surface in surfaces)


def test_every_form_that_is_checked_is_listened_to(house: House) -> None:
    asking = [surface for surface in surfaces_of(house) if isinstance(surface, Forms)]
    assert {form for surface in asking for form in surface.checks} <= set(FORMS)
    assert {name for surface in asking for name in surface.opens} <= {
        *ACTIONS,
        *COMMANDS,
        *SHORTCUTS,
        *GLOBAL_SHORTCUTS,
    }


def test_the_manifest_names_the_commands_that_are_registered() -> None:
    named = [command["command"] for command in manifest()["features"]["slash_commands"]]
    assert sorted(named) == sorted(COMMANDS)


def test_the_local_workspace_knows_the_same_commands() -> None:
    assert Workspace().commands == COMMANDS


def test_the_manifest_names_the_shortcuts_that_are_registered() -> None:
    shortcuts = manifest()["features"]["shortcuts"]
    for kind, registered in (("message", SHORTCUTS), ("global", GLOBAL_SHORTCUTS)):
        assert sorted(one["callback_id"] for one in shortcuts if one["type"] == kind) == sorted(registered)


def test_the_local_workspace_knows_the_same_shortcuts() -> None:
    assert (Workspace().shortcuts, Workspace().global_shortcuts) == (SHORTCUTS, GLOBAL_SHORTCUTS)


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


def test_over_http_every_request_goes_to_one_address_and_no_socket_is_asked_for() -> None:
    told = manifest_over_http("https://bot.example.org")
    addresses = [command["url"] for command in told["features"]["slash_commands"]]
    addresses += [told["settings"][part]["request_url"] for part in ("event_subscriptions", "interactivity")]
    assert set(addresses) == {"https://bot.example.org/slack/events"}
    assert told["settings"]["socket_mode_enabled"] is False
    assert told["oauth_config"]["scopes"] == manifest()["oauth_config"]["scopes"]
    assert told["oauth_config"]["redirect_urls"] == ["https://bot.example.org/slack/oauth_redirect"]
