"""numbers.csv of a knowledge folder: questions that a number answers, and those like them that a page does.

`question`, `measure`, `by`, `things` (as tool:orion), `period` (first/last day) and `on`, the day it is asked. A
question without a measure asks for a rule.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot import golden
from bot.asked_metrics.understanding import Understood
from bot.errors import EvaluationError

FILE = "numbers.csv"

# A question and the local time at which it is asked -> what number it asks for.
Reads = Callable[[str, datetime], Understood | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """Of the questions that were `asked` for a number the share whose measure, list, things and days were understood.

    Those about what is not measured here are left out, and counted. Of the `others`, `taken` were understood as such.
    """

    understood: float
    asked: int
    not_measured: int
    others: int
    taken: int

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def judged(folder: Path, others: Iterable[str], *, reads: Reads, measured: AbstractSet[str]) -> Judged | None:
    """None without the file. `others` are questions for pages besides its own. Raises `EvaluationError`."""
    file = folder / FILE
    if not file.is_file():
        return None
    now = datetime.now(UTC)
    taken = [reads(question, now) is not None for question in others]
    right: list[bool] = []
    left = 0
    for line, row in golden.rows_of(file, "question", "measure", "by", "things", "period", "on"):
        if row["measure"] and row["measure"] not in measured:
            left += 1
            continue
        found = reads(row["question"], _noon(row["on"], place=f"{file}, line {line}"))
        if row["measure"]:
            right.append(found is not None and found.told == _wanted(row))
        else:
            taken.append(found is not None)
    return Judged(sum(right) / len(right) if right else 0.0, len(right), left, len(taken), sum(taken))


def _noon(day: str, *, place: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(12), UTC)
    except ValueError:
        raise EvaluationError(f"{place}: `on` is the day of the question; write it as 2026-11-18.") from None


def _wanted(row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row[name] for name in ("measure", "by", "things", "period"))
