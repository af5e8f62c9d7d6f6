"""HTML's tags as they stand in a text, before any parser has put them in order."""

import re
from collections.abc import Iterator

# Tags without an end, or whose end browsers put in themselves.
_VOID = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p",
        "li", "td", "tr", "th", "dt", "dd", "option", "tbody", "thead", "tfoot", "colgroup",
    }
)  # fmt: skip
BLOCKS = frozenset(
    {
        "p", "div", "section", "article", "main", "ul", "ol", "dl", "table", "pre", "blockquote", "figure", "body",
        "html", "center", "details",
    }
)  # fmt: skip
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>")


def tags(text: str) -> Iterator[tuple[str, bool, str]]:
    """Name, whether it closes, and the tag as written, for each tag that a browser would pair with another."""
    start = 0
    while (start := text.find("<", start)) >= 0 and (end := text.find(">", start)) >= 0:
        found = _TAG.match(text, start, end + 1)
        if not found:
            start += 1
            continue
        start = end + 1
        name = found[2].lower()
        if name not in _VOID and (name in BLOCKS or not found[3]):  # HTML knows no <div/>: the slash is ignored
            yield name, bool(found[1]), found[0]
