"""After rows went, the bytes that they were: rewritten, so that the database's own files hold them no more."""

import time
from collections.abc import Iterable

from sqlalchemy import Engine, text

from bot.erasure import treatments
from bot.erasure.treatments import Treatment
from bot.errors import ErasureUnfinished

# A reader in another process ends within a second or two; a long import was waited for before.
_WAITS_SECONDS = 30.0
_PAUSE_SECONDS = 0.2


def clean(engine: Engine) -> None:
    """Rewrite what rows were taken from. Others may go on working; for some moments they wait.

    Raises `ErasureUnfinished` where a reader kept the old pages for too long.
    """
    if engine.dialect.name == "postgresql":
        _rewrite(engine, (table.name for table in treatments.tables()))
    else:
        _vacuum(engine)


def _vacuum(engine: Engine) -> None:
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.execute("VACUUM")
        until = time.monotonic() + _WAITS_SECONDS
        while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > until:
                raise ErasureUnfinished(
                    "The rows are gone, but another process holds the database open in the middle of reading, so its "
                    "journal could not be emptied. Stop that process (the bot, a backup), then run `throughline erase` "
                    "again: it goes on where it stopped."
                )
            time.sleep(_PAUSE_SECONDS)
    finally:
        raw.close()


def _rewrite(engine: Engine, names: Iterable[str]) -> None:
    """FULL: a plain VACUUM leaves the bytes of dead rows in place until something new is written over them."""
    changed = {Treatment.GOES, Treatment.MASKED, Treatment.QUOTING}
    losing = [name for name in names if treatments.TABLES[name].how in changed]
    with engine.execution_options(isolation_level="AUTOCOMMIT", read_only=True).connect() as connection:
        usual = connection.execute(text("SHOW statement_timeout")).scalar_one()
        connection.execute(text("SET statement_timeout = 0"))
        try:
            for name in sorted(losing):
                connection.execute(text(f'VACUUM (FULL, ANALYZE) "{name}"'))
            # What the planner noted of common values; who may not do that is only warned.
            connection.execute(text("VACUUM (FULL) pg_catalog.pg_statistic"))
        finally:
            connection.execute(text(f"SET statement_timeout = '{usual}'"))
