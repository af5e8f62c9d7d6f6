"""Made-up companies as databases: written, imported, routed and put into themes, in one process, with one model."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from bot.customers.feeds import importing
from bot.customers.feeds.mapping import load_feed
from bot.database import Database, open_database
from bot.demo.making import Order, make
from bot.demo.papers import IMPORTS
from bot.demo.sizes import Size
from bot.experience.headcounts import Headcounts
from bot.experience.reading import Reading
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.experience.weeks import last_weeks, week_of
from bot.experience.world import World
from bot.friction import theming
from bot.friction.desk import Desk
from bot.friction.desk import Reader as FrictionReader
from bot.friction.intake import Intake
from bot.friction.past.importing import Past
from bot.friction.past.mapping import load_ticket_feed
from bot.migrations import upgrade
from bot.people import load_directory, load_owners
from bot.retrieval.embedding import Embedder
from bot.routing import batches
from bot.routing.reading import Reader
from bot.routing.router import Router
from bot.routing.tables import RouteRow
from bot.touchpoints import load_map, versions
from numpy.typing import NDArray
from sqlalchemy import event
from sqlalchemy.orm import Session

from friction.desk import SEALER, teller
from programs import PROJECT

KNOWLEDGE = PROJECT / "knowledge"
MAP_FILE = KNOWLEDGE / "touchpoints.yaml"
# The same day for every seed: the last of 104 whole weeks is the one before.
UNTIL = date(2026, 11, 22)
NOW = datetime.combine(UNTIL + timedelta(days=1), time(12), tzinfo=UTC)
WEEKS = 104
_TRACKS = frozenset({"first-months", "third-contact", "handed-around", "fragile"})


class Remembering:
    """A model that reads each text once: companies of different seeds say many things alike."""

    def __init__(self, model: Embedder) -> None:
        self._model, self._known, self.identity = model, dict[str, NDArray[np.float32]](), model.identity

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known |= dict(zip(new, self._model.encode_many(new), strict=True))
        return np.stack([self._known[text] for text in texts])

    encode_many = encode


def prepared(folder: Path, seed: int, size: Size, model: Remembering) -> Database:
    """The database of a seed, made where it is not there yet; a half-made one is made again."""
    done = folder / f"{seed}.done"
    database = open_database(f"sqlite:///{folder / f'{seed}.db'}")
    event.listen(database.engine, "connect", _without_waiting_for_the_disk)
    if not done.exists():
        database.close()
        (folder / f"{seed}.db").unlink(missing_ok=True)
        upgrade(database.engine)
        company = folder / str(seed)
        if not (company / "plants.json").exists():
            make(company, Order(seed, UNTIL, weeks=WEEKS, size=size), map_file=MAP_FILE)
        _load(company, database, model)
        done.touch()
    return database


def plants_of(folder: Path, seed: int) -> list[dict[str, Any]]:
    return list(json.loads((folder / str(seed) / "plants.json").read_text(encoding="utf-8"))["plants"])


def reading_of(session: Session, folder: Path, seed: int, *, viewer: Viewer = THE_COMPANY) -> Reading:
    directory = load_directory(folder / str(seed) / "config" / "people.yaml")
    zone = ZoneInfo("America/New_York")
    world = World(load_map(MAP_FILE), Headcounts.of_roster(directory), zone=zone, routes=RouteRow.__table__)
    return Reading(session, last_weeks(WEEKS, until=week_of(UNTIL)), world, viewer=viewer, now=NOW)


def _without_waiting_for_the_disk(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _load(company: Path, database: Database, model: Remembering) -> None:
    directory = load_directory(company / "config" / "people.yaml")
    teams = load_owners(company / "config" / "owners.yaml").teams
    map_ = load_map(MAP_FILE, teams=teams, roles=directory.roles, tracks=_TRACKS, pages=KNOWLEDGE)
    with database.writing.begin() as session:
        versions.take(session, map_, now=NOW)
    names = [one.name for one in directory.roster]
    intake = Intake(map_, model.encode, model=model.identity, known=names, places=dict(directory.places))
    desk = Desk(database, FrictionReader(lambda: map_, lambda _map: intake), SEALER, teller(map_))
    past = Past(desk, places=directory.places, roles=tuple(directory.roles))
    for command, name, mapping in IMPORTS:
        how = company / "mappings" / mapping
        if command == "friction import":
            past.take(company / name, load_ticket_feed(how), now=NOW)
            continue
        take = importing.import_customers if command == "import customers" else importing.import_interactions
        take(database, [company / name], load_feed(how), now=NOW)
    reader = Reader(database, Router(map_, model.encode), model)
    while batches.route_new(database, reader):
        pass
    theming.propose(database, intake, now=NOW, within=timedelta(weeks=WEEKS + 1))
