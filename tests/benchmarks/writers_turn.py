"""What the writers' turn costs and saves: six threads that read and write, on PostgreSQL.

python tests/benchmarks/writers_turn.py postgresql://USER:PASSWORD@HOST/EMPTY_DATABASE
"""

import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from bot import inbox, migrations, settings
from bot.database import Database, open_database
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

THREADS, EACH = 6, 100


def timed(name: str, work: Callable[[int], int]) -> None:
    start = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        done = sum(threads.map(work, range(THREADS)))
    took = time.perf_counter() - start
    print(f"{name:<58} {done:>4} of {THREADS * EACH} {THREADS * EACH / took:>6.0f}/s")  # noqa: T201 - a program


def counting(database: Database, **options: object) -> Callable[[int], int]:
    """Reads a number and writes the next; returns how many raised nothing."""
    engine = database.engine.execution_options(**options)

    def work(_thread: int) -> int:
        done = 0
        for _ in range(EACH):
            try:
                with engine.begin() as connection:
                    seen = connection.execute(text("SELECT number FROM count")).scalar_one()
                    connection.execute(text("UPDATE count SET number = :next"), {"next": seen + 1})
                    done += 1
            except DBAPIError:
                continue
        return done

    return work


def accepting(database: Database, run: str, **options: object) -> Callable[[int], int]:
    engine = database.engine.execution_options(**options)

    def work(thread: int) -> int:
        for number in range(EACH):
            with database.writing(bind=engine) as session, session.begin():
                key, now = f"{run}:{thread}:{number}", datetime.now(UTC)
                inbox.accept(session, key=key, kind="question", conversation=f"C{thread}", value={}, now=now)
        return EACH

    return work


def main(url: str) -> None:
    database = open_database(settings.database_url(url, name="The argument"))
    migrations.upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE count (number INTEGER)"))
    ways: dict[str, dict[str, object]] = {
        "READ COMMITTED, no turn": {"read_only": True},
        "SERIALIZABLE, no turn, no second try": {"read_only": True, "isolation_level": "SERIALIZABLE"},
        "READ COMMITTED, turn": {},
    }
    for name, options in ways.items():
        with database.engine.begin() as connection:
            connection.execute(text("DELETE FROM count"))
            connection.execute(text("INSERT INTO count VALUES (0)"))
        timed(f"counted without an error: {name}", counting(database, **options))
        with database.engine.connect() as connection:
            left = connection.execute(text("SELECT number FROM count")).scalar_one()
        print(f"  counted in the table: {left}")  # noqa: T201 - as above
    timed("events accepted: no turn", accepting(database, "free", read_only=True))
    timed("events accepted: turn", accepting(database, "turn"))
    database.close()


if __name__ == "__main__":
    main(sys.argv[1])
