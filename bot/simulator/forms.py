"""What can be filled in in a view: its fields, what is in them, and what Slack's client says before it sends a form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator import answers
from bot.simulator.errors import NotInWorkspace

Json = dict[str, Any]
Blocks = Iterable[Json]
# What is filled in: block_id -> action_id -> the answer, as `state.values`.
Answers = Mapping[str, Mapping[str, Json]]

REQUIRED = "Please complete this required field."


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `dispatches`: the app hears of it at once, not only with the whole form."""

    block_id: str
    action_id: str
    element: Json = field(compare=False)
    label: str = ""
    hint: str = ""
    optional: bool = True
    dispatches: bool = True

    @property
    def key(self) -> str:
        """The one name that no other field of the view has."""
        return f"{self.block_id}/{self.action_id}"

    @property
    def names(self) -> tuple[str, ...]:
        """What a person, or a test, may call it."""
        return self.action_id, self.block_id, self.label, self.key


def fields_of(blocks: Blocks) -> tuple[Field, ...]:
    """Everything that can be filled in, in reading order."""
    return tuple(one for block in blocks for one in _fields_in(block))


def unfilled(blocks: Blocks) -> Answers:
    """What is in the fields before anybody touches them."""
    return _values({one: answers.initial(one.element) for one in fields_of(blocks)})


def carried_over(before: Answers, blocks: Blocks) -> Answers:
    """The same for another version of a view: a field with the ids and kind that it had keeps what is in it."""
    kept = {}
    for one in fields_of(blocks):
        old = before.get(one.block_id, {}).get(one.action_id)
        kept[one] = old if old and old["type"] == one.element["type"] else answers.initial(one.element)
    return _values(kept)


def filled(blocks: Blocks, before: Answers, given: Mapping[str, object]) -> tuple[Answers, tuple[Field, ...]]:
    """The answers with what a person put into some fields, and those fields.

    `given` names a field by its action_id, block_id or label. Raises NotInWorkspace where there is none, or no such
    option in it.
    """
    fields = fields_of(blocks)
    now = {one: before[one.block_id][one.action_id] for one in fields}
    touched = tuple(_named(fields, name) for name in given)
    for one, value in zip(touched, given.values(), strict=True):
        now[one] = answers.answer(one.element, value)
    return _values(now), touched


def complaints(blocks: Blocks, given: Answers) -> dict[str, str]:
    """By block_id what Slack's client finds wrong before it sends the form."""
    found = {}
    for one in fields_of(blocks):
        answered = given[one.block_id][one.action_id]
        if not one.optional and answers.is_empty(answered):
            found[one.block_id] = REQUIRED
        elif wrong := answers.complaint(one.element, answered):
            found[one.block_id] = wrong
    return found


def _fields_in(block: Json) -> Iterator[Field]:
    if block["type"] == "input":
        yield Field(
            block["block_id"],
            block["element"]["action_id"],
            block["element"],
            label=block["label"]["text"],
            hint=block["hint"]["text"] if "hint" in block else "",
            optional=block.get("optional", False),
            dispatches=block.get("dispatch_action", False),
        )
        return
    elements = block["elements"] if block["type"] == "actions" else [block["accessory"]] if "accessory" in block else []
    for element in elements:
        if element["type"] in answers.FILLABLE:
            yield Field(block["block_id"], element["action_id"], element)


def _named(fields: tuple[Field, ...], name: str) -> Field:
    for one in fields:
        if name in one.names:
            return one
    there = ", ".join(f"{one.action_id} ({one.label})" if one.label else one.action_id for one in fields)
    raise NotInWorkspace(f"There is nothing to fill in called {name!r}. There are: {there or 'no fields'}.")


def _values(answered: Mapping[Field, Json]) -> Answers:
    values: dict[str, dict[str, Json]] = {}
    for one, answer in answered.items():
        values.setdefault(one.block_id, {})[one.action_id] = answer
    return values
