"""Makes themes in a process of its own: an hour of computing there costs nobody here a second, and its memory ends."""

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Lock, Timer
from typing import IO, BinaryIO, cast

import bot
from bot.errors import ThemesNotMade
from bot.friction.clustering import wire
from bot.friction.clustering.themes import Proposal, Ticket

# 20,000 tickets take a minute of an idle core; on a busy machine this process waits for all others.
WALL_SECONDS = 1200.0
# All that it needs to know of its surroundings. Tokens stay outside.
_KEPT = (
    "APPDATA", "DYLD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME",
    "SYSTEMROOT", "TEMP", "TMP", "TMPDIR",
)  # fmt: skip
_ONE_THREAD = dict.fromkeys(
    ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


class Apart:
    """`clustering.proposals`, one process for each call. `close` ends it whatever it does; then it starts no other."""

    def __init__(self, *, wall_seconds: float = WALL_SECONDS) -> None:
        self._wall_seconds = wall_seconds
        self._worker: subprocess.Popen[bytes] | None = None
        self._turn = Lock()
        self._closed = Event()

    @property
    def worker(self) -> int | None:
        """The number of the process that is at it, if there is one."""
        return self._worker.pid if self._worker else None

    def close(self) -> None:
        with self._turn:
            self._closed.set()
            if self._worker:
                self._worker.kill()

    def __call__(self, tickets: Iterable[Ticket]) -> tuple[Proposal, ...]:
        """Raises `ThemesNotMade` where the process fails, takes too long or is ended."""
        with TemporaryFile() as said:  # a pipe that nobody reads would stop it
            worker = self._start(said)
            too_late = Event()
            timer = Timer(self._wall_seconds, _kill, (worker, too_late))
            timer.daemon = True
            timer.start()
            try:
                found = _asked(worker, tickets)
            finally:
                timer.cancel()
                code = self._end(worker)
            if found is None:
                raise ThemesNotMade(self._why(code, said, too_late=too_late))
            return found

    def _start(self, said: IO[bytes]) -> "subprocess.Popen[bytes]":
        home = Path(bot.__file__).parent.parent
        with self._turn:
            if self._closed.is_set():
                raise ThemesNotMade(_STOPPED)
            self._worker = subprocess.Popen(
                [sys.executable, "-P", "-m", "bot.friction.clustering.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env={
                    **{name: os.environ[name] for name in _KEPT if name in os.environ},
                    **_ONE_THREAD,
                    "PYTHONPATH": os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH")))),
                },
                start_new_session=True,  # Ctrl-C in the terminal is for the parent alone
            )
            return self._worker

    def _end(self, worker: "subprocess.Popen[bytes]") -> int:
        """Its exit code; -9 where it was killed."""
        for pipe in (worker.stdin, worker.stdout):
            with suppress(OSError):  # a pipe whose other end is gone cannot be flushed
                _pipe(pipe).close()
        try:
            code = worker.wait(timeout=5)
        except subprocess.TimeoutExpired:
            worker.kill()
            code = worker.wait()
        with self._turn:
            self._worker = None
        return code

    def _why(self, code: int, said: IO[bytes], *, too_late: Event) -> str:
        if too_late.is_set():
            return f"it took more than {self._wall_seconds:g} s"
        if self._closed.is_set():
            return _STOPPED
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
        return f"its process ended with code {code}" + (f"; it said: {lines[-1]}" if lines else "")


_STOPPED = "the bot was stopped meanwhile"


def _kill(worker: "subprocess.Popen[bytes]", too_late: Event) -> None:
    too_late.set()
    worker.kill()


def _asked(worker: "subprocess.Popen[bytes]", tickets: Iterable[Ticket]) -> tuple[Proposal, ...] | None:
    with suppress(BrokenPipeError):  # it ended, and said why
        wire.send(_pipe(worker.stdin), tickets)  # which stays open: with its input the process ends
    with suppress(ValueError, TypeError):
        return wire.answered(_pipe(worker.stdout))
    return None


def _pipe(stream: IO[bytes] | None) -> BinaryIO:
    return cast("BinaryIO", stream)  # Popen gives every pipe it was asked for
