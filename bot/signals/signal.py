"""One thing worth a look, in the shape that the command line, the page, Slack and the API share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    SPIKE = "spike"
    SLOW_RISE = "slow rise"
    EFFECT = "effect of a fix"
    CORRELATION = "correlation"
    SHARED_ISSUE = "shared issue"
    PARTNER_DELAY = "partner delay"
    DOUBLE_ROUTING = "double routing"
    DATA_CONFLICT = "data conflict"
    FRONT_LOADED = "front-loaded"
    TWO_ANSWERS = "two answers"
    STALE_PAGE = "stale page"
    USED_PAGE = "most used page"
    GAP = "gap"
    QUADRANT = "quadrant"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence. What has an `id` is a thing that readers may open, and be told by its name."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows behind a number: of a kind ("complaint", "ticket", "page"), by their ids."""

    kind: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """`value` is None where it cannot be told, and `why` says so. It was counted from `n` of what `of` names.

    `low` and `high` are the ends of its interval, where it has one; None for an end that is nowhere.
    """

    name: str
    value: float | None
    n: int
    of: str
    low: float | None = None
    high: float | None = None
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"name": self.name, "value": self.value, "n": self.n, "of": self.of}
        if self.low is not None or self.high is not None:
            told |= {"low": self.low, "high": self.high}
        return told | ({"why": self.why} if self.why else {})


@dataclass(frozen=True, slots=True)
class Period:
    """Both days belong to it."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Signal:
    """`verdict` is one of the words of its kind; `where` are ids: of the map, of pages, of themes."""

    kind: Kind
    verdict: str
    where: tuple[str, ...]
    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]
    numbers: tuple[Number, ...]
    period: Period

    def sentence(self, name_of: Callable[[str], str] = str) -> str:
        """Things by their names, as `name_of` an id gives them."""
        return "".join(name_of(part.id) if part.id else part.text for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "verdict": self.verdict,
            "where": list(self.where),
            "sentence": self.sentence(),
            "evidence": [{"kind": rows.kind, "ids": list(rows.ids)} for rows in self.evidence],
            "numbers": [number.as_json() for number in self.numbers],
            "period": {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()},
        }


def sentence(*pieces: str | Part) -> tuple[Part, ...]:
    return tuple(Part(piece) if isinstance(piece, str) else piece for piece in pieces)


def thing(id_: str) -> Part:
    return Part(id_, id_)


def listed(ids: Sequence[str]) -> list[str | Part]:
    """One, one and another, one, another and a third."""
    between = [", "] * (len(ids) - 2) + [" and "]
    return [piece for comma, id_ in zip(["", *between], ids, strict=False) for piece in (comma, thing(id_)) if piece]
