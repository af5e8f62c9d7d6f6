"""The made-up customers to try things with: exports in whose times "@-26h" stands for 26 hours ago."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bot.customers.feeds import importing
from bot.customers.feeds.mapping import load_feed
from bot.customers.feeds.reporting import ImportReport
from bot.customers.tables import RecordRow
from bot.database import Database
from bot.errors import ImportRefused

_AGO = re.compile(r"@-(?P<count>\d+)(?P<unit>[dh])")
# In this order: who is known first, what happened with them after.
FILES = {
    "caredesk.jsonl": "caredesk.yaml",
    "orion.csv": "orion.yaml",
    "calls.csv": "phone.yaml",
    "mail.jsonl": "email.yaml",
    "survey.csv": "survey.yaml",
}


def import_example(database: Database, examples: Path, *, now: datetime) -> list[ImportReport]:
    """Imports the exports as of now with the mappings of `examples`; no file of them stays.

    Raises `ImportRefused` where there are customers of other sources already.
    """
    feeds = {name: load_feed(examples / "mappings" / mapping) for name, mapping in FILES.items()}
    with database.reading() as session:
        others = RecordRow.source.not_in([feed.source for feed in feeds.values()])
        if session.scalar(select(RecordRow.id).where(others).limit(1)) is not None:
            raise ImportRefused(
                "There are customers here, and made-up ones among them would be taken for real. Set DATA_DIR to an "
                "empty folder to try the example."
            )
    reports = []
    with TemporaryDirectory() as folder:
        for name, feed in feeds.items():
            text = dated((examples / "customers" / name).read_text(encoding="utf-8"), now=now)
            file = Path(folder) / name
            file.write_text(text, encoding="utf-8")
            if feed.records:
                reports.append(importing.import_customers(database, [file], feed, now=now))
            if feed.interactions:
                reports.append(importing.import_interactions(database, [file], feed, now=now))
    return reports


def dated(text: str, *, now: datetime) -> str:
    """With moments in place of "@-26h" and days in place of "@-95d"."""

    def moment(found: re.Match[str]) -> str:
        count = int(found["count"])
        if found["unit"] == "d":
            return f"{now.date() - timedelta(days=count)}"
        return (now - timedelta(hours=count)).isoformat(timespec="minutes")

    return _AGO.sub(moment, text)
