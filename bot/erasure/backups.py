"""Copies of the data elsewhere: which of them still hold somebody, and when those end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot import deadlines
from bot.copies import Copy, CopyKind
from bot.erasure import files
from bot.erasure.pieces import Pieces
from bot.yaml_lines import Lines

FILE = "backups.yaml"


@dataclass(frozen=True, slots=True)
class BackupFolder:
    """A folder in which backups are; `kept` is how long each, None where nobody said."""

    path: Path
    kept: timedelta | None


@dataclass(frozen=True, slots=True)
class StillThere:
    """A copy as a receipt names it. `holds`: "yes", "no", or "cannot tell"; `until`: when it is deleted."""

    kind: CopyKind
    place: str
    made_at: datetime
    holds: str
    until: datetime | None
    remedy: str


def load_backups(config: Path) -> tuple[BackupFolder, ...]:
    """What `config/backups.yaml` names; nothing where there is no such file. Raises `SettingsError`."""
    file = config / FILE
    if not file.exists():
        return ()
    lines = Lines(file)
    found = []
    for line, entry in lines.entries("folders"):
        path = Path(str(entry.get("path") or "")).expanduser()
        if not path.is_absolute():
            raise lines.fault(line, "a folder of backups needs its whole path: path: /srv/backups")
        kept = deadlines.ago(str(entry["kept"])) if entry.get("kept") else None
        if entry.get("kept") and not kept:
            raise lines.fault(line, f"kept is {entry['kept']!r}; write how long a backup is kept: kept: 30d")
        found.append(BackupFolder(path, kept))
    return tuple(found)


def looked_through(
    copies: Sequence[Copy], backups: Sequence[BackupFolder], pieces: Pieces, *, own: Sequence[Path], before: datetime
) -> list[StillThere]:
    """Every copy that is there and was made before this moment; `own` are the files in use, which are no copies."""
    found = [_of_copy(copy, pieces) for copy in copies]
    for folder in backups:
        if not folder.path.is_dir():
            why = "The folder cannot be looked into from here. Look there for backups from before this erasure."
            found.append(StillThere(CopyKind.BACKUP, str(folder.path), before, "cannot tell", None, why))
            continue
        found += [_of_backup(file, folder, pieces, before) for file in sorted(files.within(folder.path))]
    used = {str(file) for file in own}
    return [one for one in found if one is not None and one.place not in used]


def _of_copy(copy: Copy, pieces: Pieces) -> StillThere | None:
    if copy.kind is CopyKind.DATABASE and not copy.place.startswith("/"):
        remedy = "Look the customer up there; if they are there, run `throughline erase` with DATABASE_URL set to it."
        return StillThere(copy.kind, copy.place, copy.at, "cannot tell", None, remedy)
    file = Path(copy.place)
    if not file.is_file():
        return None
    return _told(copy.kind, file, copy.at, None, pieces)


def _of_backup(file: Path, folder: BackupFolder, pieces: Pieces, before: datetime) -> StillThere | None:
    made = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    if made >= before:
        return None
    return _told(CopyKind.BACKUP, file, made, made + folder.kept if folder.kept else None, pieces)


def _told(kind: CopyKind, file: Path, made: datetime, until: datetime | None, pieces: Pieces) -> StillThere:
    holds = {True: "yes", False: "no", None: "cannot tell"}[files.holds(file, pieces)]
    if holds == "no":
        return StillThere(kind, str(file), made, holds, until, "")
    end = f"It is deleted by {until:%Y-%m-%d}; until then restore it only" if until else "Delete it, or restore it only"
    remedies = {
        CopyKind.EXPORT: "Delete the file, or have its system export it anew without this customer.",
        CopyKind.DATABASE: "Delete it if nobody uses it any more; else run `throughline erase` on it, by DATABASE_URL.",
        CopyKind.BACKUP: f"{end} together with a new erasure.",
    }
    return StillThere(kind, str(file), made, holds, until, remedies[kind])


def is_gone(copy: Copy) -> bool:
    """Whether a file that was noted is there no more."""
    return copy.place.startswith("/") and not Path(copy.place).exists()


def place_of(url: str) -> str:
    """Where the database of an address is: a path for SQLite, else the address without its password."""
    try:
        parts = make_url(url)
    except ArgumentError:
        return url
    if parts.get_backend_name() == "sqlite" and parts.database:
        return str(Path(parts.database).resolve())
    return parts.render_as_string(hide_password=True)
