"""The amounts, periods, shares, times of day, ages and counts that a sentence names, in comparable units.

A grammar of our own: a number is worth comparing only with what it counts, and form numbers, extensions, versions,
years and steps, which general readers of units take for quantities, are named here once.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.retrieval.disagreement import grammar
from bot.retrieval.disagreement.grammar import Dimension
from bot.retrieval.disagreement.numerals import value_of
from bot.words import STOP_WORDS, stem, stems


class Bound(StrEnum):
    """How a sentence holds its number: exactly, as a limit, as the edge of a condition, or as what is usual."""

    EXACT = "exact"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    EDGE = "edge"
    USUAL = "usual"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number with its unit, as a sentence names it.

    `value` is in dollars, days, percent, hours after midnight, years of age, or in the unit or noun named by `of`;
    `per` is the period in days that a rate is for, else 0; `start` and `end` are its place in the sentence, `text` how
    it stands there.
    """

    dimension: Dimension
    value: float
    text: str
    start: int
    end: int
    bound: Bound = Bound.EXACT
    of: str = ""
    per: float = 0.0
    # The other end of "2 to 5 days"; else the value.
    upper: float = 0.0
    # The stems of all words of what is counted.
    counted: frozenset[str] = frozenset()
    # "one bed" may be no number at all; it is one only beside another number of beds.
    vague: bool = False


@lru_cache(maxsize=20_000)
def quantities(sentence: str) -> tuple[Quantity, ...]:
    """Every amount that a sentence itself states, in order; none of what it quotes or gives as an example."""
    if not grammar.ANY.search(sentence):
        return ()
    silent = [found.span() for pattern in (grammar.QUOTED, grammar.EXAMPLE) for found in pattern.finditer(sentence)]
    taken: list[tuple[int, int]] = []
    found: list[Quantity] = []
    for dimension, pattern in grammar.PATTERNS:
        for match in pattern.finditer(sentence):
            span = match.span()
            if any(start < span[1] and span[0] < end for start, end in (*silent, *taken)):
                continue
            quantity = _quantity(dimension, match, sentence)
            if quantity is not None:
                taken.append(span)
                found.append(quantity)
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def _quantity(dimension: Dimension, match: re.Match[str], sentence: str) -> Quantity | None:
    before, after = sentence[: match.start()], sentence[match.end() :]
    measured = _measured(dimension, match, before, after)
    if measured is None:
        return None
    value, of, length = measured
    upper = match.groupdict().get("upper")
    bound = Bound.USUAL if grammar.RANGE.search(before) else _bound(before, after, sentence)
    zero = match.groupdict().get("zero") is not None
    return Quantity(
        dimension=dimension,
        value=value,
        text=sentence[match.start() : match.end() + length].strip(),
        start=match.start(),
        end=match.end(),
        bound=Bound.EXACT if zero else bound,
        of=of,
        counted=stems(sentence[match.end() : match.end() + length]) if dimension is Dimension.COUNT else frozenset(),
        upper=value / value_of(match["number"]) * value_of(upper) if upper and value else value,
        vague=dimension is Dimension.COUNT and _is_vague(match, before, after),
        per=_days_between(match) or (0.0 if zero or dimension in grammar.NO_RATE else _per(sentence, match)),
    )


_Measured = tuple[float, str, int]


def _measured(dimension: Dimension, match: re.Match[str], before: str, after: str) -> _Measured | None:
    """The value in its unit, what it counts, and how many characters that takes; None where the number is a name."""
    groups = match.groupdict()
    number = value_of(groups["number"]) if groups.get("number") else 0.0
    found: _Measured | None = (number, "", 0)
    match dimension:
        case Dimension.MONEY:
            found = _money(match, number)
        case Dimension.SHARE if groups.get("share"):
            found = grammar.SHARES[groups["share"].lower().replace("-", " ").strip()], "", 0
        case Dimension.TIME:
            found = _hours(groups["clock"]), "", 0
        case Dimension.DATE:
            found = _date(match)
        case Dimension.PERIOD:
            # "$8 a week": the week belongs to the rate and is no period of its own.
            rated = groups.get("one") is not None and grammar.RATED.search(before)
            changed = grammar.CHANGE_BEFORE.search(before) or grammar.CHANGE_AFTER.match(after)
            found = None if rated else _period(match, number, of="change" if changed else "")
        case Dimension.SIZE:
            kind, factor = grammar.SIZES[groups["unit"].lower()]
            found = number * factor, kind, 0
        case Dimension.COUNT:
            found = _often(match) or _times(match, after) or _count(match, before, after)
    return found


def _money(match: re.Match[str], number: float) -> _Measured:
    """Cents are dollars; other currencies are not converted, and so never compared with dollars."""
    said = match[0].lower()
    currency = next((name for name, signs in grammar.CURRENCIES.items() if any(sign in said for sign in signs)), "")
    return (number / 100 if "cent" in said else number), currency, 0


def _period(match: re.Match[str], number: float, *, of: str) -> _Measured:
    eve = match.groupdict().get("eve")
    if eve is not None:
        return (0.0 if "same" in eve.lower() or eve.lower().startswith("on") else 1.0), "", 0
    if match.groupdict().get("quarters"):
        return (0.25 if match["quarters"].lower().startswith("a ") else 0.75) * grammar.DAYS["hour"], of, 0
    if match.groupdict().get("day") is not None:
        return number, of, 0
    unit = match.group(match.lastindex or 0).lower().rstrip("s")
    unit = "minute" if unit == "min" else unit
    if match.groupdict().get("half") is not None:
        return 1.5 * grammar.DAYS[unit], of, 0
    return (1.0 if match.groupdict().get("one") is not None else number) * grammar.DAYS[unit], of, 0


def _date(match: re.Match[str]) -> tuple[float, str, int]:
    groups = match.groupdict()
    if groups.get("weekday"):
        return float(grammar.WEEKDAYS.index(groups["weekday"].lower())), "weekday", 0
    if groups.get("last"):
        months = grammar.MONTHS.split("|")
        return (
            (31.0 * (months.index(groups["month"].lower()) + 1), "year", 0)
            if groups.get("month")
            else (31.0, "month", 0)
        )
    if groups.get("month"):
        return 31.0 * grammar.MONTHS.split("|").index(groups["month"].lower()) + float(groups["date"]), "year", 0
    return float(groups["date"]), "month", 0


def _often(match: re.Match[str]) -> _Measured | None:
    return (1.0, "time", 0) if _days_between(match) else None


def _days_between(match: re.Match[str]) -> float:
    """The days between two times, for "every 3 months" and "weekly"; 0 for other counts."""
    groups = match.groupdict()
    if groups.get("adverb"):
        return grammar.ADVERBS[groups["adverb"].lower()]
    if not groups.get("often"):
        return 0.0
    many = (groups.get("many") or "1").lower()
    days = grammar.OFTEN[groups["often"].lower()]
    return days * (2.0 if many == "other" else value_of(many))


def _hours(clock: str) -> float:
    said = clock.lower().replace(".", ":", 1) if re.match(r"\d+\.\d", clock) else clock.lower()
    if said in {"noon", "midnight"}:
        return 12.0 if said == "noon" else 24.0
    hours, minutes = (int(part or 0) for part in re.match(r"(\d+)(?::(\d\d))?", said).groups())  # type: ignore[union-attr]
    half = re.search(r"([ap])\.?m", said)
    if half is not None:
        hours = hours % 12 + (12 if half[1] == "p" else 0)
    return hours + minutes / 60


def _times(match: re.Match[str], after: str) -> _Measured | None:
    """ "once a month" and "canceled once" are counts; "once the release is out" is a condition."""
    match (match.groupdict().get("times") or "").lower():
        case "twice":
            return 2.0, "time", 0
        case "once" if grammar.ONCE.match(after):
            return 1.0, "time", 0
        case _:
            return None


def _count(match: re.Match[str], before: str, after: str) -> _Measured | None:
    numeral = (match.groupdict().get("number") or "").lower()
    if not numeral or _is_name(numeral, before, after):
        return None
    run = _counted(after)
    vague = numeral in grammar.VAGUE
    if not run:
        # "up to five", "the limit is three": a bound without its noun.
        return (value_of(numeral), "", 0) if grammar.BARE.search(before) and not vague else None
    return value_of(numeral), stem(run[-1].lower()), 1 + len(" ".join(run))


def _is_vague(match: re.Match[str], before: str, after: str) -> bool:
    numeral = (match.groupdict().get("number") or "").lower()
    return numeral in grammar.VAGUE and not grammar.ONE_AT_MOST.search(before) and not grammar.NO_MORE.search(after)


def _is_name(numeral: str, before: str, after: str) -> bool:
    """Whether a number names something: a form, an extension, a year, a date, a part of a longer number."""
    named = grammar.NAMED.search(before) or (grammar.NAMED_BARE.search(before) and not _counted(after))
    named = named and not grammar.AT_MOST.search(before)
    return bool(named or grammar.YEAR.fullmatch(numeral) or grammar.MONTH.match(after) or grammar.GOES_ON.match(after))


def _counted(after: str) -> list[str]:
    """The words that a number counts: "replacement cards" of "replacement cards a year"."""
    noun = grammar.NOUN.match(after.replace("-", " ", 1) if after.startswith("-") else after)
    words = noun[1].split() if noun else []
    end = next((at for at, word in enumerate(words) if word.lower() in grammar.NOT_COUNTED | STOP_WORDS), len(words))
    return words[:end]


def _bound(before: str, after: str, sentence: str) -> Bound:
    if grammar.USUAL.search(before) or grammar.USUAL_SENTENCE.search(sentence):
        return Bound.USUAL
    if grammar.MOST_AFTER.search(after) or grammar.AT_MOST.search(before):
        return Bound.AT_MOST
    if grammar.EDGE.search(before) or (grammar.LEAST_AFTER.search(after) and grammar.CONDITION.search(before)):
        return Bound.EDGE
    return Bound.AT_LEAST if grammar.LEAST_AFTER.search(after) or grammar.AT_LEAST.search(before) else Bound.EXACT


def _per(sentence: str, match: re.Match[str]) -> float:
    found = grammar.PER.search(sentence[match.end() :])
    if found is not None:
        return grammar.DAYS[found["period"].lower()] * float(found["count"] or 1)
    found = grammar.EVERY_BEFORE.search(sentence[: match.start()])
    if found is not None:
        return grammar.DAYS[found["period"].lower()]
    found = grammar.MONTHLY.search(sentence)
    return grammar.MONTHLY_DAYS[found["word"].lower()] if found is not None else 0.0
