"""Finds personal data in what people type, and masks it. Knows no Slack and no customer; names can be handed in.

Meant for words that others will read or that stay somewhere: rather one thing too many is masked than one too few, but
dates, amounts, versions, codes, and the names of teams and pages stay readable.
"""

import re
from collections.abc import Callable, Collection, Iterator

from bot.personal import names as people
from bot.personal.folding import Folded
from bot.personal.numbers import cards, emails, ibans, identities, phones
from bot.personal.places import addresses, births
from bot.personal.references import references
from bot.personal.spans import Kind, Span

__all__ = ["Kind", "Span", "found", "masked", "names_a_customer"]

# In this order: what an earlier one found is no longer there for a later one. A card is no phone number.
_FINDERS: tuple[Callable[[str], Iterator[Span]], ...] = (
    emails,
    ibans,
    cards,
    identities,
    births,
    references,
    phones,
    addresses,
)

_SOMEBODY = re.compile(
    r"\b(?:she|he|her|his|him|they|customer|cust|caller|client|tenant|lives?|lady|guy|woman|man|family|holder)\b",
    re.IGNORECASE,
)


def found(text: str, names: Collection[str] = ()) -> tuple[Span, ...]:
    """What is personal in a text, from left to right, without overlaps; takes time in proportion to its length.

    `names` are further names to look for, "Dana Ruiz" also as "Ruiz, Dana"; of one word only where it is capitalized.
    """
    folded = Folded.of(text)
    rest = folded.text
    spans: list[Span] = []
    for finder in (*_FINDERS, lambda left: people.listed(left, names), people.introduced):
        new = _apart(finder(rest))
        rest = _without(rest, new)
        spans.extend(new)
    return tuple(sorted((folded.original(span) for span in spans), key=lambda span: span.start))


def masked(text: str, names: Collection[str] = ()) -> str:
    """The text with "[e-mail]", "[phone]", "[order]" and so on in place of what is personal."""
    parts: list[str] = []
    end = 0
    for span in found(text, names):
        parts += [text[end : span.start], f"[{span.kind}]"]
        end = span.end
    return "".join([*parts, text[end:]])


def names_a_customer(text: str, names: Collection[str] = ()) -> str:
    """Why a text is about one particular customer: "an order number", "a customer's name"; "" where it is not."""
    spans = found(text, names)
    if all(span.kind is Kind.ADDRESS for span in spans) and not _SOMEBODY.search(text):
        return ""  # an office has an address too
    return spans[0].kind.reason if spans else ""


def _apart(spans: Iterator[Span]) -> list[Span]:
    """Of two that overlap the one that begins first, and of those the longer."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept


def _without(text: str, spans: list[Span]) -> str:
    """As long as before, with what was found blotted out."""
    parts: list[str] = []
    end = 0
    for span in spans:
        parts += [text[end : span.start], people.FOUND * (span.end - span.start)]
        end = span.end
    return "".join([*parts, text[end:]])
