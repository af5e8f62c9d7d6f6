"""How Slack reaches the bot: over a socket that the bot opens, or over HTTP that the bot serves. Read and checked.

Over a socket, and over HTTP with one token, it is in one workspace; over HTTP with the app's own credentials it can be
installed in several.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.fernet import Fernet

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
# What several workspaces need beside the signing secret, and where it comes from.
_INSTALLING = {
    "SLACK_CLIENT_ID": "Copy it from the app's page at Slack: Basic Information > App Credentials > Client ID.",
    "SLACK_CLIENT_SECRET": "Copy it from the app's page at Slack: Basic Information > App Credentials > Client Secret.",
    "TOKEN_KEY": "It encrypts the tokens of the workspaces. Make one with `throughline workspaces key`, and keep it.",
    "SLACK_WORKSPACES": "It names the workspaces that may install the bot, such as T024BE7LD,T061EG9R6.",
}
_SIGNING_IN = {
    "SIGN_IN_CLIENT_ID": _INSTALLING["SLACK_CLIENT_ID"],
    "SIGN_IN_CLIENT_SECRET": _INSTALLING["SLACK_CLIENT_SECRET"],
}
# The column that keeps it has 32 letters.
_CLIENT_ID = re.compile(r"(?=.{3,32}$)[0-9]+\.[0-9]+")
_WORKSPACE = re.compile(r"T[A-Z0-9]{2,}")
_STARTS = {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}


@dataclass(frozen=True, slots=True)
class SignIn:
    """As which app people sign in to the page with Slack."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SlackTokens:
    """The two tokens of a Slack app in Socket Mode, and how people sign in. Never printed."""

    bot: str = field(repr=False)
    app: str = field(repr=False)
    sign_in: SignIn | None = None

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset({self.bot, self.app}) | _secret_of(self.sign_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where Slack's requests are waited for, and the secret with which Slack signs them."""

    signing_secret: str = field(repr=False)
    host: str = LOOPBACK
    port: int = DEFAULT_HTTP_PORT

    @property
    def open_to_others(self) -> bool:
        """Whether other machines can reach it."""
        return not ipaddress.ip_address(self.host).is_loopback


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackOverHttp(Listening):
    """A Slack app in one workspace that sends its requests over HTTP. No secret is ever printed."""

    bot: str = field(repr=False)
    sign_in: SignIn | None = None

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset({self.bot, self.signing_secret}) | _secret_of(self.sign_in)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackInstalled(Listening):
    """A Slack app that can be installed in `workspaces`, by their ids at Slack, and in no others.

    `keys` encrypt the tokens that it gets there, the newest first. No secret is ever printed.
    """

    client_id: str
    client_secret: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    workspaces: frozenset[str]

    @property
    def sign_in(self) -> SignIn:
        return SignIn(self.client_id, self.client_secret)

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset({self.client_secret, self.signing_secret, *self.keys})


def _secret_of(sign_in: SignIn | None) -> frozenset[str]:
    return frozenset({sign_in.client_secret}) if sign_in else frozenset()


Slack = SlackTokens | SlackOverHttp | SlackInstalled


def read_slack(values: Mapping[str, str]) -> Slack | None:
    """What is set of Slack's; None where nothing is. Raises `SettingsError` for a half of it, or for two ways."""
    if any(name in values for name in _INSTALLING):
        return _read_installed(values)
    sign_in = _read_sign_in(values)
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
        return SlackTokens(bot=given["SLACK_BOT_TOKEN"], app=given["SLACK_APP_TOKEN"], sign_in=sign_in)
    return SlackOverHttp(
        bot=given["SLACK_BOT_TOKEN"],
        sign_in=sign_in,
        signing_secret=given["SLACK_SIGNING_SECRET"],
        host=read_host(values, "HTTP_HOST"),
        port=read_port(values, "HTTP_PORT", DEFAULT_HTTP_PORT),
    )


def _read_sign_in(values: Mapping[str, str]) -> SignIn | None:
    """None where nothing of it is set. Raises `SettingsError` for a half."""
    given = {name: values[name] for name in _SIGNING_IN if name in values}
    if not given:
        return None
    for name, where in _SIGNING_IN.items():
        if name not in given:
            raise SettingsError(f"{name} is not set, but {next(iter(given))} is. {where}")
    client_id, secret = given["SIGN_IN_CLIENT_ID"], given["SIGN_IN_CLIENT_SECRET"]
    if not _CLIENT_ID.fullmatch(client_id):
        raise SettingsError(
            f"SIGN_IN_CLIENT_ID is not two numbers with a dot between. {_SIGNING_IN['SIGN_IN_CLIENT_ID']}"
        )
    return SignIn(client_id, secret)


def _read_installed(values: Mapping[str, str]) -> SlackInstalled:
    several = next(name for name in _INSTALLING if name in values)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"):
        if name in values:
            raise SettingsError(
                f"{name} and {several} are both set: the first is for one workspace, the second for several. "
                "Remove one of them."
            )
    for name in (*_INSTALLING, "SLACK_SIGNING_SECRET"):
        if name not in values:
            where = _INSTALLING.get(name) or f"Copy it from the app's page at Slack: {_PAGES[name]}."
            raise SettingsError(
                f"{name} is not set, but {several} is: the bot cannot be installed without it. {where} {_TO_LEAVE}"
            )
    _check("SLACK_SIGNING_SECRET", values["SLACK_SIGNING_SECRET"])
    if not _CLIENT_ID.fullmatch(values["SLACK_CLIENT_ID"]):
        raise SettingsError(f"SLACK_CLIENT_ID is not two numbers with a dot between. {_INSTALLING['SLACK_CLIENT_ID']}")
    if values["SLACK_CLIENT_SECRET"] in {values["SLACK_SIGNING_SECRET"], values["SLACK_CLIENT_ID"]}:
        raise SettingsError(
            "SLACK_CLIENT_SECRET is the same as SLACK_SIGNING_SECRET or SLACK_CLIENT_ID; each app has three. "
            + _INSTALLING["SLACK_CLIENT_SECRET"]
        )
    return SlackInstalled(
        client_id=values["SLACK_CLIENT_ID"],
        client_secret=values["SLACK_CLIENT_SECRET"],
        signing_secret=values["SLACK_SIGNING_SECRET"],
        keys=_keys(values["TOKEN_KEY"]),
        workspaces=_workspaces(values["SLACK_WORKSPACES"]),
        host=read_host(values, "HTTP_HOST"),
        port=read_port(values, "HTTP_PORT", DEFAULT_HTTP_PORT),
    )


def _keys(given: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in given.split(",") if key.strip())
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            keys = ()
    if not keys:
        raise SettingsError(
            "TOKEN_KEY is no key: one has 44 signs, the last of them =. Make one with `throughline workspaces key`. Of "
            "several, divided by commas, the newest comes first."
        )
    return keys


def _workspaces(given: str) -> frozenset[str]:
    named = frozenset(name.strip() for name in given.split(",") if name.strip())
    if not named or not all(_WORKSPACE.fullmatch(name) for name in named):
        raise SettingsError(
            "SLACK_WORKSPACES holds something else than ids of workspaces, divided by commas, such as "
            "T024BE7LD,T061EG9R6. The id stands in the address of a workspace in the browser."
        )
    return named


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


def read_host(values: Mapping[str, str], name: str) -> str:
    """An address of this machine to listen on. Raises `SettingsError`."""
    given = values.get(name, LOOPBACK)
    if given == "localhost":
        return LOOPBACK
    try:
        return str(ipaddress.ip_address(given))
    except ValueError:
        raise SettingsError(
            f"{name} is {given!r}; write the address of this machine to listen on, for example {LOOPBACK} behind a "
            "proxy on the same machine, or 0.0.0.0 for every address that it has."
        ) from None
