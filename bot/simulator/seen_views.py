"""A modal or a Home in front of one person's eyes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.simulator import answers
from bot.simulator.elements import options_in
from bot.simulator.forms import fields_of
from bot.simulator.messages import Button, buttons_in
from bot.simulator.modals import KeptView
from bot.simulator.words import words_of

Json = dict[str, Any]


@dataclass(frozen=True)
class SeenField:
    """Something to fill in. `value` is what a person reads in it, `fault` what is said below it.

    `chosen` is the same as the form carries it: the words, the values of options, the ids. `key` names it in its view.
    """

    action_id: str
    block_id: str
    kind: str
    label: str
    hint: str
    value: str
    fault: str
    optional: bool
    options: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()
    key: str = ""
    element: Json = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class SeenView:
    """A view as its reader has it; of a Home, everything that only modals have is empty.

    `errors` holds by block_id what is said below a field: by Slack's client, or by the app that refused the form.
    `trouble` is what Slack says when the app did not take the form at all. `stack` has the titles, that in front last.
    """

    id: str
    callback_id: str
    title: str
    submit: str
    close: str
    blocks: tuple[Json, ...]
    fields: tuple[SeenField, ...]
    errors: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""
    sending: bool = False
    stack: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def words(self) -> str:
        """Everything that can be read, one line a paragraph: also what is filled in, what is wrong, and all labels."""
        lines = [self.title]
        for block in self.blocks:
            lines.append(words_of([block], self.names))
            inside = [one for one in self.fields if one.block_id == block["block_id"]]
            lines += [words for one in inside for words in (one.value, one.fault)]
        return "\n".join(line for line in (*lines, self.trouble, self.close, self.submit) if line)

    @cached_property
    def buttons(self) -> tuple[Button, ...]:
        """Everything in the blocks that can be pressed, in reading order."""
        return tuple(button for block in self.blocks for button in buttons_in(block))

    def button(self, name: str) -> Button | None:
        """The button with this action_id, label or value, if there is one."""
        return next((one for one in self.buttons if name in (one.action_id, one.label, one.value)), None)

    def field(self, name: str) -> SeenField | None:
        """The field with this action_id, block_id or label, if there is one."""
        return next((one for one in self.fields if name in (one.action_id, one.block_id, one.label)), None)


def seen_view(view: KeptView, names: Mapping[str, str], *, stack: tuple[KeptView, ...] = ()) -> SeenView:
    """The view as its reader has it. `names` says how people and channels are called by id."""

    def label(name: str, default: str) -> str:
        return str(view.body[name]["text"]) if name in view.body else default

    is_modal = view.body["type"] == "modal"
    return SeenView(
        id=view.id,
        callback_id=view.body.get("callback_id", ""),
        title=view.title,
        submit=label("submit", ""),
        # Slack's client closes a modal by a button of its own where the app names none.
        close=label("close", "Cancel" if is_modal else ""),
        blocks=tuple(view.blocks),
        fields=_fields(view, names),
        errors=view.faults,
        trouble=view.trouble,
        sending=view.sending,
        stack=tuple(one.title for one in stack),
        names=names,
    )


def _fields(view: KeptView, names: Mapping[str, str]) -> tuple[SeenField, ...]:
    return tuple(
        SeenField(
            one.action_id,
            one.block_id,
            one.element["type"],
            one.label,
            one.hint,
            value=answers.readable(view.answers[one.block_id][one.action_id], names),
            fault=view.faults.get(one.block_id, ""),
            optional=one.optional,
            options=tuple(option["text"]["text"] for option in options_in(one.element)),
            chosen=answers.chosen(view.answers[one.block_id][one.action_id]),
            key=one.key,
            element=one.element,
        )
        for one in fields_of(view.blocks)
    )
