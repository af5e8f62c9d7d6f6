"""How Slack reaches the bot: over a socket that the bot opens, or over HTTP that the bot serves. Read and checked."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import SettingsError

LOOPBACK = "127.0.0.1"
# What Slack's own samples listen on.
DEFAULT_HTTP_PORT = 3000
_HIGHEST_PORT = 65535
# Slack's have 32 hexadecimal digits; other servers may have others, but none that could be guessed.
_SHORTEST_SECRET = 16
_TO_LEAVE = "Or remove all settings of Slack's to use the local workspace."
_PAGES = {
    "SLACK_BOT_TOKEN": "OAuth & Permissions > Bot User OAuth Token",
    "SLACK_APP_TOKEN": "Basic Information > App-Level Tokens, scope connections:write",
    "SLACK_SIGNING_SECRET": "Basic Information > App Credentials > Signing Secret",
}
_STARTS = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}


@dataclass(frozen=True, slots=True)
class SlackTokens:
    """The two tokens of a Slack app in Socket Mode. Never printed."""

    bot: str = field(repr=False)
    app: str = field(repr=False)

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset({self.bot, self.app})


@dataclass(frozen=True, slots=True)
class SlackOverHttp:
    """A Slack app that sends its requests over HTTP, signed with `signing_secret`. Neither secret is ever printed."""

    bot: str = field(repr=False)
    signing_secret: str = field(repr=False)
    host: str = LOOPBACK
    port: int = DEFAULT_HTTP_PORT

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset({self.bot, self.signing_secret})

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach it."""
        return not ipaddress.ip_address(self.host).is_loopback


def read_slack(values: Mapping[str, str]) -> SlackTokens | SlackOverHttp | None:
    """What is set of Slack's; None where nothing is. Raises `SettingsError` for a half of it, or for both ways."""
    given = {name: values[name] for name in _PAGES if name in values}
    if not given:
        return None
    if "SLACK_APP_TOKEN" in given and "SLACK_SIGNING_SECRET" in given:
        raise SettingsError(
            "SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set, and each stands for another way in which Slack "
            "reaches the bot. Keep SLACK_APP_TOKEN for Socket Mode, or SLACK_SIGNING_SECRET for HTTP; remove the other."
        )
    if "SLACK_BOT_TOKEN" not in given:
        other = "SLACK_SIGNING_SECRET is" if "SLACK_SIGNING_SECRET" in given else "the other Slack token is"
        raise SettingsError(_missing("SLACK_BOT_TOKEN", other))
    if len(given) == 1:
        raise SettingsError(
            _missing("SLACK_APP_TOKEN", "the other Slack token is", "For HTTP set SLACK_SIGNING_SECRET.")
        )
    for name, value in given.items():
        _check(name, value)
    if "SLACK_APP_TOKEN" in given:
        return SlackTokens(bot=given["SLACK_BOT_TOKEN"], app=given["SLACK_APP_TOKEN"])
    return SlackOverHttp(
        bot=given["SLACK_BOT_TOKEN"],
        signing_secret=given["SLACK_SIGNING_SECRET"],
        host=_host(values.get("HTTP_HOST", LOOPBACK)),
        port=read_port(values, "HTTP_PORT", DEFAULT_HTTP_PORT),
    )


def read_port(values: Mapping[str, str], name: str, usual: int) -> int:
    """A port's number. Raises `SettingsError`."""
    given = values.get(name, str(usual))
    if not given.isascii() or not given.isdigit() or not 0 <= int(given) <= _HIGHEST_PORT:
        raise SettingsError(f"{name} is {given!r}; write a number from 0 (any free port) to {_HIGHEST_PORT}.")
    return int(given)


def _missing(name: str, other: str, *more: str) -> str:
    copy = f"Copy it from the app's page at Slack: {_PAGES[name]}."
    return " ".join((f"{name} is not set, but {other}.", copy, *more, _TO_LEAVE))


def _check(name: str, value: str) -> None:
    """Never with the value in the message: a token in the wrong line is a token all the same."""
    page = _PAGES[name]
    start = _STARTS.get(name)
    torn = any(letter.isspace() for letter in value)
    if start and (torn or not value.startswith(start)):
        raise SettingsError(f"{name} does not look like a token: it must begin with {start}. Copy it from {page}.")
    if not start and (
        torn or not value.isascii() or len(value) < _SHORTEST_SECRET or value.startswith(("xox", "xapp"))
    ):
        raise SettingsError(f"{name} does not look like a signing secret. Copy it from {page}.")


def _host(given: str) -> str:
    if given == "localhost":
        return LOOPBACK
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise SettingsError(
            f"HTTP_HOST is {given!r}; write the address of this machine to listen on, for example {LOOPBACK} behind a "
            "proxy on the same machine, or 0.0.0.0 for every address that it has."
        ) from None
