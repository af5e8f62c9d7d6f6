"""By which day something is promised: "by 22 Nov", "on Friday", "within 2 working days", as of when it was said."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateparser.date import DateDataParser

_BEHIND = re.compile(
    r"\b(?:by|before|until|till|on|within|in|no later than|latest|due|for)\s+(?:the\s+)?(?P<words>\w[^,;()]{0,40})",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"\b(?P<words>today|tonight|tomorrow(?: morning| afternoon| evening)?|(?:next |this )?"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: morning| afternoon| evening)?|next week)\b",
    re.IGNORECASE,
)
_END = re.compile(r"(?:the )?end of (?:the )?(?P<what>day|week|month)|(?P<short>eod|eow|cob)\b", re.IGNORECASE)
_WORKING_DAYS = re.compile(
    r"(?:\d{1,2} ?(?:-|–|to) ?)?(?P<count>\d{1,2}|two|three|four|five|ten)\s+(?:business|working) days?", re.IGNORECASE
)
_WRITTEN = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
# A promise for longer is a sentence about something else.
LONGEST = timedelta(days=366)
_SATURDAY = 5
# "by 22 Nov at noon from Orion": what follows a date is cut off word by word.
_MOST_WORDS = 5


def day_in(sentence: str, *, said_at: datetime) -> date | None:
    """`said_at` is a local time. None where no day is named, or one that has passed when it was said."""
    for match in (*_BEHIND.finditer(sentence), *_ALONE.finditer(sentence)):
        day = day_of(match["words"], said_at=said_at)
        if day is not None:
            return day
    return None


def day_of(words: str, *, said_at: datetime) -> date | None:
    """The day that these words begin with."""
    today = said_at.date()
    if ending := _END.match(words):
        return _end_of((ending["what"] or {"eow": "week"}.get(ending["short"].casefold(), "day")).casefold(), today)
    if working := _WORKING_DAYS.match(words):
        count = working["count"].casefold()
        return _working_days(today, _WRITTEN.get(count) or int(count))
    several = words.split()[:_MOST_WORDS]
    for count in range(len(several), 0, -1):
        phrase = " ".join(several[:count]).strip(" .!?:")
        if not phrase or (count == 1 and phrase.isdigit()):
            continue
        found = _parsed(phrase, said_at.replace(tzinfo=None, second=0, microsecond=0))
        if found is not None:
            return found if timedelta() <= found - today <= LONGEST else None
    return None


def warm_up() -> None:
    """Load the tables of words, which takes longer than a card may."""
    _parsed("tomorrow", datetime(2000, 1, 1))  # noqa: DTZ001 - local, as all that is read here


@lru_cache(maxsize=4096)
def _parsed(phrase: str, base: datetime) -> date | None:
    parser = DateDataParser(languages=["en"], settings={"RELATIVE_BASE": base, "PREFER_DATES_FROM": "future"})
    found = parser.get_date_data(phrase).date_obj
    return found.date() if found else None


def _end_of(what: str, today: date) -> date:
    if what == "day":
        return today
    if what == "week":
        return today + timedelta(days=(4 - today.weekday()) % 7)
    following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return following - timedelta(days=1)


def _working_days(today: date, count: int) -> date:
    day = today
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
