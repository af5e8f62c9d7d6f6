"""What else a text says that names a customer: whether it asks something, and whether it speaks of somebody at all."""

import re
from collections.abc import Iterator

from bot.customers import normal
from bot.customers.identity.mentions import mentions_in
from bot.personal.names import listed
from bot.personal.spans import Span
from bot.words import STOP_WORDS, words

_REFERS = re.compile(
    r"\b(?:she|he|her|him|his|hers|they|them|their|theirs|the customer|this customer|customer|cust|caller|client)\b"
    r"|\b(?:did|do|have) we (?:promise|promised|tell|told|say|said)\b",
    re.IGNORECASE,
)
# What people say around a name or number and mean nothing by: "look up order 4711 please".
_AROUND = frozenset(
    """
    account address card client cust customer customers email e find for id is look lookup mail name named number order
    phone please postcode show tell up who zip mobile cell tel code living lives at the
    """.split()  # noqa: SIM905 - read as words
)

_ASKING = frozenset("what when who why how has have did does do is can may was".split())  # noqa: SIM905 - as above
_SIGNS = " ,;:-–—"
_APOSTROPHES = ("'", "’")
# A street and a city are words too.
_A_PLACE = 4


def refers(text: str, name: str) -> bool:
    """Whether a text speaks of whoever it was about before: "what did we promise her?", "is Dana's bill due?"."""
    return _REFERS.search(text) is not None or any(_called(text, name))


def names_somebody(text: str, *, country: str) -> bool:
    """Whether a text holds what surely is somebody's number, address or name, known here or not."""
    said = mentions_in(text, country=country)
    return bool(said.introduced) or any(each.sure for each in said.identifiers)


def question_without(text: str, name: str, *, country: str) -> str:
    """What is asked of the customer of this name, without it: pages and contacts do not call them so.

    "" where a text only says who they are.
    """
    said = mentions_in(text, country=country)
    rest = text
    for each in sorted(said.identifiers, key=lambda one: -len(one.said)):
        rest = rest.replace(each.said, " ")
    theirs = {reading for readings in normal.name_words(name) for reading in readings}
    left = [word for word in words(rest) if word not in theirs]
    content = [word for word in left if word not in STOP_WORDS and word not in _AROUND and not word.isdigit()]
    asks = "?" in text or any(word in _ASKING for word in left)
    return _unnamed(" ".join(rest.split()), name) if content and (asks or len(content) > _A_PLACE) else ""


def _unnamed(question: str, name: str) -> str:
    """What leads the question is dropped; elsewhere it is "the customer": "is the customer's bill due?"."""
    parts: list[str] = []
    end = 0
    for span in _called(question, name):
        before, after = question[end : span.start], question[span.end :]
        leads = not parts and not before.strip(_SIGNS) and not after.startswith(_APOSTROPHES)
        parts += [] if leads else [before, "the customer"]
        end = span.end
    rest = question[end:]
    return "".join([*parts, rest if parts else rest.lstrip(_SIGNS)])


def _called(text: str, name: str) -> Iterator[Span]:
    """Where a text calls somebody by their name or a part of it; "May" and "Will" ask, where they stand alone."""
    end = 0
    for span in listed(text, (name, *name.split())):
        said = words(text[span.start : span.end])
        if span.start >= end and not (len(said) == 1 and said[0] in STOP_WORDS | _ASKING):
            yield span
            end = span.end
