"""What is owed of customers is asked about once more before it goes out: it may have waited a day, or be sent again.

Whoever was permitted when they asked, and is not any more, gets nothing of it. That they looked stands in the audit.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot import outbox
from bot.database import Database
from bot.errors import PeopleUnknown
from bot.handlers.workspace.directory import SlackDirectory
from bot.outbox import Owed

log = logging.getLogger(__name__)

NOT_ANY_MORE = "whoever it is for may not see customers any more"
LATER = timedelta(seconds=30)


class Withholding:
    """In front of the delivery. Who reads it stands in the value, as `handlers.customers.replies` writes it."""

    def __init__(
        self,
        database: Database,
        directory: SlackDirectory,
        *,
        deliver: Callable[[Owed], None],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._directory = directory
        self._deliver = deliver
        self._clock = clock

    def __call__(self, owed: Owed) -> None:
        if not holds_customers(owed.value):
            return self._deliver(owed)
        try:
            person = self._directory.person(str(owed.value.get("reader", "")))
        except PeopleUnknown:
            return self._wait(owed)
        return self._deliver(owed) if person.serves_customers else self._bury(owed, NOT_ANY_MORE)

    def _wait(self, owed: Owed) -> None:
        now, fault = self._clock(), "Slack does not say whether its reader is still who they were"
        if now >= owed.give_up_at:
            return self._bury(owed, fault)
        with self._database.writing.begin() as session:
            return outbox.put_back(session, owed.id, at=now + LATER, fault=fault)

    def _bury(self, owed: Owed, fault: str) -> None:
        log.warning("message %s is not delivered (%s): %s", owed.id, owed.kind, fault)
        with self._database.writing.begin() as session:
            outbox.bury(session, owed.id, fault=fault, now=self._clock())


def holds_customers(value: Mapping[str, Any]) -> bool:
    """Whether a message shows anything of a customer: each says of whom."""
    handover = value.get("handover") or {}
    return bool(value.get("customers") or handover.get("customers"))
