"""Metric 14: answers that did not help, and questions without one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.metrics.measure import Measure, percent
from bot.metrics.rows import Answer

WITHIN = timedelta(minutes=30)


def answer_to_friction(answers: Iterable[Answer], reports: Iterable[Answer]) -> Measure:
    """Percent: answers after which the same person reports friction within 30 minutes / answers.

    At the same touchpoint, where that of both is known. Source: experience.md (b) 14.
    """
    of_person: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for one in reports:
        of_person[one.person].append((one.at, one.touchpoint))
    for each in of_person.values():
        each.sort()
    given = list(answers)
    return percent(sum(_followed(one, of_person.get(one.person, [])) for one in given), len(given), "answers")


def no_answer_rate(unanswered: int, asked: int) -> Measure:
    """Percent: questions that nothing answered / questions. Source: experience.md (b) 14."""
    return percent(unanswered, asked, "questions")


def _followed(answer: Answer, reports: list[tuple[datetime, str]]) -> bool:
    for at, touchpoint in reports[bisect_left(reports, (answer.at, "")) :]:
        if at - answer.at > WITHIN:
            return False
        if not answer.touchpoint or not touchpoint or answer.touchpoint == touchpoint:
            return True
    return False
