"""How many minutes a report says were lost each time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.friction.guessing.quantities import NUMBER, number

# Longer is a state, not a loss ("the help desk says wait 24 hours").
LONGEST = 480
_UNITS = {"s": 1 / 60, "m": 1.0, "h": 60.0}
_DURATION = re.compile(
    rf"""(?<![\w.,#-])(?P<number>{NUMBER})\s*-?\s*
    (?P<unit>seconds?(?!\s+(?:time|one|system|password|line|screen|person|phone|day))|secs?|(?<=\d)[smh]|minutes?|mins?|min|hours?|hrs?|hr)\b
    (?P<half>\s+and\s+a\s+half)?
    (?:\s*(?:and\s+)?(?P<more>{NUMBER})\s*(?:minutes?|mins?|m)\b)?""",
    re.IGNORECASE | re.VERBOSE,
)
# What stands before or behind a length of time that nobody lost.
_BEFORE = re.compile(
    r"(?:\bevery|\beach|\bin|\bwithin|\boff\s+by|\bby|\bdrove|\bwalk\w*|\blast|\bfirst|\bnext|\bfor\s+the\s+last|\bonce\s+an?|\btimes\s+an?"
    r"|\bup\s+to|\bper|\b(?:out|off|expires?|locks?)\s+after|\bwait)\s*(?:about\s+|over\s+|the\s+)?$",
    re.IGNORECASE,
)
_WAIT = re.compile(r"\bwait\s*$", re.IGNORECASE)
_BEHIND = re.compile(
    r"^\s*(?:ago|before|earlier|window|slot|shift|drive|walk|away|notice|later|session|timeout|"
    r"(?:of|without)\s+(?:inactivity|use))\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(rf"^\W*(?:\w+\W+){{0,2}}instead\s+of\s+(?P<number>{NUMBER})\s*(?P<unit>s|m|h)?", re.IGNORECASE)
_LOST = re.compile(
    r"\b(?:los[te]\w*|wast\w*|cost\w*|takes?|took|taking|spen[dt]\w*|wait\w*|queue\w*|minutes?\s+each|stood|hold|gone|down|been|adds?|"
    r"eats?|burn\w*|extra|need(?:s|ed)?)\b",
    re.IGNORECASE,
)
_LOST_BEHIND = re.compile(
    r"^\W*(?:is\s|are\s|was\s|were\s)?(?:each|gone|lost|wasted|more|extra|longer|down|down\s*time|per|a\s|an\s|every)",
    re.IGNORECASE,
)
_NEAR = 30


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time that a text speaks of; `told` where the words around it say that it was lost."""

    minutes: float
    told: bool


def minutes_lost(text: str) -> Length | None:
    """The length of time that the text says was lost each time, None where it speaks of none."""
    found = list(_lengths(text))
    return next((one for one in found if one.told), found[0] if found else None)


def _lengths(text: str) -> Iterator[Length]:
    for found in _DURATION.finditer(text):
        before, behind = text[: found.start()], text[found.end() :]
        if _BEHIND.match(behind) or (_BEFORE.search(before) and not _per_occurrence(before)):
            continue
        minutes = _minutes(found)
        if usual := _INSTEAD.match(behind):
            minutes -= number(usual["number"]) * _UNITS[(usual["unit"] or found["unit"])[0].lower()]
        if 0 < minutes <= LONGEST:
            told = _LOST.search(before[-_NEAR:]) or _LOST_BEHIND.search(behind)
            yield Length(round(minutes, 1), told is not None)


def _per_occurrence(before: str) -> bool:
    """ "Had to wait 20 min" is lost, "says wait 24 h" is not; the longest tells them apart."""
    return bool(_WAIT.search(before))


def _minutes(found: re.Match[str]) -> float:
    unit = _UNITS[found["unit"][0].lower()]
    minutes = number(found["number"]) * unit
    if found["half"]:
        minutes += unit / 2
    if found["more"]:
        minutes += number(found["more"])
    return minutes
