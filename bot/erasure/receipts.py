"""What an erasure did and proved, in a file and in words; nothing of what was erased stands in it."""

import json
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.erasure.backups import StillThere
from bot.erasure.files import Searched
from bot.erasure.scanning import Scan
from bot.erasure.wanted import Wanted

FOLDER = "receipts"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found; `remedy` says what to do."""

    where: str
    pieces: int
    remedy: str


@dataclass(frozen=True, slots=True)
class NotLookedFor:
    """Values that prove nothing, and why."""

    what: str
    count: int
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`removed` and `masked`: rows by table. `found` is empty where it is proven that nothing is left."""

    number: str
    began_at: datetime
    ended_at: datetime
    by: str
    reason: str
    removed: dict[str, int]
    masked: dict[str, int]
    looked_for: dict[str, int]
    not_looked_for: tuple[NotLookedFor, ...]
    rows_searched: int
    files_searched: int
    bytes_searched: int
    server_files: str
    found: tuple[Place, ...]
    unread: dict[str, str]
    copies: tuple[StillThere, ...]
    remains: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return not self.found and not self.unread

    @property
    def told(self) -> list[str]:
        """In words, a line each."""
        lines = [
            f"Erasure {self.number}, {self.began_at:%Y-%m-%d %H:%M} UTC, by {self.by}"
            + (f": {self.reason}" if self.reason else ""),
            f"Removed: {_counts(self.removed)}.",
        ]
        if self.masked:
            lines.append(f"Masked in rows of others: {_counts(self.masked)}.")
        searched = f"{self.rows_searched} rows and {self.files_searched} files ({_size(self.bytes_searched)})"
        if self.proven:
            lines.append(f"Proven: {searched} were searched for {_counts(self.looked_for)}; nothing is left.")
        else:
            lines.append(f"NOT PROVEN: {searched} were searched for {_counts(self.looked_for)}, and something is left:")
        lines += [f"   {place.where}: {place.pieces} times. {place.remedy}" for place in self.found]
        lines += [f"   {file} could not be looked into ({why})." for file, why in self.unread.items()]
        lines += [f"Not looked for: {one.count} × {one.what}, since {one.why}." for one in self.not_looked_for]
        if self.server_files:
            lines.append(f"Files of the database server: {self.server_files}.")
        holding = [copy for copy in self.copies if copy.holds != "no"]
        if holding:
            lines.append("Copies that hold them, or may:")
            lines += [f"   {_copy(copy)}" for copy in holding]
        else:
            lines.append("No copy that is known of holds them (exports that were imported, config/backups.yaml).")
        return [*lines, *self.remains]

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "proven": self.proven, "words": self.told}


def looked_for(wanted: Wanted) -> dict[str, int]:
    counts = Counter(f"{value.trait}" for value in wanted.identity.telling)
    return {**counts, "text": len(wanted.texts)}


def not_looked_for(wanted: Wanted) -> tuple[NotLookedFor, ...]:
    counts = Counter((str(value.trait), why) for value, why in wanted.identity.shared.items())
    longer = "it stands inside longer words or values of others too; rows were searched for it, files were not"
    counts.update((str(value.trait), longer) for value in wanted.unproven_values)
    counts["value", "it is too short to mean nobody else"] = wanted.identity.untelling
    counts["text", "others said or wrote the same words"] = wanted.unproven_texts
    return tuple(NotLookedFor(what, count, why) for (what, why), count in counts.items() if count)


def places(found: Scan, searched: Searched, own: Callable[[str], str]) -> tuple[Place, ...]:
    """`own` says of a file what to do with it."""
    rows = (
        Place(
            f"table {table}, {'row' if len(keys) == 1 else 'rows'} {', '.join(sorted(map(_key, keys))[:10])}",
            len(keys),
            "Mend the page or setting that it comes from, run `throughline reindex`, then `throughline erase` again.",
        )
        for table, keys in found.places.items()
    )
    return (*rows, *(Place(file, count, own(file)) for file, count in searched.hits.items()))


def write(data_dir: Path, receipt: Receipt, mask: Callable[[Any], Any]) -> None:
    """As JSON and as text, readable by its owner; `mask` takes out what may have come in with a reason or a path."""
    file = file_of(data_dir, receipt.number)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    told = mask(json.loads(json.dumps(receipt.as_json(), ensure_ascii=False, default=_written)))
    _write(file, json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    _write(file.with_suffix(".txt"), "\n".join(told["words"]) + "\n")


def file_of(data_dir: Path, number: str) -> Path:
    return data_dir / FOLDER / f"{number}.json"


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(text)


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"


def _key(key: Sequence[object]) -> str:
    return "/".join(map(str, key))


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def _copy(copy: StillThere) -> str:
    holds = "" if copy.holds == "yes" else " (nobody can tell from here whether it holds them)"
    return f"{copy.kind} {copy.place}, {copy.made_at:%Y-%m-%d %H:%M} UTC{holds}. {copy.remedy}"
