"""Throughline as a program of its own: started, watched and ended from outside."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from logtap import TAP

# Loading torch on a busy machine takes a good part of it.
START_SECONDS = 90.0
# What `docker stop` waits before it kills.
STOP_SECONDS = 10.0
# Exported once for all tests; kept between runs.
PROJECT = Path(__file__).parent.parent
MODEL_CACHE = PROJECT / ".pytest_cache" / "models"
# A test asks faster than people do.
UNHURRIED = {
    "QUESTIONS_PER_PERSON": "100000",
    "QUESTIONS_PER_WORKSPACE": "100000",
    "WEB_PORT": "0",
    "LEADS_DIGEST": "off",
    "SURGE_ALERTS": "off",
}
THROUGHLINE = (sys.executable, "-m", "bot")


def environment(data_dir: Path, **others: str) -> dict[str, str]:
    """Nothing of the developer's own settings: only what a program needs, and what a test sets."""
    here = {"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {}
    return {
        **here,  # else a checkout beside the installed one would test the installed one
        "PATH": os.environ["PATH"],
        "HOME": str(data_dir),
        "DATA_DIR": str(data_dir),
        "MODEL_CACHE": str(MODEL_CACHE),
        "COLUMNS": "120",
        **UNHURRIED,
        **others,
    }


def throughline(
    *arguments: str, folder: Path, program: Sequence[str] = THROUGHLINE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder to its end; its data is in `folder/var` unless DATA_DIR says otherwise."""
    ended = subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env=environment(folder / "var", **variables),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=START_SECONDS,
        check=False,
    )
    TAP.look_at(ended.stderr, source=" ".join(arguments))
    return ended


class Running:
    """`throughline run` until it is stopped. Reads along, so that the program never waits for somebody to read."""

    def __init__(self, *arguments: str, folder: Path, **variables: str) -> None:
        self._process = subprocess.Popen(
            [*THROUGHLINE, "run", *arguments],
            cwd=folder,
            env=environment(folder / "var", **variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, words: str) -> str:
        """The next line that holds these words. Raises AssertionError with all that was said instead."""
        end = time.monotonic() + START_SECONDS
        while (line := self._lines.get(timeout=max(0.0, end - time.monotonic()))) is not None:
            if words in line:
                return line
        raise AssertionError(f"{words!r} was never said, but:\n{''.join(self.said)}")

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end. Returns its exit code. Raises TimeoutExpired where it would be killed by now."""
        self._process.send_signal(number)
        try:
            return self._process.wait(STOP_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout:
            self._process.stdout.close()
        TAP.look_at("".join(self.said), source="throughline run")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line)
            self._lines.put(line)
        self._lines.put(None)
