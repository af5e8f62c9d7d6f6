"""The scopes of questions: what dates rule out is remembered, what is withdrawn is asked each time."""

from datetime import date

from sqlalchemy.orm import Session

from bot.retrieval import catalogue
from bot.retrieval.scope import Scope

# Different audiences and days in a row; past so many all are worked out anew.
REMEMBERED = 256

_Asked = tuple[frozenset[str], int, date]


class Scopes:
    """Safe to use from several threads: what is remembered of a generation never changes."""

    def __init__(self) -> None:
        self._dated: dict[_Asked, frozenset[int]] = {}

    def at(self, session: Session, audiences: frozenset[str], *, generation: int, day: date | None) -> Scope:
        """What these audiences may be answered from on a day, as things stand in this moment."""
        hidden = catalogue.withdrawn_documents(session)
        if day is not None:
            hidden |= self._out_of_force(session, audiences, generation, day)
        return Scope(audiences, generation=generation, day=day, hidden=hidden)

    def _out_of_force(self, session: Session, audiences: frozenset[str], generation: int, day: date) -> frozenset[int]:
        """A table of documents is read for it, 50 ms for 30,000, and it holds until the next reindex."""
        asked = (audiences, generation, day)
        known = self._dated.get(asked)
        if known is None:
            known = catalogue.out_of_force(session, audiences, generation=generation, day=day)
            kept = self._dated if len(self._dated) < REMEMBERED else {}
            self._dated = kept | {asked: known}  # replaced, not changed: other threads read it
        return known
