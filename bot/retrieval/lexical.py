"""The lexical index: SQLite's FTS5, with its BM25 (k1 1.2, b .75) over title, keywords, headings and text."""

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.orm import Session

from bot.retrieval.documents import Question
from bot.retrieval.scope import Scope
from bot.retrieval.words import content_words, stem, words

TABLE = "knowledge_words"

# A pasted e-mail must not become a query of a thousand terms.
MAX_TERMS = 64
EARLIER_TURNS = 2

_SEARCH = text(
    f"""
    SELECT p.id, -bm25({TABLE}) AS score
    FROM {TABLE}
    JOIN knowledge_passages p ON p.id = {TABLE}.rowid
    JOIN knowledge_documents d ON d.id = p.document
    WHERE {TABLE} MATCH :terms
      AND d.born <= :generation AND (d.died IS NULL OR d.died > :generation)
      AND EXISTS (SELECT 1 FROM knowledge_audiences a WHERE a.document = d.id AND a.audience IN :audiences)
      AND d.id NOT IN (SELECT value FROM json_each(:hidden))
    ORDER BY score DESC
    LIMIT :k
    """  # noqa: S608 - the only name put in is the constant above
).bindparams(bindparam("audiences", expanding=True))


_ADD = text(
    f"INSERT INTO {TABLE}(rowid, title, keywords, headings, body) "  # noqa: S608 - as above
    "VALUES (:passage, :title, :keywords, :headings, :body)"
)


_TOTAL = text(f"SELECT count(*) FROM {TABLE}")  # noqa: S608 - as above
_HOLDING = text(f"SELECT count(*) FROM {TABLE} WHERE {TABLE} MATCH :word")  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of one passage."""

    passage: int
    title: str
    keywords: str
    headings: str
    body: str


def add(session: Session, entries: Iterable[Entry]) -> None:
    rows = [asdict(entry) for entry in entries]
    if rows:
        session.execute(_ADD, rows)


def forget(session: Session, passages: Sequence[int]) -> None:
    if passages:
        session.execute(text(f"DELETE FROM {TABLE} WHERE rowid = :id"), [{"id": key} for key in passages])  # noqa: S608


def search(session: Session, question: Question, *, scope: Scope, k: int) -> dict[int, float]:
    """Passage -> BM25 of the up to `k` best passages inside the scope; higher is better."""
    terms = query_terms(question)
    if not terms or not scope.audiences:
        return {}
    rows = session.execute(
        _SEARCH,
        {
            "terms": " OR ".join(f'"{term}"' for term in terms),
            "generation": scope.generation,
            "audiences": sorted(scope.audiences),
            "hidden": json.dumps(sorted(scope.hidden)),
            "k": k,
        },
    )
    return {key: float(score) for key, score in rows}


def rarity(session: Session, text: str) -> dict[str, float]:
    """The inverse document frequency, as BM25 has it, of the stem of each content word of a text.

    Counted word by word: `fts5vocab` would tell at once, but it writes, and fails while somebody else does.
    """
    total = session.scalar(_TOTAL) or 0
    found: dict[str, float] = {}
    for word in dict.fromkeys(content_words(text)[:MAX_TERMS]):
        holding = session.scalar(_HOLDING, {"word": f'"{word}"'}) or 0
        found[stem(word)] = math.log(1 + (total - holding + 0.5) / (holding + 0.5))
    return found


def query_terms(question: Question) -> list[str]:
    """The words to look for: the last turn twice, which doubles its weight in BM25, and the turns before it once."""
    last = content_words(question.text) or words(question.text)
    earlier = [word for turn in question.history[-EARLIER_TURNS:] for word in content_words(turn)]
    terms = last * 2 + earlier if earlier else last
    # FTS5 reads the rest of a word as syntax unless it is quoted; a quote inside would end it.
    return [re.sub(r'"', "", term) for term in terms[:MAX_TERMS]]
