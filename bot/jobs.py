"""The bounded workers: they drain the inbox and the outbox in order per conversation. Told what to call."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Condition, Thread
from time import monotonic

from bot import inbox, outbox, pacing
from bot.database import Database
from bot.inbox import Accepted
from bot.leases import RENEWAL, Claim, Hands
from bot.outbox import Owed

log = logging.getLogger(__name__)

WORKERS = 4
COURIERS = 4
# How long an idle worker sleeps before it looks again; anything that arrives here wakes it at once.
IDLE_SECONDS = 1.0
# What is kept for days may stay an hour longer.
HOUSEKEEPING_SECONDS = 3600.0


class Pool:
    """A fixed number of threads that take work until they are stopped.

    `step` does one piece of work; it returns how long to wait if there was none, or None where it did some. Of those
    that wait one looks for all: four that look every second cost four times as much and see nothing sooner.
    """

    def __init__(self, name: str, step: Callable[[], float | None], *, size: int) -> None:
        self._step = step
        self._news = Condition()
        self._calls = 0
        self._looked_at = 0.0
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
            if thread.ident is not None:  # it was started
                thread.join(timeout)

    def _run(self) -> None:
        while True:
            with self._news:
                seen = self._calls
                if self._stopping:
                    return
                self._looked_at = monotonic()
            wait = self._step()
            with self._news:
                if wait is not None:
                    self._rest(wait, seen)

    def _rest(self, wait: float, seen: int) -> None:
        """Until somebody calls, or nobody has looked for so long."""
        until = monotonic() + wait
        while self._calls == seen and not self._stopping and (left := until - monotonic()) > 0:
            self._news.wait(left)
            until = max(until, self._looked_at + wait)


class InboxWork:
    """One step: take an event and work on it. `work` never raises."""

    def __init__(self, database: Database, work: Callable[[Accepted], None], hands: Hands) -> None:
        self._database = database
        self._work = work
        self._hands = hands

    def __call__(self) -> float | None:
        with self._database.reading() as session:  # without the writers' turn, which an idle worker must not ask for
            if not inbox.any_free(session, self._hands.claim()):
                return IDLE_SECONDS
        event = self._hands.take(self._take)
        if event is None:
            return IDLE_SECONDS
        try:
            self._work(event)
        finally:
            self._hands.put_down(event.id)
        return None

    def _take(self, claim: Claim) -> Accepted | None:
        with self._database.writing.begin() as session:
            return inbox.take(session, claim)


class OutboxWork:
    """One step: deliver one message whose time has come, if nobody else is on the same conversation."""

    def __init__(self, database: Database, deliver: Callable[[Owed], None], hands: Hands) -> None:
        self._database = database
        self._deliver = deliver
        self._hands = hands

    def __call__(self) -> float | None:
        claim = self._hands.claim()
        with self._database.reading() as session:  # as above
            if not outbox.due(session, claim, limit=1):
                return self._until(outbox.next_due(session), claim.now)
        owed = self._hands.take(self._take)
        if owed is None:
            return IDLE_SECONDS
        try:
            self._deliver(owed)
        finally:
            self._hands.put_down(owed.id)
        return None

    def _take(self, claim: Claim) -> Owed | None:
        with self._database.writing.begin() as session:
            return outbox.take(session, claim)

    @staticmethod
    def _until(next_due: datetime | None, now: datetime) -> float:
        ahead = (next_due - now).total_seconds() if next_due else IDLE_SECONDS
        return min(IDLE_SECONDS, ahead) if ahead > 0 else IDLE_SECONDS


class LeaseKeeping:
    """One step: renew the leases of what is in hand, so that only a replica that is gone loses its work."""

    def __init__(self, database: Database, *, events: Hands, messages: Hands) -> None:
        self._database = database
        self._kept = ((events, inbox.renew), (messages, outbox.renew))

    def __call__(self) -> float:
        for hands, renew in self._kept:
            claim = hands.claim()
            if claim.in_hand:
                with self._database.writing.begin() as session:
                    renew(session, claim)
        return RENEWAL.total_seconds()


class Housekeeping:
    """One step: forget events and messages that are older than they are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(self) -> float:
        now = datetime.now(UTC)
        for forget in (inbox.forget_old, outbox.forget_old, pacing.forget_old):
            with self._database.writing.begin() as session:
                forget(session, now=now)
        return HOUSEKEEPING_SECONDS
