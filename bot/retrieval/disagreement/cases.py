"""Cases that a rule is for, told by the shape of the words: priority 1 and priority 3, with and without a receipt."""

import re
from functools import lru_cache

from bot.words import stem, words

_LABEL = re.compile(
    r"\b(?P<name>priority|tier|level|band|class|zone|grade|category|group|phase|stage|type|severity|size|gate|bay)"
    r" (?P<label>\d+|[A-Z]|one|two|three|four|five)\b",
)
_WITH = re.compile(
    r"(?<!only )\bwith (?:an? |the |your |their |his |her |valid )*(?P<what>[a-z][a-z-]+)", re.IGNORECASE
)
_WITHOUT = re.compile(
    r"(?:\bwithout|\bno) (?:an? |the |any |your |their |his |her |valid )*(?P<what>[a-z][a-z-]+)", re.IGNORECASE
)
_INSIDE = re.compile(r"\b(?:in|inside|within|of) the (?P<what>[a-z]{4,})", re.IGNORECASE)
_OUTSIDE = re.compile(r"\b(?:outside|out of)(?: of)?(?: the)? (?P<what>[a-z]{4,})", re.IGNORECASE)
_PREFIX = re.compile(r"\b(?:non[- ]?|un(?!less\b))(?P<what>[a-z]{4,})", re.IGNORECASE)


def differ(one: str, other: str) -> bool:
    """Whether each text names a case of its own that shuts out the other's."""
    return (
        _labels_differ(_labels(one), _labels(other))
        or bool(_things(_WITH, one) & _things(_WITHOUT, other) or _things(_WITHOUT, one) & _things(_WITH, other))
        or bool(_things(_INSIDE, one) & _things(_OUTSIDE, other) or _things(_OUTSIDE, one) & _things(_INSIDE, other))
        or bool(_things(_PREFIX, one) & _plain(other) or _things(_PREFIX, other) & _plain(one))
    )


@lru_cache(maxsize=20_000)
def _labels(text: str) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for match in _LABEL.finditer(text[:1].lower() + text[1:]):
        found[match["name"]] = found.get(match["name"], frozenset()) | {match["label"]}
    return found


def _labels_differ(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> bool:
    return any(not one[name] & other[name] for name in one.keys() & other.keys())


@lru_cache(maxsize=60_000)
def _things(pattern: re.Pattern[str], text: str) -> frozenset[str]:
    return frozenset(stem(match["what"].lower()) for match in pattern.finditer(text))


@lru_cache(maxsize=20_000)
def _plain(text: str) -> frozenset[str]:
    return frozenset(map(stem, words(text)))
