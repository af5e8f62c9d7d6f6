"""How a question is searched in one generation, by whatever engine holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.retrieval import fusion
from bot.retrieval.confidence import Evidence, confidence
from bot.retrieval.documents import Hit, Question
from bot.retrieval.engines.base import Engine
from bot.retrieval.scope import Scope
from bot.retrieval.terms import question_terms

# How deep each ranking goes before they are joined. The page with the answer was among the first 40 for nearly every
# question of seven sets; deeper only moves what min-max calls the worst.
CANDIDATES = 100
EARLIER_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Findings:
    """Every candidate passage, best first; how likely it is that they answer; the rarity of the question's stems."""

    hits: Sequence[Hit] = ()
    confidence: float = 0.0
    rarity: Mapping[str, float] = field(default_factory=dict)


class Searcher:
    """Searches one generation. Immutable, as its engine is."""

    def __init__(self, engine: Engine, *, bar: float, languages: Sequence[str]) -> None:
        self.engine = engine
        self.bar = bar
        self.languages = tuple(languages)

    @property
    def generation(self) -> int:
        return self.engine.generation

    def search(self, session: Session, question: Question, vector: NDArray[np.float32], *, scope: Scope) -> Findings:
        """What is found inside the scope; nothing, with a confidence of 0, where it holds no page."""
        terms = question_terms(question)
        found = self.engine.candidates(session, terms, vector, scope=scope, k=CANDIDATES)
        if not len(found.passages):
            return Findings()
        fused = fusion.fuse(found)
        hits = [
            Hit(
                passage=int(found.passages[at]),
                document=int(found.documents[at]),
                score=float(fused[at]),
                cosine=float(found.cosines[at]),
                lexical=float(found.scores[at]),
            )
            for at in np.lexsort((found.passages, -fused))
        ]
        best = float(found.scores.max())
        evidence = Evidence(
            cosine=float(found.cosines.max()),
            affinity=found.affinity,
            bm25=best / (2 if question.history else 1),  # with earlier turns every word of the last one counts twice
            share=best / (sum(weight * found.rarity[term] for term, weight in terms.items()) or 1.0),
        )
        return Findings(hits, confidence(evidence), found.rarity)


def question_vector(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector to search with: the last turn, moved towards the conversation where there is one.

    `vectors` holds the embedded last turn and, in a second row, the embedded conversation.
    """
    if len(vectors) == 1:
        return np.asarray(vectors[0], dtype=np.float32)
    moved = vectors[0] + EARLIER_WEIGHT * vectors[1]
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
