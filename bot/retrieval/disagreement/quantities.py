"""The amounts, periods, shares, times of day, ages and counts that a sentence names, in comparable units.

A grammar of our own: a number is worth comparing only with what it counts, and form numbers, extensions, versions,
years and steps, which general readers of units take for quantities, are named here once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.retrieval.disagreement.numerals import NUMBER_WORDS, NUMERAL, value_of
from bot.retrieval.words import STOP_WORDS, stem


class Dimension(StrEnum):
    MONEY = "money"
    PERIOD = "period"
    SHARE = "share"
    TIME = "time of day"
    AGE = "age"
    SIZE = "size"
    DATE = "date"
    COUNT = "count"


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


_DAYS = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0,
    "month": 30.4375, "quarter": 91.3125, "year": 365.25,
}  # fmt: skip
_SIZES = {
    "gb": ("byte", 1e9), "gigabyte": ("byte", 1e9), "mb": ("byte", 1e6), "megabyte": ("byte", 1e6), "kb": ("byte", 1e3),
    "tb": ("byte", 1e12), "mile": ("meter", 1609.0), "km": ("meter", 1000.0), "kilometer": ("meter", 1000.0),
    "meter": ("meter", 1.0), "inch": ("meter", 0.0254), "foot": ("meter", 0.3048), "feet": ("meter", 0.3048),
    "yard": ("meter", 0.9144), "cm": ("meter", 0.01), "pound": ("gram", 453.6), "lb": ("gram", 453.6),
    "lbs": ("gram", 453.6), "kg": ("gram", 1000.0), "kilogram": ("gram", 1000.0), "ounce": ("gram", 28.35),
    "mbps": ("mbps", 1.0), "mbit/s": ("mbps", 1.0), "gbps": ("mbps", 1000.0),
}  # fmt: skip
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SHARES = {
    "three quarters": 75.0,
    "two thirds": 200 / 3,
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
}

_PERIOD_UNIT = r"(?:(?:business|working|calendar|full|bill|billing|consecutive)[ -])?(seconds?|minutes?|mins?|hours?|days?|nights?|weeks?|fortnights?|months?|quarters?|years?)"
_AFTER_A_PERIOD = r"(?![- ]?(?:old\b|of age))"
_PATTERNS: tuple[tuple[Dimension, re.Pattern[str]], ...] = tuple(
    (dimension, re.compile(pattern, re.IGNORECASE))
    for dimension, pattern in (
        (Dimension.MONEY, rf"(?:US)?\$ ?(?P<number>\d[\d,]*(?:\.\d+)?)"),
        (Dimension.MONEY, rf"\b(?P<number>{NUMERAL})[ -](?:US )?(?P<unit>dollars?|cents?|euros?|rupees?)\b"),
        (Dimension.MONEY, r"(?:₹|€|£|\bRs\.? ?|\bINR ?)(?P<number>\d[\d,]*(?:\.\d+)?)"),
        (
            Dimension.MONEY,
            r"\b(?P<zero>free of charge|at no (?:extra )?(?:cost|charge)|without (?:a |any )?(?:charge|fee|deposit)|"
            r"(?:there is |take |takes |pays? |charge |charged? )?no (?:charge|fee|deposit)s?\b|pays? nothing|"
            r"nothing is (?:charged|due|billed|added)|costs? nothing|(?:is|are) free\b(?! (?:of|from|to)\b)|for free)",
        ),
        (Dimension.AGE, rf"\b(?P<number>{NUMERAL})(?=(?: years)?(?: of age)? (?:or|and) (?:older|over|above|up))\b"),
        (Dimension.AGE, r"\b(?:aged|turned|turn|at the age of|older than|from the age of)(?: at least)? (?P<number>\d\d)\b"
                        r"(?! (?:second|minute|hour|day|week|month))"),
        (Dimension.AGE, r"\b(?P<number>\d\d)(?=[- ]years?[- ](?:old|of age))"),
        (
            Dimension.AGE,
            r"\b(?:must be|has to be|have to be|be at least|who (?:is|are)(?: at least| under| over)?|under|over|younger than) (?P<number>[1-9]\d)"
            r"(?=[.,;]|$| (?:or|and|to|may|can|must)\b)",
        ),
        (Dimension.SHARE, r"\b(?P<share>three quarters|two thirds)\b"),
        (Dimension.SHARE, rf"\b(?P<number>{NUMERAL})(?: ?%| percent\b| per cent\b)"),
        (Dimension.SHARE, r"\b(?<!once )(?<!times )(?<!twice )(?:a |one |by )(?P<share>half|third|quarter|fifth|tenth)\b(?! (?:a|an|year|hour|day)\b)"),
        (Dimension.SHARE, r"\b(?P<share>half)(?= (?:of |the |its |their |price))"),
        (Dimension.DATE, rf"\b(?P<month>{_MONTHS}) (?P<date>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,? (?:19|20)\d\d)"),
        (Dimension.DATE, r"\bthe (?P<date>[0-3]?\d)(?:st|nd|rd|th)\b(?! (?:line|day|try|time|month|year|week|floor))"),
        (Dimension.DATE, r"\b(?:by|until|on|every|each|before) (?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b(?! (?:to|through|and|or)\b)"),
        (Dimension.COUNT, rf"\bevery (?:(?P<many>{NUMERAL}|other) )?(?P<often>day|morning|week|month|quarter|year)s?\b"),
        (Dimension.COUNT, r"\b(?P<adverb>daily|weekly|monthly|quarterly|yearly|annually)\b(?=[.,;]|$| (?:by|and|to|for|at|in|on|from)\b)"),
        (Dimension.TIME, r"\b(?P<clock>(?:1[0-2]|[1-9])(?:[:.][0-5]\d)? ?[ap]\.?m\b\.?)"),
        (Dimension.TIME, r"\b(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)\b"),
        (Dimension.TIME, r"\b(?P<clock>noon|midnight)\b"),
        (Dimension.PERIOD, rf"\b(?P<number>{NUMERAL})(?: to {NUMERAL})?[- ]{_PERIOD_UNIT}\b{_AFTER_A_PERIOD}"),
        (Dimension.PERIOD, rf"\b(?:a|an|the first|for one|of one)(?P<one>) {_PERIOD_UNIT}(?<!second)\b(?! (?:in|on|before|bill)\b)"),
        (Dimension.PERIOD, r"\b(?P<eve>the (?:evening|day|night) before|the (?:next|following) (?:business )?day|overnight)\b"),
        (Dimension.PERIOD, r"\b(?P<eve>same[- ]day|on the day (?:of|itself))\b"),
        (Dimension.SIZE, rf"\b(?P<number>{NUMERAL})[- ]?(?P<unit>{'|'.join(sorted(_SIZES, key=len, reverse=True))})(?:e?s)?\b"),
        (Dimension.COUNT, r"\b(?P<times>once|twice)\b"),
        (Dimension.COUNT, rf"\b(?P<number>{NUMERAL})\b"),
    )
)  # fmt: skip

# What stands before a number that is a name, not an amount.
_NAMED = re.compile(
    r"(?:\b(?:form|forms|ext|extension|page|pages|step|steps|code|codes|version|versions|key|keys|no|nr|number|section|"
    r"chapter|rule|room|level|priority|tier|band|class|option|menu|line|field|screen|tab|window|figure|table|article|"
    r"clause|item|release|iso|sec|appendix|act|act,|schedule|part|group|port|channel|since|in|until|from|before|after|year|may|"
    r"january|february|march|april|june|july|august|september|october|november|december|phase|type|text|ticket|dial|"
    r"call|question|q|top)\.?(?: \d+(?:,| to| and| or| -))?|[#§/@]|[A-Za-z]-|\d[.:/-]|(?-i:\b[A-Z]{2,})) ?$",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"\b(?:limit is|limited to|up to|at most|no more than|more than|if|only|maximum is|number is) $", re.IGNORECASE
)
_MONTH = re.compile(
    r" ?(?:st|nd|rd|th)?,? (?:of )?(?:january|february|march|april|may|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_EXAMPLE = re.compile(r"\b(?:for example|e\.g\.|for instance|such as)[^.;]*|^\W*example\b.*", re.IGNORECASE)

_AT_MOST = re.compile(
    r"(?:\bup to|\bat (?:the )?most|\bno more than|\bnot more than|\bmaximum(?: of)?|\bmax\.?|\bwithin|\bin less than|\bno later than|"
    r"\bat the latest|\bnot exceed|\blimit(?:ed)? (?:is|to|of)|\bby|\bno longer than|\buntil)(?: (?:a|the)(?: \w+){1,2} of)?(?: an?| the(?: first)?| two or)? ?$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\bat least|\bno less than|\bnot less than|\bminimum(?: of)?|\bno earlier than|\bno fewer than|\bstarting at|\bfrom)"
    r"(?: an?| the)? ?$",
    re.IGNORECASE,
)
_EDGE = re.compile(
    r"(?:\bmore than|\bover|\babove|\bbelow|\bunder|\bless than|\bolder than|\bworth more than|\bexceeds?|\bexceeding|\bfewer than|\blonger than|"
    r"\bif|\bonce|\bafter)"
    r"(?: an?| the(?: first)?)? ?$",
    re.IGNORECASE,
)
_USUAL = re.compile(
    r"(?:\babout|\baround|\bapproximately|\broughly|\busually|\btypically|\bnormally|\bnearly|\balmost|\bsome|\bon average|\boften|"
    r"\baverage of|\baim at|^plan|\bexpect a wait of|\bexpect)(?: an?| the)? ?$",
    re.IGNORECASE,
)
_USUAL_SENTENCE = re.compile(
    r"\b(?:usually|typically|on average|as a rule|in most cases|most (?:customers|people|of))\b", re.I
)
_CONDITION = re.compile(r"\b(?:if|when|where|unless|order of|orders of|amounts? of)\b[^,;.]*$", re.IGNORECASE)
_MOST_AFTER = re.compile(r"^ ?(?:at the (?:latest|most)|or (?:less|fewer|earlier)|maximum)\b", re.IGNORECASE)
_LEAST_AFTER = re.compile(r"^ ?(?:or (?:more|older|over|above|later)|minimum)\b", re.IGNORECASE)
_PER = re.compile(
    r"^(?P<noun>(?: [a-z-]+){0,3}?) (?:a|an|per|each|every|in (?:a|every|any|each)|in the|(?:with)?in(?= \d+ (?:day|week|month|year))) (?:further |single |calendar |bill |billing |rolling )?"
    r"(?P<count>\d+ )?(?P<period>day|week|month|quarter|year|hour)s?\b",
    re.IGNORECASE,
)
_RATED = re.compile(rf"(?:\$[\d.,]+|\b{NUMERAL}|\bonce|\btwice|\bfree|%)(?: [a-z-]+){{0,3}} ?$", re.IGNORECASE)
_EVERY_BEFORE = re.compile(
    r"\b(?:every|each) (?:further |started )?(?P<period>day|week|month|year)\b[^.;,]*$", re.IGNORECASE
)
_ADVERBS = {"daily": 1.0, "weekly": 7.0, "monthly": 30.4375, "quarterly": 91.3125, "yearly": 365.25, "annually": 365.25}
_MONTHLY = re.compile(r"\b(?P<word>monthly|weekly|yearly|annual|daily)\b", re.IGNORECASE)
_MONTHLY_DAYS = {"monthly": 30.4375, "weekly": 7.0, "yearly": 365.25, "annual": 365.25, "daily": 1.0}
_NOUN = re.compile(r"^ ((?:[a-z][a-z'-]*)(?: [a-z][a-z'-]*){0,3})", re.IGNORECASE)
_NOT_COUNTED = frozenset(
    "or and to of is are was were has have can may must will do does at by for from in on with if so as than that then not per a an "
    "the be been being who which it we you they".split()
)
_NO_RATE = frozenset({Dimension.PERIOD, Dimension.TIME, Dimension.AGE, Dimension.DATE})
_VAGUE = frozenset({"one", "zero"})


# Without one of these there is nothing to find, and most clauses have none: one search instead of twenty.
_ANY = re.compile(
    rf"\d|\b(?:{'|'.join(NUMBER_WORDS)}|half|third|quarters?|fifth|tenth|noon|midnight|free|charged?|fees?|deposits?|cost|nothing|"
    r"once|twice|every|daily|weekly|monthly|quarterly|yearly|annually|overnight|"
    r"(?:an?|first|following|next|same|before)[ -](?:\w+[ -])?(?:minute|hour|day|night|week|fortnight|month|quarter|year)|"
    r"(?:evening|day|night) before|on the day|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)


@lru_cache(maxsize=20_000)
def quantities(sentence: str) -> tuple[Quantity, ...]:
    """Every amount that a sentence itself states, in order; none of what it quotes or gives as an example."""
    if not _ANY.search(sentence):
        return ()
    silent = [found.span() for pattern in (_QUOTED, _EXAMPLE) for found in pattern.finditer(sentence)]
    taken: list[tuple[int, int]] = []
    found: list[Quantity] = []
    for dimension, pattern in _PATTERNS:
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
    bound = _bound(before, after, sentence)
    zero = match.groupdict().get("zero") is not None
    return Quantity(
        dimension=dimension,
        value=value,
        text=sentence[match.start() : match.end() + length].strip(),
        start=match.start(),
        end=match.end(),
        bound=Bound.EXACT if zero else bound,
        of=of,
        per=_often(match) or (0.0 if zero or dimension in _NO_RATE else _per(sentence, match)),
    )


def _measured(dimension: Dimension, match: re.Match[str], before: str, after: str) -> tuple[float, str, int] | None:
    """The value in its unit, what it counts, and how many characters that takes; None where the number is a name."""
    groups = match.groupdict()
    number = value_of(groups["number"]) if groups.get("number") else 0.0
    match dimension:
        case Dimension.MONEY:
            cents = (groups.get("unit") or "").lower().startswith("cent")
            return (number / 100 if cents else number), "", 0
        case Dimension.SHARE:
            return (_SHARES[groups["share"].lower()] if groups.get("share") else number), "", 0
        case Dimension.AGE:
            return number, "", 0
        case Dimension.TIME:
            return _hours(groups["clock"]), "", 0
        case Dimension.DATE:
            return _date(match)
        case Dimension.PERIOD:
            # "$8 a week": the week belongs to the rate and is no period of its own.
            return None if groups.get("one") is not None and _RATED.search(before) else _period(match, number)
        case Dimension.SIZE:
            kind, factor = _SIZES[(groups["unit"]).lower()]
            return number * factor, kind, 0
        case _:
            return _count(match, before, after)


def _period(match: re.Match[str], number: float) -> tuple[float, str, int]:
    eve = match.groupdict().get("eve")
    if eve is not None:
        return (0.0 if "same" in eve.lower() or eve.lower().startswith("on") else 1.0), "", 0
    unit = match.group(match.lastindex or 0).lower().rstrip("s")
    unit = "minute" if unit == "min" else unit
    return (1.0 if match.groupdict().get("one") is not None else number) * _DAYS[unit], "", 0


def _date(match: re.Match[str]) -> tuple[float, str, int]:
    groups = match.groupdict()
    if groups.get("weekday"):
        return float(_WEEKDAYS.index(groups["weekday"].lower())), "weekday", 0
    if groups.get("month"):
        return 31.0 * _MONTHS.split("|").index(groups["month"].lower()) + float(groups["date"]), "year", 0
    return float(groups["date"]), "month", 0


def _often(match: re.Match[str]) -> float:
    """The days between two times, for "every 3 months" and "weekly"; 0 for other counts."""
    groups = match.groupdict()
    if groups.get("adverb"):
        return _ADVERBS[groups["adverb"].lower()]
    if not groups.get("often"):
        return 0.0
    many = (groups.get("many") or "1").lower()
    return _DAYS[groups["often"].lower().replace("morning", "day")] * (2.0 if many == "other" else value_of(many))


def _hours(clock: str) -> float:
    said = clock.lower().replace(".", ":", 1) if re.match(r"\d+\.\d", clock) else clock.lower()
    if said in {"noon", "midnight"}:
        return 12.0 if said == "noon" else 24.0
    hours, minutes = (int(part or 0) for part in re.match(r"(\d+)(?::(\d\d))?", said).groups())  # type: ignore[union-attr]
    half = re.search(r"([ap])\.?m", said)
    if half is not None:
        hours = hours % 12 + (12 if half[1] == "p" else 0)
    return hours + minutes / 60


def _count(match: re.Match[str], before: str, after: str) -> tuple[float, str, int] | None:
    if _often(match):
        return 1.0, "time", 0
    times = match.groupdict().get("times")
    if times is not None:
        # "once the release is out" is a condition, "once a month" and "canceled once" are counts.
        return None if times.lower() == "once" and not re.match(r"^ (?:a|an|per|each|every|in|more)\b|^[.,;]|^$", after) else (
            {"once": 1.0, "twice": 2.0}[times.lower()], "time", 0,
        )  # fmt: skip
    numeral = match["number"].lower()
    if _NAMED.search(before) and not _AT_MOST.search(before):
        return None
    if (
        _YEAR.fullmatch(numeral)
        or _MONTH.match(after)
        or re.match(r"[-/:.]\d|[-–][A-Za-z]?\d|[A-Za-z]|st\b|th\b", after)
    ):
        return None
    noun = _NOUN.match(after.replace("-", " ", 1) if after.startswith("-") else after)
    run: list[str] = []
    for word in noun[1].split() if noun else ():
        if word.lower() in _NOT_COUNTED or word.lower() in STOP_WORDS:
            break
        run.append(word)
    if not run:
        # "up to five", "the limit is three": a bound without its noun.
        return (value_of(numeral), "", 0) if _BARE.search(before) and numeral not in _VAGUE else None
    if numeral in _VAGUE and not re.search(r"\b(?:only|most|up to|least|just|gets?|than) $", before):
        return None
    return value_of(numeral), stem(run[-1].lower()), 1 + len(" ".join(run))


def _bound(before: str, after: str, sentence: str) -> Bound:
    if _USUAL.search(before) or _USUAL_SENTENCE.search(sentence):
        return Bound.USUAL
    if _MOST_AFTER.search(after) or _AT_MOST.search(before):
        return Bound.AT_MOST
    if _EDGE.search(before) or (_LEAST_AFTER.search(after) and _CONDITION.search(before)):
        return Bound.EDGE
    return Bound.AT_LEAST if _LEAST_AFTER.search(after) or _AT_LEAST.search(before) else Bound.EXACT


def _per(sentence: str, match: re.Match[str]) -> float:
    found = _PER.search(sentence[match.end() :])
    if found is not None:
        return _DAYS[found["period"].lower()] * float(found["count"] or 1)
    found = _EVERY_BEFORE.search(sentence[: match.start()])
    if found is not None:
        return _DAYS[found["period"].lower()]
    found = _MONTHLY.search(sentence)
    return _MONTHLY_DAYS[found["word"].lower()] if found is not None else 0.0
