"""What an erasure under way still has to look for, in a file that only its owner reads and that goes when it is done.

Without it an erasure that was interrupted after the rows went could not be finished: nothing else knows whom it was of.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from bot.customers.identity.identifying import Identity, Trait, Value
from bot.errors import ErasureUnfinished

FOLDER = "erasing"


def file_of(data_dir: Path, number: str) -> Path:
    return data_dir / FOLDER / f"{number}.json"


def write(data_dir: Path, number: str, identity: Identity, texts: tuple[str, ...]) -> None:
    """Safe on the disk when this returns."""
    file = file_of(data_dir, number)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    told = {
        "ids": identity.ids,
        "aliases": identity.aliases,
        "values": [[value.trait, value.text, identity.shared.get(value, "")] for value in identity.values],
        "untelling": identity.untelling,
        "texts": texts,
    }
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    _sync(file.parent)


def read(data_dir: Path, number: str) -> tuple[Identity, tuple[str, ...]]:
    """Whom, and what was said of them. Raises `ErasureUnfinished` where the file is on another machine, or gone."""
    try:
        told = json.loads(file_of(data_dir, number).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        raise ErasureUnfinished(
            f"The erasure {number} was interrupted, and {file_of(data_dir, number)}, which says what to look for, is "
            "not here. Run `throughline erase` on the machine and with the DATA_DIR where it began."
        ) from fault
    values = [(Value(Trait(trait), text), why) for trait, text, why in told["values"]]
    identity = Identity(
        ids=tuple(told["ids"]),
        aliases=tuple(told["aliases"]),
        name="",
        keys=frozenset(),
        names=frozenset(),
        rows=frozenset(),
        values=tuple(value for value, _ in values),
        untelling=told["untelling"],
        shared={value: why for value, why in values if why},
    )
    return identity, tuple(told["texts"])


def drop(data_dir: Path, number: str) -> None:
    file = file_of(data_dir, number)
    file.unlink(missing_ok=True)
    if file.parent.is_dir():
        _sync(file.parent)


def all_of(data_dir: Path) -> Iterator[str]:
    """The numbers of the erasures that have one here."""
    folder = data_dir / FOLDER
    if folder.is_dir():
        yield from sorted(file.stem for file in folder.glob("*.json"))


def _sync(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
