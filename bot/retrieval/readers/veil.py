"""Markdown between a hidden HTML tag and its end, which browsers hide and a Markdown parser does not know to be."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from bot.retrieval.readers.hidden import Hiding
from bot.retrieval.readers.tags import tags

_HTML = {"html_block", "html_inline"}
_WITH_TEXT = {"text", "code_inline", "image", "fence", "code_block", "html_block"}


def empty_hidden(tokens: Sequence[Token], hiding: Hiding) -> None:
    """Empty the tokens inside hidden tags, which may open in one block and end in another."""
    within: list[str] = []  # the hidden tag, and tags of its name that opened inside it
    words: list[str] = []
    for token in _parts(tokens):
        veiled = bool(within)
        if token.type in _HTML:
            for name, closes, tag in tags(token.content):
                _step(within, name, closes, hides=not within and not closes and hiding.hides(tag))
        if veiled and token.type in _WITH_TEXT:
            words.append("" if token.type in _HTML else token.content)
            token.content = ""
        if veiled and not within:
            hiding.add(" ".join(words))
            words.clear()
    hiding.add(" ".join(words))


def _step(within: list[str], name: str, closes: bool, *, hides: bool) -> None:  # noqa: FBT001 - what `tags` says
    if hides or (within and not closes and name == within[0]):
        within.append(name)
    elif closes and within and name == within[0]:
        within.pop()


def _parts(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or (token,)
