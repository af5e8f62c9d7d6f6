"""What tests share: the real model, real SQLite files, the starter knowledge indexed once, a bot on the local workspace."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import app, migrations, settings
from bot.app import House, RunningBot
from bot.database import Database, open_database
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.reindexing import Report, pages_in
from bot.settings import Settings, SlackTokens
from bot.simulator import LocalSlack, Workspace

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def encoder() -> Embedder:
    """The real model, loaded once."""
    return Embedder()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty database with the newest tables."""
    opened = open_database(f"sqlite:///{tmp_path / 'test.db'}")
    migrations.upgrade(opened.engine)
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


@pytest.fixture(scope="session")
def starter_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the starter knowledge is indexed; copy it, do not change it."""
    folder = tmp_path_factory.mktemp("starter")
    house = app.build(settings_for(folder))
    house.reindex(PROJECT / "knowledge")
    house.database.close()
    return folder


def settings_for(data_dir: Path) -> Settings:
    return settings.load({"DATA_DIR": str(data_dir)}, folder=PROJECT)


@pytest.fixture
def house(tmp_path: Path, starter_data: Path) -> Iterator[House]:
    """Everything below Slack, with the starter knowledge, in a data folder of the test's own."""
    copy = tmp_path / "var"
    shutil.copytree(starter_data, copy, ignore=shutil.ignore_patterns("*.lock"))
    built = app.build(settings_for(copy))
    yield built
    built.database.close()


@dataclass
class Office:
    """The local workspace with a bot connected to it."""

    house: House
    workspace: Workspace
    slack: LocalSlack
    bot: RunningBot


@pytest.fixture
def open_office(house: House) -> Iterator[Callable[..., Office]]:
    """Opens a workspace with a running bot; takes the keyword arguments of `Workspace`. Closed at the end."""
    opened: list[Office] = []

    def open_one(**options: object) -> Office:
        workspace = Workspace(**options)  # type: ignore[arg-type]
        slack = LocalSlack(workspace, port=0).start()
        bot = RunningBot(house, tokens=SlackTokens(slack.bot_token, slack.app_token), api_url=slack.api_url).start()
        opened.append(Office(house, workspace, slack, bot))
        return opened[-1]

    yield open_one
    for office in opened:
        office.bot.stop()
        office.slack.stop()


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office()
