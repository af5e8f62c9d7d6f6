"""What a clause takes out of its own rule: "except gift cards", "other than assistance dogs"."""

import re
from functools import lru_cache

from bot.retrieval.disagreement.rings import meant

_EXCEPT = re.compile(
    r"\b(?:except(?:ion)?(?: for| of| in| that| is| are)?|apart from|other than|excluding|save for|but not|"
    r"unless(?: it is)?)"
    r" (?P<what>[^.;:]+)|(?:^|[.;] )(?P<named>[^.;]{3,60}?) (?:is|are) (?:the|an?) (?:only )?exceptions?\b",
    re.IGNORECASE,
)
# So much of what is excepted has to be named where the exception is said to apply.
_NAMED = 0.6


def granted(text: str, *, to: str) -> bool:
    """Whether `text` excepts from its rule the very case that `to`, a clause with its heading, is about."""
    case = meant(to)
    return any(len(excepted & case) >= _NAMED * len(excepted) for excepted in _excepted(text))


@lru_cache(maxsize=20_000)
def _excepted(text: str) -> tuple[frozenset[str], ...]:
    found = (meant(match["what"] or match["named"]) for match in _EXCEPT.finditer(text))
    return tuple(stems for stems in found if stems)
