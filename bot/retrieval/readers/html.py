"""HTML -> sections. What a browser would not show, and what stands around the text on every page, is left out."""

from collections import Counter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.errors import Unreadable
from bot.retrieval.documents import BlockKind
from bot.retrieval.readers.hidden import Hiding
from bot.retrieval.readers.outline import Body, Outline, table_lines
from bot.retrieval.readers.tags import BLOCKS, tags

# Real pages nest some dozens deep; parsers take minutes over hundreds of thousands.
MAX_DEPTH = 400
# HTML ignores the slash of <x/>, so that each such tag holds all that follows. Pages of the XHTML age have hundreds.
MAX_SLASHES = 20_000

# Some servers put the whole page into one form; a form without a paragraph, a heading or a table is a search box.
_AROUND = (
    "nav, header, footer, aside, button, [role=navigation], [role=banner], [role=contentinfo], [role=search], "
    "[class*=breadcrumb i], [id*=breadcrumb i], [class*=cookie-], [id*=cookie-], [id=cookies], [id=toc], .toc, "
    ".table-of-contents, .skip-link, .pagination, "
    "form:not(:has(p, h1, h2, h3, table))"
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CONTAINERS = ", ".join(sorted(BLOCKS | _HEADINGS))
# Their text runs on without a space. Not so `sup` and `sub`: a footnote's number must not grow the sum before it.
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark",
        "q", "s", "samp", "small", "span", "strike", "strong", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip


def read(text: str) -> Body:
    """The page's title and its sections."""
    outline = Outline()
    hiding = Hiding(text)
    tree = _parsed(text)
    named = tree.css_first("title")
    title = " ".join(named.text().split()) if named else ""
    _add(tree, outline, hiding)
    return Body(outline.title or title, outline.sections(), tuple(hiding.remarks()))


def add_fragment(text: str, outline: Outline, hiding: Hiding) -> None:
    """HTML that stands inside another kind of page joins that page's outline."""
    _add(_parsed(text), outline, hiding)


def _parsed(text: str) -> LexborHTMLParser:
    open_tags = Counter[str]()
    for name, closes, _ in tags(text):
        if closes:
            open_tags[name] = max(0, open_tags[name] - 1)
            continue
        open_tags[name] += 1
        if open_tags.total() > MAX_DEPTH:
            raise Unreadable(f"its tags nest more than {MAX_DEPTH} deep; save the page as plain HTML or Markdown")
    if text.count("/>") > MAX_SLASHES:
        raise Unreadable(
            f"it has more than {MAX_SLASHES:,} tags that end in />; save the page as plain HTML or Markdown"
        )
    return LexborHTMLParser(text)


def _add(tree: LexborHTMLParser, outline: Outline, hiding: Hiding) -> None:
    if tree.body is not None:
        hiding.take_out(tree.body, around=_AROUND)
        _walk(tree.body, outline)


def _walk(node: LexborNode, outline: Outline) -> None:
    loose: list[LexborNode] = []  # text and inline tags between blocks make a paragraph together
    for child in node.iter(include_text=True):
        name = child.tag or ""
        if name in _HEADINGS or name in BLOCKS or _holds_blocks(child):
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
        outline.lines(BlockKind.TABLE, table_lines(_rows(node)))
    elif name == "pre":
        outline.lines(BlockKind.PARAGRAPH, [" ".join(line.split()) for line in node.text().splitlines()])
    elif _holds_blocks(node):
        _walk(node, outline)
    else:
        _paragraph([node], outline)


def _rows(table: LexborNode) -> list[list[str]]:
    """The first row names the columns, unless the first cell of every row, its own too, names that row."""
    cells = [row.css("th, td") for row in table.css("tr")]
    rows = [[_words(cell) for cell in row] for row in cells]
    filled = [row for row in rows if any(row)]
    named_by_row = [_is_name(row[0]) and not _is_name(row[-1]) for row in cells if row]
    return [[""] * len(filled[0]), *filled] if filled and all(named_by_row) else filled


def _is_name(cell: LexborNode) -> bool:
    bold = cell.css_first("strong, b")
    return cell.tag == "th" or (bold is not None and _words(bold) == _words(cell))


def _holds_blocks(node: LexborNode) -> bool:
    return any(inner != node for inner in node.css(_CONTAINERS)) if node.child else False


def _paragraph(nodes: list[LexborNode], outline: Outline) -> None:
    links = [link for node in nodes if node.tag != "-text" for link in ([node] if node.tag == "a" else node.css("a"))]
    text = " ".join("".join(_text(node) for node in nodes).split())
    outline.paragraph(text, linked=_length(links), links=len(links))


def _length(links: list[LexborNode]) -> int:
    return sum(len(_words(link)) for link in links)


def _words(node: LexborNode) -> str:
    return " ".join(_text(node).split())


def _text(node: LexborNode) -> str:
    """The text as a browser runs it together: on through bold letters and links, apart at a break or a new block."""
    if node.tag == "-text":
        return str(node.text())
    if node.tag == "_comment":
        return ""
    inner = "".join(_text(child) for child in node.iter(include_text=True))
    return inner if node.tag in _INLINE else f" {inner} "
