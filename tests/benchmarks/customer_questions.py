"""How fast a question inside one customer is, and their contact chains: one line of JSON.

    python tests/benchmarks/customer_questions.py [--interactions 300] [--others 20000] [--postgresql]

One customer with so many interactions among those of others. Cold: no vectors are kept yet, so the model reads all of
them; once in a process that has just started, once in one that has answered before. "cpu" is processor time, which
depends least on what else runs. Warm: every question reads the interactions and their vectors from the database.
"""

# ruff: noqa: T201 - a program prints

import argparse
import json
import random
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import migrations
from bot.audiences import CUSTOMERS
from bot.customers.contacts.chains import chains
from bot.customers.questions.asking import ask
from bot.customers.questions.vectors import InteractionVectorRow, meanings_of
from bot.customers.story.card import READ
from bot.customers.tables import CustomerRow, InteractionRow
from bot.customers.timeline import interactions_of
from bot.database import Database, open_database
from bot.retrieval.embedding import Embedder
from peers.measuring import memory_mb, percentile
from sqlalchemy import delete, insert

sys.path.insert(0, str(Path(__file__).parent.parent))
from contact_histories import histories, more_histories
from engines import Server
from programs import MODEL_CACHE

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SERVING = frozenset({CUSTOMERS})
QUESTIONS = (
    "what did we promise her?",
    "has she sent the modem back?",
    "what happened with order W2378156?",
    "was the refund paid?",
    "what did she write yesterday?",
    "did the technician come in October?",
    "what has she already tried?",
    "is the parcel lost",
    "what did we say on the phone about the late fee?",
    "did she complain about the noise of the fridge?",
)
ROUNDS = 20


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--interactions", type=int, default=300)
    asked.add_argument("--others", type=int, default=20_000)
    asked.add_argument("--postgresql", action="store_true")
    options = asked.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server()) if options.postgresql else None
        url = stack.enter_context(server.fresh()) if server else f"sqlite:///{folder / 'bench.db'}"
        database = open_database(url)
        migrations.upgrade(database.engine)
        _fill(database, options.interactions, options.others)
        print(json.dumps(_measured(database, options.interactions)))
        database.close()


def _measured(database: Database, count: int) -> dict[str, object]:
    embedder = Embedder(cache=MODEL_CACHE)
    start = time.perf_counter()
    first = _ask(database, QUESTIONS[0], embedder)
    just_started = time.perf_counter() - start
    with database.writing.begin() as session:
        session.execute(delete(InteractionVectorRow))
    start, worked = time.perf_counter(), time.process_time()
    _ask(database, QUESTIONS[0], embedder)
    cold, worked = time.perf_counter() - start, time.process_time() - worked
    times, worked_times = [], []
    for question in QUESTIONS * ROUNDS:
        start, began = time.perf_counter(), time.process_time()
        _ask(database, question, embedder)
        times.append((time.perf_counter() - start) * 1000)
        worked_times.append((time.process_time() - began) * 1000)
    return {
        "engine": database.engine.dialect.name,
        "interactions": count,
        "words_each": round(_words(database) / count),
        "cold_s_just_started": round(just_started, 2),
        "cold_s": round(cold, 2),
        "cold_cpu_s": round(worked, 2),
        "warm_ms": _shares(times),
        "warm_cpu_ms": _shares(worked_times),
        "chains_cpu_ms": round(_chains(database, embedder), 1),
        "quoted": first,
        "peak_mb": memory_mb("VmHWM"),
    }


def _ask(database: Database, question: str, embedder: Embedder) -> int:
    with database.reading() as session:
        interactions = interactions_of(session, 1, audiences=SERVING)
    parts = meanings_of(database, interactions, embedder=embedder, audiences=SERVING).parts
    return len(ask(question, interactions, parts, embed=embedder.encode, now=NOW, zone=UTC).quotes)


def _shares(times: list[float]) -> dict[str, float]:
    return {"p50": round(percentile(times, 50), 1), "p95": round(percentile(times, 95), 1)}


def _chains(database: Database, embedder: Embedder) -> float:
    """Milliseconds, the slowest of five: the chains alone, of as many contacts as a card reads."""
    with database.reading() as session:
        interactions = interactions_of(session, 1, audiences=SERVING, limit=READ)
    whole = meanings_of(database, interactions, embedder=embedder, audiences=SERVING).whole
    took = []
    for _ in range(5):
        start = time.process_time()
        chains(interactions, whole, now=NOW)
        took.append((time.process_time() - start) * 1000)
    return max(took)


def _words(database: Database) -> int:
    with database.reading() as session:
        return sum(len(one.text.split()) for one in interactions_of(session, 1, audiences=SERVING))


def _fill(database: Database, count: int, others: int) -> None:
    """Texts are those of the labeled histories, one to five of them in a contact."""
    draw = random.Random(11)
    said = [one for history in (*histories(), *more_histories()) for one in history.interactions]
    with database.writing.begin() as session:
        session.execute(
            insert(CustomerRow),
            [{"id": number, "name": "", "first_seen": NOW} for number in range(1, 2 + others // 10)],
        )
        rows = []
        for number in range(1, count + others + 1):
            some = draw.sample(said, draw.randint(1, 5))
            rows.append(
                {
                    "id": number,
                    "source": "bench",
                    "source_id": str(number),
                    "customer": 1 if number <= count else 2 + (number - count - 1) // 10,
                    "known_by": "",
                    "channel": some[0].channel,
                    "direction": some[0].direction,
                    "device": "",
                    "at": NOW - timedelta(minutes=draw.randrange(700_000)),
                    "subject": some[0].subject,
                    "text": " ".join(f"{one.text}." for one in some),
                    "outcome": some[0].outcome,
                    "agent": f"Agent {draw.randrange(30)}",
                    "team": some[0].team,
                    "place": "",
                    "transfers": some[0].transfers,
                    "refs": some[0].refs,
                    "digest": "",
                }
            )
        session.execute(insert(InteractionRow), rows)


if __name__ == "__main__":
    main()
