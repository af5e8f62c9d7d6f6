"""Blocks as plain words: what a person reads, without the boxes. Searches and tests read this."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.simulator import markdown, mrkdwn
from bot.simulator.emoji import with_emoji

Json = dict[str, Any]
Names = Mapping[str, str]


def words_of(blocks: Iterable[Json], names: Names) -> str:
    """The visible words of all blocks, a line per paragraph, labels of buttons included."""
    return "\n".join(line for block in blocks for line in _BLOCKS[block["type"]](block, names) if line)


def readable(text: str, names: Names) -> str:
    """Slack's markup as a person reads it: no asterisks, labels for links, names for ids."""
    return mrkdwn.words(mrkdwn.mrkdwn(text, names))


def _section(block: Json, names: Names) -> list[str]:
    texts = ([block["text"]] if "text" in block else []) + block.get("fields", [])
    lines = [_text(text, names) for text in texts]
    return lines + (_element(block["accessory"], names) if "accessory" in block else [])


def _elements(block: Json, names: Names) -> list[str]:
    return [line for element in block["elements"] for line in _element(element, names)]


def _element(element: Json, names: Names) -> list[str]:
    """A label for what can be pressed, a text for what can be read, the alternative for an image."""
    if element["type"] == "feedback_buttons":
        return [element[side]["text"]["text"] for side in ("positive_button", "negative_button")]
    if "alt_text" in element:
        return [element["alt_text"]]
    if element["type"] in ("radio_buttons", "checkboxes"):
        return [_text(option["text"], names) for option in element["options"]]
    if isinstance(element.get("text"), Mapping):
        return [_text(element["text"], names)]
    return [_text(element, names)] if "text" in element else []


def _text(text: Json, names: Names) -> str:
    return readable(text["text"], names) if text["type"] == "mrkdwn" else str(text["text"])


def _input(block: Json, names: Names) -> list[str]:
    hint = [str(block["hint"]["text"])] if "hint" in block else []
    return [str(block["label"]["text"]), *_element(block["element"], names), *hint]


def _image(block: Json, _names: Names) -> list[str]:
    return ([block["title"]["text"]] if "title" in block else []) + [block["alt_text"]]


def _table(block: Json, names: Names) -> list[str]:
    return [" | ".join(_cell(cell, names) for cell in row) for row in block["rows"]]


def _cell(cell: Json, names: Names) -> str:
    return " ".join(_rich_text(cell, names)) if cell["type"] == "rich_text" else str(cell.get("text", ""))


def _rich_text(block: Json, names: Names) -> list[str]:
    return [line for element in block["elements"] for line in _rich_element(element, names)]


def _rich_element(element: Json, names: Names) -> list[str]:
    if element["type"] == "rich_text_list":
        return [line for item in element["elements"] for line in _rich_element(item, names)]
    return "".join(_INLINES[part["type"]](part, names) for part in element["elements"]).split("\n")


_INLINES: Mapping[str, Callable[[Json, Names], str]] = {
    "text": lambda part, _: str(part["text"]),
    "link": lambda part, _: str(part.get("text") or part["url"]),
    "user": lambda part, names: "@" + names.get(part["user_id"], part["user_id"]),
    "channel": lambda part, names: "#" + names.get(part["channel_id"], part["channel_id"]),
    "usergroup": lambda part, names: "@" + names.get(part["usergroup_id"], part["usergroup_id"]),
    "emoji": lambda part, _: with_emoji(f":{part['name']}:"),
    "broadcast": lambda part, _: f"@{part['range']}",
    "date": lambda part, _: str(part.get("fallback", "")),
    "color": lambda part, _: str(part["value"]),
}

_BLOCKS: Mapping[str, Callable[[Json, Names], list[str]]] = {
    "section": _section,
    "header": lambda block, _: [block["text"]["text"]],
    "divider": lambda *_: [],
    "context": _elements,
    "actions": _elements,
    "context_actions": _elements,
    "rich_text": _rich_text,
    "markdown": lambda block, _: [mrkdwn.words(markdown.markdown(block["text"]))],
    "table": _table,
    "image": _image,
    "input": _input,
}
