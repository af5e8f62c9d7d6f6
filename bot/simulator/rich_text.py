"""The `rich_text` block as HTML: sections, lists, quotes, preformatted text, and what stands inside a line."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

from bot.simulator.emoji import with_emoji
from bot.simulator.mrkdwn import Names, link, mention, with_citations

Json = dict[str, Any]

_TAGS = {"bold": "b", "italic": "i", "strike": "s", "code": "code", "underline": "u"}


def rich_text(block: Json, names: Names) -> Markup:
    """The whole block."""
    return Markup("").join(_ELEMENTS[element["type"]](element, names) for element in block["elements"])


def _section(element: Json, names: Names) -> Markup:
    return Markup("<p>{}</p>").format(_lines(element["elements"], names))


def _quote(element: Json, names: Names) -> Markup:
    """Every line of a quote is a paragraph of its own: an answer quotes one sentence a line."""
    lines = _lines(element["elements"], names).split("<br>")
    paragraphs = Markup("").join(Markup("<p>{}</p>").format(Markup(line)) for line in lines if line)  # noqa: S704
    return Markup("<blockquote>{}</blockquote>").format(paragraphs)


def _preformatted(element: Json, names: Names) -> Markup:
    return Markup("<pre>{}</pre>").format(Markup("").join(_inline(part, names) for part in element["elements"]))


def _list(element: Json, names: Names) -> Markup:
    """Slack sends a nested list as one list after another, each with its indent."""
    items = Markup("").join(
        Markup("<li>{}</li>").format(_lines(item["elements"], names)) for item in element["elements"]
    )
    indent = int(element.get("indent", 0))
    if element["style"] == "ordered":
        start = int(element.get("offset", 0)) + 1
        return Markup('<ol class="list indent-{}" start="{}">{}</ol>').format(indent, start, items)
    return Markup('<ul class="list indent-{}">{}</ul>').format(indent, items)


def _lines(parts: Iterable[Json], names: Names) -> Markup:
    shown = with_citations(Markup("").join(_inline(part, names) for part in parts))
    return Markup("<br>").join(shown.strip("\n").split("\n"))


def _inline(part: Json, names: Names) -> Markup:
    shown = _INLINES[part["type"]](part, names)
    for style, tag in _TAGS.items():
        if part.get("style", {}).get(style):
            shown = Markup("<{0}>{1}</{0}>").format(Markup(tag), shown)  # noqa: S704 - one of our own tags
    return shown


_ELEMENTS: Mapping[str, Callable[[Json, Names], Markup]] = {
    "rich_text_section": _section,
    "rich_text_quote": _quote,
    "rich_text_preformatted": _preformatted,
    "rich_text_list": _list,
}

_INLINES: Mapping[str, Callable[[Json, Names], Markup]] = {
    "text": lambda part, _: escape(part["text"]),
    "link": lambda part, _: link(part["url"], part.get("text") or part["url"]),
    "user": lambda part, names: mention("@", names.get(part["user_id"], part["user_id"])),
    "channel": lambda part, names: mention("#", names.get(part["channel_id"], part["channel_id"])),
    "usergroup": lambda part, _: mention("@", part["usergroup_id"]),
    "emoji": lambda part, _: escape(with_emoji(f":{part['name']}:")),
    "broadcast": lambda part, _: mention("@", part["range"]),
    "date": lambda part, _: escape(part.get("fallback", "")),
    "color": lambda part, _: Markup("<code>{}</code>").format(part["value"]),
}
