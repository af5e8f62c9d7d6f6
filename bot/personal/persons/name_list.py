"""Given and family names of many countries, English words, and places (THIRD_PARTY.md): many are more than one."""

import gzip
import unicodedata
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("names.txt.gz")
# What an entry of the list can be; added up.
GIVEN, FAMILY, WORD, PLACE, NOUN = 1, 2, 4, 8, 16
# Letters that are no base letter with a mark, as people write them who do not have them.
_ALONE = str.maketrans({
    "ł": "l", "đ": "d", "ð": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h", "ə": "e",
})  # fmt: skip


def folded(name: str) -> str:
    """In small letters without marks: "Łukasz" is "lukasz"."""
    if name.isascii():
        return name.lower()
    letters = unicodedata.normalize("NFKD", name.lower().replace("’", "'"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(_ALONE)


@lru_cache(maxsize=1)
def name_list() -> dict[str, int]:
    """What each entry, folded, can be. Takes .1 s and 12 MB, once."""
    lines = gzip.decompress(FILE.read_bytes()).decode("ascii").splitlines()
    return {name: int(mark) for mark, _, name in (line.partition(" ") for line in lines)}
