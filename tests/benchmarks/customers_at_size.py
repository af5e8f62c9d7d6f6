"""A million interactions of a hundred thousand customers: imported, looked up, shown, asked, handed over, erased.

    python tests/benchmarks/customers_at_size.py sqlite|postgresql [--interactions 1000000] [--seed 1] [--folder DIR]

There are a tenth as many customers. Each part runs in a process of its own. Wall time is what people wait; CPU is that
of our process alone, and steadier on a machine with other work. PostgreSQL keeps its data in the same folder and
writes through to the disk, as SQLite does.
"""

# ruff: noqa: T201 - a program prints

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import machine
import made_customers
from bot import app, inbox, migrations, settings
from bot.audiences import CUSTOMERS
from bot.customers.circumstances import circumstances_of
from bot.customers.feeds.importing import import_customers, import_interactions
from bot.customers.feeds.mapping import load_feed
from bot.customers.focus import Focus
from bot.customers.identity.lookup import look_up
from bot.customers.questions.vectors import InteractionVectorRow
from bot.customers.story import due
from bot.customers.sweeping import assign_all
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database, open_database
from bot.erasure import Eraser
from bot.handlers.customers.surface import SHOW
from bot.leases import Claim
from bot.offered_customers import ServingCustomers, handover_at_home, serving_customers
from bot.people import Person
from bot.serving import operator
from made_customers import Company
from peers.measuring import memory_mb, percentile
from sqlalchemy import delete, select

sys.path.insert(0, str(Path(__file__).parent.parent))
from engines import Server
from programs import MODEL_CACHE, PROJECT

NOW = made_customers.NOW
SERVING = frozenset({CUSTOMERS})
CARDS, LOOKUPS, HEAVY_CARDS, SWEPT = 200, 200, 15, 1000
CHANNEL = "D0BENCH"
QUESTIONS = (
    "what did we promise her?",
    "has she sent the modem back?",
    "what happened with order W2378156?",
    "was the refund paid?",
    "did the technician come in October?",
    "what has she already tried?",
    "did she complain about the late fee?",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of one run find what the others made."""

    folder: Path
    url: str
    company: Company


class Colleagues:
    """Slack's side of the door: everybody is Maya, who works in the busy shop."""

    def __init__(self, maya: Person) -> None:
        self._maya = maya

    def person(self, _id: str) -> Person:
        return self._maya

    def direct_with(self, _id: str) -> str:
        return CHANNEL

    def address(self, _id: str) -> str:
        return "maya.okafor@tidewater.example"


class Measured:
    """Milliseconds of wall time and of CPU, by what was done."""

    def __init__(self) -> None:
        self._took: dict[str, list[tuple[float, float]]] = {}

    def run(self, name: str, work: Callable[[], Any]) -> Any:
        start, spent = time.perf_counter(), time.process_time()
        found = work()
        self._took.setdefault(name, []).append(
            (1000 * (time.perf_counter() - start), 1000 * (time.process_time() - spent))
        )
        return found

    def rows(self) -> Iterable[tuple[str, str]]:
        for name, times in self._took.items():
            if len(times) == 1:
                yield name, f"{times[0][0] / 1000:.2f} s, CPU {times[0][1] / 1000:.2f} s"
                continue
            wall, cpu = zip(*times, strict=True)
            p50, p95, cpu50, cpu95 = (percentile(column, percent) for column in (wall, cpu) for percent in (50, 95))
            told = f"p50 {p50:.1f} ms, p95 {p95:.1f} ms; CPU {cpu50:.1f} and {cpu95:.1f} ms"
            yield name, f"{told} ({len(times)} times)"


def importing(place: Place) -> Iterable[tuple[str, str]]:
    database = open_database(place.url)
    for name, take in (
        ("crm", import_customers),
        ("bills", import_customers),
        ("shop", import_customers),
        ("phones", import_interactions),
        ("desk", import_interactions),
    ):
        yield _imported(database, place.company, name, take)
    yield f"{'imported again':<26}", _imported(database, place.company, "phones", import_interactions)[1]
    yield "peak memory of the import", f"{memory_mb('VmHWM'):.0f} MB"
    if not database.on_server:
        yield "size of the file", f"{Path(database.engine.url.database or '').stat().st_size / 1e6:.0f} MB"
    database.close()


def _imported(database: Database, company: Company, name: str, take: Callable[..., Any]) -> tuple[str, str]:
    (file, mapping), *_ = company.exports(name)
    spent = time.process_time()
    report = take(database, [file], load_feed(mapping), now=NOW)
    spent = time.process_time() - spent
    what = "customers" if take is import_customers else "interactions"
    return f"{what} of {name}", (
        f"{report.rows_a_second:,.0f} rows/s, {report.read / spent:,.0f} rows/CPU-s ({report.read:,} rows, "
        f"{report.rejected} rejected, {report.seconds:.0f} s)"
    )


def looking_up(place: Place) -> Iterable[tuple[str, str]]:
    database, measured = open_database(place.url), Measured()
    found: dict[str, int] = {}
    for one in random.Random(7).sample(place.company.people, LOOKUPS):
        for name, say in SAID.items():
            told = measured.run(name, partial(_looked_up, database, say(one)))
            found[name] = found.get(name, 0) + (told.customer is not None and told.customer.name.endswith(one["last"]))
    database.close()
    for name, times in measured.rows():
        yield f"look-up by {name}", f"{times}, {found[name] / LOOKUPS:.0%} one customer"


def _looked_up(database: Database, words: str) -> Any:
    with database.reading() as session:
        return look_up(session, words, audiences=SERVING)


SAID: Mapping[str, Callable[[dict[str, str]], str]] = {
    "e-mail": lambda one: f"{one['mail']} still waits for a refund",
    "phone": lambda one: f"caller at {one['phone']} asks about the last bill",
    "customer number": lambda one: f"customer {one['id']} is at the desk",
    "name and postcode": lambda one: f"{one['first']} {one['last']} in zip code {one['zip']} wants to return an item",
    "misspelled name": lambda one: f"{one['first']} {one['last'][:-2]}, {one['zip']}, wants to return an item",
    "name alone": lambda one: f"what happened with {one['first']} {one['last']}?",
}


class Counter:
    """What somebody at a counter does, through the handlers of Slack's events, with what is owed and written down."""

    def __init__(self, place: Place) -> None:
        environ = {"DATA_DIR": str(place.folder), "DATABASE_URL": place.url, "MODEL_CACHE": str(MODEL_CACHE)}
        self.house = app.build(settings.load(environ, folder=PROJECT))
        self.maya = self.house.directory.find("maya.okafor@tidewater.example")
        self.people: Any = Colleagues(self.maya)
        nobody: Any = None
        serving: ServingCustomers = serving_customers(self.house, self.people, nobody, bot="U0BOT")
        self.customers = serving.customers
        self.answers = serving.customers._answers
        self.measured = Measured()
        self._number = 0

    def warm_up(self) -> None:
        """As `throughline run` does, but for the knowledge: nothing here is answered from that."""
        self.house.library.encoder.encode(["warm up"])
        due.warm_up()

    def event(self, kind: str, **value: Any) -> inbox.Accepted:
        """One that is under way, as the handlers get it."""
        self._number += 1
        now = datetime.now(UTC)
        whole = {"person": self.maya.id, "channel": CHANNEL, "thread": "", "response_url": None, **value}
        with self.house.database.writing.begin() as session:
            inbox.accept(
                session, key=f"{os.getpid()}:{self._number}", kind=kind, conversation="c", value=whole, now=now
            )
            taken = inbox.take(session, Claim("bench", now))
        assert taken is not None
        return taken

    def ids(self, people: Iterable[dict[str, str]]) -> list[int]:
        found = [_looked_up(self.house.database, one["mail"]).customer for one in people]
        return [one.id for one in found if one is not None]

    def card(self, name: str, customer: int) -> None:
        event = self.event(SHOW, numbers=[customer])
        self.measured.run(name, partial(self.customers.show, event))


def cards(place: Place) -> Iterable[tuple[str, str]]:
    counter = Counter(place)
    counter.warm_up()
    people = place.company.people
    some = counter.ids(random.Random(3).sample(people, CARDS))
    for name in ("card, first opened", "card, warm"):
        for customer in some:
            counter.card(name, customer)
    for many, places in place.company.heavy.items():
        for customer in counter.ids(people[number] for number in places[:3]):
            counter.card(f"card of {many:,} contacts, first", customer)
            for _ in range(HEAVY_CARDS):
                counter.card(f"card of {many:,} contacts, warm", customer)
    for many, places in place.company.hostile.items():
        for customer in counter.ids(people[number] for number in places):
            counter.card(f"card of {many} awkward texts, first", customer)
            for _ in range(HEAVY_CARDS):
                counter.card(f"card of {many} awkward texts, warm", customer)
    yield from counter.measured.rows()
    yield "peak memory of the bot", f"{memory_mb('VmHWM'):.0f} MB"


def questions(place: Place) -> Iterable[tuple[str, str]]:
    counter = Counter(place)
    counter.warm_up()
    (customer,) = counter.ids([place.company.people[place.company.heavy[300][-1]]])
    theirs = select(InteractionRow.id).where(InteractionRow.customer == customer)
    with counter.house.database.writing.begin() as session:
        session.execute(delete(InteractionVectorRow).where(InteractionVectorRow.interaction.in_(theirs)))
        focus = Focus(customer, session.get_one(CustomerRow, customer).alias, "somebody")
    for name, count in (("cold", 1), ("warm", 20 * len(QUESTIONS))):
        for number in range(count):
            question = QUESTIONS[number % len(QUESTIONS)]
            event = counter.event("message", text=question)
            answer = partial(counter.answers.answer, event, counter.maya, focus, question, now=datetime.now(UTC))
            counter.measured.run(f"question among 300 contacts, {name}", answer)
    yield from counter.measured.rows()


def handing_over(place: Place) -> Iterable[tuple[str, str]]:
    counter = Counter(place)
    house, now = counter.house, datetime.now(UTC)
    center = replace(counter.maya, name="Sam Tran", place="call-center")
    teams: Any = SimpleNamespace(address=lambda _id: "sam.tran@tidewater.example")
    told: dict[str, int] = {}
    for _ in range(20):
        for name, people, person in (("busy shop", counter.people, counter.maya), ("team of the phone", teams, center)):
            found = counter.measured.run(
                f"hand-over of a {name}", partial(handover_at_home, house, people, person, now)
            )
            told[name] = len(found.customers) if found else 0
    yield from counter.measured.rows()
    yield "customers handed over", ", ".join(f"{name} {count}" for name, count in told.items())


class Enough(Exception):
    pass


def assigning(place: Place) -> Iterable[tuple[str, str]]:
    """What `throughline tracks assign` does with the first thousand of all customers."""
    counter = Counter(place)
    house = counter.house
    known = partial(circumstances_of, audiences=SERVING, now=NOW, zone=UTC)

    def until_enough(_what: str, done: int, _total: int) -> None:
        if done >= SWEPT:
            raise Enough

    def work() -> None:
        with suppress(Enough):
            assign_all(house.database, house.tracks.read(), known, audiences=SERVING, now=NOW, progress=until_enough)

    for name in ("first", "again"):
        counter.measured.run(f"tracks of {SWEPT:,} customers, {name}", work)
    yield from counter.measured.rows()


def erasing(place: Place) -> Iterable[tuple[str, str]]:
    """Of a customer with some eight contacts, and their card on it."""
    counter = Counter(place)
    (customer,) = counter.ids([place.company.people[1]])
    by = replace(operator(), audiences=SERVING)
    eraser = Eraser(counter.house.database, place.folder, clock=lambda: datetime.now(UTC))
    counter.measured.run("erasure: what would go", partial(eraser.look, customer, by=by))
    receipt = counter.measured.run("erasure of one customer", partial(eraser.erase, customer, by=by, reason="asked"))
    yield from counter.measured.rows()
    yield (
        "proven",
        f"{receipt.proven}, {receipt.rows_searched:,} rows and {receipt.bytes_searched / 1e6:.0f} MB searched",
    )
    yield "peak memory of the erasure", f"{memory_mb('VmHWM'):.0f} MB"


PARTS = (importing, looking_up, cards, questions, handing_over, assigning, erasing)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("engine", choices=("sqlite", "postgresql"))
    asked.add_argument("--interactions", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--folder", type=Path, help="where the files are made, on a disk with some gigabytes free")
    options = asked.parse_args()
    print(f"{options.engine}, {options.interactions:,} interactions, seed {options.seed}; {machine.described()}")
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))
        exports = folder / "exports"
        exports.mkdir()
        company = made_customers.make(
            exports, customers=options.interactions // 10, interactions=options.interactions, seed=options.seed
        )
        data = folder / "var"
        data.mkdir()
        url = _database(options.engine, folder, stack)
        place = Place(data, url, company)
        for part in PARTS:
            print(f"-- {part.__name__.replace('_', ' ')}, load {machine.load()}")
            for name, figure in _apart(part, place):
                print(f"{name:<40} {figure}", flush=True)


def _database(engine: str, folder: Path, stack: ExitStack) -> str:
    """The address of an empty database in the folder."""
    if engine == "sqlite":
        url = f"sqlite:///{folder / 'throughline.db'}"
    else:
        server = stack.enter_context(Server(folder))
        for setting in ("fsync", "full_page_writes"):
            server.sql(f"ALTER SYSTEM RESET {setting}")
        server.sql("SELECT pg_reload_conf()")
        url = stack.enter_context(server.fresh())
    database = open_database(url)
    migrations.upgrade(database.engine)
    database.close()
    return url


def _apart(part: Callable[[Place], Iterable[tuple[str, str]]], place: Place) -> list[tuple[str, str]]:
    """In a fresh process, so that no part's memory is another's."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        return alone.submit(_listed, part, place).result()


def _listed(part: Callable[[Place], Iterable[tuple[str, str]]], place: Place) -> list[tuple[str, str]]:
    return list(part(place))


if __name__ == "__main__":
    main()
