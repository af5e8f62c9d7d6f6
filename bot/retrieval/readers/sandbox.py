"""Reads files in a process of its own, so that a hostile one costs a bounded time and memory and never the bot."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from threading import Event, Timer
from typing import IO, BinaryIO, Self, cast

import bot
from bot.errors import KnowledgeError, Unreadable
from bot.retrieval.documents import Document
from bot.retrieval.readers import wire
from bot.retrieval.readers.limits import MEBIBYTE, OUT_OF_MEMORY, Limits
from bot.retrieval.readers.wire import Tag

# A cold disk and a busy machine need seconds to load the libraries; a worker that needs longer is broken.
START_SECONDS = 60
# All that reading needs to know of its surroundings. Tokens stay outside.
_KEPT = (
    "APPDATA", "DYLD_LIBRARY_PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME",
    "SYSTEMROOT", "TZ",
)  # fmt: skip


class Sandbox:
    """One worker process after the other; the first starts with the first file. Close it, or use it in `with`."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._worker: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self.close()

    @property
    def worker(self) -> int | None:
        """The number of the process that waits for the next file, if there is one."""
        return self._worker.pid if self._worker else None

    def close(self) -> None:
        """End the worker, whatever it does."""
        if self._worker:
            self._end(self._worker)

    def read(self, path: Path, *, source: str) -> tuple[Document, tuple[str, ...]]:
        """The page in a file with remarks, as `readers.read`. Raises `Unreadable` also for what broke a limit."""
        request = json.dumps({"path": str(path), "source": source}).encode() + b"\n"
        if self._worker and not _begins(self._worker, request):  # somebody ended it between two files
            self._end(self._worker)
        worker = self._worker
        if worker is None:
            worker = self._start()
            if not _begins(worker, request):
                raise self._useless(worker)
        with _ended_after(self._limits.wall_seconds, worker) as too_late:
            answer = wire.receive(_pipe(worker.stdout))
        match answer:
            case (Tag.PAGE, packed):
                with suppress(ValueError, KeyError, TypeError):
                    return wire.unpack(packed, source=source)
            case (Tag.UNREADABLE, reason):
                raise Unreadable(reason.decode(errors="replace"))
        code = self._end(worker)
        if too_late.is_set():
            raise Unreadable(f"reading it took more than {self._limits.wall_seconds:g} s; {_REMEDY}")
        raise Unreadable(self._why(code, answer[1].decode(errors="replace") if answer else ""))

    def _start(self) -> subprocess.Popen[bytes]:
        """A worker that has loaded what it needs. Raises `KnowledgeError` with what it said where it cannot."""
        home = Path(bot.__file__).parent.parent
        worker = subprocess.Popen(  # noqa: S603 - this very Python with a module of ours
            [sys.executable, "-P", "-m", "bot.retrieval.readers.worker", json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={
                **{name: os.environ[name] for name in _KEPT if name in os.environ},
                "PYTHONPATH": os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH")))),
            },
            start_new_session=True,  # Ctrl-C in the terminal is for the parent alone
        )
        self._worker = worker
        with _ended_after(START_SECONDS, worker):
            ready = wire.receive(_pipe(worker.stdout))
        if ready is None:
            raise self._useless(worker)
        return worker

    def _useless(self, worker: subprocess.Popen[bytes]) -> KnowledgeError:
        said = _pipe(worker.stderr).read().decode(errors="replace").strip().splitlines() or ["nothing"]
        code = self._end(worker)
        return KnowledgeError(
            f"The process that reads files ended with code {code} before its first file; it said: {said[-1]}. "
            "Install Throughline anew, or check how many processes and how much memory this user may have."
        )

    def _end(self, worker: subprocess.Popen[bytes]) -> int:
        """Its exit code; -9 where it had to be killed."""
        self._worker = None
        for pipe in (worker.stdin, worker.stdout, worker.stderr):
            with suppress(OSError):  # a pipe whose other end is gone cannot be flushed
                _pipe(pipe).close()
        try:
            return worker.wait(timeout=1)
        except subprocess.TimeoutExpired:
            worker.kill()
            return worker.wait()

    def _why(self, code: int, last_words: str) -> str:
        if code == OUT_OF_MEMORY or last_words == "MemoryError":
            return f"reading it took more than {self._limits.memory_bytes // MEBIBYTE} MB of memory; {_REMEDY}"
        if code == -getattr(signal, "SIGXCPU", 0):
            return f"reading it took more than {self._limits.cpu_seconds} s of computing; {_REMEDY}"
        return (
            f"reading it failed ({last_words or _named(code)}), as with damaged files and with ones that need too much "
            f"memory; {_REMEDY}"
        )


_REMEDY = "split it, or save or export it anew"


def _begins(worker: subprocess.Popen[bytes], request: bytes) -> bool:
    """Whether the worker takes the request. One that is gone does not, also where the system has not noticed yet."""
    try:
        stdin = _pipe(worker.stdin)
        stdin.write(request)
        stdin.flush()
    except BrokenPipeError:
        return False
    with _ended_after(START_SECONDS, worker):
        return wire.receive(_pipe(worker.stdout)) == (Tag.BEGUN, b"")


@contextmanager
def _ended_after(seconds: float, worker: subprocess.Popen[bytes]) -> Iterator[Event]:
    """Kills the worker if this takes longer, which also ends the wait for its answer; the event says so."""
    too_late = Event()

    def end() -> None:
        too_late.set()
        worker.kill()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield too_late
    finally:
        timer.cancel()
        timer.join()


def _pipe(stream: IO[bytes] | None) -> BinaryIO:
    return cast("BinaryIO", stream)  # Popen gives every pipe it was asked for


def _named(code: int) -> str:
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"code {code}"
