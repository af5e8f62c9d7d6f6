"""The folder of an exported model: made once, checked at every start."""

import hashlib
import logging
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

from filelock import FileLock

from bot.errors import ExportFailed

log = logging.getLogger(__name__)

# Counts up when the export would write other files, so that the old ones are made anew.
VERSION = 3
_FILES = ("model.onnx", "weights.bin", "tokenizer.json")
_BULK = "bulk"
_BULK_FILES = ("model.xml", "model.bin")
_SUMS = "SHA256SUMS"
# Ten seconds on two cores; a machine that needs this long has another fault.
TIMEOUT_SECONDS = 600


def exported(model: Path, folder: Path) -> Path:
    """The folder with the graph of a model, exported into `folder` where it is missing or damaged.

    Two processes that start together export once. Raises `ExportFailed` where the model has no graph.
    """
    older = [folder.with_name(f"{folder.name}-{version}") for version in range(1, VERSION)]
    folder = folder.with_name(f"{folder.name}-{VERSION}")
    if is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(folder.with_name(f"{folder.name}.lock")):
            if not is_whole(folder):
                _export(model, folder)
        for left in older:
            shutil.rmtree(left, ignore_errors=True)
    except OSError as fault:
        raise ExportFailed(
            f"{folder.parent} cannot be written ({fault.strerror}); set MODEL_CACHE to a folder that can"
        ) from fault
    return folder


def _export(model: Path, folder: Path) -> None:
    if not (model / "tokenizer.json").is_file():
        raise ExportFailed("the model has no tokenizer.json")
    log.info("Preparing the model for fast answers, once ...")
    shutil.rmtree(folder, ignore_errors=True)
    fresh = Path(mkdtemp(prefix=f"{folder.name}-", dir=folder.parent))
    try:
        done = subprocess.run(  # noqa: S603 - this program's own module
            [sys.executable, "-m", "bot.retrieval.embedding.export", str(model), str(fresh)],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        if done.returncode:
            raise ExportFailed(done.stderr.strip().rsplit("\n", 1)[-1] or f"the export ended with {done.returncode}")
        if (fresh / _BULK).is_dir():
            (fresh / _BULK / _SUMS).write_text(_sums(fresh / _BULK, _BULK_FILES), encoding="utf-8")
        (fresh / _SUMS).write_text(_sums(fresh, _FILES), encoding="utf-8")
        fresh.rename(folder)
    except subprocess.TimeoutExpired as fault:
        raise ExportFailed(f"the export took longer than {TIMEOUT_SECONDS} s") from fault
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def has_bulk(folder: Path) -> bool:
    """Whether an exported folder holds the model for many texts as it was written. Asked only when there are many."""
    try:
        return (folder / _BULK / _SUMS).read_text(encoding="utf-8") == _sums(folder / _BULK, _BULK_FILES)
    except (OSError, UnicodeDecodeError):
        return False


def is_whole(folder: Path) -> bool:
    """Whether every file is there as it was written: a damaged graph may load and give wrong vectors."""
    try:
        return (folder / _SUMS).read_text(encoding="utf-8") == _sums(folder, _FILES)
    except (OSError, UnicodeDecodeError):
        return False


def _sums(folder: Path, names: Sequence[str]) -> str:
    lines = []
    for name in names:
        with (folder / name).open("rb") as stream:
            lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {name}\n")
    return "".join(lines)
