"""HTML -> sections. What a browser would not show, and what stands around the text on every page, is left out."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind, Section
from bot.retrieval.readers.outline import Outline, table_lines

# Real pages nest some dozens deep; parsers take minutes over hundreds of thousands.
MAX_DEPTH = 400

_UNSHOWN = "script, style, template, noscript, iframe, svg, head, [hidden], [aria-hidden=true]"
_AROUND = "nav, header, footer, aside, form, button, [role=navigation], [role=banner], [role=contentinfo]"
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])", re.IGNORECASE
)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>")
_VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p",
        "li", "td", "tr", "th", "dt", "dd", "option",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "main", "ul", "ol", "dl", "table", "pre", "blockquote", "figure", "body",
        "html", "center", "details",
    }
)  # fmt: skip


def read(text: str) -> tuple[str, tuple[Section, ...]]:
    """The page's title and its sections."""
    outline = Outline()
    tree = _parsed(text)
    named = tree.css_first("title")
    title = " ".join(named.text().split()) if named else ""
    _add(tree, outline)
    return outline.title or title, outline.sections()


def add_fragment(text: str, outline: Outline) -> None:
    """HTML that stands inside another kind of page joins that page's outline."""
    _add(_parsed(text), outline)


def _parsed(text: str) -> LexborHTMLParser:
    depth = 0
    for closing, name, empty in _TAG.findall(text):
        if empty or name.lower() in _VOID:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > MAX_DEPTH:
            raise Unreadable(f"its tags nest more than {MAX_DEPTH} deep; save the page as plain HTML or Markdown")
    return LexborHTMLParser(text)


def _add(tree: LexborHTMLParser, outline: Outline) -> None:
    if tree.body is None:
        return
    for node in tree.body.css(f"{_UNSHOWN}, {_AROUND}"):
        node.decompose()
    for node in tree.body.css("[style]"):
        if _HIDDEN_STYLE.search(node.attributes.get("style") or ""):
            node.decompose()
    _walk(tree.body, outline)


def _walk(node: LexborNode, outline: Outline) -> None:
    loose: list[LexborNode] = []  # text and inline tags between blocks make a paragraph together
    for child in node.iter(include_text=True):
        name = child.tag or ""
        if name in _HEADINGS or name in _BLOCKS:
            _paragraph(loose, outline)
            loose = []
            _block(child, name, outline)
        elif name != "_comment":
            loose.append(child)
    _paragraph(loose, outline)


def _block(node: LexborNode, name: str, outline: Outline) -> None:
    if name in _HEADINGS:
        outline.heading(int(name[1]), _words(node))
    elif name in {"ul", "ol"}:
        items = [child for child in node.iter() if child.tag == "li"]
        kind = BlockKind.BULLETS if name == "ul" else BlockKind.STEPS
        links = [link for item in items for link in item.css("a")]
        outline.lines(kind, [_words(item) for item in items], linked=_length(links), links=len(links))
    elif name == "table":
        rows = [[_words(cell) for cell in row.css("th, td")] for row in node.css("tr")]
        outline.lines(BlockKind.TABLE, table_lines([row for row in rows if any(row)]))
    elif name == "pre":
        outline.lines(BlockKind.PARAGRAPH, [" ".join(line.split()) for line in node.text().splitlines()])
    elif any(inner.tag in _BLOCKS or inner.tag in _HEADINGS for inner in _below(node)):
        _walk(node, outline)
    else:
        _paragraph([node], outline)


def _below(node: LexborNode) -> Iterator[LexborNode]:
    return iter(node.css("*")[1:]) if node.css("*") and node.css("*")[0] == node else iter(node.css("*"))


def _paragraph(nodes: list[LexborNode], outline: Outline) -> None:
    links = [link for node in nodes if node.tag != "-text" for link in ([node] if node.tag == "a" else node.css("a"))]
    outline.paragraph(
        " ".join(" ".join(_words(node) for node in nodes).split()), linked=_length(links), links=len(links)
    )


def _length(links: list[LexborNode]) -> int:
    return sum(len(_words(link)) for link in links)


def _words(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split()) if node.tag != "-text" else " ".join(node.text().split())
