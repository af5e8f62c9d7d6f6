"""What nothing answered, put together by meaning: one line for each thing that is missing, not for each question."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from bot.exchanges import AskedGap
from bot.retrieval import grouping

CLOSEST = 3


@dataclass(frozen=True, slots=True)
class GapGroup:
    """`question` is the one in the middle; `askers` are different people, `times` all questions.

    `closest` are the pages, as (path, title), that came nearest most often; `audiences` all that the askers had.
    """

    question: str
    askers: int
    times: int
    last_asked: datetime
    closest: tuple[tuple[str, str], ...]
    owner: str
    audiences: tuple[str, ...]
    questions: tuple[str, ...]


def grouped(gaps: Sequence[AskedGap], *, meanings: Callable[[Sequence[str]], NDArray[np.float32]]) -> list[GapGroup]:
    """What most people asked first; of equals what was asked last."""
    if not gaps:
        return []
    texts = list(dict.fromkeys(gap.question for gap in gaps))
    of_text = dict(zip(texts, meanings(texts), strict=True))
    vectors = np.stack([of_text[gap.question] for gap in gaps])
    found = [
        _summary([gaps[row] for row in rows], gaps[grouping.most_central(vectors, rows)].question)
        for rows in grouping.groups(vectors)
    ]
    return sorted(found, key=lambda group: (-group.askers, -group.times, -group.last_asked.timestamp()))


def _summary(members: Sequence[AskedGap], question: str) -> GapGroup:
    pages = Counter(page for gap in members for page in gap.closest)
    owners = Counter(gap.owner for gap in members if gap.owner)
    return GapGroup(
        question=question,
        askers=len({gap.person for gap in members}),
        times=len(members),
        last_asked=max(gap.asked_at for gap in members),
        closest=tuple(page for page, _ in pages.most_common(CLOSEST)),
        owner=owners.most_common(1)[0][0] if owners else "",
        audiences=tuple(sorted(set().union(*(gap.audiences for gap in members)))),
        questions=tuple(dict.fromkeys(gap.question for gap in members)),
    )
