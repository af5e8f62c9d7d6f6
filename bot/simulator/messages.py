"""A message as the workspace keeps it, and as one person sees it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.simulator.files import File
from bot.simulator.reactions import Reactions
from bot.simulator.words import readable, words_of

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """One message. `only_for` names the single person who sees it; `after` is the command line it answers."""

    channel: str
    ts: str
    author: str
    text: str
    blocks: tuple[Json, ...] = ()
    thread_ts: str | None = None
    only_for: str | None = None
    edited_ts: str | None = None
    metadata: Mapping[str, Any] | None = None
    client_msg_id: str = ""
    after: str = ""
    broadcast: bool = False
    subtype: str = ""
    files: tuple[File, ...] = ()
    reactions: Reactions = ()
    # How often it grew while it was written: appending is no edit.
    appended: int = 0

    @property
    def is_reply(self) -> bool:
        """Whether it lives in a thread only; the thread's first message does not."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass(frozen=True)
class Button:
    """Something in a message that a person can press."""

    action_id: str
    block_id: str
    kind: str
    label: str
    value: str
    style: str = ""
    url: str = ""
    confirm: str = ""


@dataclass(frozen=True)
class SeenMessage:
    """A message in front of one person's eyes. Tests of promises assert on this, not on what a mock was told.

    `feedback` holds (action_id, value) of what this person chose of each feedback pair, `reactions` the names of emoji
    with the ids of who gave them; `streaming` says that the app still writes it. Two are equal when they are
    the same version of the same message, so words and blocks are not compared.
    """

    ts: str
    thread_ts: str | None
    author: str
    text: str = field(compare=False)
    blocks: tuple[Json, ...] = field(compare=False)
    ephemeral: bool
    edited_ts: str | None = None
    after: str = ""
    feedback: frozenset[tuple[str, str]] = frozenset()
    files: tuple[File, ...] = ()
    reactions: Reactions = ()
    streaming: bool = False
    appended: int = 0
    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def words(self) -> str:
        """Everything that can be read, one line a paragraph: the blocks, or else the text; then the names of files."""
        return _words(self.text, self.blocks, self.files, self.names)

    @cached_property
    def buttons(self) -> tuple[Button, ...]:
        """Everything that can be pressed, in reading order."""
        return tuple(button for block in self.blocks for button in buttons_in(block))

    def button(self, name: str) -> Button | None:
        """The button with this action_id, label or value, if there is one."""
        return next((one for one in self.buttons if name in (one.action_id, one.label, one.value)), None)


def seen(message: Message, names: Mapping[str, str], *, feedback: Mapping[str, str], streaming: bool) -> SeenMessage:
    """The message as its reader has it. `names` says how people and channels are called by id."""
    return SeenMessage(
        ts=message.ts,
        thread_ts=message.thread_ts,
        author=message.author,
        text=message.text,
        blocks=message.blocks,
        ephemeral=message.only_for is not None,
        edited_ts=message.edited_ts,
        after=message.after,
        feedback=frozenset(feedback.items()),
        files=message.files,
        reactions=message.reactions,
        streaming=streaming,
        appended=message.appended,
        names=names,
    )


def words_of_message(message: Message, names: Mapping[str, str]) -> str:
    """Everything that can be read in a message, one line a paragraph."""
    return _words(message.text, message.blocks, message.files, names)


def _words(text: str, blocks: tuple[Json, ...], files: tuple[File, ...], names: Mapping[str, str]) -> str:
    said = words_of(blocks, names) if blocks else readable(text, names)
    return "\n".join(line for line in (said, *(one.name for one in files)) if line)


def with_ids(blocks: tuple[Json, ...]) -> tuple[Json, ...]:
    """The blocks with a block_id each, and an action_id for each thing to press, where the app left them out."""
    return tuple(_with_ids(block) for block in blocks)


def _with_ids(block: Json) -> Json:
    whole = {"block_id": secrets.token_urlsafe(4), **block}
    if block["type"] in ("actions", "context_actions"):
        whole["elements"] = [{"action_id": secrets.token_urlsafe(4), **element} for element in block["elements"]]
    for name in ("accessory", "element"):
        if block.get(name, {}).get("type", "image") != "image":
            whole[name] = {"action_id": secrets.token_urlsafe(4), **block[name]}
    return whole


def buttons_in(block: Json) -> list[Button]:
    """Everything in a block that can be pressed; of a menu behind three dots, each of its lines."""
    elements = [*block.get("elements", ())] if block["type"] in ("actions", "context_actions") else []
    elements += [block["accessory"]] if "accessory" in block else []
    return [button for element in elements for button in _buttons_of(element, block_id=block.get("block_id", ""))]


def _buttons_of(element: Json, *, block_id: str) -> list[Button]:
    kind = element["type"]
    action_id = element.get("action_id", "")
    if kind == "feedback_buttons":
        pair = [element["positive_button"], element["negative_button"]]
        return [Button(action_id, block_id, kind, one["text"]["text"], one["value"]) for one in pair]
    if kind == "overflow":
        return [
            Button(action_id, block_id, kind, one["text"]["text"], one["value"], url=one.get("url", ""))
            for one in element["options"]
        ]
    if kind in ("button", "icon_button"):
        return [
            Button(
                action_id,
                block_id,
                kind,
                element["text"]["text"],
                element.get("value", ""),
                style=element.get("style", ""),
                url=element.get("url", ""),
                confirm=element["confirm"]["text"]["text"] if "confirm" in element else "",
            )
        ]
    return []
