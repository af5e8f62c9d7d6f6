"""How often a report says it happens."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.friction.guessing.quantities import NUMBER, number
from bot.friction.kinds import Frequency

# Working days of a person, and hours of a shift.
DAYS, HOURS = 5, 8
# So often in a day is "all the time" rather than "daily".
HOURLY_FROM = 6

_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|satur|sun)(?:day)?s?"
_PART = r"(?:single\s+)?(?:day|shift|morning|night|evening|afternoon|lunch(?:time)?|opening|closing)"
_SERVED = (
    r"(?:customer|caller|client|guest|call|chat|sale|booking|return|contract|visit|swap|exchange|order|transaction|refund|void|"
    r"account|ticket|case|person|payment|delivery|parcel|install\w*|e-?mail|pick-?up|check-?(?:in|out)|appointment|activation|job)"
)


@dataclass(frozen=True, slots=True)
class Often:
    """`per_week`: times in a working week of one person, None where it hangs on the customers."""

    frequency: Frequency
    per_week: float | None = None


def _in_a_day(found: re.Match[str]) -> Often:
    times = number(found["number"])
    return Often(Frequency.HOURLY if times >= HOURLY_FROM else Frequency.DAILY, times * DAYS)


def _in_a_week(found: re.Match[str]) -> Often:
    times = number(found["number"])
    return Often(Frequency.WEEKLY if times < DAYS * 2 else Frequency.DAILY, times)


def _in_a_month(found: re.Match[str]) -> Often:
    return Often(Frequency.MONTHLY, number(found["number"]) / 4)


def _always(frequency: Frequency, per_week: float | None) -> Callable[[re.Match[str]], Often]:
    return lambda _: Often(frequency, per_week)


_TIMES = rf"(?P<number>{NUMBER}|once|twice|thrice)(?:\s*(?:times|x)|(?<=once)|(?<=twice)|(?<=thrice))?"
_NTH = r"(?P<number>\d+(?:st|nd|rd|th)|second|third|fourth|fifth|sixth|tenth)"
_EACH = r"(?:an?|per|every|each)"
_THIS = r"(?:an?|per|every|each|this)"

_all_the_time = _always(Frequency.HOURLY, HOURS * DAYS)
_per_customer = _always(Frequency.PER_CUSTOMER, None)
_daily = _always(Frequency.DAILY, DAYS)
_weekly = _always(Frequency.WEEKLY, 1)
_monthly = _always(Frequency.MONTHLY, 0.25)
_once = _always(Frequency.ONCE, None)

# A blank stands for any blank. The first that is found counts: what is said in numbers before what is said in words.
_SAID: tuple[tuple[str, Callable[[re.Match[str]], Often]], ...] = (
    (rf"\b(?:{NUMBER}\s*(?:times|x)|once|twice)\s*{_EACH} (?:hour|hr)\b", _all_the_time),
    (rf"\b{_TIMES}\s*(?:{_EACH}|over the|in one) {_PART}\b", _in_a_day),
    (rf"\b{_TIMES}\s*(?:daily|today|this (?:morning|afternoon|shift))\b", _in_a_day),
    (rf"\b{_NTH} time (?:today|this (?:morning|shift))\b", _in_a_day),
    (rf"\b{_TIMES}\s*{_THIS} week\b", _in_a_week),
    (rf"\b{_NTH} (?:\w+ ){{1,3}}this week\b", _in_a_week),
    (rf"\b{_TIMES}\s*{_THIS} month\b", _in_a_month),
    (r"\b(?:every|each) (?:couple of |few |\d+ |ten |five |twenty )(?:minutes?|mins?)\b", _all_the_time),
    (r"\b(?:every|each) (?:hour|half hour|couple of hours|few hours|\d+ hours)\b|\bhourly\b", _all_the_time),
    (r"\b(?:every other|every second) day\b", _always(Frequency.WEEKLY, 2.5)),
    (rf"\b(?:every|each|per) (?!\d|ten|five|few)(?:\w+ ){{0,2}}?{_SERVED}s?\b", _per_customer),
    (rf"\b(?:minutes?|mins?|hours?|times) an? {_SERVED}\b", _per_customer),
    (rf"\b(?:(?:every|each|per) |over the |(?:minutes?|mins?|hours?|hrs?|secs?) an? ){_PART}\b", _daily),
    (r"(?<!supposed to be )\bdaily\b|\bnightly\b|\bday after day\b|\bmost days\b", _daily),
    (r"\ball (?:day|shift|morning|afternoon) long\b|\ball day\b|\bconstantly\b|\ball the time\b", _all_the_time),
    (r"\bnon-?\s?stop\b|\bagain and again\b", _all_the_time),
    (rf"\b(?:every|each) (?:{_WEEKDAY}|week|weekend|few days|couple of days)\b|\bweekly\b|\ba week\b", _weekly),
    (r"\bon (?:mon|tues|wednes|thurs|fri|satur|sun)days\b", _weekly),
    (r"\b(?:every|each) (?:month|few weeks|couple of weeks|other week)\b|\bmonthly\b", _monthly),
    (r"\bof (?:the|every|each) month\b|\bmonth end\b", _monthly),
    (r"\b(?:just|only) (?:once|today|this time)\b|\bfor the first time\b|\bone-?\s?(?:off|time)\b", _once),
    (r"\bhappened once\b|\bfirst time (?:it|this)\b", _once),
)
_RULES = tuple((re.compile(pattern.replace(" ", r"\s"), re.IGNORECASE), rule) for pattern, rule in _SAID)


def often(text: str) -> Often | None:
    """How often the text says it happens, None where it does not say."""
    plain = " ".join(text.split())
    for pattern, rule in _RULES:
        if found := pattern.search(plain):
            return rule(found)
    return None
