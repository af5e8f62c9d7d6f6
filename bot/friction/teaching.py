"""What people corrected, as it is kept in the tables, for the guesses to learn from."""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.friction.guessing import Correction, Field, Learned
from bot.friction.known import STORED
from bot.friction.tables import CorrectionRow, ReportRow, TicketVectorRow

# Older ones say little of how people talk of today's tools.
LEARNED_FROM = 2000


class Teaching:
    """Read anew when somebody has corrected something since. Safe to use from several threads."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._newest = 0
        self._learned = Learned.nothing()
        self._turn = threading.Lock()

    def learned(self, session: Session) -> Learned:
        newest = session.scalar(select(func.max(CorrectionRow.id))) or 0
        with self._turn:
            if newest != self._newest:
                self._learned, self._newest = self._read(session), newest
            return self._learned

    def _read(self, session: Session) -> Learned:
        rows = session.execute(
            select(ReportRow.words, CorrectionRow.field, CorrectionRow.chosen, TicketVectorRow.vector)
            .join(ReportRow, ReportRow.ticket == CorrectionRow.ticket)
            .join(TicketVectorRow, TicketVectorRow.ticket == CorrectionRow.ticket)
            .where(ReportRow.first, CorrectionRow.guessed != CorrectionRow.chosen, TicketVectorRow.model == self._model)
            .order_by(CorrectionRow.id.desc())
            .limit(LEARNED_FROM)
        ).all()
        # What a ticket means is kept with it, so that nothing is embedded again.
        vectors = {words: np.frombuffer(vector, STORED).astype(np.float32) for words, _, _, vector in rows}

        def meaning(texts: Sequence[str]) -> NDArray[np.float32]:
            return np.stack([vectors[text] for text in texts])

        corrections = [Correction(words, Field(field), chosen) for words, field, chosen, _ in reversed(rows)]
        return Learned.of(corrections, meaning)
