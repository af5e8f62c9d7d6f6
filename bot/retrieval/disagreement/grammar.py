"""The grammar of amounts: how people write numbers with their units, and what makes a number no amount."""

import re
from enum import StrEnum

from bot.retrieval.disagreement.numerals import NUMBER_WORDS, NUMERAL


class Dimension(StrEnum):
    MONEY = "money"
    PERIOD = "period"
    SHARE = "share"
    TIME = "time of day"
    AGE = "age"
    SIZE = "size"
    DATE = "date"
    COUNT = "count"


DAYS = {
    "second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "fortnight": 14.0,
    "month": 30.4375, "quarter": 91.3125, "year": 365.25,
}  # fmt: skip
SIZES = {
    "gb": ("byte", 1e9), "gigabyte": ("byte", 1e9), "mb": ("byte", 1e6), "megabyte": ("byte", 1e6), "kb": ("byte", 1e3),
    "tb": ("byte", 1e12), "mile": ("meter", 1609.0), "km": ("meter", 1000.0), "kilometer": ("meter", 1000.0),
    "meter": ("meter", 1.0), "inch": ("meter", 0.0254), "foot": ("meter", 0.3048), "feet": ("meter", 0.3048),
    "yard": ("meter", 0.9144), "cm": ("meter", 0.01), "pound": ("gram", 453.6), "lb": ("gram", 453.6),
    "lbs": ("gram", 453.6), "kg": ("gram", 1000.0), "kilogram": ("gram", 1000.0), "ounce": ("gram", 28.35),
    "mbps": ("mbps", 1.0), "mbit/s": ("mbps", 1.0), "gbps": ("mbps", 1000.0),
}  # fmt: skip
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SHARES = {
    "three quarters": 75.0,
    "two thirds": 200 / 3,
    "half": 50.0,
    "third": 100 / 3,
    "quarter": 25.0,
    "fifth": 20.0,
    "tenth": 10.0,
}

_PERIOD_UNIT = (
    r"(?:(?:business|working|calendar|full|bill|billing|consecutive)[ -])?(seconds?|minutes?|mins?|hours?|"
    r"days?|nights?|weeks?|fortnights?|months?|quarters?|years?)"
)
# The longer names first: "mbps" before "mb".
_SIZE_UNIT = "|".join(sorted(SIZES, key=len, reverse=True))
_AFTER_A_PERIOD = r"(?![- ]?(?:old\b|of age))"
PATTERNS: tuple[tuple[Dimension, re.Pattern[str]], ...] = tuple(
    (dimension, re.compile(pattern, re.IGNORECASE))
    for dimension, pattern in (
        (Dimension.MONEY, r"(?:US)?\$ ?(?P<number>\d[\d,]*(?:\.\d+)?)"),
        (Dimension.MONEY, rf"\b(?P<number>{NUMERAL})[ -](?:US )?(?P<unit>dollars?|cents?|euros?|rupees?)\b"),
        (Dimension.MONEY, r"(?:₹|€|£|\bRs\.? ?|\bINR ?)(?P<number>\d[\d,]*(?:\.\d+)?)"),
        (
            Dimension.MONEY,
            (r"\b(?P<zero>free of charge|at no (?:extra )?(?:cost|charge)|without (?:a |any )?(?:charge|fee|deposit)|"
            r"(?:there is |take |takes |pays? |charge |charged? )?no (?:charge|fee|deposit)s?\b|pays? nothing|"
            r"nothing is (?:charged|due|billed|added)|costs? nothing|(?:is|are) free\b(?! (?:of|from|to)\b)|for free)"),
        ),
        (Dimension.AGE, rf"\b(?P<number>{NUMERAL})(?=(?: years)?(?: of age)? (?:or|and) (?:older|over|above|up))\b"),
        (Dimension.AGE, (
            r"\b(?:aged|turned|turn|at the age of|older than|"
            r"from the age of)(?: at least)? (?P<number>\d\d)\b"
            r"(?! (?:second|minute|hour|day|week|month))")),
        (Dimension.AGE, r"\b(?P<number>\d\d)(?=[- ]years?[- ](?:old|of age))"),
        (
            Dimension.AGE,
            (r"\b(?:must be|has to be|have to be|be at least|who (?:is|are)(?: at least| under| over)?|"
            r"under|over|younger than) (?P<number>[1-9]\d)"
            r"(?=[.,;]|$| (?:or|and|to|may|can|must)\b)"),
        ),
        (Dimension.SHARE, r"\b(?P<share>three quarters|two thirds)\b"),
        (Dimension.SHARE, rf"\b(?P<number>{NUMERAL})(?: ?%| percent\b| per cent\b)"),
        (Dimension.SHARE, (
            r"\b(?<!once )(?<!times )(?<!twice )(?:a |one |by )(?P<share>half|third|quarter|fifth|"
            r"tenth)\b(?! (?:a|an|year|hour|day)\b)"
        )),
        (Dimension.SHARE, r"\b(?P<share>half)(?= (?:of |the |its |their |price))"),
        (Dimension.DATE, rf"\b(?P<month>{MONTHS}) (?P<date>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,? (?:19|20)\d\d)"),
        (Dimension.DATE, r"\bthe (?P<date>[0-3]?\d)(?:st|nd|rd|th)\b(?! (?:line|day|try|time|month|year|week|floor))"),
        (Dimension.DATE, (
            r"\b(?:by|until|on|every|each|before) (?P<weekday>monday|tuesday|wednesday|thursday|friday|"
            r"saturday|sunday)s?\b(?! (?:to|through|and|or)\b)"
        )),
        (Dimension.COUNT, (
            rf"\bevery (?:(?P<many>{NUMERAL}|other) )?(?P<often>day|morning|week|month|quarter|year)s?\b"
        )),
        (Dimension.COUNT, (
            r"\b(?P<adverb>daily|weekly|monthly|quarterly|yearly|annually)\b(?=[.,;]|$| (?:by|and|to|for|"
            r"at|in|on|from)\b)"
        )),
        (Dimension.TIME, r"\b(?P<clock>(?:1[0-2]|[1-9])(?:[:.][0-5]\d)? ?[ap]\.?m\b\.?)"),
        (Dimension.TIME, r"\b(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)\b"),
        (Dimension.TIME, r"\b(?P<clock>noon|midnight)\b"),
        (Dimension.PERIOD, rf"\b(?P<number>{NUMERAL})(?: to {NUMERAL})?[- ]{_PERIOD_UNIT}\b{_AFTER_A_PERIOD}"),
        (Dimension.PERIOD, (
            rf"\b(?:a|an|the first|for one|of one)(?P<one>) {_PERIOD_UNIT}(?<!second)\b(?! (?:in|on|before|"
            r"bill)\b)"
        )),
        (Dimension.PERIOD, (
            r"\b(?P<eve>the (?:evening|day|night) before|the (?:next|following) (?:business )?day|"
            r"overnight)\b"
        )),
        (Dimension.PERIOD, r"\b(?P<eve>same[- ]day|on the day (?:of|itself))\b"),
        (Dimension.SIZE, (
            rf"\b(?P<number>{NUMERAL})[- ]?(?P<unit>{_SIZE_UNIT})(?:e?s)?\b"
        )),
        (Dimension.COUNT, r"\b(?P<times>once|twice)\b"),
        (Dimension.COUNT, rf"\b(?P<number>{NUMERAL})\b"),
    )
)  # fmt: skip

# What stands before a number that is a name, not an amount.
NAMED = re.compile(
    r"(?:\b(?:form|forms|ext|extension|page|pages|step|steps|code|codes|version|versions|key|keys|no|nr|number|section|"
    r"chapter|rule|room|level|priority|tier|band|class|option|menu|line|field|screen|tab|window|figure|table|article|"
    r"clause|item|release|iso|sec|appendix|act|act,|schedule|part|group|port|channel|since|in|until|"
    r"from|before|after|year|may|"
    r"january|february|march|april|june|july|august|september|october|november|december|phase|type|text|ticket|dial|"
    r"call|question|q|top)\.?(?: \d+(?:,| to| and| or| -))?|[#§/@]|[A-Za-z]-|\d[.:/-]|(?-i:\b[A-Z]{2,})) ?$",
    re.IGNORECASE,
)
BARE = re.compile(
    r"\b(?:limit is|limited to|up to|at most|no more than|more than|if|only|maximum is|number is) $", re.IGNORECASE
)
MONTH = re.compile(
    r" ?(?:st|nd|rd|th)?,? (?:of )?(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december)\b",
    re.IGNORECASE,
)
# What follows a number that is a part of something longer: 4.2, 555-0177, 3rd, 5G.
GOES_ON = re.compile(r"[-/:.]\d|[-–][A-Za-z]?\d|[A-Za-z]|st\b|th\b")
RANGE = re.compile(r"\d ?(?:-|–|to) ?$")
ONCE = re.compile(r"^ (?:a|an|per|each|every|in|more)\b|^[.,;]|^$")
ONE_AT_MOST = re.compile(r"\b(?:only|most|up to|least|just|gets?|than) $")
CURRENCIES = {"euro": ("€", "euro"), "pound": ("£",), "rupee": ("₹", "rs.", "rs ", "inr", "rupee")}
YEAR = re.compile(r"(?:19|20)\d\d")
QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
EXAMPLE = re.compile(r"\b(?:for example|e\.g\.|for instance|such as)[^.;]*|^\W*example\b.*", re.IGNORECASE)

AT_MOST = re.compile(
    r"(?:\bup to|\bat (?:the )?most|\bno more than|\bnot more than|\bmaximum(?: of)?|\bmax\.?|"
    r"\bwithin|\bin less than|\bno later than|"
    r"\bat the latest|\bnot exceed|\blimit(?:ed)? (?:is|to|of)|\bby|\bno longer than|\buntil)(?: (?:a|"
    r"the)(?: \w+){1,2} of)?(?: an?| the(?: first)?| two or)? ?$",
    re.IGNORECASE,
)
AT_LEAST = re.compile(
    r"(?:\bat least|\bno less than|\bnot less than|\bminimum(?: of)?|\bno earlier than|"
    r"\bno fewer than|\bstarting at|\bfrom)"
    r"(?: an?| the)? ?$",
    re.IGNORECASE,
)
EDGE = re.compile(
    r"(?:\bmore than|\bover|\babove|\bbelow|\bunder|\bless than|\bolder than|\bworth more than|"
    r"\bexceeds?|\bexceeding|\bfewer than|\blonger than|"
    r"\bif|\bonce|\bafter)"
    r"(?: an?| the(?: first)?)? ?$",
    re.IGNORECASE,
)
USUAL = re.compile(
    r"(?:\babout|\baround|\bapproximately|\broughly|\busually|\btypically|\bnormally|\bnearly|"
    r"\balmost|\bsome|\bon average|\boften|"
    r"\baverage of|\baim at|^plan|\bexpect a wait of|\bexpect)(?: an?| the)? ?$",
    re.IGNORECASE,
)
USUAL_SENTENCE = re.compile(
    r"\b(?:usually|typically|on average|as a rule|in most cases|most (?:customers|people|of))\b", re.IGNORECASE
)
CONDITION = re.compile(r"\b(?:if|when|where|unless|order of|orders of|amounts? of)\b[^,;.]*$", re.IGNORECASE)
MOST_AFTER = re.compile(r"^ ?(?:at the (?:latest|most)|or (?:less|fewer|earlier)|maximum)\b", re.IGNORECASE)
LEAST_AFTER = re.compile(r"^ ?(?:or (?:more|older|over|above|later)|minimum)\b", re.IGNORECASE)
PER = re.compile(
    r"^(?P<noun>(?: [a-z-]+){0,3}?) (?:a|an|per|each|every|in (?:a|every|any|each)|in the|"
    r"(?:with)?in(?= \d+ (?:day|week|month|year))) (?:further |single |calendar |bill |billing |"
    r"rolling )?"
    r"(?P<count>\d+ )?(?P<period>day|week|month|quarter|year|hour)s?\b",
    re.IGNORECASE,
)
# "moves the day by up to 14 days", "14 days more": a change of a period, and no period that another page could name.
CHANGE_BEFORE = re.compile(r"\bby (?:up to |at most |another |a further )?$", re.IGNORECASE)
CHANGE_AFTER = re.compile(r"\s*(?:more|longer|extra)\b", re.IGNORECASE)
RATED = re.compile(rf"(?:\$[\d.,]+|\b{NUMERAL}|\bonce|\btwice|\bfree|%)(?: [a-z-]+){{0,3}} ?$", re.IGNORECASE)
EVERY_BEFORE = re.compile(
    r"\b(?:every|each) (?:further |started )?(?P<period>day|week|month|year)\b[^.;,]*$", re.IGNORECASE
)
ADVERBS = {"daily": 1.0, "weekly": 7.0, "monthly": 30.4375, "quarterly": 91.3125, "yearly": 365.25, "annually": 365.25}
MONTHLY = re.compile(r"\b(?P<word>monthly|weekly|yearly|annual|daily)\b", re.IGNORECASE)
MONTHLY_DAYS = {"monthly": 30.4375, "weekly": 7.0, "yearly": 365.25, "annual": 365.25, "daily": 1.0}
NOUN = re.compile(r"^ ((?:[a-z][a-z'-]*)(?: [a-z][a-z'-]*){0,3})", re.IGNORECASE)
NOT_COUNTED = frozenset(
    [
        "or",
        "and",
        "to",
        "of",
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "can",
        "may",
        "must",
        "will",
        "do",
        "does",
        "at",
        "by",
        "for",
        "from",
        "in",
        "on",
        "with",
        "if",
        "so",
        "as",
        "than",
        "that",
        "then",
        "not",
        "per",
        "a",
        "an",
        "the",
        "be",
        "been",
        "being",
        "who",
        "which",
        "it",
        "we",
        "you",
        "they",
    ]
)
NO_RATE = frozenset({Dimension.PERIOD, Dimension.TIME, Dimension.AGE, Dimension.DATE})
VAGUE = frozenset({"one", "zero"})


# Without one of these there is nothing to find, and most clauses have none: one search instead of twenty.
ANY = re.compile(
    rf"\d|\b(?:{'|'.join(NUMBER_WORDS)}|half|third|quarters?|fifth|tenth|noon|midnight|free|charged?|"
    rf"fees?|deposits?|cost|nothing|"
    r"once|twice|every|daily|weekly|monthly|quarterly|yearly|annually|overnight|"
    r"(?:an?|first|following|next|same|before)[ -](?:\w+[ -])?(?:minute|hour|day|night|week|fortnight|"
    r"month|quarter|year)|"
    r"(?:evening|day|night) before|on the day|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
