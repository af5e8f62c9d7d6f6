"""Last on every request: a fault of the work on it becomes a polite reply, and a worker goes on."""

import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from bot import inbox, outbox, postgresql, sqlite_faults, wording
from bot.database import Database
from bot.errors import ThroughlineError
from bot.handlers import blocks
from bot.handlers.replying import reply_destination
from bot.handlers.surfaces import Work
from bot.inbox import Accepted, Superseded

log = logging.getLogger(__name__)


class Border:
    """Runs the work on an event; whatever goes wrong ends here."""

    def __init__(self, database: Database, work: Mapping[str, Work], *, wake: Callable[[], None]) -> None:
        self._database = database
        self._work = work
        self._wake = wake

    def __call__(self, event: Accepted) -> None:
        """Never raises: work that fails is tried again, and in the end its asker is told."""
        try:
            self._work[event.kind](event)
        except Superseded as fault:
            log.warning("%s; what this attempt did is undone", fault)
        except Exception as fault:
            again = event.attempts < inbox.MAX_ATTEMPTS and not isinstance(fault, ThroughlineError)
            log.exception("work on event %s failed, attempt %s", event.id, event.attempts)
            self._settle(event, fault, again=again)
        self._wake()

    def _settle(self, event: Accepted, fault: Exception, *, again: bool) -> None:
        with self._database.writing.begin() as session:
            ours = inbox.fail(session, event, fault=f"{type(fault).__name__}: {fault}", again=again)
            if ours and not again and "channel" in event.value:
                outbox.owe(
                    session,
                    key=f"fault:{event.id}",
                    kind=blocks.WORDS,
                    to=reply_destination(event.value, private=bool(event.value.get("alone"))),
                    value={"text": _as_typed_here(fault) if isinstance(fault, ThroughlineError) else wording.FAULT},
                    now=datetime.now(UTC),
                )


def _as_typed_here(fault: ThroughlineError) -> str:
    """A refusal is worded for every door; what it says to type next is typed here as a command of Slack's."""
    return str(fault).replace("`throughline knowledge ", "`/knowledge ")


def guarded(step: Callable[[], float | None], *, wait: float) -> Callable[[], float | None]:
    """A worker's step that never raises: a full disk or a locked database is logged, waited out and tried again."""

    def attempt() -> float | None:
        try:
            return step()
        except Exception as fault:
            # A server that is away is met by every worker every second: a line says it, a traceback would bury it.
            known = postgresql.explained(fault) or sqlite_faults.explained(fault)
            if known:
                log.warning("a worker could not go on; it tries again in %s s: %s", wait, known)
            else:
                log.exception("a worker could not go on; it tries again in %s s", wait)
            time.sleep(wait)
            return wait

    return attempt


def shielded(act: Callable[[], None], *, otherwise: Callable[[Exception], None]) -> Callable[[], None]:
    """Whatever goes wrong in `act` goes to `otherwise`: in a thread of its own nobody would hear of it."""

    def attempt() -> None:
        try:
            act()
        except Exception as fault:  # noqa: BLE001 - whatever it is, `otherwise` says it
            otherwise(fault)

    return attempt
