"""How well contacts are routed, and how fast: `python tests/benchmarks/routing.py [--speed [ROWS]]`.

Quality: the sentences of tests/data/routes.csv, in words that are not the map's. Thresholds and weights were chosen on
the half "development"; "held_out" and "social" were looked at only to print these figures.
"""
# ruff: noqa: T201 - a program prints

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import open_database
from bot.retrieval.embedding import Embedder
from bot.routing import batches
from bot.routing.complaints import BAR
from bot.routing.reading import Reader
from bot.routing.router import Router
from bot.touchpoints import TouchpointMap, load_map, versions
from sqlalchemy import insert

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT / "tests"))
from new_tables import migrate  # noqa: E402 - beside the tests
from routes import HALVES, Figures, figures, rows_of  # noqa: E402


def main(arguments: Sequence[str]) -> None:
    encoder = Embedder(cache=PROJECT / ".pytest_cache" / "models")
    map_ = load_map(PROJECT / "knowledge" / "touchpoints.yaml")
    if "--speed" in arguments:
        count = int(next((one for one in arguments if one.isdecimal()), "20000"))
        for share in (1.0, 0.1):
            speed(map_, encoder, count, distinct=share)
        return
    router = Router(map_, encoder.encode)
    print(f"bar of complaints {BAR}")
    for half in HALVES:
        rows = rows_of(half)
        told(half, figures(router, encoder, rows))


def told(half: str, found: Figures) -> None:
    print(
        f"{half}: {found.sentences} sentences, {found.on_the_map} about something on the map; routed {found.routed}: "
        f"precision {found.precision:.2f}, recall {found.recall:.2f}, best guess right {found.best:.2f}; of "
        f"{found.sentences - found.on_the_map} about nothing on it {found.astray} were routed. "
        f"Complaints: precision {found.complaint_precision:.2f}, recall {found.complaint_recall:.2f}"
    )


def speed(map_: TouchpointMap, encoder: Embedder, count: int, *, distinct: float) -> None:
    """Rows a second from the table to the table, of texts of some fifteen words."""
    dice = random.Random(1)
    words = [row["text"] for half in HALVES for row in rows_of(half)]
    texts = [f"{dice.choice(words)} {dice.choice(words)} {number}" for number in range(int(count * distinct))]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/speed.db"
        migrate(url)
        database = open_database(url)
        start = datetime(2026, 1, 1, tzinfo=UTC)
        with database.writing.begin() as session:
            versions.take(session, map_, now=start)
            session.add(CustomerRow(id=1, name="Nobody", first_seen=start))
            session.flush()
            blank = dict.fromkeys(("device", "subject", "outcome", "agent", "team", "place", "known_by"), "")
            rows = [
                blank
                | {
                    "source": "speed", "source_id": str(number), "customer": 1, "channel": "phone", "direction": "in",
                    "at": start + timedelta(seconds=number), "text": dice.choice(texts), "refs": {}, "digest": "1",
                }
                for number in range(count)
            ]  # fmt: skip
            session.execute(insert(InteractionRow), rows)
        reader = Reader(database, Router(map_, encoder.encode), encoder)
        begun, worked, done = time.perf_counter(), time.process_time(), 0
        while step := batches.route_new(database, reader):
            done += step
        spent = time.perf_counter() - begun
        print(
            f"{done} contacts of {len(set(texts))} wordings in {spent:.1f} s: {done / spent:.0f} a second, "
            f"{(time.process_time() - worked) / done * 1000:.1f} ms of processor time each"
        )
        database.close()


if __name__ == "__main__":
    main(sys.argv[1:])
