"""The last sound state of a file that people edit: a slip in it takes nothing from whoever works by it."""

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from bot.errors import SettingsError

log = logging.getLogger(__name__)

T = TypeVar("T")


class SoundFile(Generic[T]):
    """A file that did not change is not read again. Safe to use from several threads.

    `read` raises `SettingsError` for a fault; `called` is what its content is called in the log, as "tracks".
    """

    def __init__(self, file: Path, read: Callable[[], T], *, empty: T, called: str) -> None:
        self._file, self._reader, self._called = file, read, called
        self._lock = Lock()
        self._read: tuple[int, int] | None = None
        self._sound = empty

    @property
    def sound(self) -> T:
        with self._lock:
            state = self._state()
            if state != self._read:
                self._read = state
                try:
                    self._sound = self._reader()
                except SettingsError as fault:
                    log.warning("The %s stay as they were. %s", self._called, fault)
            return self._sound

    def _state(self) -> tuple[int, int]:
        """When it was written and how long it is; zeros where it is not there, or cannot be looked at."""
        try:
            found = self._file.stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size
