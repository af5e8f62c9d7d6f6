"""Checks a deployment; every finding names its remedy."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot import (
    app,
    audit,
    deadletters,
    doctor_customers,
    doctor_knowledge,
    doctor_people,
    postgresql,
    settings,
    slack_checks,
)
from bot.database import Database
from bot.errors import ThroughlineError
from bot.findings import Finding
from bot.friction import promised
from bot.installations import Installations, Installed
from bot.leases import LEASE
from bot.people import load_directory, load_owners
from bot.retrieval import catalogue
from bot.retrieval.embedding import Embedder
from bot.retrieval.pages import pages_in
from bot.retrieval.rows import rows_of
from bot.settings import Settings
from bot.slack_settings import SlackInstalled
from bot.web.serving import USUAL_PORT

# What waits for longer is not just paced.
LONGEST_WAITING = timedelta(minutes=5)

# A reindex keeps two generations for a while, and SQLite cannot even delete on a full disk.
LEAST_FREE_BYTES = 500 * 1024 * 1024
# A sixth of a lease: a replica whose clock is further ahead might take over what another is still at.
MOST_APART = LEASE / 6


def examine() -> list[Finding]:
    """Every check, in the order in which faults follow from each other; stops where nothing further can be checked."""
    try:
        configured = settings.load()
    except ThroughlineError as fault:
        return [Finding("fault", "Settings", str(fault))]
    findings = [Finding("ok", f"Settings: data in {configured.data_dir}, database {configured.database_shown}")]
    checks = {
        "Config": _config,
        "Friction": _friction,
        "Pulse": _pulse,
        "Leads": _letters,
        "Surges": _surges,
        "Page": _page,
        "Disk": _data_dir,
        "Knowledge": _knowledge,
        "Tracks": doctor_knowledge.tracks,
        "Touchpoint map": doctor_knowledge.touchpoints,
        "Model": _model,
        "Database": _database,
        "Live events": doctor_customers.feeds,
        "Slack": _slack,
    }
    for what, check in checks.items():
        findings.extend(_guarded(what, partial(check, configured)))
    return findings


def _guarded(what: str, check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except ThroughlineError as fault:
        return [Finding("fault", what, str(fault))]
    except (SQLAlchemyError, sqlite3.Error) as fault:
        if known := postgresql.explained(fault):
            return [Finding("fault", what, str(known))]
        return [Finding("fault", f"Database: {fault}", "Restore it from a backup, or move it away and reindex.")]


def _config(configured: Settings) -> Iterator[Finding]:
    directory = load_directory(configured.config / "people.yaml")
    owners = load_owners(configured.config / "owners.yaml")
    promised.load_promises(configured.config / promised.FILE)
    yield Finding(
        "ok", f"Config: {len(directory.roster)} people, {len(owners.teams)} owning teams in {configured.config}"
    )
    if not any("admin" in member.roles for member in directory.roster):
        yield Finding("warning", "Nobody in config/people.yaml is an admin", "Give somebody the role admin.")
    if nowhere := [team.name for team in owners.teams.values() if not directory.place_of(team)]:
        yield Finding(
            "warning",
            f"Nothing in config/people.yaml says where these teams work: {', '.join(nowhere)}; friction that is theirs "
            "is due by Monday to Friday, 9 to 17",
            "Give their people a place there.",
        )


def _friction(configured: Settings) -> Iterator[Finding]:
    if configured.friction_reaction:
        yield Finding("ok", f"Friction: whoever reacts with :{configured.friction_reaction}: is offered the form")
    else:
        yield Finding("ok", "Friction: no emoji offers the form")


def _pulse(configured: Settings) -> Iterator[Finding]:
    asked = "people are asked at most one question a week" if configured.pulse else "nobody is asked, PULSE is off"
    yield Finding("ok", f"Pulse: {asked}")


def _letters(configured: Settings) -> Iterator[Finding]:
    told = "leads and owners get the week, and alerts, by direct message; each may stop them"
    yield Finding("ok", f"Leads: {told if configured.leads_digest else 'nobody gets the week, LEADS_DIGEST is off'}")


def _surges(configured: Settings) -> Iterator[Finding]:
    told = "a team is told in its channel where many customers complain within an hour"
    yield Finding("ok", f"Surges: {told if configured.surge_alerts else 'nobody is told, SURGE_ALERTS is off'}")


def _page(configured: Settings) -> Iterator[Finding]:
    if configured.web_port == 0:
        yield Finding("ok", "Page: served nowhere, WEB_PORT is 0")
    else:
        port = configured.web_port or f"{USUAL_PORT}, or a free one"
        yield Finding("ok", f"Page: on this machine, port {port}; /friction page opens it")
    if configured.slack is None:
        where = configured.digest_channel or "nowhere, DIGEST_CHANNEL is not set"
        yield Finding("ok", f"Week: posted on Monday morning in {where}")


def _data_dir(configured: Settings) -> Iterator[Finding]:
    folder = configured.data_dir
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        yield Finding(
            "fault", f"{nearest} cannot be written", "Give this user the right to write there, or set DATA_DIR."
        )
        return
    free = shutil.disk_usage(nearest).free
    if free < LEAST_FREE_BYTES:
        yield Finding("fault", f"{free // 1048576} MB free under {nearest}", "Free some: a full disk stops everything.")
    else:
        yield Finding("ok", f"Disk: {free // 1048576} MB free under {nearest}")
    if folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Finding("warning", f"Other users of this machine can look into {folder}", f"Run `chmod 700 {folder}`.")


def _knowledge(configured: Settings) -> Iterator[Finding]:
    pages = pages_in(configured.knowledge)
    yield Finding("ok", f"Knowledge: {len(pages)} pages in {configured.knowledge}")


def _model(configured: Settings) -> Iterator[Finding]:
    embedder = Embedder(configured.model, cache=configured.models)
    numbers = embedder.encode(["a short sentence"]).shape[1]
    yield Finding("ok", f"Model: {configured.model} makes {numbers} numbers a passage")


def _database(configured: Settings) -> Iterator[Finding]:
    database = app.open_store(configured)
    try:
        found = list(_server(database) if database.on_server else _file(database))
        yield from found
        if not any(finding.state == "fault" for finding in found):
            yield from _contents(configured, database)
    except DBAPIError as fault:
        if database.on_server:
            raise postgresql.unavailable(configured.database_shown, fault) from fault
        raise
    finally:
        database.close()


def _file(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        verdict = session.execute(text("PRAGMA quick_check")).scalar_one()
    if verdict != "ok":
        yield Finding("fault", f"Database is damaged: {verdict}", "Restore it from a backup.")
    else:
        yield Finding("ok", "Database: tables up to date, no damage found")


def _server(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        told = session.execute(
            text(
                "SELECT current_setting('server_version'), clock_timestamp(), extversion FROM pg_extension "
                "WHERE extname = 'vector'"
            )
        ).one()
        apart = abs(told[1] - datetime.now(UTC))
        lax = [
            name
            for name in ("fsync", "synchronous_commit")
            if session.execute(text("SELECT current_setting(:name)"), {"name": name}).scalar_one() == "off"
        ]
    others = len(postgresql.others(database.engine))
    server = f"PostgreSQL {told[0]} with pgvector {told[2]}"
    yield Finding("ok", f"Database: {server}, tables up to date, {others} other Throughlines connected")
    if apart > MOST_APART:
        yield Finding(
            "warning",
            f"The clocks of this machine and of the database server are {apart.total_seconds():.0f} s apart",
            "Let both follow a time server: replicas tell by the clock whether another one is still at work.",
        )
    if lax:
        yield Finding(
            "warning",
            f"The database server runs with {' and '.join(lax)} off",
            "Switch it on: what was accepted from Slack must survive a power cut.",
        )


def _contents(configured: Settings, database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        live = catalogue.live_generation(session)
        if live is None:
            yield Finding("warning", "Nothing is indexed yet", "Run `throughline reindex` or `throughline run`.")
        elif Path(live.folder) != configured.knowledge:
            yield Finding(
                "warning",
                f"The index was made from {live.folder}, KNOWLEDGE is {configured.knowledge}",
                "Run `throughline reindex`.",
            )
        else:
            yield Finding("ok", f"Index: generation {live.number}, {live.documents} pages, {live.passages} passages")
        if live and (damaged := rows_of(session, live.number).damaged):
            yield Finding(
                "warning",
                f"Damaged passages of the index: {len(damaged)} of {live.passages}",
                "The next start makes them anew. Check the disk and the memory of this machine, then run "
                "`throughline reindex`.",
            )
    yield from _deliveries(database)
    yield from _audit(database)
    yield from doctor_customers.erasures(configured, database)


def _deliveries(database: Database) -> Iterator[Finding]:
    now = datetime.now(UTC)
    with database.reading() as session:
        standing = deadletters.standing(session, now=now)
    if standing.closed is not None:
        where = f" in {standing.closed.workspace}" if standing.closed.workspace else ""
        yield Finding(
            "fault",
            f"Nothing is delivered just now{where}: {standing.closed.reason}",
            "Mend what it names; what is owed is kept and goes out then.",
        )
    if standing.oldest is not None and now - standing.oldest > LONGEST_WAITING:
        yield Finding(
            "warning",
            f"{standing.waiting} messages wait to be delivered, the oldest since {standing.oldest:%Y-%m-%d %H:%M} UTC",
            "Start Throughline if it does not run; if it does, its log says what Slack answers.",
        )
    if standing.dead:
        yield Finding(
            "warning",
            f"{standing.dead} messages could not be delivered",
            "Run `throughline messages`: it says why, and sends them again.",
        )


def _audit(database: Database) -> Iterator[Finding]:
    with database.reading() as session:
        if not audit.guarded(session):
            yield Finding(
                "fault",
                "The database no longer refuses changes to the audit: a trigger of the table audit is gone or off",
                "Find out who could do that, run `throughline audit verify` with a head that was kept elsewhere, and "
                "put the triggers back from a backup.",
            )


def _slack(configured: Settings) -> Iterator[Finding]:
    yield from slack_checks.examine(
        configured, installed=partial(_installed, configured), further=partial(_people_in_slack, configured)
    )


def _installed(configured: Settings, slack: SlackInstalled) -> list[Installed]:
    database = app.open_store(configured)
    try:
        return Installations(database, client_id=slack.client_id, keys=slack.keys).all()
    finally:
        database.close()


def _people_in_slack(configured: Settings, clients: Sequence[WebClient]) -> Iterator[Finding]:
    directory = load_directory(configured.config / "people.yaml")
    database = app.open_store(configured)
    try:
        yield from doctor_people.examine(clients, doctor_people.named_anywhere(database, directory))
        yield from doctor_people.digest_channel(clients, configured.digest_channel)
    except (OSError, SlackClientError) as fault:
        yield Finding("fault", f"Slack cannot be reached: {fault}", "Check the network, a proxy and SLACK_API_URL.")
    finally:
        database.close()
