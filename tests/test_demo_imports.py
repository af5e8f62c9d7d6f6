"""`throughline demo-data` as a command; the import commands take every row of its files, into nobody's data."""

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from bot.customers.feeds import importing
from bot.customers.feeds.mapping import load_feed
from bot.customers.tables import InteractionRow
from bot.database import Database, open_database
from bot.demo.making import Order, make
from bot.demo.papers import IMPORTS
from bot.demo.sizes import Size
from bot.friction.desk import Desk, Reader
from bot.friction.intake import Intake
from bot.friction.past.importing import ImportedTickets, Past
from bot.friction.past.mapping import load_ticket_feed
from bot.friction.tables import EventRow, ReportRow, TicketRow
from bot.people import load_directory, load_owners
from bot.retrieval.embedding import Embedder
from bot.touchpoints import load_map
from sqlalchemy import func, select

from commands import Command
from friction.desk import SEALER, teller
from programs import PROJECT
from thorough import THOROUGH

KNOWLEDGE = PROJECT / "knowledge"
UNTIL = date(2026, 11, 15)
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
ASKED = ("demo-data", "--seed", "7", "--until", "2026-11-15", "--weeks", "30", "--size", "small", "--into", "company")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def _taken(folder: Path, database: Database, encoder: Embedder) -> ImportedTickets:
    """Every file in the order of the README, each whole; gives what became of the tickets."""
    directory = load_directory(folder / "config" / "people.yaml")
    teams = load_owners(folder / "config" / "owners.yaml").teams
    map_ = load_map(
        KNOWLEDGE / "touchpoints.yaml",
        teams=teams,
        roles=directory.roles,
        tracks={"first-months", "third-contact", "handed-around", "fragile"},
        pages=KNOWLEDGE,
    )
    names = [one.name for one in directory.roster]
    intake = Intake(map_, encoder.encode, model=encoder.identity, known=names, places=dict(directory.places))
    desk = Desk(database, Reader(lambda: map_, lambda _map: intake), SEALER, teller(map_))
    past = Past(desk, places=directory.places, roles=tuple(directory.roles))
    for command, name, mapping in IMPORTS:
        how = folder / "mappings" / mapping
        if command == "friction import":
            return past.take(folder / name, load_ticket_feed(how), now=NOW)
        take = importing.import_customers if command == "import customers" else importing.import_interactions
        report = take(database, [folder / name], load_feed(how), now=NOW)
        assert (report.rejected, report.repeated, report.added) == (0, 0, report.read)
        assert report.read > 0
    raise AssertionError("tickets come last")


def assert_every_row_is_there(folder: Path, database: Database) -> None:
    """As often as the files have it, at its touchpoint and in its state."""
    told = json.loads((folder / "plants.json").read_text())["rows"]
    with (folder / "tickets.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["same_as"]]
    with database.reading() as session:
        assert session.scalar(select(func.count(InteractionRow.id))) == told["contacts"] + told["surveys"]
        assert session.scalar(select(func.count(ReportRow.id))) == told["reports"]
        states = Counter(session.scalars(select(TicketRow.state)))
        assert states == Counter(row["status"] for row in rows)
        touchpoints = Counter(session.scalars(select(TicketRow.touchpoint)))
        assert touchpoints == Counter(row["touchpoint"] for row in rows)
        waited = session.scalars(select(EventRow.ticket).where(EventRow.event == "hold_for_partner")).all()
        assert len(waited) == sum(row["waiting_for"] == "partner" for row in rows)


@pytest.mark.skipif(not THOROUGH, reason="the command that loads it takes the same rows by the same ways")
@pytest.mark.parametrize("seed", range(21, 24))
def test_the_imports_take_every_row(tmp_path: Path, database: Database, encoder: Embedder, seed: int) -> None:
    folder = tmp_path / "company"
    made = make(folder, Order(seed, UNTIL, weeks=30, size=Size.SMALL), map_file=KNOWLEDGE / "touchpoints.yaml")
    report = _taken(folder, database, encoder)
    assert (report.rejected, report.repeated, report.known, report.strangers) == (0, 0, 0, 0)
    assert (report.added, report.added + report.joined) == (made.tickets, made.reports)
    assert_every_row_is_there(folder, database)


def test_the_command_says_what_it_wrote_and_what_to_run_next(command: Command, folder: Path) -> None:
    ended = command(*ASKED)
    assert ended.code == 0
    assert "2026-04-20 to 2026-11-15" in ended.out
    assert "11 plants stand in company/plants.json" in ended.out.replace("\n", " ")
    for _, name, mapping in IMPORTS:
        assert f"company/{name} --mapping company/mappings/{mapping}" in ended.out
    told = json.loads((folder / "company" / "plants.json").read_text())
    assert f"{told['rows']['tickets']:,} tickets" in ended.out


def test_a_folder_that_holds_anything_is_left_alone(command: Command, folder: Path) -> None:
    company = folder / "company"
    company.mkdir()
    (company / "thesis.txt").write_text("mine")
    assert "company is not empty. Name another folder" in command(*ASKED).err
    assert "holds something else than such a company" in command(*ASKED, "--force").err
    assert (company / "thesis.txt").read_text() == "mine"
    (company / "thesis.txt").unlink()
    assert command(*ASKED).code == 0
    before = (company / "tickets.csv").read_bytes()
    (company / "contacts.csv").write_text("spoilt")
    assert command(*ASKED, "--force").code == 0
    assert (company / "tickets.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (("--until", "soon"), "--until is 'soon'; write a day such as 2026-11-22."),
        (("--until", "2999-01-01"), "nothing has happened then"),
        (("--weeks", "8"), "8 weeks are too few"),
    ],
)
def test_an_order_that_cannot_be_made_is_refused(command: Command, asked: tuple[str, ...], fault: str) -> None:
    ended = command(*ASKED, *asked)
    assert ended.code == 1
    assert fault in " ".join(ended.err.split())


def test_load_takes_it_all_and_never_into_data_that_is_there(command: Command, folder: Path) -> None:
    shipped = {"KNOWLEDGE": str(KNOWLEDGE), "DATA_DIR": str(folder / "var")}
    ended = command(*ASKED, "--load", **shipped)
    assert ended.code == 0, ended.err
    told = json.loads((folder / "company" / "plants.json").read_text())["rows"]
    assert f"demo_friction: {told['tickets']} tickets and {told['reports'] - told['tickets']} reports" in ended.out
    assert ended.out.count(" 0 rejected") == len(IMPORTS)
    loaded = open_database(f"sqlite:///{folder / 'var' / 'throughline.db'}")
    assert_every_row_is_there(folder / "company", loaded)
    loaded.close()
    again = command(*ASKED, "--force", "--load", **shipped)
    assert again.code == 1
    assert "There are customers and tickets here" in " ".join(again.err.split())


def test_orders_differ_in_what_they_are_told_by() -> None:
    order = Order(1, UNTIL)
    assert order.told == "throughline demo-data --seed 1 --until 2026-11-15 --weeks 104 --size usual"
    assert replace(order, size=Size.LARGE).told.endswith("--size large")
