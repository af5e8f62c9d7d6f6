"""The scopes of questions: what dates and folders rule out is remembered, what is withdrawn is asked each time."""

from collections.abc import Callable
from datetime import date
from functools import partial

from sqlalchemy.orm import Session

from bot.retrieval import catalogue
from bot.retrieval.scope import Scope

# Different audiences and days in a row; past so many all are worked out anew.
REMEMBERED = 256

# Audiences or folders, a generation, and the day where it matters.
_Asked = tuple[frozenset[str], int, date | None]


class Scopes:
    """Safe to use from several threads: what is remembered of a generation never changes."""

    def __init__(self) -> None:
        self._known: dict[_Asked, frozenset[int]] = {}

    def at(
        self,
        session: Session,
        audiences: frozenset[str],
        *,
        generation: int,
        day: date | None,
        folders: frozenset[str] = frozenset(),
    ) -> Scope:
        """What these audiences may be answered from on a day, as things stand in this moment.

        `folders`: only from pages of these, where any are named.
        """
        hidden = catalogue.withdrawn_documents(session)
        if day is not None:
            hidden |= self._remembered(
                (audiences, generation, day),
                partial(catalogue.out_of_force, session, audiences, generation=generation, day=day),
            )
        if folders:
            hidden |= self._remembered(
                (folders, generation, None), partial(catalogue.outside, session, folders, generation=generation)
            )
        return Scope(audiences, generation=generation, day=day, hidden=hidden)

    def _remembered(self, asked: _Asked, find: Callable[[], frozenset[int]]) -> frozenset[int]:
        """A table of documents is read for it, 50 ms for 30,000, and it holds until the next reindex."""
        known = self._known.get(asked)
        if known is None:
            known = find()
            kept = self._known if len(self._known) < REMEMBERED else {}
            self._known = kept | {asked: known}  # replaced, not changed: other threads read it
        return known
