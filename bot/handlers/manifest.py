"""The Slack app manifest that ships with the bot: what to paste into Slack, and what the bot needs."""

import json
from importlib.resources import files
from typing import Any


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("bot.handlers").joinpath("manifest.json").read_text(encoding="utf-8"))
    return found


def bot_scopes() -> list[str]:
    scopes: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    return scopes
