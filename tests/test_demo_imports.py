"""`throughline demo-data` as a command; the import commands take every row of its files, into nobody's data."""

import csv
import json
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bot.customers.tables import InteractionRow
from bot.database import Database, open_database
from bot.demo.making import Order
from bot.demo.papers import IMPORTS
from bot.demo.sizes import Size
from bot.friction.tables import EventRow, ReportRow, TicketRow
from sqlalchemy import func, select

from commands import Command
from programs import PROJECT

KNOWLEDGE = PROJECT / "knowledge"
UNTIL = date(2026, 11, 15)
ASKED = ("demo-data", "--seed", "7", "--until", "2026-11-15", "--weeks", "30", "--size", "small", "--into", "company")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


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
