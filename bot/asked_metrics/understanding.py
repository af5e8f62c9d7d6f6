"""A question in everyday words -> which measure, of what, listed by what, of which days; None for every other question.

First the words: a question about a rule ("can", "how do I", "a customer") is none, and of each measure some words have
to be there. What is left is compared with the measures' own examples by what they mean; the nearest measure is meant,
if it is near enough.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.asked_metrics import language, periods
from bot.asked_metrics.measure import Measure
from bot.asked_metrics.periods import Period
from bot.asked_metrics.things import Dimension, Thing, Vocabulary

# Cosine to the nearest example, by all-MiniLM-L6-v2; chosen on tests/data/number_questions.csv alone.
NEAR_ENOUGH = 0.3
# Nobody asks for a number in so many words; what is longer tells a story.
MOST_WORDS = 30

Meanings = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Understood:
    """`period` None where nobody said when. `likeness` is the cosine to the nearest example of the measure."""

    measure: Measure
    by: Dimension | None
    things: tuple[Thing, ...]
    period: Period | None
    likeness: float
    changes: bool
    least: bool

    @property
    def told(self) -> tuple[str, str, str, str]:
        """Measure, what it is listed by, things and days, as `numbers.csv` of a knowledge folder writes them."""
        days = f"{self.period.first}/{self.period.last}" if self.period else ""
        return self.measure.key, self.by or "", " ".join(thing.key for thing in self.things), days


class Understanding:
    """Safe to use from several threads. `meanings` gives unit vectors, a row for each text."""

    def __init__(self, measures: Sequence[Measure], meanings: Meanings) -> None:
        self._measures = tuple(measures)
        self._meanings = meanings
        self._examples: dict[str, NDArray[np.float32]] = {}
        self._lock = Lock()

    def possible(self, question: str) -> tuple[Measure, ...]:
        """Those whose words are in it; no model is asked."""
        asked = language.normal(question)
        if len(asked.split()) > MOST_WORDS or language.asks_for_a_rule(asked):
            return ()
        return tuple(one for one in self._measures if one.cues.search(asked))

    def understood(
        self,
        question: str,
        *,
        vocabulary: Callable[[], Vocabulary],
        meaning: Callable[[], NDArray[np.float32]],
        now: datetime,
    ) -> Understood | None:
        """`now` is a local time; `meaning` gives the unit vector of the question, asked for only where it decides."""
        possible = self.possible(question)
        if not possible:
            return None
        vector = meaning()
        likeness, measure = max(
            ((float((self._of(one) @ vector).max()), one) for one in possible), key=lambda pair: pair[0]
        )
        if likeness < NEAR_ENOUGH:
            return None
        period = periods.period_in(question, now=now)
        rest = f"{question[: period.start]} , {question[period.end :]}" if period else question
        asked = language.normal(rest)
        by = language.listed_by(asked, measure.listed_by, measure.most)
        things = vocabulary().named(rest, measure.narrowed_by)
        return Understood(
            measure=measure,
            by=by if by is not measure.most or not _says_which(things, by) else None,
            things=things,
            period=period,
            likeness=likeness,
            changes=measure.compares and language.asks_for_change(asked),
            least=language.asks_for_least(asked),
        )

    def _of(self, measure: Measure) -> NDArray[np.float32]:
        with self._lock:
            if measure.key not in self._examples:
                self._examples[measure.key] = self._meanings(measure.examples)
            return self._examples[measure.key]


def _says_which(things: Sequence[Thing], by: Dimension | None) -> bool:
    """Whether what would be listed is named already: of one tool there is no list of tools."""
    return any(one.dimension is by for one in things)
