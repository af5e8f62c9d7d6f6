"""What was counted as of one moment, each thing once, however many ask for it."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TypeVar, cast

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Place:
    """Of one thing; whoever counts it holds the lock."""

    lock: Lock = field(default_factory=Lock)
    counted: bool = False
    value: object = None


@dataclass(slots=True, eq=False)
class Snapshot:
    """Shared by threads. Values are read by all of them and changed by none.

    `heaviest` is the processor time, in seconds, that the heaviest of them took: by the clock everything is slow on a
    busy machine. `asked` is when somebody last wanted to see what; not all that is counted is asked for by itself.
    """

    at: datetime
    heaviest: float = 0.0
    asked: dict[Hashable, datetime] = field(default_factory=dict)
    _places: dict[Hashable, _Place] = field(default_factory=dict)
    _under_way: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def busy(self) -> bool:
        """Whether something is being counted."""
        return self._under_way > 0

    @property
    def untouched(self) -> bool:
        """Whether nobody asked for anything yet."""
        return not self._places

    def has(self, key: Hashable) -> bool:
        found = self._places.get(key)
        return found is not None and found.counted

    def once(self, key: Hashable, count: Callable[[], T]) -> T:
        """What it counted, or what somebody counted for this key before. What raises is tried again."""
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._under_way += 1
        try:
            with place.lock:
                if not place.counted:
                    begun = time.thread_time()
                    place.value = count()
                    place.counted = True
                    self._took(time.thread_time() - begun)
        finally:
            with self._lock:
                self._under_way -= 1
        return cast("T", place.value)

    def forget(self, key: Hashable) -> None:
        """Count it anew for whoever asks next."""
        with self._lock:
            self._places.pop(key, None)

    def _took(self, seconds: float) -> None:
        with self._lock:
            self.heaviest = max(self.heaviest, seconds)
