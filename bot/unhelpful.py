"""Pages whose answers did not help: who said so and why, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.exchanges import ExchangeRow, FeedbackRow
from bot.retrieval import judgments, naming, standing
from bot.retrieval.naming import PageName
from bot.verdicts import judgment_key


class Outcome(StrEnum):
    """What became of a verdict. An open one lowers the passage for its question, the others are settled."""

    OPEN = "open"
    EDITED = "edited"
    VERIFIED = "verified"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Unhelpful:
    """One verdict. `objection` is the value of one, "" where nobody said why; `words` is what it should say."""

    at: datetime
    question: str
    objection: str
    words: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class UnhelpfulPage:
    """A page with its verdicts, newest first. `owner` is the key of a team, "" for none and for a page that is gone."""

    source: str
    title: str
    owner: str
    verdicts: tuple[Unhelpful, ...]

    @property
    def open(self) -> int:
        return sum(verdict.outcome is Outcome.OPEN for verdict in self.verdicts)


def pages(session: Session) -> list[UnhelpfulPage]:
    """The page with most open verdicts first, of equals the one with most verdicts."""
    rows = session.execute(
        select(FeedbackRow, ExchangeRow)
        .join(ExchangeRow, FeedbackRow.exchange == ExchangeRow.id)
        .where(FeedbackRow.helpful.is_(False))
        .order_by(FeedbackRow.at.desc(), FeedbackRow.exchange.desc())
    )
    said: dict[str, list[tuple[FeedbackRow, ExchangeRow]]] = {}
    for verdict, asked in rows:
        if asked.citations:
            said.setdefault(asked.citations[0]["source"], []).append((verdict, asked))
    living = {page.source: page for page in naming.living_pages(session)} if said else {}
    outcomes = _Outcomes(session, said, living)
    found = [
        UnhelpfulPage(
            source=source,
            title=living[source].title if source in living else verdicts[0][1].citations[0]["title"],
            owner=living[source].owner if source in living else "",
            verdicts=tuple(
                Unhelpful(
                    at=verdict.at,
                    question=asked.question,
                    objection=verdict.objection,
                    words=verdict.words,
                    outcome=outcomes.of(verdict, source),
                )
                for verdict, asked in verdicts
            ),
        )
        for source, verdicts in said.items()
    ]
    return sorted(found, key=lambda page: (-page.open, -len(page.verdicts), page.source))


class _Outcomes:
    """What became of verdicts on these pages."""

    def __init__(self, session: Session, sources: Iterable[str], living: dict[str, PageName]) -> None:
        self._open = judgments.standing(session)
        self._verified = standing.verified_days(session, sources, day=None)
        self._living = living

    def of(self, verdict: FeedbackRow, source: str) -> Outcome:
        if judgment_key(verdict.exchange, verdict.person) in self._open:
            return Outcome.OPEN
        if source not in self._living:
            return Outcome.GONE
        checked = self._verified.get(source)
        return Outcome.VERIFIED if checked is not None and checked >= verdict.at.date() else Outcome.EDITED
