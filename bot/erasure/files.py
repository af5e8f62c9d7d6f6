"""Files looked through byte by byte: the data folder, the database, and on the same machine a server's own files."""

import gzip
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.database import Database
from bot.erasure.pieces import Pieces

Progress = Callable[[str, int, int], None]
# Of one file so many are named; the rest is counted.
_NAMED = 20
# What these hold nobody sees without unpacking or decrypting it.
PACKED = frozenset({".zip", ".zst", ".xz", ".bz2", ".7z", ".tgz", ".gpg", ".age", ".enc", ".dump", ".rar", ".lz4"})


@dataclass(slots=True)
class Searched:
    """`hits`: file -> how many pieces were found in it. `unread`: file -> why it could not be looked into."""

    files: int = 0
    bytes: int = 0
    hits: dict[str, int] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)


def search(files: Iterable[Path], pieces: Pieces, *, progress: Progress) -> Searched:
    done = Searched()
    wanted = sorted(set(files))
    for number, file in enumerate(wanted):
        progress("searching", number, len(wanted))
        try:
            with file.open("rb") as raw:
                found = sum(1 for _ in pieces.find_in(raw))
                done.bytes += raw.tell()
        except FileNotFoundError:  # made and removed by others meanwhile, as journals are
            continue
        except OSError as fault:
            done.unread[str(file)] = fault.strerror or type(fault).__name__
            continue
        done.files += 1
        if found:
            done.hits[str(file)] = found
    return done


def holds(file: Path, pieces: Pieces) -> bool | None:
    """Whether a copy holds them; None where nobody can tell without unpacking it."""
    if file.suffix.casefold() in PACKED:
        return None
    try:
        if file.suffix.casefold() == ".gz":
            with gzip.open(file) as raw:
                return next(pieces.find_in(raw), None) is not None  # type: ignore[arg-type]  # a reader of bytes, too
        with file.open("rb") as raw:
            return next(pieces.find_in(raw), None) is not None
    except (OSError, EOFError):
        return None


def within(folder: Path) -> Iterator[Path]:
    """Every file below a folder; links are not followed."""
    for place, _, names in os.walk(folder):
        yield from (file for name in names if (file := Path(place) / name).is_file() and not file.is_symlink())


def of_database(database: Database) -> list[Path]:
    """The files of an SQLite database; none of a server."""
    name = database.engine.url.database
    if database.on_server or name is None:
        return []
    return [file for suffix in ("", "-wal", "-shm", "-journal") if (file := Path(name + suffix)).exists()]


def of_server(database: Database) -> tuple[list[Path], str]:
    """The files of this database on a PostgreSQL server of this machine that this user may read, or why there are none.

    Its log of changes (pg_wal) is not among them: it holds what was deleted until it is written over.
    """
    with database.engine.execution_options(isolation_level="AUTOCOMMIT", read_only=True).connect() as connection:
        try:
            connection.execute(text("CHECKPOINT"))
            folder = Path(str(connection.execute(text("SHOW data_directory")).scalar_one()))
            number = connection.execute(
                text("SELECT oid FROM pg_database WHERE datname = current_database()")
            ).scalar_one()
        except DBAPIError:
            return [], "this user of the database may not ask the server for its folder"
    own = folder / "base" / str(number)
    if not os.access(own, os.R_OK | os.X_OK):
        return [], "the server's files are on another machine, or this user may not read them"
    return list(within(own)), ""
