"""Counts of customers' contacts by one field, of which nothing tells of fewer than five customers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.friction.suppression import FEWEST, Fact, published


@dataclass(frozen=True, slots=True)
class Crowd:
    """Of one customer and one value of the field, what is added up."""

    customer: int
    value: str
    amounts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Crowds:
    """The sums of each value, None where they are hidden, and of all of them."""

    parts: Mapping[str, tuple[float, ...] | None]
    total: tuple[float, ...] | None


def crowds(rows: Iterable[Crowd], amounts: int) -> Crowds:
    """The same whatever is asked of it, the total or a part: each is hidden where it, with all others, tells of few."""
    some = list(rows)
    people: dict[str, set[int]] = {}
    sums: dict[str, list[float]] = {}
    for row in some:
        people.setdefault(row.value, set()).add(row.customer)
        sums[row.value] = [a + b for a, b in zip(sums.get(row.value, [0.0] * amounts), row.amounts, strict=True)]
    if not some:
        return Crowds({}, (0.0,) * amounts)
    if all(len(each) >= FEWEST for each in people.values()):
        total = tuple(map(sum, zip(*sums.values(), strict=True)))
        return Crowds({value: tuple(each) for value, each in sums.items()}, total)
    facts = [Fact(str(row.customer), {"value": row.value}, row.amounts) for row in some]
    told = published(facts, [["value"]])
    return Crowds({value: told[(("value", value),)].amounts for value in people}, told[()].amounts)
