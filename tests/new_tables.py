"""Databases with the newest tables and nothing in them, made once a process: every migration takes its time."""

import tempfile
from functools import cache
from pathlib import Path

from bot import migrations
from bot.database import open_database


def migrate(url: str) -> None:
    database = open_database(url)
    migrations.upgrade(database.engine)
    database.close()


@cache
def new_file() -> bytes:
    """A file of SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        migrate(f"sqlite:///{folder}/new.db")
        return Path(folder, "new.db").read_bytes()
