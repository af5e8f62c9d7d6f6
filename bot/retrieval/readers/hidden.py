"""What HTML keeps from the eye. It is not read, since nobody proofreads it, and the page's writer is told."""

from collections.abc import Iterable, Iterator
from textwrap import shorten

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.retrieval.readers.styles import Style, hiding_selectors

# Machinery rather than text, on most pages of the web: left out without a remark.
_MACHINERY = "script, style, template, noscript, iframe, svg, head"
# `aria-hidden` shows what it marks, but marks what is no text: icons, and second copies of what is written out beside
# them. It goes too; from so many words on the writer is told, should it have been text after all.
_ICON_WORDS = 4


class Hiding:
    """Which parts of one page are hidden, by their own style or by the simple rules of the page's own style sheet."""

    def __init__(self, page: str) -> None:
        self._selectors = ", ".join(hiding_selectors(page))
        self._found: list[str] = []

    def take_out(self, body: LexborNode, *, around: str) -> None:
        """Remove what is hidden, and what the selector `around` says is no text of the page."""
        hidden = {node.mem_id for node in self._hidden_in(body)}
        going = hidden | {node.mem_id for node in body.css(f"{_MACHINERY}, {around}")}
        nodes = [node for node in body.traverse() if node.mem_id in going]
        for node in nodes:
            if node.mem_id in hidden and not any(above.mem_id in going for above in _above(node)):
                self.add(node.text(separator=" "), words=1 if "aria-hidden" not in node.attributes else _ICON_WORDS)
        for node in reversed(nodes):  # those inside first: taking one out frees all it holds
            node.decompose()

    def hides(self, tag: str) -> bool:
        """Whether this opening tag hides what follows it."""
        body = LexborHTMLParser(tag).body
        return body is not None and any(True for _ in self._hidden_in(body))

    def add(self, text: str, *, words: int = 1) -> None:
        """Remember a hidden text for the remarks, if it has at least so many words."""
        if len(text.split()) >= words:
            self._found.append(" ".join(text.split()))

    def remarks(self) -> Iterator[str]:
        if self._found:
            times = "once" if len(self._found) == 1 else f"{len(self._found):,} times, the first"
            sample = shorten(self._found[0], 60, placeholder=" ...")
            yield (f'hidden text was not read ({times}: "{sample}"); write it where people see it, or delete it')

    def _hidden_in(self, body: LexborNode) -> Iterator[LexborNode]:
        yield from body.css("[hidden], [aria-hidden=true]")
        if self._selectors:
            yield from (node for node in body.css(self._selectors) if node.mem_id != body.mem_id)
        for node in body.css("[style], font[color]"):
            style = _style_of(node)
            # A script shows a body that is hidden until everything is loaded.
            if node.tag != "body" and (style.hides() or style.is_color(_background([node, *_above(node)]))):
                yield node


def _style_of(node: LexborNode) -> Style:
    attributes = node.attributes
    own = f"color:{attributes.get('color') or ''};background:{attributes.get('bgcolor') or ''};"
    return Style(own + (attributes.get("style") or ""))


def _background(nodes: Iterable[LexborNode]) -> str:
    return next((color for node in nodes if (color := _style_of(node).background())), "")


def _above(node: LexborNode) -> Iterator[LexborNode]:
    while node.parent is not None:
        node = node.parent
        yield node
