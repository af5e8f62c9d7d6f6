"""The imports, one after the other, take every row of made-up companies; `make test` loads one by the command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.customers.feeds import importing
from bot.customers.feeds.mapping import load_feed
from bot.database import Database
from bot.demo.making import Order, make
from bot.demo.papers import IMPORTS
from bot.demo.sizes import Size
from bot.friction.desk import Desk, Reader
from bot.friction.intake import Intake
from bot.friction.past.importing import ImportedTickets, Past
from bot.friction.past.mapping import load_ticket_feed
from bot.people import load_directory, load_owners
from bot.retrieval.embedding import Embedder
from bot.touchpoints import load_map

from friction.desk import SEALER, teller
from test_demo_imports import KNOWLEDGE, UNTIL, assert_every_row_is_there

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)


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


@pytest.mark.parametrize("seed", range(21, 24))
def test_the_imports_take_every_row(tmp_path: Path, database: Database, encoder: Embedder, seed: int) -> None:
    folder = tmp_path / "company"
    made = make(folder, Order(seed, UNTIL, weeks=30, size=Size.SMALL), map_file=KNOWLEDGE / "touchpoints.yaml")
    report = _taken(folder, database, encoder)
    assert (report.rejected, report.repeated, report.known, report.strangers) == (0, 0, 0, 0)
    assert (report.added, report.added + report.joined) == (made.tickets, made.reports)
    assert_every_row_is_there(folder, database)
