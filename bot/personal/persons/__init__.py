"""Names of people in free text: those of a roster that is handed in, and those that the words around them tell.

Meant for words that are stored or that others read. What is a name is guessed by adding up what lists, shapes and
neighbors say (scoring.py), so some are missed, and some words masked that are none: docs/security.md has figures.
"""

from collections.abc import Collection
from functools import lru_cache

from bot.personal.folding import Folded
from bot.personal.persons.finding import guessed
from bot.personal.persons.name_list import FAMILY, GIVEN
from bot.personal.persons.reading import words_of
from bot.personal.persons.roster import Roster
from bot.personal.spans import Kind, Span

# In words. What is longer is a title, and may name its author.
LONGEST_NAME_OF_A_THING = 3

__all__ = ["Roster", "names_in", "without_names"]


def names_in(text: str, *, known: Roster | Collection[str] = (), never: Collection[str] = ()) -> list[Span]:
    """Where people are named, from left to right, without overlaps; takes time in proportion to the text's length.

    `known` are people's whole names, found also mistyped, abbreviated and in small letters. `never` are words that are
    no names here: tools, partners, places, teams, titles of pages; first and last name of a known person win over it.
    """
    roster = known if isinstance(known, Roster) else Roster.of(known)
    plain = Folded.of(text)
    words = words_of(plain.text)
    nots = _no_names(tuple(never))
    runs = [*roster.found(words, never=nots), *guessed(words, never=nots)]
    spans: list[Span] = []
    for first, last in sorted(runs, key=lambda run: (run[0].start, -run[1].end)):
        if spans and first.start < spans[-1].end:
            spans[-1] = Span(Kind.NAME, spans[-1].start, max(spans[-1].end, last.end))
        else:
            spans.append(Span(Kind.NAME, first.start, last.end))
    return [plain.original(span) for span in spans]


def without_names(text: str, *, known: Roster | Collection[str] = (), never: Collection[str] = ()) -> str:
    """The text with "[name]" in place of each."""
    parts: list[str] = []
    end = 0
    for span in names_in(text, known=known, never=never):
        parts += [text[end : span.start], f"[{span.kind}]"]
        end = span.end
    return "".join([*parts, text[end:]])


@lru_cache(maxsize=4)  # the same for every text of a company
def _no_names(never: tuple[str, ...]) -> frozenset[str]:
    """All words of "Orion" and "Marlow Logistics"; of "Imelda's guide to Orion" none that may be somebody's."""
    found: set[str] = set()
    for phrase in never:
        words = words_of(Folded.of(phrase).text)
        name = len(words) <= LONGEST_NAME_OF_A_THING
        found.update(word.plain for word in words if not word.possessive and (name or not word.mark & (GIVEN | FAMILY)))
    return frozenset(found)
