"""What the page asks of two years: 50,000 tickets with their reports and events, a million interactions with routes.

    python tests/benchmarks/experience_at_size.py sqlite|postgresql [--tickets 50000] [--interactions 1000000]
        [--rounds 20] [--folder DIR]

Rows are written directly, by a seed; 3,000 tickets or so are open at the end, one in twelve is met by five people or
more. `--rounds` is 2 or more. Each question is asked in a transaction of its own and counted from the beginning, as
for the first who asks (`pages_at_size.py` measures those who come after); wall time, and what this process used.
"""

# ruff: noqa: T201 - a program prints

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import machine
import numpy as np
from bot import migrations
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database, open_database
from bot.experience import journeys, losses
from bot.experience.aims import aims
from bot.experience.cells import EVERYTHING, Across, Cell
from bot.experience.courses import backlog, control, time_to_resolve
from bot.experience.fixes import fixes
from bot.experience.headcounts import Headcounts
from bot.experience.mapped import mapped
from bot.experience.overview import overview
from bot.experience.partners import partner_lane
from bot.experience.peaks import peaks
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.strip import strip
from bot.experience.themes import themes
from bot.experience.touchpoints import heat, spots
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import Week, last_weeks, week_at
from bot.experience.world import Rates, World
from bot.friction.tables import EventRow, ReportCustomerRow, ReportRow, ThemeRow, TicketRow, TicketToolRow
from bot.noticing.noticed import noticed
from bot.people import load_directory, load_owners
from bot.routing.tables import RouteRow
from bot.touchpoints import FILE, TouchpointMap, load_map
from peers.measuring import percentile
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent.parent))
from engines import Server
from offices import PROJECT

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
WEEKS = 104
SPAN = timedelta(weeks=WEEKS)
THEMES, PEOPLE, CUSTOMERS = 300, 3000, 100_000
CHANNELS = ("store", "phone", "phone", "chat", "chat", "email", "social", "web", "mobile_app", "survey")
Row = dict[str, Any]


def the_map() -> TouchpointMap:
    owners = load_owners(PROJECT / "config" / "owners.yaml")
    roles = load_directory(PROJECT / "config" / "people.yaml").roles
    folder = PROJECT / "knowledge"
    return load_map(folder / FILE, teams=owners.teams, roles=roles, tracks=None, pages=folder)


class Made:
    """Two years of tickets, and what came of each."""

    def __init__(self, map_: TouchpointMap, *, tickets: int, seed: int) -> None:
        self._map, self._total, self._dice = map_, tickets, random.Random(seed)
        self._touchpoints = list(map_.ex.values())
        self._report = 0

    def tickets(self) -> Iterator[tuple[type, Row]]:
        dice = self._dice
        yield from ((ThemeRow, self._theme(number)) for number in range(1, THEMES + 1))
        for number in range(1, self._total + 1):
            filed = NOW - SPAN * (1 - number / self._total) + timedelta(minutes=dice.randrange(600))
            filed = min(filed, NOW - timedelta(minutes=5))
            took = timedelta(hours=dice.expovariate(1 / 120) + 0.5)
            seen = filed + took * 0.1
            over = filed + took if filed + took < NOW and dice.random() < 0.96 else None
            reopened = over is not None and dice.random() < 0.04
            work = dice.choice(self._touchpoints)
            state = (
                "closed" if over else dice.choice(("new", "acknowledged", "triaged", "in_progress", "waiting_partner"))
            )
            acknowledged = None if state == "new" else min(seen, NOW)
            people = 1 + min(int(dice.paretovariate(1.1)) - 1, 30)
            held = state == "waiting_partner"
            waited = over is not None and dice.random() < 0.2
            yield TicketRow, {
                "id": number, "title": f"Ticket {number}", "state": state, "before": "", "kind": dice.choice(KINDS),
                "severity": dice.choice(("S1", "S2", "S3", "S3", "S4")), "touchpoint": work.id,
                "partner": "fieldpro" if held else "", "page": "", "team": work.owner, "assignee": "",
                "assignee_name": "", "workaround": "", "root_cause": "", "resolution": "fixed" if over else "",
                "resolved_with": "", "merged_into": None, "split_from": None, "theme": dice.randrange(1, THEMES + 1),
                "placed_by": "", "filed_at": filed, "changed_at": over or acknowledged or filed,
                "acknowledged_at": acknowledged, "resolved_at": over,
                "acknowledge_by": filed + timedelta(hours=24), "resolve_by": filed + timedelta(days=7),
                "promised_at": filed, "warn_acknowledge_at": None, "warn_resolve_at": None, "look_at": None,
                "held_since": acknowledged if held else None, "held_seconds": 3600.0 * waited,
                "reopened": int(reopened),
                "told": 0, "secret": "", "version": 1,
            }  # fmt: skip
            for tool in work.tools[:2]:
                yield TicketToolRow, {"ticket": number, "tool": tool}
            yield from self._events(number, acknowledged, over, reopened=reopened, held=held or waited)
            yield from self._reports(number, filed, over, people)

    def _theme(self, number: int) -> Row:
        return {"id": number, "label": f"Theme {number}", "named_by": "", "outcome": "", "changed_at": NOW}

    def _events(
        self, number: int, seen: datetime | None, over: datetime | None, *, reopened: bool, held: bool
    ) -> Iterator[tuple[type, Row]]:
        steps: list[tuple[str, str, str, datetime]] = []
        if seen:
            steps += [("acknowledge", "new", "acknowledged", seen), ("triage", "acknowledged", "triaged", seen)]
            steps.append(("start", "triaged", "in_progress", seen))
        if seen and held:
            steps.append(("hold_for_partner", "in_progress", "waiting_partner", seen))
            if over:
                steps.append(("resume", "waiting_partner", "in_progress", seen + (over - seen) / 2))
        if over and seen:
            steps.append(("resolve", "in_progress", "resolved", over - (over - seen) / 4 if reopened else over))
            if reopened:
                steps.append(("reopen", "resolved", "in_progress", over - (over - seen) / 5))
                steps.append(("resolve", "in_progress", "resolved", over))
            steps.append(("close", "resolved", "closed", over))
        for event, source, target, at in steps:
            changed = {"team": ["", "billing-it"]} if event == "triage" else {}
            yield EventRow, {
                "ticket": number, "at": at, "event": event, "source": source, "target": target, "actor": "",
                "actor_name": "", "words": "", "changed": changed,
            }  # fmt: skip

    def _reports(self, number: int, filed: datetime, over: datetime | None, people: int) -> Iterator[tuple[type, Row]]:
        end = over or NOW
        for place, who in enumerate(self._dice.sample(range(PEOPLE), people)):
            self._report += 1
            yield ReportRow, {
                "id": self._report, "ticket": number, "handle": f"handle-{who}", "privacy": "named",
                "reached": f"U{who}", "workspace_reached": "T0", "name": f"Person {who}", "role": "shop",
                "place": ("harbour-street", "mill-road", "call-center", "")[who % 4], "words": "it hangs",
                "minutes": self._dice.choice((None, 2.0, 5.0, 10.0, 30.0)),
                "frequency": self._dice.choice(("once", "per_customer", "daily", "weekly")),
                "effect": self._dice.choice(("none", "none", "waited")), "evidence": [], "claim": "",
                "first": not place, "still": self._dice.choice(("", "", "no", "yes")) if over else "",
                "at": filed + (end - filed) * self._dice.random() * 0.5,
            }  # fmt: skip
            if self._dice.random() < 0.1:
                yield ReportCustomerRow, {"report": self._report, "customer": self._dice.randrange(1, CUSTOMERS + 1)}


KINDS = ("slow", "outage", "wrong_data", "login", "unclear_policy", "duplicate_entry", "handoff", "other")


def interactions(map_: TouchpointMap, total: int, seed: int) -> Iterator[tuple[object, Row]]:
    dice = random.Random(seed)
    cx = list(map_.cx)
    for number in range(1, total + 1):
        channel = dice.choice(CHANNELS)
        at = NOW - SPAN * (1 - number / (total + 1))
        survey = channel == "survey"
        yield InteractionRow, {
            "id": number, "source": "surveys" if survey else "crm", "source_id": str(number),
            "customer": dice.randrange(1, CUSTOMERS + 1), "known_by": "", "channel": channel, "direction": "in",
            "device": "", "at": at, "subject": "About my bill",
            "text": "I was billed for a box that I brought back to the shop three weeks ago, and nobody answers.",
            "outcome": f"{dice.choice((1, 2, 3, 4, 4, 5, 5))}/5" if survey else "solved", "agent": "Sam",
            "team": "care", "place": "", "transfers": None, "refs": {}, "digest": "",
        }  # fmt: skip
        if dice.random() < 0.7:
            yield RouteRow, {
                "interaction": number, "touchpoint": dice.choice(cx), "likeness": 0.7,
                "complaint": not survey and dice.random() < 0.2, "routed_by": "", "map_version": 1, "digest": "",
            }  # fmt: skip


PARENTS_FIRST: tuple[Any, ...] = (
    *(CustomerRow, ThemeRow, TicketRow, TicketToolRow, EventRow, ReportRow, ReportCustomerRow),
    *(InteractionRow, RouteRow),
)


def write(database: Database, rows: Iterator[tuple[Any, Row]]) -> None:
    while some := list(islice(rows, 20_000)):
        of_each: dict[Any, list[Row]] = {}
        for table, row in some:
            of_each.setdefault(table, []).append(row)
        with database.writing.begin() as session:
            for table in filter(of_each.__contains__, PARENTS_FIRST):
                session.execute(insert(table), of_each[table])


def fill(database: Database, map_: TouchpointMap, *, tickets: int, contacts: int) -> None:
    customers = (
        (CustomerRow, {"id": number, "alias": f"{number:032x}", "name": "", "merged_into": None, "first_seen": NOW})
        for number in range(1, CUSTOMERS + 1)
    )
    write(database, customers)
    write(database, Made(map_, tickets=tickets, seed=1).tickets())
    write(database, interactions(map_, contacts, 2))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def told(database: Database) -> str:
    with database.reading() as session:
        counts = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table))
            for table in (TicketRow, ReportRow, EventRow, InteractionRow)
        }
        open_ones = session.scalar(
            select(func.count()).select_from(TicketRow).where(TicketRow.state.not_in(["closed", "resolved"]))
        )
    return f"{', '.join(f'{name} {count:,}' for name, count in counts.items())}; {open_ones:,} open"


def questions(world: World) -> dict[str, Callable[[Session], object]]:
    """Each view of the page by its name."""
    viewer, zone = THE_COMPANY, world.zone
    twelve, half_a_year = (last_weeks(count, until=week_at(NOW, zone)) for count in (12, 26))

    def of(view: Callable[..., object], *besides: object, over: Sequence[Week] = twelve) -> Callable[[Session], object]:
        return lambda session: view(Reading(session, over, world, viewer=viewer, now=NOW), *besides)

    tool, touchpoint = Cell(Across.TOOL, "caredesk"), Cell(Across.TOUCHPOINT, next(iter(world.map.ex)))
    place = Cell(Across.PLACE, "mill-road")
    return {
        "losses, 12 weeks": lambda session: losses.lost(session, twelve, viewer=viewer, now=NOW, zone=zone),
        "overview": of(overview),
        "overview strip": of(strip),
        "themes: Pareto and roadmap": of(themes, ()),
        "touchpoint x tool": of(heat),
        "friction x complaints": of(spots),
        "control chart of everything, 26 weeks": of(control, EVERYTHING, over=half_a_year),
        "control chart of a touchpoint, 26 weeks": of(control, touchpoint, over=half_a_year),
        "time to resolve": of(time_to_resolve, EVERYTHING),
        "time to resolve of a tool": of(time_to_resolve, tool),
        "created and resolved": of(backlog, EVERYTHING),
        "map": of(mapped),
        "fixes, two years": of(fixes, {}, over=last_weeks(WEEKS, until=week_at(NOW, zone))),
        "targets": of(aims),
        "demand by hour and channel": of(peaks),
        "partner lane": of(partner_lane),
        "journeys": of(journeys.of),
        "scorecard of everything": of(scorecard, EVERYTHING),
        "scorecard of a tool": of(scorecard, tool),
        "scorecard of a touchpoint": of(scorecard, touchpoint),
        "scorecard of a place": of(scorecard, place),
    }


def parser() -> argparse.ArgumentParser:
    asked = argparse.ArgumentParser()
    asked.add_argument("engine", choices=("sqlite", "postgresql"))
    asked.add_argument("--tickets", type=int, default=50_000)
    asked.add_argument("--interactions", type=int, default=1_000_000)
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--folder", type=Path, help="where the data is made, and kept; used again if it is there")
    return asked


@contextmanager
def filled(options: argparse.Namespace) -> Iterator[Database]:
    """The two years, made unless they are there."""
    print(f"{options.engine}; {machine.described()}")
    with ExitStack() as stack:
        database = _database(options.engine, options.folder, stack)
        stack.callback(database.close)
        migrations.upgrade(database.engine)
        with database.reading() as session:
            empty = session.scalar(select(func.count()).select_from(TicketRow)) == 0
        if empty:
            begun = time.perf_counter()
            fill(database, the_map(), tickets=options.tickets, contacts=options.interactions)
            print(f"filled in {time.perf_counter() - begun:.0f} s")
        print(told(database), flush=True)
        yield database


def the_world() -> World:
    return World(the_map(), Headcounts.of_counts({(role, ""): 400 for role in ("shop", "phone", "chat", "billing")}),
                 rates=Rates(25.0, 6.0), zone=UTC, routes=RouteRow.__table__)  # fmt: skip


def main() -> None:
    options, world = parser().parse_args(), the_world()
    with filled(options) as database:
        begun, spent = time.perf_counter(), time.process_time()
        with database.reading() as session:
            weeks = last_weeks(WEEKS, until=week_at(NOW, UTC))
            noticed(Reading(session, weeks, world, viewer=THE_COMPANY, now=NOW))
        print(f"signals counted in {time.perf_counter() - begun:.1f} s, CPU {time.process_time() - spent:.1f} s")
        for name, ask in questions(world).items():
            walls, used = [], []
            for _ in range(options.rounds):
                begun, spent = time.perf_counter(), time.process_time()
                with database.reading() as session:
                    ask(session)
                walls.append(1000 * (time.perf_counter() - begun))
                used.append(1000 * (time.process_time() - spent))
            print(
                f"{name:<44} p50 {percentile(walls, 50):6.0f}  p95 {percentile(walls, 95):6.0f} ms; "
                f"CPU p50 {np.median(used):5.0f}; load {machine.load()}",
                flush=True,
            )


def _database(engine: str, folder: Path | None, stack: ExitStack) -> Database:
    where = folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
    where.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        return open_database(f"sqlite:///{where / 'experience.db'}")
    server = stack.enter_context(Server(where))
    return open_database(stack.enter_context(server.fresh()))


if __name__ == "__main__":
    main()
