"""Themes as people see them in Slack, and what those who steer fill in: values -> views. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot import friction_wording as wording
from bot.friction.acting import SHORTEST_WORDS
from bot.friction.theme_list import Theme
from bot.friction.theme_moves import LONGEST_LABEL
from bot.friction.tickets import Ticket, number_of
from bot.handlers.friction.inputs import select
from bot.handlers.modals import Json, context_of, input_block, line, lines, modal, note, plain, typed
from bot.handlers.surfaces import Body, View
from bot.touchpoints import TouchpointMap

OPEN_ACTION, BACK_ACTION = "friction_theme", "friction_themes"
RENAME_ACTION, MERGE_ACTION, PLACE_ACTION, TELL_ACTION = (
    "friction_theme_rename",
    "friction_theme_merge",
    "friction_theme_place",
    "friction_theme_tell",
)
LOCK_ACTION, UNLOCK_ACTION, UNDO_ACTION = "friction_theme_lock", "friction_theme_unlock", "friction_theme_undo"
THEME_FORM = "friction_theme_form"
FORMS = (RENAME_ACTION, MERGE_ACTION, PLACE_ACTION, TELL_ACTION)
AT_ONCE = (LOCK_ACTION, UNLOCK_ACTION, UNDO_ACTION)
ACTIONS = (OPEN_ACTION, BACK_ACTION, *FORMS, *AT_ONCE)
SAID = "said"
# A view holds a hundred blocks and is read on a phone.
MOST_THEMES, MOST_TICKETS = 20, 12


def list_view(themes: Sequence[Theme], context: Mapping[str, Any], *, undoable: str) -> View:
    """`undoable` is what was done last, "" where nothing can be undone or not by this person."""
    blocks: list[Json] = []
    for one in themes[:MOST_THEMES]:
        text = f"{one.label}\n{wording.theme_weight(one)}{wording.LOCKED if one.locked else ''}"
        opens = _button(wording.OPEN_THEME, OPEN_ACTION, str(one.number))
        blocks.append({"type": "section", "text": plain(text), "accessory": opens})
    if not themes:
        blocks.append({"type": "section", "text": plain(wording.NO_THEMES)})
    if len(themes) > MOST_THEMES:
        blocks.append(note(wording.more_themes(len(themes) - MOST_THEMES)))
    blocks.append(note(wording.THEMES_ARE))
    if undoable:
        blocks += [note(undoable), {"type": "actions", "elements": [_button(wording.UNDO, UNDO_ACTION, "0")]}]
    return _view(wording.THEMES, blocks, context)


def theme_view(
    one: Theme, tickets: Sequence[Ticket], context: Mapping[str, Any], *, map_: TouchpointMap, steers: bool
) -> View:
    blocks: list[Json] = [{"type": "section", "text": plain(f"{one.label}\n{wording.theme_weight(one)}")}]
    if one.outcome:
        blocks.append(note(wording.outcome(one.outcome)))
    blocks += [{"type": "section", "text": plain(wording.line(each, map_))} for each in tickets[:MOST_TICKETS]]
    if len(tickets) > MOST_TICKETS:
        blocks.append(note(wording.more_tickets(len(tickets) - MOST_TICKETS)))
    number = str(one.number)
    if steers:
        holds = (wording.UNLOCK, UNLOCK_ACTION) if one.locked else (wording.LOCK, LOCK_ACTION)
        named = [
            (wording.RENAME, RENAME_ACTION),
            (wording.MOVE_HERE, PLACE_ACTION),
            (wording.MERGE, MERGE_ACTION),
            holds,
            (wording.TELL, TELL_ACTION),
        ]
        blocks.append({"type": "actions", "elements": [_button(label, action, number) for label, action in named]})
    blocks.append({"type": "actions", "elements": [_button(wording.ALL_THEMES, BACK_ACTION, "0")]})
    return _view(wording.THEMES, blocks, context)


def change_form(action: str, one: Theme, others: Iterable[Theme], context: Mapping[str, Any]) -> View | None:
    """What one change needs; None where there is nothing to choose from."""
    fields = {
        RENAME_ACTION: lambda: line(one.label, most=LONGEST_LABEL),
        PLACE_ACTION: lambda: line("", most=LONGEST_LABEL),
        TELL_ACTION: lambda: lines(""),
    }
    if action == MERGE_ACTION:
        found = [(str(each.number), each.label) for each in others if each.number != one.number]
        if not found:
            return None
        element = select(found)
    else:
        element = fields[action]()
    label, below = wording.THEME_FIELDS[action]
    field = input_block(SAID, label, element, hint=below)
    told = {**context, "what": action, "number": one.number}
    return modal(THEME_FORM, wording.THEMES, "Save", [note(one.label), field], told)


def faults(body: Body) -> dict[str, str]:
    what, said = context_of(body)["what"], typed(body, SAID)
    if what == PLACE_ACTION and number_of(said) is None:
        return {SAID: "Name the ticket, for example FR-31."}
    if what == TELL_ACTION and len(said) < SHORTEST_WORDS:
        return {SAID: f"Say it in at least {SHORTEST_WORDS} letters: whoever reported it reads it."}
    return {} if said else {SAID: "Say what it is called."}


def _view(title: str, blocks: Sequence[Json], context: Mapping[str, Any]) -> View:
    closes = modal("", title, "x", blocks, context)
    return {**{name: closes[name] for name in ("type", "title", "private_metadata", "blocks")}, "close": plain("Close")}


def _button(label: str, action: str, value: str) -> Json:
    return {"type": "button", "action_id": action, "text": plain(label), "value": value}
