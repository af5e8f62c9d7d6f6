"""Whether a notice is about what was asked: by meaning, by the rare words they share, by a name in the quoted page."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.retrieval import notices
from bot.retrieval.documents import Answer, Quote
from bot.words import stems

# Chosen on one half of tests/data/notice_pairs.csv; tests/test_about.py has the rates on the other half.
BAR = 0.39
# For each unit of inverse document frequency that a shared word has, up to so many units.
WORDS_WEIGHT = 0.02
MOST_RARITY = 6.0
# More than these would bury the answer.
MOST_NOTICES = 3
# Notices, questions and quoted passages in memory, 1.5 kB each.
REMEMBERED = 512

# A notice says when; that a question says when too makes them no more alike.
_WHEN = stems(
    "today tonight tomorrow yesterday morning noon afternoon evening night day week hour minute "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_CAPITALIZED = re.compile(r"\b[A-Z]\w+")
# A capital that begins no sentence: what the page itself treats as a name.
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z]\w+")


class NoticeBoard:
    """The live notices, and which of them belong on top of an answer."""

    def __init__(self, encode: Callable[[Sequence[str]], NDArray[np.float32]]) -> None:
        self._encode = encode
        self._meaning_of = lru_cache(maxsize=REMEMBERED)(self._meaning)

    def on_top(
        self,
        session: Session,
        question: str,
        answer: Answer,
        rarity: Mapping[str, float],
        *,
        audiences: frozenset[str],
        now: datetime | None,
    ) -> Answer:
        """The answer, or refusal, with the notices about it that these audiences may see at a moment, newest first."""
        live = notices.live(session, audiences=audiences, now=now) if now is not None else []
        if not live:
            return answer
        passage = _passage(answer.quotes[0]) if answer.quotes else ""
        asked = self._meaning_of(question)
        quote = self._meaning_of(passage) if passage else None
        about = (
            notice
            for notice in live
            if shares_a_name(notice.text, passage)
            or likeness(notice.text, self._meaning_of(notice.text), question=asked, quote=quote, rarity=rarity) >= BAR
        )
        return replace(answer, notices=tuple(about)[:MOST_NOTICES])

    def _meaning(self, text: str) -> NDArray[np.float32]:
        return np.asarray(self._encode([text])[0], dtype=np.float32)


def likeness(
    notice: str,
    vector: NDArray[np.float32],
    *,
    question: NDArray[np.float32],
    quote: NDArray[np.float32] | None,
    rarity: Mapping[str, float],
) -> float:
    """How much a notice is about a question, to be compared with `BAR`.

    Unit vectors; `quote` is that of the passage that answers, None where none does; `rarity` holds the inverse document
    frequency of the stems of the question.
    """
    meaning = max(float(vector @ question), float(vector @ quote) if quote is not None else 0.0)
    shared = sum(rarity[word] for word in stems(notice) & rarity.keys() - _WHEN)
    return meaning + WORDS_WEIGHT * min(shared, MOST_RARITY)


def shares_a_name(notice: str, passage: str) -> bool:
    """Whether a passage names something the notice names, such as a tool: both write it with a capital letter."""
    return bool(set(_CAPITALIZED.findall(notice)) & set(_NAME.findall(passage)))


def _passage(quote: Quote) -> str:
    """A quote under its headings, as passages are embedded."""
    place = " > ".join(part for part in (quote.citation.title, quote.citation.section) if part)
    return f"{place}\n{quote.block.text}"
