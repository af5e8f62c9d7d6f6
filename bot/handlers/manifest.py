"""The Slack app manifest that ships with the bot: what to paste into Slack, and what the bot needs."""

import json
from importlib.resources import files
from typing import Any


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("bot.handlers").joinpath("manifest.json").read_text(encoding="utf-8"))
    return found


def manifest_over_http(address: str) -> dict[str, Any]:
    """For an app that sends its requests to this address instead of a socket."""
    told = manifest()
    for command in told["features"]["slash_commands"]:
        command["url"] = address
    told["settings"]["event_subscriptions"]["request_url"] = address
    told["settings"]["interactivity"]["request_url"] = address
    told["settings"]["socket_mode_enabled"] = False
    return told


def bot_scopes() -> list[str]:
    scopes: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    return scopes
