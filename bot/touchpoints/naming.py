"""How names on the map are compared."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

# In a hundred, as difflib counts it by default; a file of thousands of slips takes difflib minutes.
_NEAR = 60
_WORD = re.compile(r"[^\W_]+")
# A list of all that is known ends here: nobody reads on.
_LISTED = 12


def folded(words: str) -> str:
    """The words alone: "Single sign-on" and "single  sign on" are one name."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", words).casefold()))


def nearest(word: str, known: Sequence[str]) -> str:
    """The one that is nearly written like it, or ""."""
    found = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return found[0] if found else ""


def meant(word: str, known: Iterable[str]) -> str:
    """What to write instead of a word that is not known: the nearest one, or what there is."""
    names = sorted(set(known))
    if near := nearest(word, names):
        return f"did you mean {near}?"
    if not names:
        return "there is none yet"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names[:_LISTED])}{more}"
