"""How fast customers and interactions are imported, and looked up afterwards: one line of JSON.

    python tests/benchmarks/customers_import.py [--customers 100000] [--interactions 1000000] [--postgresql]

Generated: CSV files of customers of a CRM, and of calls that name them by phone number. Looked up: by e-mail, phone,
customer number, name with postcode, a misspelled name with postcode, a name alone.
"""

# ruff: noqa: T201 - a program prints

import argparse
import csv
import itertools
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import migrations
from bot.audiences import CUSTOMERS
from bot.customers.feeds.importing import import_customers, import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.identity.lookup import look_up
from bot.database import Database, open_database
from peers.measuring import memory_mb, percentile

sys.path.insert(0, str(Path(__file__).parent.parent))
from engines import Server

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOOKUPS = 300
CRM = """\
source: crm
country: US
dates: iso
merge: [email]
customers:
  - id: id
    name: [first, last]
    street: street
    city: city
    postcode: zip
    keys: { email: mail, phone: phone, external: id }
    facts: { segment: segment, since: { from: since, as: date } }
"""
CALLS = """\
source: phones
country: US
dates: month-first
timezone: America/Chicago
interactions:
  - id: call
    when: started
    channel: { constant: phone }
    customer: { phone: caller }
    text: notes
    outcome: result
    agent: agent
    transfers: transfers
    refs: { order: order }
"""
NOTES = (
    "Still billed for 3 boxes, returned two of them on 3 November at the Mill Road shop. Promised a call back.",
    "Modem has no light after the update, rebooted twice, technician offered for Thursday between 2 and 4.",
    "Asked what the installment plan costs and whether the old phone can be handed in. No change was made.",
    "Moves to another address next month, wants to take the line along; transferred to field planning.",
    "Card ending in 4821 was declined, paid with another one. Order arrived damaged, exchange started.",
)
SYLLABLES = ("ba", "den", "ki", "lo", "mar", "nu", "per", "ri", "sol", "ta", "vin", "zo", "fe", "ga", "hal", "jo")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--customers", type=int, default=100_000)
    asked.add_argument("--interactions", type=int, default=1_000_000)
    asked.add_argument("--postgresql", action="store_true")
    options = asked.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        people = list(_people(options.customers))
        _write(folder / "crm.csv", people)
        _write(folder / "calls.csv", _calls(options.interactions, people))
        (folder / "crm.yaml").write_text(CRM)
        (folder / "calls.yaml").write_text(CALLS)
        server = stack.enter_context(Server()) if options.postgresql else None
        url = stack.enter_context(server.fresh()) if server else f"sqlite:///{folder / 'bench.db'}"
        database = open_database(url)
        migrations.upgrade(database.engine)
        print(json.dumps(_measured(database, folder, people)))
        database.close()


def _measured(database: Database, folder: Path, people: list[dict[str, str]]) -> dict[str, object]:
    crm, calls = load_feed(folder / "crm.yaml"), load_feed(folder / "calls.yaml")
    customers = import_customers(database, [folder / "crm.csv"], crm, now=NOW)
    first = import_interactions(database, [folder / "calls.csv"], calls, now=NOW)
    again = import_interactions(database, [folder / "calls.csv"], calls, now=NOW)
    return {
        "engine": database.engine.dialect.name,
        "customers": customers.added,
        "customers_a_second": round(customers.rows_a_second),
        "interactions": first.added,
        "interactions_a_second": round(first.rows_a_second),
        "unchanged_a_second": round(again.rows_a_second),
        "peak_mb": memory_mb("VmHWM"),
        "look_up_ms": {name: _times(database, people, say) for name, say in SAID.items()},
    }


def _misspelled(name: str) -> str:
    return name[:2] + name[3:4] + name[2:3] + name[4:]


SAID: dict[str, Callable[[dict[str, str]], str]] = {
    "e-mail": lambda one: f"{one['mail']} still waits for a refund",
    "phone": lambda one: f"caller at {one['phone']} asks about the last bill",
    "number": lambda one: f"customer {one['id']} is at the desk",
    "name and postcode": lambda one: f"{one['first']} {one['last']} in zip code {one['zip']} wants to return an item",
    "misspelled": lambda one: f"{one['first']} {_misspelled(one['last'])}, {one['zip']}, wants to return an item",
    "name": lambda one: f"what happened with {one['first']} {one['last']}?",
}


def _times(database: Database, people: list[dict[str, str]], say: Callable[[dict[str, str]], str]) -> dict[str, float]:
    times: list[float] = []
    right = 0
    for one in random.Random(7).sample(people, LOOKUPS):
        start = time.perf_counter()
        with database.reading() as session:
            found = look_up(session, say(one), audiences=frozenset({CUSTOMERS}))
        times.append((time.perf_counter() - start) * 1000)
        right += one["id"] in {each.source_id for each in (found.customer, *found.candidates) if each}
    return {"p50": round(percentile(times, 50), 1), "p95": round(percentile(times, 95), 1), "found": right / LOOKUPS}


def _people(count: int) -> Iterator[dict[str, str]]:
    draw = random.Random(5)
    names = sorted({"".join(parts).capitalize() for parts in itertools.product(SYLLABLES, repeat=3)})
    first, last = names[:400], names[400:3400]
    for number in range(count):
        yield {
            "id": f"C{number:07}",
            "first": draw.choice(first),
            "last": draw.choice(last),
            "mail": f"mail{number}@example.com",
            "phone": f"({201 + number % 700}) 555-{number // 700 + 100:04}",
            "street": f"{draw.randrange(1, 999)} {draw.choice(last)} Street",
            "city": draw.choice(first),
            "zip": f"{draw.randrange(10000, 10900)}",
            "segment": draw.choice(("gold", "silver", "")),
            "since": f"20{draw.randrange(10, 26)}-0{draw.randrange(1, 10)}-{draw.randrange(10, 29)}",
        }


def _calls(count: int, people: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    draw = random.Random(6)
    for number in range(count):
        at = NOW - timedelta(minutes=draw.randrange(700_000))
        yield {
            "call": f"call-{number}",
            "started": f"{at:%m/%d/%Y %H:%M:%S}",
            "caller": draw.choice(people)["phone"],
            "notes": f"{draw.choice(NOTES)} Reference {number}.",
            "result": draw.choice(("solved", "open", "transferred")),
            "agent": f"Agent {draw.randrange(300)}",
            "transfers": str(draw.randrange(4)),
            "order": f"#W{draw.randrange(10**6, 10**7)}",
        }


def _write(file: Path, rows: Iterator[dict[str, str]] | list[dict[str, str]]) -> None:
    rest = iter(rows)
    first = next(rest)
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, first)
        writer.writeheader()
        writer.writerows(itertools.chain([first], rest))


if __name__ == "__main__":
    main()
