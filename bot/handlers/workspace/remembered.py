"""What Slack said a moment ago, so that a busy channel costs it little: so much of it, and no older than so."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Asks once for a key until the answer is too old, was forgotten, or made room for others. For several threads."""

    def __init__(self, ask: Callable[[str], T], *, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._ask = ask
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._lock = Lock()
        self._known: OrderedDict[str, tuple[float, T]] = OrderedDict()
        self._forgotten = 0

    def __call__(self, key: str) -> T:
        """The answer for a key; raises what asking raises, and remembers no fault."""
        now = self._clock()
        with self._lock:
            since, *values = self._known.get(key, (0.0,))
            if values and now - since <= self._seconds:
                self._known.move_to_end(key)
                return values[0]
            forgotten = self._forgotten
        value = self._ask(key)
        with self._lock:
            # Something changed while Slack was asked: the answer may be from before it.
            if forgotten == self._forgotten:
                self._known[key] = (now, value)
                self._known.move_to_end(key)
                while len(self._known) > self._most:
                    self._known.popitem(last=False)
        return value

    def forget(self, key: str) -> None:
        with self._lock:
            self._known.pop(key, None)
            self._forgotten += 1
