"""What people say of an answer: whether it helped, and if not, why. It lowers what was quoted for that question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import exchanges
from bot.database import Database
from bot.exchanges import ExchangeRow, FeedbackRow
from bot.outbox import OutboxRow
from bot.people import Owners, Team
from bot.retrieval import judgments, naming
from bot.retrieval.documents import Question
from bot.retrieval.judgments import Place
from bot.retrieval.library import Library

MOST_CHARACTERS = 1000
# Verdicts on one page that come so soon after each other are one conversation for its owner.
SAME_THREAD = timedelta(hours=1)


class Objection(StrEnum):
    """What was wrong with an answer."""

    WRONG = "wrong"
    OUTDATED = "outdated"
    BESIDE = "beside"
    INCOMPLETE = "incomplete"
    UNCLEAR = "unclear"
    UNUSABLE = "unusable"


# Half a doubt where the passage may well be the right one, and for a press of the button that says no more than that.
_DOUBTS = {"": 0.5, Objection.INCOMPLETE: 0.5, Objection.UNCLEAR: 0.5, Objection.UNUSABLE: 0.5}
# The rule itself gets in people's way, and not how it was found.
OF_THE_RULE = frozenset({Objection.UNCLEAR, Objection.OUTDATED, Objection.INCOMPLETE})
_HELPED = -1.0


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer that a verdict is about: what was asked and meant, and what was quoted first.

    `place` and the texts are None and "" where nothing was quoted; `team` is None where the page names no owner.
    """

    exchange: int
    question: str
    meaning: NDArray[np.float32]
    place: Place | None = None
    title: str = ""
    team: Team | None = None

    @property
    def page(self) -> str:
        """As a citation names it."""
        section = self.place.section if self.place else ""
        return f"{self.title} › {section}" if section else self.title


class Verdicts:
    """Saves what people say, in the caller's transaction."""

    def __init__(self, database: Database, library: Library, owners: Owners) -> None:
        self._database = database
        self._library = library
        self._owners = owners

    def judged(self, exchange: int) -> Judged | None:
        """The answer of an exchange, or None where that is not known."""
        with self._database.reading() as session:
            row = session.get(ExchangeRow, exchange)
            if row is None:
                return None
            history = exchanges.earlier_questions(
                session, channel=row.channel, thread=row.thread, person=row.person, now=row.asked_at, before=row.id
            )
            team = self._team(session, row.citations)
        meaning = self._library.meaning(Question(row.question, history=history))
        if not row.citations:
            return Judged(exchange, row.question, meaning)
        first = row.citations[0]
        place = Place(first["source"], first["section"], first.get("quote", ""))
        return Judged(exchange, row.question, meaning, place, first["title"], team)

    def known(self, exchange: int) -> bool:
        """Whether an exchange is still kept."""
        with self._database.reading() as session:
            return session.get(ExchangeRow, exchange) is not None

    def team(self, exchange: int) -> Team | None:
        """Who answers for the page that an answer quoted first."""
        with self._database.reading() as session:
            row = session.get(ExchangeRow, exchange)
            return self._team(session, row.citations) if row else None

    def give(self, session: Session, judged: Judged, *, person: str, helpful: bool, now: datetime) -> bool:
        """A press of one of the two buttons; the last one counts. False where the exchange is gone meanwhile."""
        if not exchanges.give_feedback(session, exchange=judged.exchange, person=person, helpful=helpful, now=now):
            return False
        row = session.get_one(FeedbackRow, (judged.exchange, person))
        self._weigh(session, judged, person, _HELPED if helpful else _doubt(row.objection), now)
        return True

    def object(
        self,
        session: Session,
        judged: Judged,
        *,
        person: str,
        objection: Objection,
        words: str,
        named: bool,
        now: datetime,
    ) -> bool:
        """Save why an answer did not help. False where there is nothing new to tell: exactly that was said before, or
        the exchange is gone meanwhile."""
        if not exchanges.give_feedback(session, exchange=judged.exchange, person=person, helpful=False, now=now):
            return False
        row = session.get_one(FeedbackRow, (judged.exchange, person))
        said = (objection.value, words, named)
        new = (row.objection, row.words, row.named) != said
        row.objection, row.words, row.named = said
        session.flush()
        self._weigh(session, judged, person, _doubt(objection), now)
        return new

    def card_for(self, session: Session, judged: Judged, *, recipient: str, now: datetime) -> str | None:
        """The message to this recipient under which to tell of one more verdict on the page, by its key in the outbox.

        None where the page's owner has heard nothing of it within `SAME_THREAD`.
        """
        for begun in self._cards(session, judged, now):
            key = card_key(begun, recipient)
            owed = session.scalar(select(OutboxRow.created_at).where(OutboxRow.key == key))
            if owed is not None and owed > now - SAME_THREAD:
                return begun
        return None

    def told(self, session: Session, judged: Judged, *, person: str, card: str) -> None:
        """Remember in which thread the owner was told."""
        session.get_one(FeedbackRow, (judged.exchange, person)).card = card

    def _cards(self, session: Session, judged: Judged, now: datetime) -> Iterable[str]:
        rows = session.execute(
            select(FeedbackRow.card, ExchangeRow.citations)
            .join(ExchangeRow, FeedbackRow.exchange == ExchangeRow.id)
            .where(FeedbackRow.at > now - SAME_THREAD, FeedbackRow.card != "")
            .order_by(FeedbackRow.at.desc())
        )
        source = judged.place.source if judged.place else ""
        return dict.fromkeys(card for card, cited in rows if cited and cited[0].get("source") == source)

    def _weigh(self, session: Session, judged: Judged, person: str, doubt: float, now: datetime) -> None:
        if judged.place is not None:
            judgments.judge(
                session,
                judgment_key(judged.exchange, person),
                place=judged.place,
                question=judged.meaning,
                voice=person,
                doubt=doubt,
                now=now,
            )

    def _team(self, session: Session, citations: list[dict[str, Any]]) -> Team | None:
        """The owner of the page today, else of the page as it was cited."""
        if not citations:
            return None
        key = naming.owner_of(session, citations[0]["source"])
        return self._owners.called(citations[0]["owner"] if key is None else key)


def judgment_key(exchange: int, person: str) -> str:
    """One person's judgment of one answer."""
    return f"{exchange}:{person}"


def card_key(begun: str, recipient: str) -> str:
    """The key in the outbox of the message that begins a thread, to one of those who are told."""
    return f"{begun}:{recipient}"


def _doubt(objection: str) -> float:
    return _DOUBTS.get(objection, 1.0)
