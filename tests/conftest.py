"""What tests share: the real model, real SQLite files, the starter knowledge indexed once, a bot on a local Slack."""

import hashlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.app import House
from bot.database import Database, open_database
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.pages import pages_in
from bot.retrieval.reindexing import Report
from filelock import FileLock
from hypothesis import settings

import offices
from offices import PROJECT, Office
from programs import MODEL_CACHE
from remembering import Remembering
from thorough import THOROUGH

pytest_plugins = ["engines", "commands", "customer_desk", "friction.readers", "leftovers", "order", "promises"]

# `make test` tries the same cases each time, so that a change is judged by itself; `make faults` looks for new ones.
# No deadlines: a machine that does something else meanwhile makes no behavior wrong.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", max_examples=1000, deadline=None)
settings.load_profile("new" if THOROUGH else "same")

# A run that a shell began in the background ignores Ctrl-C, and every program that a test starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    """The real model, loaded once and before anybody waits for an answer."""
    model = Remembering(cache=MODEL_CACHE)
    model.encode(["warm up"])
    return model


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database with the newest tables; on SQLite unless the test is marked `each_engine`."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@dataclass
class Shelf:
    """A small knowledge folder with its library."""

    folder: Path
    library: Library

    def write(self, name: str, text: str | bytes) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def reindex(self) -> Report:
        return self.library.reindex(pages_in(self.folder), folder=str(self.folder), now=datetime.now(UTC))


@pytest.fixture
def shelf(tmp_path: Path, database: Database, encoder: Embedder) -> Shelf:
    folder = tmp_path / "pages"
    folder.mkdir()
    return Shelf(folder, Library(database, encoder))


# What an index depends on besides the model.
INGREDIENTS = ("knowledge", "bot/retrieval", "bot/migrations")
KEPT_SECONDS = 24 * 3600


@pytest.fixture(scope="session")
def starter_data(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Path:
    """A data folder in which the starter knowledge is indexed; copy it, do not change it.

    Making it takes half a minute, so it is kept for the next run, under a name that says what it was made from.
    """
    kept = pytestconfig.cache.mkdir("starter")  # type: ignore[union-attr]  # there unless somebody turns it off
    for old in kept.iterdir():
        if old.is_dir() and old.stat().st_mtime < time.time() - KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)
    made = kept / _fingerprint(encoder)
    with FileLock(kept / "making.lock"):  # of several processes one makes it
        if not made.is_dir():
            fresh = tmp_path_factory.mktemp("starter")
            house = offices.house_in(fresh / "var", encoder)
            house.reindex(PROJECT / "knowledge")
            house.database.close()
            shutil.copytree(fresh / "var", unfinished := kept / f"unfinished-{os.getpid()}")
            unfinished.rename(made)
    return made


def _fingerprint(encoder: Embedder) -> str:
    digest = hashlib.sha256(encoder.identity.encode())
    for folder in INGREDIENTS:
        for file in sorted((PROJECT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture
def house(tmp_path: Path, starter_data: Path, encoder: Embedder) -> Iterator[House]:
    """Everything below Slack, with the starter knowledge, in a data folder of the test's own."""
    built = offices.house_in(offices.furnish(tmp_path / "var", starter_data), encoder)
    yield built
    built.database.close()


@pytest.fixture
def open_office(house: House) -> Iterator[Callable[..., Office]]:
    """Opens a workspace with a running bot; takes the keyword arguments of `Workspace`. Closed at the end.

    With `all_are_new` the bot has met nobody there yet.
    """
    opened: list[Office] = []

    def open_one(*, all_are_new: bool = False, **options: object) -> Office:
        place = offices.workplace(**options)
        opened.append(offices.open_office(house, place, all_are_new=all_are_new))
        return opened[-1]

    yield open_one
    for office in opened:
        office.close()


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    """An office of the test's own, for one that breaks or changes something."""
    return open_office()


@pytest.fixture(scope="module")
def office_with(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Iterator[Callable[..., Office]]:
    """Opens an office whose knowledge is these pages, by file name, for all tests of a module."""
    opened: list[Office] = []

    def open_one(pages: dict[str, str]) -> Office:
        folder = tmp_path_factory.mktemp("office")
        for name, text in pages.items():
            file = folder / "pages" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        house = offices.house_in(folder / "var", encoder, KNOWLEDGE=str(folder / "pages"))
        house.reindex(folder / "pages")
        opened.append(offices.open_office(house))
        return opened[-1]

    yield open_one
    for office in opened:
        office.close()
        office.house.database.close()


@pytest.fixture(scope="session")
def shared_office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    """One office for every test that only asks: each keeps to threads, or to people, of its own."""
    house = offices.house_in(offices.furnish(tmp_path_factory.mktemp("office") / "var", starter_data), encoder)
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()
