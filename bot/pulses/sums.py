"""What was answered, by tool and time, as everybody may read it: from five people on, and never in a way that two looks
at it tell what fewer said.

Only what can change no more is told: a month once the last of its weeks is over, a quarter once all its months are.
What was told of a month stays as it was, so a quarter is told only if what is left of it beside its months is of
nobody, or of enough people; and by role and place only where that gives nobody away besides.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction.suppression import FEWEST, Fact, Group, published
from bot.pulses.answering import OVER_AFTER
from bot.pulses.questions import Question, month_of, quarter_of
from bot.pulses.tables import AnswerRow, WeekRow

MONTH, ROLE, PLACE = "month", "role", "place"
# From here on it is easy, and one promotes; up to there one detracts: the usual limits of CES and NPS.
EASY_FROM = 5
PROMOTES_FROM, DETRACTS_TO = 9, 6


@dataclass(frozen=True, slots=True)
class PulseSum:
    """What people said to a question about a tool ("" for none) in a period: "2026-11", or "2026-Q4".

    `role` and `place` are "" for everybody; for those of whom it is not kept there is no sum of their own. Where fewer
    than five answered, or where it would tell of so few, `answers` and all numbers are None: not enough data. Else
    `mean` is on the scale of the question, `easy` the share of 5 to 7 on 1 to 7, `enps` the percentage of 9 and 10 less
    that of 0 to 6, -100 to 100.
    """

    question: Question
    tool: str
    period: str
    role: str = ""
    place: str = ""
    answers: int | None = None
    mean: float | None = None
    easy: float | None = None
    enps: float | None = None


def sums(session: Session, *, now: datetime) -> list[PulseSum]:
    """By question and tool, the newest first: each quarter that is over, then its months, then its roles and places."""
    still_open = set(map(month_of, session.scalars(select(WeekRow.monday))))
    grouped = defaultdict[tuple[str, str, str], list[AnswerRow]](list)
    for row in session.scalars(select(AnswerRow).order_by(AnswerRow.mark)):
        if month_of(row.monday) not in still_open and _ends(row.monday) + OVER_AFTER <= now.astimezone(UTC).date():
            grouped[row.question, row.tool, quarter_of(row.monday)].append(row)
    found: list[PulseSum] = []
    for (question, tool, quarter), rows in sorted(grouped.items()):
        last = _ends(date(int(quarter[:4]), int(quarter[-1]) * 3, 1))
        over = last + OVER_AFTER <= now.astimezone(UTC).date() and not {
            one for one in still_open if quarter_of(date.fromisoformat(f"{one}-01")) == quarter
        }
        found += _of_quarter(Question(question), tool, quarter, rows, over=over)
    order = {question: number for number, question in enumerate(Question)}
    return sorted(found, key=lambda one: (order[one.question], one.tool, _reversed(one), one.role, one.place))


def _of_quarter(
    question: Question, tool: str, quarter: str, rows: Sequence[AnswerRow], *, over: bool
) -> Iterable[PulseSum]:
    """Within a quarter nobody is asked the same twice, so each answer is of another person."""
    facts = [_fact(question, row) for row in rows]
    months = _by(facts, MONTH)
    for month, group in months.items():
        yield _sum(question, tool, month, group)
    if not over:
        return
    told = published(facts, [[MONTH]])
    shown = not told[()].hidden and not any(
        told[(MONTH, month),].hidden for month, group in months.items() if not group.hidden
    )
    yield _sum(question, tool, quarter, told[()] if shown else Group(None, None))
    if not shown:
        return
    parted = published(facts, [[ROLE], [PLACE]])
    if parted[()].hidden:  # it is told already, so nothing can be told beside it
        return
    for key, group in parted.items():
        for field, value in key:
            if value:
                role, place = (value, "") if field == ROLE else ("", value)
                yield _sum(question, tool, quarter, group, role=role, place=place)


def _by(facts: Sequence[Fact], field: str) -> Mapping[str, Group]:
    """Each group by itself."""
    found = defaultdict[str, list[Fact]](list)
    for fact in facts:
        found[fact.where[field]].append(fact)
    return {value: published(each, [])[()] for value, each in found.items()}


def _fact(question: Question, row: AnswerRow) -> Fact:
    """With what is added up: the scores, and how many are high, or high and low."""
    if question is Question.RECOMMEND:
        amounts = [row.score, row.score >= PROMOTES_FROM, row.score <= DETRACTS_TO]
    else:
        amounts = [row.score, row.score >= EASY_FROM]
    return Fact(row.mark, {MONTH: month_of(row.monday), ROLE: row.role, PLACE: row.place}, tuple(map(float, amounts)))


def _sum(question: Question, tool: str, period: str, group: Group, *, role: str = "", place: str = "") -> PulseSum:
    if group.people is None or group.amounts is None or group.people < FEWEST:
        return PulseSum(question, tool, period, role, place)
    total, high, *low = group.amounts
    enps = 100 * (high - sum(low)) / group.people if question is Question.RECOMMEND else None
    easy = None if question is Question.RECOMMEND else high / group.people
    return PulseSum(question, tool, period, role, place, group.people, total / group.people, easy, enps)


def _ends(day: date) -> date:
    """The last day of its month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _reversed(one: PulseSum) -> tuple[int, int, int, bool]:
    """The newest quarter first, in it the quarter and then its months, in each what is of all and then the parts."""
    year, part = one.period.split("-")
    of_quarter = part.startswith("Q")
    quarter = int(part[1:]) if of_quarter else (int(part) + 2) // 3
    return -int(year), -quarter, 0 if of_quarter else -int(part) + 100, bool(one.role or one.place)
