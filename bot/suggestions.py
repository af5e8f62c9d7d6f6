"""Questions to try: of the knowledge's own questions those that somebody may ask, the ones for their role first."""

import random
from collections.abc import Sequence
from datetime import date

from bot.golden import GoldenQuestion
from bot.people import Person
from bot.retrieval.library import Library

# Slack shows so many beside a conversation, and lets a button hold so many characters.
MOST = 3
LONGEST = 75


def for_person(
    person: Person, questions: Sequence[GoldenQuestion], *, library: Library, today: date, most: int = MOST
) -> list[str]:
    """Different pages, another choice each day, the same all day long. Only what this person's pages answer."""
    asked = [question for question in questions if question.answerable and len(question.text) <= LONGEST]
    random.Random(f"{person.id} {today}").shuffle(asked)  # noqa: S311 - a choice to show, nothing to guess
    # What somebody of the same role asks comes first, and what reads as a question before what was jotted down.
    asked.sort(key=lambda question: (-len(question.person.roles & person.roles), not question.text.endswith("?")))
    chosen: dict[str, str] = {}
    for question in asked:
        if len(chosen) == most:
            break
        if question.page not in chosen and library.readable(question.page, audiences=person.audiences, day=today):
            chosen[question.page] = question.text[:1].upper() + question.text[1:]
    return list(chosen.values())
