"""The Slack app manifest that ships with the bot: what to paste into Slack, and what the bot needs."""

import json
from importlib.resources import files
from typing import Any


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files("bot.handlers").joinpath("manifest.json").read_text(encoding="utf-8"))
    return found


# Where Slack's requests come in, where an installation begins, and where Slack comes back to from it.
EVENTS_PATH = "/slack/events"
INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
# Where Slack comes back to on the page, when somebody signed in.
SIGNED_IN_PATH = "/signed-in"


def manifest_over_http(origin: str) -> dict[str, Any]:
    """For an app whose requests come over HTTP, from Slack to this origin: "https://bot.example.org"."""
    told = manifest()
    address = f"{origin}{EVENTS_PATH}"
    told["oauth_config"]["redirect_urls"] = [f"{origin}{REDIRECT_PATH}"]
    for command in told["features"]["slash_commands"]:
        command["url"] = address
    told["settings"]["event_subscriptions"]["request_url"] = address
    told["settings"]["interactivity"]["request_url"] = address
    told["settings"]["socket_mode_enabled"] = False
    return told


def with_sign_in(told: dict[str, Any], page: str) -> dict[str, Any]:
    """The same for an app with which people sign in to the page at this address: "https://throughline.example.org"."""
    oauth = told["oauth_config"]
    oauth["redirect_urls"] = [*oauth.get("redirect_urls", []), f"{page}{SIGNED_IN_PATH}"]
    oauth["scopes"]["user"] = ["openid", "profile"]
    return told


def bot_scopes() -> list[str]:
    scopes: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    return scopes
