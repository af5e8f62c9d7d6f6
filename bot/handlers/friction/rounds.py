"""What nobody presses a button for: a card for each new ticket, and news that waited until somebody wanted to hear."""

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.audiences import EVERYONE
from bot.database import Database
from bot.friction import telling
from bot.friction.desk import Desk
from bot.friction.moves import OPEN
from bot.friction.tables import EventRow, ImportRow, ReportRow, TicketRow
from bot.friction.telling import owe_news
from bot.friction.telling_tables import CardRow, NewsRow
from bot.handlers.border import guarded
from bot.handlers.friction.cards import MOST_GATHERED
from bot.handlers.workspace.addressees import Addressees
from bot.people import Owners
from bot.workspaces import of_session

# A new ticket is in front of its owner so soon; whoever reported it has their number before.
EVERY_SECONDS = 1.0
_AT_ONCE = 50


class Rounds:
    """One step of several: a fault in one keeps no other from its work."""

    def __init__(self, *steps: Callable[[], float]) -> None:
        self._steps = [guarded(step, wait=EVERY_SECONDS) for step in steps]

    def __call__(self) -> float:
        return min(step() or EVERY_SECONDS for step in self._steps)


class Cards:
    """One step: a card in front of the owner of each open ticket that has none there yet.

    Of what was taken over from another system nobody is told, and of what another message told the owner there is no
    card until something happens to it. Where the owner changes, the new one gets a card.
    """

    def __init__(
        self,
        database: Database,
        desk: Desk,
        addressees: Addressees,
        *,
        owners: Owners,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._desk = desk
        self._addressees = addressees
        self._owners = owners
        self._clock = clock
        self._seen = -1

    def __call__(self) -> float:
        with self._database.reading() as session:  # without the writers' turn: mostly there is nothing
            newest = session.scalar(select(func.max(EventRow.id))) or 0
            if newest == self._seen:  # whatever changes has an event
                return EVERY_SECONDS
            missing = self._missing(session)
        for number, team in missing:
            # Slack is asked before anything is written.
            found = self._addressees.of(self._owners.called(team), may_read=lambda audiences: EVERYONE in audiences)
            with self._database.writing.begin() as session:
                row = session.get_one(TicketRow, number)
                if row.team == team:
                    channels = [one.channel for one in found if one.reads]
                    self._desk.teller.show(session, row, channels, now=self._clock())
        if len(missing) < _AT_ONCE:
            self._seen = newest
        return EVERY_SECONDS

    def _missing(self, session: Session) -> list[tuple[int, str]]:
        """Those of which this workspace was told, or of which nobody knows which one was."""
        shown = select(CardRow.id).where(CardRow.ticket == TicketRow.id, CardRow.team == TicketRow.team).exists()
        imported = select(ImportRow.ticket).where(ImportRow.ticket == TicketRow.id).exists()
        told = (
            select(ReportRow.id)
            .where(ReportRow.ticket == TicketRow.id, ReportRow.workspace_reached.in_(("", of_session(session))))
            .exists()
        )
        since = select(EventRow.id).where(EventRow.ticket == TicketRow.id, EventRow.event != "file").exists()
        wanted = or_(TicketRow.told_by == "", since)
        without = select(TicketRow.id, TicketRow.team).where(TicketRow.state.in_(OPEN), ~shown, ~imported, told, wanted)
        return [(number, team) for number, team in session.execute(without.order_by(TicketRow.id).limit(_AT_ONCE))]


class Post:
    """One step: what waited until somebody wanted to hear; several of one person in one message."""

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:
            if session.scalar(select(NewsRow.id).where(NewsRow.due_at <= now).limit(1)) is None:
                return EVERY_SECONDS
        with self._database.writing.begin() as session:
            self._send(session, now)
        return EVERY_SECONDS

    def _send(self, session: Session, now: datetime) -> None:
        due = select(NewsRow, ReportRow).join(ReportRow, ReportRow.id == NewsRow.report).where(NewsRow.due_at <= now)
        waiting: dict[str, list[tuple[NewsRow, ReportRow]]] = {}
        for news, report in session.execute(due.order_by(NewsRow.id)):
            waiting.setdefault(report.handle, []).append((news, report))
        for each in (part for found in waiting.values() for part in _parts(found)):
            (first, report), *more = each
            if more:
                value = {"news": [news.value for news, _ in each]}
                owe_news(session, report, value, key=f"friction:gathered:{first.id}", kind=telling.GATHERED, now=now)
            else:
                key = f"friction:{first.event}:{first.report}"
                owe_news(session, report, first.value, key=key, kind=telling.NEWS, now=now)
            for news, _ in each:
                session.delete(news)


def _parts(found: list[tuple[NewsRow, ReportRow]]) -> list[list[tuple[NewsRow, ReportRow]]]:
    """As many messages as it takes for all to be read."""
    return [found[start : start + MOST_GATHERED] for start in range(0, len(found), MOST_GATHERED)]
