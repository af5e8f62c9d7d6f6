"""What time brings to tickets: warnings, breaches, reminders, ends."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.database import Database
from bot.friction import watching
from bot.friction.desk import Desk
from bot.friction.telling import Late, Unowned
from bot.handlers.friction.callers import LEAD
from bot.handlers.friction.rounds import EVERY_SECONDS
from bot.handlers.workspace.addressees import Addressees

# In one transaction: whoever acts meanwhile waits for some tenths of a second, and one message holds them all.
AT_ONCE = 50
# A workspace in which nobody leads leaves what is late so long to one in which somebody does.
LEFT_TO_OTHERS = timedelta(minutes=1)


class Watch:
    """One step: whatever is due at some tickets is done, once; mostly nothing is."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        addressees: Addressees,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._desk = desk
        self._addressees = addressees
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:  # without the writers' turn
            due = watching.due(session, self._desk, now=now, limit=AT_ONCE)
        if not due:
            return EVERY_SECONDS
        leads: list[str] = []
        if any(one.late for one in due):  # Slack is asked before anything is written
            leads = [person.id for person in self._addressees.with_role(LEAD)]
            due = due if leads else [one for one in due if not one.late or one.at <= now - LEFT_TO_OTHERS]
        with self._database.writing.begin() as session:
            heard = [each for one in due for each in watching.look(session, one.number, self._desk, now=now)]
            late = [each for each in heard if isinstance(each, Late)]
            unowned = [each for each in heard if isinstance(each, Unowned)]
            for lead in leads:
                if late:
                    self._desk.teller.late(session, lead, late, now=now)
                if unowned:
                    self._desk.teller.unowned(session, lead, unowned, now=now)
        return EVERY_SECONDS
