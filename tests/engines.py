"""Both engines: a file for SQLite, one PostgreSQL server for all tests with a fresh database for each."""

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import pytest

from new_tables import migrate, new_file

ENGINES = ("sqlite", "postgresql")
STOP_SECONDS = 20.0


class Server:
    """A PostgreSQL server until the end of the block; its data, in `folder` or where it is fast, goes with it."""

    def __init__(self, folder: Path | None = None) -> None:
        where = [str(folder)] if folder else []
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).parent / "postgresql_server.py"), *where],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.address = self._heard()
        self._names = (f"test_{number}" for number in itertools.count())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        _, said = self._process.communicate(timeout=STOP_SECONDS)
        assert self._process.returncode == 0, said

    def stop(self) -> None:
        self._told("stop")

    def start(self) -> None:
        self._told("start")

    def sql(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def url(self, database: str) -> str:
        """Where a database is, in the words of DATABASE_URL."""
        return self.address.replace("postgresql://", "postgresql+psycopg://").replace("/postgres?", f"/{database}?")

    @contextmanager
    def fresh(self, template: str = "template1") -> Iterator[str]:
        """The address of a new database, which is dropped at the end."""
        name = next(self._names)
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _told(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        assert self._heard() == "done"

    def _heard(self) -> str:
        assert self._process.stdout is not None
        if line := self._process.stdout.readline().strip():
            return line
        raise RuntimeError(f"PostgreSQL did not start:\n{self._process.communicate()[1]}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Started with the first test that wants it. Where it cannot start, those are skipped; in CI they fail."""
    try:
        server = Server()
    except RuntimeError as fault:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"NOT TESTED ON POSTGRESQL, no server starts on this machine: {str(fault).splitlines()[-1]}")
    with server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql: Server) -> str:
    """The name of a database with the newest tables, to copy for each test."""
    postgresql.sql("CREATE DATABASE migrated")
    migrate(postgresql.url("migrated"))
    return "migrated"


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of SQLite with the newest tables, to copy for each test."""
    file = tmp_path_factory.mktemp("migrated") / "test.db"
    file.write_bytes(new_file())
    return file


@pytest.fixture
def engine_name() -> str:
    """SQLite, unless a test or its module is marked `each_engine`."""
    return "sqlite"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("each_engine") and "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ENGINES)


@pytest.fixture
def empty_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a database without a single table is."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with request.getfixturevalue("postgresql").fresh() as url:
        yield url


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Where an empty database with the newest tables is."""
    if engine_name == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "test.db")
        yield f"sqlite:///{file}"
        return
    with request.getfixturevalue("postgresql").fresh(request.getfixturevalue("migrated")) as url:
        yield url
