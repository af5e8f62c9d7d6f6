"""Ten thousand tickets with 25,000 reports: reported, joined, listed, moved, told, by a bot in the local workspace.

    python tests/benchmarks/friction_at_size.py sqlite|postgresql [--tickets 10000] [--rounds 60] [--parts PART ...]

The words are those of the made-up reports with other numbers in them, and a vector is that of its report, turned a
little. The bot, the local workspace, the people and the database share this machine. Wall time is what people wait; CPU
is that of this process, with the workspace in it. The part in Slack is measured while the themes of a night are made,
one night after the other.
"""

# ruff: noqa: T201 - a program prints

import argparse
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import machine
import numpy as np
from bot import app, friction_wording, migrations, settings
from bot.app import House
from bot.database import Database, insert, open_database
from bot.errors import ThemesNotMade
from bot.friction import clustering, export, habits, listing, mine, sealing, theming
from bot.friction.acting import Act, Resolution
from bot.friction.desk import as_guessed
from bot.friction.groups import By, groups
from bot.friction.kinds import Frequency, Privacy, Severity
from bot.friction.known import STORED
from bot.friction.listing import Asked
from bot.friction.moves import Event, State
from bot.friction.reporters import Reporter, kept
from bot.friction.roles import THROUGHLINE, Actor
from bot.friction.tables import EventRow, ReportRow, TicketRow, TicketToolRow, TicketVectorRow
from bot.friction.telling_tables import CardRow
from bot.friction.wanted import Field
from bot.handlers.friction.rounds import Cards, Post
from bot.outbox import OutboxRow
from peers.measuring import memory_mb, percentile
from sqlalchemy import delete, func, select

sys.path.insert(0, str(Path(__file__).parent.parent))
import offices
from engines import Server
from friction.guess_figures import Labelled, made_up
from offices import Office
from programs import MODEL_CACHE, PROJECT, UNHURRIED

NOW = datetime.now(UTC).replace(microsecond=0)
# A quarter is over; of what is open one in a hundred is met by fifty people, the rest by one to four.
OVER, MANY, MANY_PEOPLE, FEW = 0.25, 0.01, 50, (1, 1, 1, 2, 2, 3, 4)
PEOPLE = 3000
PLACES = ("harbour-street", "mill-road", "call-center", "")
# How far the vector of a report is from that of the made-up one which it is like.
TURNED = 0.25
MAYA, SHOP = "U0MAYA", "C0HARBOUR"
EMPLOYEE = frozenset({"everyone"})
Rows = list[dict[str, Any]]


class Measured:
    """Milliseconds of wall time and of CPU, by what was done."""

    def __init__(self) -> None:
        self._took: dict[str, list[tuple[float, float]]] = {}

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        start, spent = time.perf_counter(), time.process_time()
        yield
        took = 1000 * (time.perf_counter() - start), 1000 * (time.process_time() - spent)
        self._took.setdefault(name, []).append(took)

    def tell(self) -> None:
        for name, times in self._took.items():
            wall, cpu = ([one[place] for one in times] for place in (0, 1))
            if len(times) == 1:
                print(f"{name:<52} {wall[0]:8.0f} ms, CPU {cpu[0]:.0f}", flush=True)
                continue
            told = f"p50 {statistics.median(wall):6.1f}, p95 {percentile(wall, 95):6.1f} ms"
            print(f"{name:<52} {told}; CPU p50 {statistics.median(cpu):.1f} ({len(times)} times)", flush=True)
        self._took.clear()


class Made:
    """Tickets as a bot leaves them behind in a year, written at once."""

    def __init__(self, house: House, workspace: str, *, tickets: int, seed: int) -> None:
        self._house, self._workspace, self._dice = house, workspace, random.Random(seed)
        self._texts = [*made_up("development"), *made_up("held out")]
        self._vectors = house.library.encoder.encode([one.text for one in self._texts])
        self._noise = np.random.default_rng(seed)
        self._people = [Reporter(f"U1P{number}", workspace, f"Person {number}") for number in range(PEOPLE)]
        self._at = NOW - timedelta(days=364)
        self._every = timedelta(days=364) / tickets
        self.reports = 0

    def write(self, database: Database, tickets: int) -> None:
        for start in range(1, tickets + 1, 500):
            rows: dict[type, Rows] = {}
            for number in range(start, min(start + 500, tickets + 1)):
                self._ticket(number, rows)
            with database.writing.begin() as session:
                for table, values in rows.items():
                    session.execute(insert(session, table), values)
        if database.on_server:
            self._set_counters(database, tickets)

    def _set_counters(self, database: Database, tickets: int) -> None:
        """Numbers that were given and not drawn are drawn again, else."""
        with database.writing.begin() as session:
            session.execute(func.setval("friction_tickets_id_seq", tickets).select())

    def _ticket(self, number: int, rows: dict[type, Rows]) -> None:
        place = self._dice.randrange(len(self._texts))
        told, self._at = self._texts[place], self._at + self._every
        over, secret = self._dice.random() < OVER, sealing.new_secret()
        map_ = self._house.friction.map
        team = next((map_.owner_of(tool) for tool in told.tools if tool in map_.tools), "") or "retail-operations"
        state = State.CLOSED if over else self._dice.choice(_WORKED_ON)
        rows.setdefault(TicketRow, []).append(
            {
                "id": number,
                "title": self._words(told)[:90],
                "state": state,
                "before": State.ACKNOWLEDGED,
                "kind": told.kind,
                "severity": self._dice.choice((Severity.S2, Severity.S3, Severity.S3, Severity.S4)),
                "touchpoint": next(iter(told.touchpoints), ""),
                "team": team,
                "filed_at": self._at,
                "changed_at": self._at,
                "resolved_at": self._at if over else None,
                "secret": "" if over else secret,
                **dict.fromkeys(_EMPTY, ""),
                "held_seconds": 0.0,
                "reopened": 0,
                "told": 1,
                "version": 1,
            }
        )
        tools = [tool for tool in told.tools if tool in map_.tools]
        rows.setdefault(TicketToolRow, []).extend({"ticket": number, "tool": tool} for tool in dict.fromkeys(tools))
        vector = self._vectors[place] + TURNED * self._noise.normal(size=self._vectors.shape[1]) / 20
        stored = (vector / np.linalg.norm(vector)).astype(STORED).tobytes()
        model = self._house.library.encoder.identity
        guessed = {"kinds": {told.kind: 0.8}, "tools": dict.fromkeys(tools, 0.8), "touchpoints": {}}
        rows.setdefault(TicketVectorRow, []).append(
            {"ticket": number, "model": model, "vector": stored, "guessed": guessed}
        )
        if not over:
            key = f"friction:{number}:card:{team}:C0TEAM"
            rows.setdefault(CardRow, []).append(
                {"ticket": number, "team": team, "workspace_shown": self._workspace, "channel": SHOP, "key": key}
            )
        many = not over and self._dice.random() < MANY
        people = self._dice.sample(self._people, MANY_PEOPLE if many else self._dice.choice(FEW))
        for place, who in enumerate(people):
            self._report(number, told, who, secret, place, rows)

    def _report(
        self, number: int, told: Labelled, who: Reporter, secret: str, place: int, rows: dict[type, Rows]
    ) -> None:
        privacy = self._dice.choice((Privacy.NAMED, Privacy.NAMED, Privacy.CONFIDENTIAL, Privacy.ANONYMOUS))
        columns = kept(who, privacy, sealer=self._house.friction.sealer, secret=secret, now=self._at).columns
        if privacy is not Privacy.ANONYMOUS:
            columns["place"] = self._dice.choice(PLACES)
        rows.setdefault(ReportRow, []).append(
            {
                "ticket": number,
                "words": self._words(told),
                "minutes": told.minutes or 5.0,
                "frequency": told.frequency or Frequency.DAILY,
                "effect": told.effect or "none",
                "evidence": [],
                "first": not place,
                "still": "",
                **columns,
            }
        )
        event = {"ticket": number, "at": columns["at"], "event": Event.ME_TOO if place else "file"}
        rows.setdefault(EventRow, []).append(
            {**event, "source": "new", "target": "new", "actor": "", "actor_name": "", "words": "", "changed": {}}
        )
        self.reports += 1

    def _words(self, told: Labelled) -> str:
        return f"{told.text} (case {self._dice.randrange(10**6)})"


_WORKED_ON = (State.NEW, State.ACKNOWLEDGED, State.TRIAGED, State.IN_PROGRESS)
_EMPTY = (
    *("partner", "page", "assignee", "assignee_name", "workaround", "root_cause", "resolution", "resolved_with"),
    "placed_by",
)


def domain(house: House, rounds: int) -> None:
    """What the bot does below Slack."""
    desk, measured = house.friction, Measured()
    texts = [one.text for one in made_up("held out")]
    person = house.directory.find("maya.okafor@tidewater.example")
    with measured.timed("the first look at all tickets, as the bot starts"):
        desk.warm_up()
    measured.tell()
    for number in range(rounds):
        words = f"{texts[number % len(texts)]} (this morning, {number})"
        with measured.timed("read: masked, guessed, the nearest three"):
            draft = desk.read(words, person, now=NOW)
        who = Reporter(f"U2P{number}", "T0", "Imelda Varga", place="mill-road")
        with measured.timed("a ticket of its own"):
            desk.file(draft, as_guessed(draft, Privacy.NAMED), who, now=datetime.now(UTC))
        with measured.timed("read, when one ticket is new"):
            desk.read(words, person, now=NOW)
        near = draft.near[0].key.removeprefix("FR-")
        with measured.timed("me too"):
            desk.join(int(near), "here too", as_guessed(draft, Privacy.NAMED), who, now=datetime.now(UTC))
    measured.tell()


def lists(house: House, rounds: int) -> None:
    measured, who = Measured(), Reporter("U1P7", "T0", "Person 7")
    asked = {
        "everything that is open": Asked(),
        "of a tool": Asked(tool="orion"),
        "of a team": Asked(team="retail-operations"),
        "of a place": Asked(wanted=(frozenset({(Field.PLACE, "mill-road")}),)),
        "everything since January": Asked(everything=True),
    }
    for _ in range(rounds):
        with house.database.reading() as session:
            for name, one in asked.items():
                with measured.timed(f"hot, {name}"):
                    listing.shortlist(session, one, audiences=EMPLOYEE, most=10)
                with measured.timed(f"the whole list, {name}"):
                    listing.hottest(session, one, audiences=EMPLOYEE)
            with measured.timed("mine"):
                mine.of(session, who, sealer=house.friction.sealer)
            with measured.timed("sums by tool"):
                groups(session, By.TOOL, audiences=EMPLOYEE)
            with measured.timed("export of what is open"):
                export.ticket_rows(session, everything=False, audiences=EMPLOYEE)
    measured.tell()


def moves(house: House, rounds: int) -> None:
    """Of tickets that fifty people reported, whom three quarters hear of."""
    measured, desk = Measured(), house.friction
    ruth = Actor("U0RUTH", "T0", "Ruth", triager=True)
    with house.database.reading() as session:
        many = select(ReportRow.ticket).group_by(ReportRow.ticket).having(func.count() >= MANY_PEOPLE)
        numbers = session.scalars(select(TicketRow.id).where(TicketRow.id.in_(many), TicketRow.state == State.NEW))
        found = list(numbers)[:rounds]
    for number in found:
        for act in (
            Act(Event.ACKNOWLEDGE),
            Act(Event.ASK, "Which screen is it?"),
            Act(Event.RESUME),
            Act(Event.RESOLVE, "The till was replaced.", Resolution.FIXED),
        ):
            with measured.timed(f"{act.event}, of 50 reporters"), house.database.writing.begin() as session:
                desk.act_in(session, number, act, ruth, now=datetime.now(UTC))
        with measured.timed("close, of 50 reporters"), house.database.writing.begin() as session:
            desk.act_in(session, number, Act(Event.CLOSE), THROUGHLINE, now=datetime.now(UTC))
    with house.database.writing.begin() as session:
        session.execute(delete(OutboxRow))  # the local workspace does not know these people
    measured.tell()


def idle(house: House, rounds: int) -> None:
    """What looks once a second whether there is something to do."""
    measured = Measured()
    nobody: Any = None
    cards, post = Cards(house.database, house.friction, nobody, owners=house.owners), Post(house.database)
    with measured.timed("cards, the first look"):
        cards()
    for number in range(rounds):
        with measured.timed("cards, nothing new"):
            cards()
        with measured.timed("post, nothing due"):
            post()
        with house.database.writing.begin() as session:
            habits.choose(session, f"nobody {number}", habits.Habit.DAILY)
            session.add(_nothing(number % 100 + 1))
        with measured.timed("cards, after an event"):
            cards()
    measured.tell()


def _nothing(ticket: int) -> EventRow:
    empty = dict.fromkeys(("actor", "actor_name", "words"), "")
    return EventRow(ticket=ticket, at=NOW, event="set", source="new", target="new", changed={}, **empty)


def in_slack(office: Office, rounds: int) -> None:
    """From a command to the form, and from the form to the receipt that its sender sees."""
    workspace, measured = office.workspace, Measured()
    texts = [one.text for one in made_up("held out")]
    for number in range(rounds):
        words = f"{texts[number % len(texts)]} (again today, {number})"
        if workspace.open_modal(MAYA):
            workspace.close_modal(MAYA)
        with measured.timed("/friction to the filled-in form"):
            workspace.slash(MAYA, SHOP, "/friction", words)
            workspace.wait_for(lambda: _titled(office), timeout=30)
        before = _receipts(office)
        with measured.timed("the form is sent to the receipt"):
            workspace.submit(MAYA, {})
            workspace.wait_for(lambda before=before: _receipts(office) > before, timeout=30)  # type: ignore[misc]
        office.settle()
    for _ in range(max(5, rounds // 6)):
        with measured.timed("/friction hot to the list"):
            office.slash(MAYA, SHOP, "hot", command="/friction")
        office.settle()
    measured.tell()


@contextmanager
def nights(house: House) -> Iterator[None]:
    """Meanwhile themes are made as each night, and again as soon as they are there."""
    over, apart, done = threading.Event(), clustering.Apart(), list[tuple[float, float, theming.Night]]()

    def night() -> None:
        while not over.is_set():
            start, spent = time.perf_counter(), time.thread_time()
            try:
                found = theming.propose(
                    house.database, house.friction.reader.intake, now=datetime.now(UTC), cluster=apart
                )
            except ThemesNotMade:
                return
            done.append((time.perf_counter() - start, time.thread_time() - spent, found))

    thread = threading.Thread(target=night, name="night")
    thread.start()
    try:
        yield
    finally:
        over.set()
        apart.close()
        thread.join()
    for took, spent, found in (*done[:1], *done[-1:]):
        made = f"{found.made} themes made, {found.kept} kept"
        print(f"a night of {found.looked_at:,} tickets: {took:.1f} s, CPU of the bot {spent:.1f} s; {made}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{len(done)} nights meanwhile; of a process beside the bot at most {peak:.0f} MB")


def _titled(office: Office) -> bool:
    view = office.workspace.open_modal(MAYA)
    return view is not None and view.title == friction_wording.TITLE


def _receipts(office: Office) -> int:
    return sum("your report is FR-" in one.words for one in office.replies(MAYA, SHOP))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("engine", choices=("sqlite", "postgresql"))
    asked.add_argument("--tickets", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=60)
    asked.add_argument("--parts", nargs="*", default=["domain", "moves", "idle", "lists"], help="below Slack")
    asked.add_argument("--folder", type=Path, help="where the files are made")
    options = asked.parse_args()
    print(f"{options.engine}, {options.tickets:,} tickets; {machine.described()}, load {machine.load()}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder)))
        house = _house(options.engine, folder, stack)
        workspace = offices.workplace()
        house.library.encoder.encode(["warm up"])
        house.friction.warm_up()
        before = memory_mb("VmRSS")
        made = Made(house, workspace.installation.team.id, tickets=options.tickets, seed=1)
        made.write(house.database, options.tickets)
        print(f"{options.tickets:,} tickets with {made.reports:,} reports")
        parts: tuple[tuple[Callable[[House, int], None], int], ...] = (
            (domain, options.rounds),
            (moves, 10),
            (idle, options.rounds),
            (lists, 5),
        )
        for part, rounds in (one for one in parts if one[0].__name__ in options.parts):
            print(f"-- {part.__name__}, load {machine.load()}")
            part(house, rounds)
        house.friction.warm_up()  # as the bot starts
        print(f"-- in Slack, load {machine.load()}")
        office = offices.open_office(house, workspace)  # whose own night waits until people had their morning
        stack.callback(office.close)
        with nights(house):
            in_slack(office, options.rounds)
        print(
            f"memory before and after: {before:.0f} and {memory_mb('VmRSS'):.0f} MB, at most {memory_mb('VmHWM'):.0f}"
        )


def _house(engine: str, folder: Path, stack: ExitStack) -> House:
    url = f"sqlite:///{folder / 'throughline.db'}"
    if engine == "postgresql":
        url = stack.enter_context(stack.enter_context(Server(folder)).fresh())
    database = open_database(url)
    migrations.upgrade(database.engine)
    database.close()
    environ = {"DATA_DIR": str(folder), "DATABASE_URL": url, "MODEL_CACHE": str(MODEL_CACHE), **UNHURRIED}
    house = app.build(settings.load(environ, folder=PROJECT))
    stack.callback(house.database.close)
    return house


if __name__ == "__main__":
    main()
