"""The grammar of amounts: how people write numbers with their units, and what makes a number no amount."""

import re
from enum import StrEnum

from bot.retrieval.disagreement.numerals import NUMBER_WORDS, NUMERAL, ORDINALS


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
# Of a shift there are about three a day.
OFTEN = DAYS | {"morning": 1.0, "evening": 1.0, "shift": 1 / 3}
SIZES = {
    "gb": ("byte", 1e9), "gigabyte": ("byte", 1e9), "mb": ("byte", 1e6), "megabyte": ("byte", 1e6),
    "kb": ("byte", 1e3), "tb": ("byte", 1e12), "ml": ("liter", 0.001), "liter": ("liter", 1.0),
    "litre": ("liter", 1.0), "gallon": ("liter", 3.785), "ton": ("gram", 1e6), "gram": ("gram", 1.0),
    "km/h": ("km/h", 1.0), "mph": ("km/h", 1.609), "mile": ("meter", 1609.0), "km": ("meter", 1000.0),
    "kilometer": ("meter", 1000.0), "meter": ("meter", 1.0), "inch": ("meter", 0.0254), "foot": ("meter", 0.3048),
    "feet": ("meter", 0.3048), "yard": ("meter", 0.9144), "cm": ("meter", 0.01), "pound": ("gram", 453.6),
    "lb": ("gram", 453.6), "lbs": ("gram", 453.6), "kg": ("gram", 1000.0), "kilogram": ("gram", 1000.0),
    "ounce": ("gram", 28.35), "mbps": ("mbps", 1.0), "mbit/s": ("mbps", 1.0), "gbps": ("mbps", 1000.0),
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
    "the whole": 100.0,
    "the full": 100.0,
    "the entire": 100.0,
}

_PERIOD_UNIT = (
    r"(?:(?:business|working|calendar|full|whole|bill|billing|consecutive|additional|further|more|"
    r"(?:un)?paid|sick|vacation|leave|annual|bank|week)[ -]){0,2}(seconds?|minutes?|mins?|hours?|"
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
        (Dimension.MONEY, r"(?:₹|€|£|\bRs\.? ?|\b(?:INR|USD|EUR|GBP|CHF) ?)(?P<number>\d[\d,]*(?:\.\d+)?)"),
        (Dimension.MONEY, r"\b(?P<number>\d[\d,]*(?:\.\d+)?) ?(?:INR|USD|EUR|GBP|CHF|€|£)(?!\w)"),
        (
            Dimension.MONEY,
            (r"\b(?P<zero>free of (?:charge|cost)|(?:at |comes? at )?no (?:(?:extra|additional|further) )?(?:costs?|"
                r"charges?|fees?|surcharges?)|"
            r"without (?:an? |any )?(?:extra |additional |further )?(?:costs?|charge|fee|deposit|surcharge|paying)|"
            r"for nothing|complimentary|gratis|"
            r"on the house|on us\b|at our (?:own )?(?:expense|cost)|we bear the costs?|nothing is (?:kept|deducted|"
            r"withheld|taken off)|"
            r"(?:keep|deduct|withhold)s? nothing|(?:fees?|charges?|deposits?|costs?) (?:is|are) (?:always )?waived|"
            r"waives? (?:the|any|all) (?:\w+ ){0,2}(?:fees?|charges?|deposits?)|"
            r"(?:ship|travel|go|come|ride|get in|deliver)(?:s|es|ed)? free\b|free (?:shipping|delivery|"
            r"replacements?|repairs?|entry|admission)|"
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
        (Dimension.PERIOD, rf"\b(?:an?|one)(?P<half>) {_PERIOD_UNIT} and a half\b"),
        (Dimension.PERIOD, r"\b(?P<quarters>a quarter|three quarters) of an hour\b"),
        (Dimension.SHARE, r"\b(?P<share>three[- ]quarters|two[- ]thirds)\b"),
        (Dimension.SHARE, (
            r"\b(?P<share>the (?:whole|full|entire) )(?=(?:\w+ )?(?:price|rent|fare|amount|sum|costs?|fee|salary|"
            r"wage|pay|bill)\b)"
        )),
        (Dimension.SHARE, rf"\b(?P<number>{NUMERAL})(?: ?%| percent\b| per cent\b)"),
        (Dimension.SHARE, (
            r"\b(?<!once )(?<!times )(?<!twice )(?:a |one |by )(?P<share>half|third|quarter|fifth|"
            r"tenth)\b(?! (?:a|an|year|hour|day)\b)"
        )),
        (Dimension.SHARE, r"\b(?P<share>half)(?= (?:of |the |its |their |price))"),
        (Dimension.DATE, (
            rf"\b(?:the )?(?P<date>[0-3]?\d)(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTHS})\b(?!,? (?:19|20)\d\d)"
        )),
        (Dimension.DATE, rf"\b(?:the )?(?P<last>end|last day) of (?P<month>{MONTHS})\b(?!,? (?:19|20)\d\d)"),
        (Dimension.DATE, r"\bthe (?P<last>end|last day) of (?:the|each|every) month\b"),
        (Dimension.DATE, rf"\b(?P<month>{MONTHS}) (?P<date>[0-3]?\d)(?:st|nd|rd|th)?\b(?!,? (?:19|20)\d\d)"),
        (Dimension.DATE, r"\bthe (?P<date>[0-3]?\d)(?:st|nd|rd|th)\b(?! (?:line|day|try|time|month|year|week|floor))"),
        (Dimension.DATE, (
            r"\b(?:by|until|on|every|each|before) (?P<weekday>monday|tuesday|wednesday|thursday|friday|"
            r"saturday|sunday)s?\b(?! (?:to|through|and|or)\b)"
        )),
        (Dimension.COUNT, (
            rf"\b(?:every|each) (?:(?P<many>{NUMERAL}|other|second|third) )?(?P<often>hour|shift|day|morning|"
            rf"evening|night|week|month|quarter|year)s?\b"
        )),
        (Dimension.COUNT, (
            r"\b(?P<adverb>daily|weekly|monthly|quarterly|yearly|annually)\b(?=[.,;]|$| (?:by|and|to|for|"
            r"at|in|on|from)\b)"
        )),
        (Dimension.TIME, r"\b(?P<clock>(?:1[0-2]|[1-9])(?:[:.][0-5]\d)? ?[ap]\.?m\b\.?)"),
        (Dimension.TIME, r"\b(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)\b"),
        (Dimension.TIME, r"\b(?P<clock>noon|midnight)\b"),
        (Dimension.PERIOD, (
            rf"\b(?P<number>{NUMERAL})(?:(?: to | or | ?[-–] ?)(?P<upper>{NUMERAL}))?"
            rf"[- ]{_PERIOD_UNIT}\b{_AFTER_A_PERIOD}"
        )),
        (Dimension.PERIOD, (
            rf"\b(?:a|an|the first|for one|of one|another|within one|"
            rf"one full)(?P<one>) {_PERIOD_UNIT}(?<!second)\b(?! (?:in|on|before|"
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
        (Dimension.PERIOD, r"\b(?:by|after|from|until|on|before) day (?P<number>\d+)(?P<day>)\b"),
        (Dimension.PERIOD, (
            rf"\b(?:by|after|from|until|on|before|than) the (?P<number>{'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th)) "
            r"(?:(?:business|working|calendar) )?(day|week|month|year)\b(?! of (?:the|each|every) (?:month|quarter|"
            r"year))"
        )),
        (Dimension.COUNT, (
            rf"\b(?:after|at|with|until|than|before) the (?P<number>{'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th))(?= \w)"
        )),
        (Dimension.COUNT, r"\b(?P<times>once|twice)\b"),
        (Dimension.COUNT, rf"\b(?P<number>{NUMERAL})\b"),
    )
)  # fmt: skip

# What stands before a number that is a name, not an amount.
NAMED = re.compile(
    r"(?:\b(?:form|forms|ext|extension|page|pages|step|steps|code|codes|version|versions|key|keys|no|nr|number|section|"
    r"chapter|rule|room|level|priority|tier|band|class|option|menu|line|field|screen|tab|window|figure|table|article|"
    r"clause|item|release|iso|sec|appendix|act|act,|schedule|part|group|port|channel|year|"
    r"january|february|march|april|june|july|august|september|october|november|december|phase|type|text|ticket|dial|"
    r"call|question|q|top)\.?(?: \d+(?:,| to| and| or| -))?|[#§/@]|[A-Za-z]-|\d[.:/-]|(?-i:\b[A-Z]{2,})) ?$",
    re.IGNORECASE,
)
# The same where nothing follows that the number could count: "until 9", "in 3".
NAMED_BARE = re.compile(r"\b(?:since|in|until|from|before|after|may) $", re.IGNORECASE)
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
CURRENCIES = {
    "euro": ("€", "eur"), "pound": ("£", "gbp"), "rupee": ("₹", "rs.", "rs ", "inr", "rupee"), "franc": ("chf",),
}  # fmt: skip
YEAR = re.compile(r"(?:19|20)\d\d")
QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
EXAMPLE = re.compile(r"\b(?:for example|e\.g\.|for instance|such as)[^.;]*|^\W*example\b.*", re.IGNORECASE)

AT_MOST = re.compile(
    r"(?:\bup to|\bat (?:the )?most|\bno more than|\bnot more than|\bmaximum(?: of)?|\bmax\.?|"
    r"\bwithin|\bin less than|\bno later than|"
    r"\b(?:not|never)(?: be)? (?:above|over|beyond|longer than|older than|later than|higher than|larger than|exceed)|"
    r"\bno (?:older|higher|larger|heavier|bigger) than|\bas (?:many|much|long) as|\bcapped at|\blimit(?: of| is|:)|"
    r"\bat the latest|\bnot exceed|\blimit(?:ed)? (?:is|to|of)|\bby|\bno longer than|\buntil)(?: (?:a|"
    r"the)(?: \w+){1,2} of)?(?: an?| the(?: first)?| two or)? ?$",
    re.IGNORECASE,
)
AT_LEAST = re.compile(
    r"(?:\bat least|\bno less than|\bnot less than|\bminimum(?: of)?|\bno earlier than|"
    r"\bno fewer than|\bstarting at|\bfrom|\bnot (?:below|under|younger than|shorter than)|"
    r"\bno (?:younger|shorter|lower|smaller) than|\ba minimum of|\bstarts? at|\bbegins? at)"
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
    r"\b(?:usually|typically|on average|as a rule|in most cases|most (?:people|of|[a-z]+s))\b", re.IGNORECASE
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
NO_MORE = re.compile(r"^[^.;]{0,40}\b(?:no more|at most|only)\b", re.IGNORECASE)
VAGUE = frozenset({"one", "zero"})


# Without one of these there is nothing to find, and most clauses have none: one search instead of twenty.
ANY = re.compile(
    rf"\d|\b(?:{'|'.join(NUMBER_WORDS)}|half|whole|full|entire|third|quarters?|fifth|tenth|noon|midnight|free|charged?|"
    rf"fees?|deposits?|cost|nothing|"
    r"once|twice|every|each|waived?s?|complimentary|gratis|on us|on the house|at our|we bear|without paying|end of|"
    r"last day|daily|weekly|monthly|quarterly|yearly|annually|overnight|"
    r"(?:an?|another|first|following|next|same|before)[ -](?:\w+[ -])?(?:minute|hour|day|night|week|fortnight|"
    r"month|quarter|year)|"
    r"(?:evening|day|night) before|on the day|monday|tuesday|wednesday|thursday|friday|saturday|sunday)",
    re.IGNORECASE,
)
