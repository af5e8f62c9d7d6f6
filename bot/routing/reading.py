"""Contacts -> verdicts. What two contacts say alike is read by the model once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.audiences import CUSTOMERS
from bot.customers.kinds import Direction
from bot.customers.questions.pieces import parts_of
from bot.customers.questions.vectors import Embeds, kept_vectors
from bot.customers.surveys import scores
from bot.customers.timeline import Interaction
from bot.database import Database
from bot.routing.router import Meaning, Router, Verdict

# What was read last, so that "refund please" is read once in a million contacts. Some 40 MB.
REMEMBERED = 50_000
# A customer who gives two of five, or four of ten, says that it went wrong, with or without words.
LOW_SCORE = 0.4
# The machine reads for everybody; who sees what it found is asked where it is shown.
_MACHINE = frozenset({CUSTOMERS})


class Reader:
    """For one map and one model."""

    def __init__(self, database: Database, router: Router, embedder: Embeds) -> None:
        self._database, self._router, self._embedder = database, router, embedder
        self._known: dict[tuple[str, ...], Meaning] = {}

    def verdicts(self, contacts: Sequence[Interaction]) -> list[Verdict]:
        """In the order of the contacts."""
        parts = {one.id: tuple(parts_of(one)) for one in contacts}
        self._read(contacts, parts)
        return [self._verdict(one, self._known[parts[one.id]]) for one in contacts]

    def _read(self, contacts: Sequence[Interaction], parts: dict[int, tuple[str, ...]]) -> None:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        first = {parts[one.id]: one for one in reversed(contacts) if parts[one.id] not in self._known}
        model = self._embedder.identity
        kept = kept_vectors(self._database, list(first.values()), model=model, audiences=_MACHINE)
        unread = [texts for texts, one in first.items() if one.id not in kept]
        made = iter(self._vectors(unread))
        for texts, one in first.items():
            vectors = kept[one.id] if one.id in kept else next(made)
            self._known[texts] = self._router.meaning(" ".join(texts), vectors)

    def _vectors(self, unread: Sequence[tuple[str, ...]]) -> list[NDArray[np.float32]]:
        if not unread:
            return []
        rows = self._embedder.encode_many([text for texts in unread for text in texts])
        ends = np.cumsum([len(texts) for texts in unread])
        return np.split(rows, ends[:-1])

    def _verdict(self, one: Interaction, meaning: Meaning) -> Verdict:
        """What we wrote to a customer is about something, but nobody's complaint; without words it is about nothing."""
        found = self._router.verdict(meaning, one.channel)
        low = any(score.share <= LOW_SCORE for score in scores([one]))
        if not any(letter.isalpha() for text in parts_of(one) for letter in text):
            return Verdict("", 0.0, low)
        return Verdict(found.touchpoint, found.likeness, one.direction != Direction.OUT and (found.complaint or low))
