"""First on every request: what it asks for is written down once, before the ack. Nothing is answered here."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from slack_bolt import BoltResponse

from bot import inbox, postgresql, sqlite_faults
from bot.database import Database
from bot.handlers import shapes
from bot.handlers.surfaces import Arriving, Body, Surface
from bot.handlers.turns import Turnstile
from bot.inbox import State

log = logging.getLogger(__name__)


class Arrival:
    """The border between Slack and the house, on the way in."""

    def __init__(
        self,
        database: Database,
        surfaces: Sequence[Surface],
        *,
        faults: Callable[[Body], object],
        turnstile: Turnstile,
        wake: Callable[[], None],
    ) -> None:
        """`faults` says what is wrong with a form: such a one stays open, and is not written down."""
        self._database = database
        self._surfaces = surfaces
        self._faults = faults
        self._turnstile = turnstile
        self._wake = wake

    def record(self, body: dict[str, Any], next: Callable[[], Any]) -> Any:  # noqa: A002, ANN401 - Bolt's names and types
        """Bolt middleware: written before the ack, once per key.

        A fault here leaves the event without an ack, so that Slack delivers it again.
        """
        arriving = self.read(body)
        if arriving is not None:
            shapes.check_storable(arriving.key, arriving.conversation, arriving.value)
            now = datetime.now(UTC)
            with self._database.writing.begin() as session:
                too_many = self._turnstile.check(session, arriving, now=now)
                new = inbox.accept(
                    session,
                    key=arriving.key,
                    kind=arriving.kind,
                    conversation=arriving.conversation,
                    value=arriving.value,
                    now=now,
                    state=State.REFUSED if too_many else State.WAITING,
                )
                if new and too_many:
                    self._turnstile.tell(session, arriving, too_many, now=now)
            if new:
                self._wake()
        return next()

    def read(self, body: Body) -> Arriving | None:
        """What there is to do about a request, or None: not every message is for us."""
        if self._faults(body):
            return None
        return next((arriving for surface in self._surfaces if (arriving := surface.read(body)) is not None), None)


def set_aside(error: Exception, body: Body) -> BoltResponse:
    """Bolt's error handler, for whatever goes wrong before the ack: the one place where a request cannot be read.

    It writes no word of the request into the log, nor a fault's own message, which may quote it.
    """
    if isinstance(error, shapes.UNREADABLE):
        log.warning("a request of kind %s was set aside: %s", shapes.kind_of(body), shapes.place_of(error))
        return BoltResponse(status=HTTPStatus.BAD_REQUEST, body={"error": "malformed"})
    known = postgresql.explained(error) or sqlite_faults.explained(error)
    if known:
        log.warning("a request was not taken in, and Slack sends it again: %s", known)
    else:
        log.error("a request was not taken in, and Slack sends it again", exc_info=error)
    return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
