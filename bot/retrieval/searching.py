"""How a question is searched in one generation, by whatever engine holds it."""

from collections.abc import Collection, Mapping, Sequence
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
    """Every candidate passage, best first, and the rarity of the question's stems.

    `affinity` is the mean cosine of the question with all that the asker may see; `turns` is 2 where earlier ones count
    too; `weight` is the sum of the rarities of all words searched for.
    """

    hits: Sequence[Hit] = ()
    rarity: Mapping[str, float] = field(default_factory=dict)
    affinity: float = 0.0
    turns: int = 1
    weight: float = 1.0

    @property
    def confidence(self) -> float:
        """How likely it is that what was found answers, 0 to 1."""
        return self.confidence_without(())

    def confidence_without(self, passages: Collection[int]) -> float:
        """How likely it is that the others would answer, without these."""
        hits = [hit for hit in self.hits if hit.passage not in passages]
        if not hits:
            return 0.0
        best = max(hit.lexical for hit in hits)
        return confidence(
            Evidence(
                cosine=max(hit.cosine for hit in hits),
                affinity=self.affinity,
                bm25=best / self.turns,  # with earlier turns every word of the last one counts twice
                share=best / self.weight,
            )
        )


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
        return Findings(
            hits,
            found.rarity,
            affinity=found.affinity,
            turns=2 if question.history else 1,
            weight=sum(weight * found.rarity[term] for term, weight in terms.items()) or 1.0,
        )


def question_vector(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vector to search with: the last turn, moved towards the conversation where there is one.

    `vectors` holds the embedded last turn and, in a second row, the embedded conversation.
    """
    if len(vectors) == 1:
        return np.asarray(vectors[0], dtype=np.float32)
    moved = vectors[0] + EARLIER_WEIGHT * vectors[1]
    return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
