"""What a row of the audit costs an answer, and how fast a million of them is verified, on SQLite.

python tests/benchmarks/audit.py [ROWS]
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from bot import audit, migrations, outbox
from bot.audit import Purpose, View
from bot.audit.chain import GENESIS, SAID, digest
from bot.audit.reading import Asked, looks, readers
from bot.audit.rows import AuditRow
from bot.audit.unusual import unusual
from bot.database import Database, open_database
from bot.outbox import Destination
from sqlalchemy import insert
from sqlalchemy.orm import Session

ROWS, BATCH, EACH = 1_000_000, 10_000, 1000
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
PEOPLE, CUSTOMERS = 200, 100_000
FIELDS = ["name", "segment", "contacts", "promises", "orders"]


def row_of(number: int, dice: np.random.Generator) -> dict[str, object]:
    return {
        "number": number,
        "at": BEGINNING + timedelta(seconds=10 * number),
        "workspace": "T0TIDE",
        "person": f"U{dice.integers(PEOPLE):06}",
        "channel": "C0HARBOUR",
        "customer": f"{dice.integers(CUSTOMERS):032x}",
        "purpose": "card",
        "fields": FIELDS,
        "reference": f"exchange:{number}",
        "dropped": None,
    }


def fill(database: Database, rows: int) -> None:
    """Rows as the program writes them, many in one transaction."""
    dice, before = np.random.default_rng(1), GENESIS
    for start in range(1, rows + 1, BATCH):
        batch = []
        for number in range(start, min(start + BATCH, rows + 1)):
            row = row_of(number, dice)
            before = digest([row[name] for name in SAID], before)
            batch.append({**row, "hash": before})
        with database.writing.begin() as session:
            session.execute(insert(AuditRow), batch)


def fresh(file: Path) -> Database:
    database = open_database(f"sqlite:///{file}")
    migrations.upgrade(database.engine)
    return database


def milliseconds(database: Database, works: dict[str, Callable[[Session, int], object]]) -> None:
    """Says how long a transaction with each takes. In turn, so that all meet the same neighbors on this machine."""
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
    for number in range(EACH):
        for name, work in works.items():
            start, spent = time.perf_counter(), time.process_time()
            with database.writing.begin() as session:
                work(session, number)
            took[name].append((time.perf_counter() - start, time.process_time() - spent))
    for name, times in took.items():
        wall, spent = (1000 * np.percentile(column, [50, 95]) for column in zip(*times, strict=True))
        print(f"{name:<34} p50 {wall[0]:.2f} ms, p95 {wall[1]:.2f} ms; CPU {spent[0]:.2f} and {spent[1]:.2f} ms")  # noqa: T201


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = fresh(Path(folder) / "empty.db")
        now = BEGINNING + timedelta(seconds=10 * rows)

        def owe(session: Session, number: int, name: str) -> None:
            key = f"{name}:{number}"
            outbox.owe(session, key=key, kind="words", to=Destination("C"), value={"text": key}, now=now)

        def owe_and_record(session: Session, number: int, name: str) -> None:
            owe(session, number, name)
            view = View("U000001", f"{number:032x}", Purpose.CARD, tuple(FIELDS), "C0HARBOUR", f"exchange:{number}")
            audit.record(session, view, now=now)

        say = print
        both = {
            "a message owed": lambda one, n: owe(one, n, "a"),
            "and its row": lambda one, n: owe_and_record(one, n, "b"),
        }
        say("The audit is empty:")
        milliseconds(database, both)
        database.close()
        file = Path(folder) / "full.db"
        database = fresh(file)
        start = time.perf_counter()
        fill(database, rows)
        say(f"{rows:,} rows written in {time.perf_counter() - start:.0f} s, {file.stat().st_size / 1e6:.0f} MB")
        milliseconds(database, both)
        with database.reading() as session:
            for name, work in (
                ("verify", lambda: audit.verify(session)),
                ("who looked, all", lambda: readers(session, Asked())),
                ("one customer", lambda: looks(session, Asked(customers={f"{7:032x}"}), limit=10_000)),
                ("unusual", lambda: unusual(session, most=40, now=now)),
            ):
                before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
                start, spent = time.perf_counter(), time.process_time()
                found = work()
                took, spent = time.perf_counter() - start, time.process_time() - spent
                more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
                rate = f", {(rows + EACH) / spent:,.0f} rows/CPU-s" if name == "verify" else ""
                say(f"{name:<20} {took:8.3f} s, {spent:8.3f} CPU-s{rate}, {more:.0f} MB more memory at its peak")
                if isinstance(found, audit.Verdict):
                    assert found.fault is None
                    assert found.rows == rows + EACH


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROWS)
