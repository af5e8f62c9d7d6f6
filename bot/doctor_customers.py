"""Live events of customers and erasures, looked at by the doctor."""

from collections.abc import Iterator
from urllib.parse import urljoin

from sqlalchemy import func, select

from bot.database import Database
from bot.erasure import load_backups
from bot.erasure.tables import REMOVED, ErasureRow
from bot.feed_settings import SIGNED_WITH
from bot.findings import Finding
from bot.handlers.http.feeds import PATH, load_feeds, sources_in
from bot.settings import Settings
from bot.slack_settings import Listening
from bot.touchpoints.channel_ids import channels_in


def feeds(configured: Settings) -> Iterator[Finding]:
    """Raises `SettingsError` for a secret without a mapping, or a faulty one."""
    live = load_feeds(configured.feeds, channels=channels_in(configured.knowledge))
    for source in sources_in(configured.feeds.mappings):
        if source not in live:
            yield Finding(
                "warning",
                f"{configured.feeds.mappings / source}.yaml is there, but no secret: its events are refused",
                f"Set {SIGNED_WITH}{source.upper()}; `openssl rand -hex 32` makes one.",
            )
    if not live:
        return
    where = _where(configured)
    if where:
        yield Finding("ok", f"Live events: {', '.join(sorted(live))} at {where}")
    else:
        yield Finding(
            "warning",
            f"Live events of {', '.join(sorted(live))} are waited for on no port",
            "Set FEED_PORT, or run `throughline feeds serve --port PORT` beside the bot.",
        )


def _where(configured: Settings) -> str:
    own, slack = configured.feeds, configured.slack
    if own.port is not None:
        return urljoin(f"http://{own.host}:{own.port}", PATH)
    return urljoin(f"http://{slack.host}:{slack.port}", PATH) if isinstance(slack, Listening) else ""


def erasures(configured: Settings, database: Database) -> Iterator[Finding]:
    load_backups(configured.config)
    with database.reading() as session:
        waiting = session.scalar(select(func.count()).select_from(ErasureRow).where(ErasureRow.state == REMOVED))
    if waiting:
        yield Finding(
            "warning",
            f"{waiting} customers were erased, and it is not proven yet that nothing of them is left",
            "Run `throughline erase`: it goes on where it stopped, and says what is in the way.",
        )
