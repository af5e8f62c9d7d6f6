"""The bounded workers: they drain the inbox and the outbox in order per conversation. Told what to call."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Condition, Thread

from bot import inbox, outbox
from bot.database import Database
from bot.inbox import Accepted
from bot.outbox import Owed

log = logging.getLogger(__name__)

WORKERS = 4
COURIERS = 4
# How long an idle worker sleeps before it looks again; anything that arrives here wakes it at once.
IDLE_SECONDS = 1.0


class Pool:
    """A fixed number of threads that take work until they are stopped.

    `step` does one piece of work; it returns how long to wait if there was none, or None where it did some.
    """

    def __init__(self, name: str, step: Callable[[], float | None], *, size: int) -> None:
        self._step = step
        self._news = Condition()
        self._calls = 0
        self._stopping = False
        self._threads = [Thread(target=self._run, name=f"{name}-{number}", daemon=True) for number in range(size)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        with self._news:
            self._calls += 1
            self._news.notify_all()

    def stop(self, *, timeout: float = 10.0) -> None:
        """Finish what is under way, then end."""
        with self._news:
            self._stopping = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join(timeout)

    def _run(self) -> None:
        while True:
            with self._news:
                seen = self._calls
                if self._stopping:
                    return
            wait = self._step()
            with self._news:
                if wait is not None and self._calls == seen and not self._stopping:
                    self._news.wait(wait)


class InboxWork:
    """One step: take an event and work on it. `work` never raises."""

    def __init__(self, database: Database, work: Callable[[Accepted], None]) -> None:
        self._database = database
        self._work = work

    def __call__(self) -> float | None:
        with self._database.reading() as session:
            waiting = inbox.any_waiting(session)
        if not waiting:
            return IDLE_SECONDS
        with self._database.writing.begin() as session:
            event = inbox.take(session)
        if event is None:
            return IDLE_SECONDS
        self._work(event)
        return None


class OutboxWork:
    """One step: deliver one message whose time has come, if no other thread is on the same conversation."""

    def __init__(self, database: Database, deliver: Callable[[Owed], None]) -> None:
        self._database = database
        self._deliver = deliver
        self._busy: set[str] = set()
        self._turn = Condition()

    def __call__(self) -> float | None:
        now = datetime.now(UTC)
        with self._turn:
            with self._database.reading() as session:
                free = [
                    owed for owed in outbox.due(session, now=now) if owed.destination.conversation not in self._busy
                ]
                next_due = outbox.next_due(session)
            if not free:
                ahead = (next_due - now).total_seconds() if next_due else IDLE_SECONDS
                return min(IDLE_SECONDS, ahead) if ahead > 0 else IDLE_SECONDS
            owed = free[0]
            self._busy.add(owed.destination.conversation)
        try:
            self._deliver(owed)
        finally:
            with self._turn:
                self._busy.discard(owed.destination.conversation)
        return None
