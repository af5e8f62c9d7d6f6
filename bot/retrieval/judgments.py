"""Relevance judgments: that a section did not answer a question of some meaning, or that it did.

They lower the section for that question, and hide nothing: how much is bounded, and it counts only while something else
answers. A judgment is tied to the section it was made of, so it dies with an edit of the page, and is settled where
somebody verifies the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.orm import Session

from bot.database import insert
from bot.retrieval import catalogue
from bot.retrieval.catalogue import STORED_VECTOR, DocumentRow, PassageRow, SectionRow
from bot.retrieval.passages import FoundPassage, block_of
from bot.retrieval.validity import JudgmentRow

# The cosine of two questions from which on they ask the same. Of 63 labelled pairs it joins 12, one of them wrongly
# ("upstream", "downstream"); at .74 the late fee of a home and of a business would be one question.
SAME_QUESTION = 0.8
# What one doubt takes off the score of each block of the section, and how many count at most. Of the starter's 146
# right first quotes one person makes 29 give way, three make 88; docs/decisions.md has the table.
A_DOUBT = 0.08
MOST_DOUBTS = 3.0
# Sections that very many judged are known by the last of them: 100 are read in about 1 ms.
READ_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """What was shown: the page, the section as a citation names it, and the words of the block."""

    source: str
    section: str
    words: str


def judge(
    session: Session, key: str, *, place: Place, question: NDArray[np.float32], voice: str, doubt: float, now: datetime
) -> bool:
    """Save a judgment in place of an earlier one of its key; False where what was shown stands on the page no more.

    `question` is the unit vector that the question was searched with.
    """
    section = _section_of(session, place)
    if section is None:
        return False
    values = {
        "section": section,
        "question": question.astype(STORED_VECTOR).tobytes(),
        "voice": voice,
        "doubt": doubt,
        "at": now,
    }
    session.execute(
        insert(session, JudgmentRow)
        .values(key=key, **values)
        .on_conflict_do_update(index_elements=["key"], set_=values)
    )
    return True


def settle(session: Session, source: str) -> None:
    """Somebody checked the page: what was said of it before counts no more."""
    of_page = select(SectionRow.id).join(DocumentRow, SectionRow.document == DocumentRow.id)
    session.execute(delete(JudgmentRow).where(JudgmentRow.section.in_(of_page.where(DocumentRow.source == source))))


def standing(session: Session) -> frozenset[str]:
    """The keys of the judgments that are not settled: the page stands as it was judged."""
    live = catalogue.live_generation(session)
    if live is None:
        return frozenset()
    return frozenset(
        session.scalars(
            select(JudgmentRow.key)
            .join(SectionRow, JudgmentRow.section == SectionRow.id)
            .join(DocumentRow, SectionRow.document == DocumentRow.id)
            .where(catalogue.alive_at(live.number))
        )
    )


_OF_SECTIONS = JudgmentRow.section.in_(bindparam("sections", expanding=True))
_JUDGMENTS = (
    select(JudgmentRow.section, JudgmentRow.voice, JudgmentRow.doubt, JudgmentRow.question)
    .where(_OF_SECTIONS)
    .order_by(JudgmentRow.at.desc(), JudgmentRow.id.desc())
    .limit(READ_AT_MOST)
)
_DOUBTS = _JUDGMENTS.where(JudgmentRow.doubt > 0)


def lowered(session: Session, passages: Iterable[FoundPassage], *, question: NDArray[np.float32]) -> dict[int, float]:
    """Section -> what is taken off the scores of its blocks for this question; only those that lose something.

    Each voice counts once, as it spoke last; whoever was helped takes back what one who was not has said.
    """
    sections = {passage.section for passage in passages if passage.doubted}
    if not sections:
        return {}
    doubted = {section for section, _, _ in _near(session, _DOUBTS, sections, question)}
    last: dict[tuple[int, str], float] = {}
    for section, voice, doubt in _near(session, _JUDGMENTS, doubted, question):
        last.setdefault((section, voice), doubt)
    doubts: dict[int, float] = {}
    for (section, _), doubt in last.items():
        doubts[section] = doubts.get(section, 0.0) + doubt
    return {section: A_DOUBT * min(doubt, MOST_DOUBTS) for section, doubt in doubts.items() if doubt > 0}


def passages_in(session: Session, sections: Iterable[int]) -> frozenset[int]:
    """The passages that lie in these sections."""
    return frozenset(session.scalars(select(PassageRow.id).where(PassageRow.section.in_(sorted(set(sections))))))


def _near(
    session: Session, judgments: Select[int, str, float, bytes], sections: Iterable[int], question: NDArray[np.float32]
) -> list[tuple[int, str, float]]:
    """Section, voice and doubt of those that are about this question, newest first."""
    rows = session.execute(judgments, {"sections": sorted(set(sections))}).all()
    if not rows:
        return []
    meanings = np.stack([np.frombuffer(row.question, dtype=STORED_VECTOR) for row in rows]).astype(np.float32)
    likenesses = meanings @ question
    return [
        (row.section, row.voice, row.doubt)
        for row, likeness in zip(rows, likenesses, strict=True)
        if likeness >= SAME_QUESTION
    ]


def _section_of(session: Session, place: Place) -> int | None:
    """The section of the living page in which the words stand."""
    live = catalogue.live_generation(session)
    if live is None:
        return None
    sections = session.scalars(
        select(SectionRow)
        .join(DocumentRow, SectionRow.document == DocumentRow.id)
        .where(DocumentRow.source == place.source, catalogue.alive_at(live.number))
        .order_by(SectionRow.id)
    )
    for section in sections:
        named = " › ".join(section.headings) == place.section
        if named and any(block_of(block).text == place.words for block in section.blocks):
            return section.id
    return None
