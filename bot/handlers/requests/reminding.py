"""No request falls silent: who waits a working day is spoken of again, and who reached nobody is told so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from bot import deadlines, outbox, requests
from bot import request_wording as wording
from bot.database import Database
from bot.handlers.requests import cards
from bot.handlers.requests.told import owe_asker_alone
from bot.outbox import Destination
from bot.people import Owners
from bot.requests import Request

EVERY_SECONDS = 60.0
# No working day is over sooner.
SHORTEST = timedelta(days=1)


class Reminding:
    """One step of a worker: looks what has become of the requests that wait, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        owners: Owners,
        *,
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._owners = owners
        self._zone = zone
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:  # without the writers' turn: mostly there is nothing
            waits = bool(self._overdue(session, now)) or requests.any_on_the_way(session)
        if waits:
            with self._database.writing.begin() as session:
                requests.note_delivered(session)
                for lost in requests.close_undeliverable(session, now=now):
                    words = wording.undeliverable(lost.number, lost.question)
                    owe_asker_alone(session, lost, key=f"undeliverable:{lost.number}", words=words, now=now)
                overdue = self._overdue(session, now)
                for request in overdue:
                    self._remind(session, request, now=now)
                requests.reminded(session, [request.number for request in overdue], now=now)
        return EVERY_SECONDS

    def _overdue(self, session: Session, now: datetime) -> list[Request]:
        waiting = requests.unreminded(session, since=now - SHORTEST)
        return [one for one in waiting if deadlines.working_day_after(one.changed_at, zone=self._zone) <= now]

    def _remind(self, session: Session, request: Request, *, now: datetime) -> None:
        """A card once more: what is written in its thread goes to the asker too."""
        since = request.changed_at.astimezone(self._zone)
        for channel in dict.fromkeys(card.channel for card in requests.cards(session, request.number)):
            key = f"request:{request.number}:{channel}:{since:%Y%m%d%H%M%S}"
            card = {
                "number": request.number,
                "title": wording.card_again(request.number, self._owners.name(request.team)),
                "note": wording.waits(request.asker_name, since=since, taker=request.taker_name),
                "asks": wording.asks(request.asker_name),
                "question": request.question,
                "adds": wording.adds(request.asker_name) if request.added else "",
                "added": request.added,
                "tried": "",
                "goes": wording.replies_go(request.asker_name, alone=request.place.alone),
                "status": "",
                "free": request.free,
            }
            requests.add_card(session, request.number, channel=channel, key=key)
            outbox.owe(session, key=key, kind=cards.CARD, to=Destination(channel), value=card, now=now)
