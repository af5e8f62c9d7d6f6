"""The `markdown` block: standard Markdown, with HTML off and no picture loaded from anywhere."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.simulator.mrkdwn import LINK_SCHEMES

_IMAGE = re.compile(r"<img [^>]*?alt=\"([^\"]*)\"[^>]*>")


def markdown(text: str) -> Markup:
    """The block as HTML. Raw HTML in the text is shown, not obeyed; an image is its alternative text."""
    shown = _IMAGE.sub(r'<span class="image">\1</span>', _reader().render(text))
    shown = shown.replace("<a href=", '<a target="_blank" rel="noopener noreferrer" href=')
    return Markup(shown)  # noqa: S704 - made by markdown-it with html off


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    # The library refuses `javascript:` and most of `data:` itself; we follow only what a work message needs.
    reader.validateLink = lambda url: url.lower().startswith(LINK_SCHEMES)  # type: ignore[method-assign]
    return reader
