"""How far a long piece of work on this data folder is, whoever does it and whoever asks.

It stands in a file, and a lock beside it says whether somebody still works: the system opens the lock when a process
dies, however it dies, so work that was killed is never told as going on.
"""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from bot.errors import ThroughlineError

# Nobody sees more often how far it is.
BETWEEN = 0.2
# Whoever asks holds the lock for as long as it takes to see that it was free.
_PATIENCE_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Run:
    """One piece of work: `done` of `total` in this phase. `at_work` is False once it ended, or its process did.

    `outcome` is what came of it; None where it is not over, was cut off, or was refused for the reason in `refused`.
    """

    began_at: datetime
    phase: str = ""
    done: int = 0
    total: int = 0
    ended_at: datetime | None = None
    outcome: Mapping[str, Any] | None = None
    refused: str = ""
    at_work: bool = field(default=False, compare=False)

    @property
    def cut_off(self) -> bool:
        return not self.at_work and self.ended_at is None


class Telling:
    """What whoever works says of it."""

    def __init__(self, file: Path, run: Run) -> None:
        self._file = file
        self._run = run
        self._told = float("-inf")
        self._write()

    def step(self, phase: str, done: int, total: int) -> None:
        fresh = phase != self._run.phase
        self._run = replace(self._run, phase=phase, done=done, total=total)
        if fresh or time.monotonic() - self._told >= BETWEEN:
            self._write()

    def end(self, *, outcome: Mapping[str, Any] | None = None, refused: str = "") -> None:
        self._run = replace(self._run, ended_at=datetime.now(UTC), outcome=outcome, refused=refused)
        self._write()

    def _write(self) -> None:
        self._told = time.monotonic()
        unfinished = self._file.with_name(f"{self._file.name}.new")
        unfinished.write_text(json.dumps(asdict(self._run), default=datetime.isoformat), encoding="utf-8")
        unfinished.replace(self._file)


class Underway:
    """Work of one name; those who do it see to it that they are alone."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}-underway.json"
        self._lock = folder / f"{name}-underway.lock"

    @contextmanager
    def telling(self) -> Iterator[Telling]:
        """While this is open, it is told as going on. A refusal that flies out of it is kept as how it ended."""
        with FileLock(self._lock, timeout=_PATIENCE_SECONDS):
            told = Telling(self._file, Run(datetime.now(UTC)))
            try:
                yield told
            except ThroughlineError as refusal:
                told.end(refused=str(refusal))
                raise

    def last(self) -> Run | None:
        """The work that is under way, or the last that was; None where there never was any."""
        at_work = self._is_held()  # first: what ends in between is told as going on once more, never the other way
        try:
            said = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        ended = said["ended_at"] and datetime.fromisoformat(said["ended_at"])
        times = {"began_at": datetime.fromisoformat(said["began_at"]), "ended_at": ended or None}
        return Run(**{**said, **times, "at_work": at_work and not ended})

    def _is_held(self) -> bool:
        lock = FileLock(self._lock)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False
