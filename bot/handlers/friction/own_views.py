"""What somebody sees of their own reports, and what they can say of them: values -> views. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import friction_wording
from bot import telling_wording as wording
from bot.friction.acting import LEFT
from bot.friction.filing import LONGEST_WORDS
from bot.friction.habits import Habit
from bot.friction.kinds import CustomerEffect, Frequency
from bot.friction.mine import Change, Mine
from bot.friction.moves import State
from bot.handlers.friction import cards
from bot.handlers.friction.forms import LENGTHS, nearest_length
from bot.handlers.friction.inputs import option, select
from bot.handlers.modals import Json, context_of, input_block, lines, modal, note, plain, shown, typed
from bot.handlers.surfaces import Body, View
from bot.people import Owners

SAY_FORM = "friction_say_form"
CHANGE_ACTION = "friction_change_mine"
TAKE_BACK_ACTION = "friction_take_back"
HABIT_ACTION = "friction_habit"
WORDS, MINUTES, OFTEN, EFFECT = "words", "minutes", "frequency", "effect"


def mine_view(found: Sequence[Mine], habit: Habit | None, *, owners: Owners, code: str = "") -> View:
    """One's reports, each with what can be done; `habit` None where there is nobody to write to."""
    blocks: list[Json] = []
    for one in found:
        owner = owners.name(one.owner) if one.owner else wording.UNOWNED
        blocks.append({"type": "section", "text": plain(wording.mine_line(one, owner))})
        blocks += [note(line) for line in wording.mine_small(one)]
        buttons = list(_buttons(one))
        if buttons:
            blocks.append({"type": "actions", "elements": buttons})
        blocks.append({"type": "divider"})
    if not found:
        blocks.append({"type": "section", "text": plain(friction_wording.NONE_OF_MINE.replace("`", ""))})
    if habit is not None:
        blocks += [*_habit(habit), note(wording.ANONYMOUS_ALSO)]
    return shown(friction_wording.MINE, blocks, {"code": code})


def say_form(what: str, number: int, question: str, *, code: str) -> View:
    """An answer, or why it is open again."""
    label, below = wording.SAY_LABELS[what]
    asked = [{"type": "section", "text": plain(question)}] if question else []
    field = input_block(WORDS, label, lines("", most=LONGEST_WORDS), hint=below)
    context = {"what": what, "number": number, "code": code}
    return modal(SAY_FORM, wording.SAY_TITLES[what], "Send", [*asked, field], context)


def change_form(one: Mine, *, code: str) -> View:
    lengths = [(str(each), f"{each} minutes") for each in LENGTHS]
    blocks = [
        input_block(WORDS, friction_wording.WORDS_LABEL, lines(one.words, most=LONGEST_WORDS)),
        input_block(
            MINUTES,
            friction_wording.MINUTES_LABEL,
            select(lengths, chosen=nearest_length(one.minutes)),
            optional=True,
        ),
        input_block(
            OFTEN,
            friction_wording.OFTEN_LABEL,
            select(friction_wording.OFTEN.items(), chosen=one.frequency),
            optional=True,
        ),
        input_block(
            EFFECT,
            friction_wording.EFFECT_LABEL,
            select(friction_wording.EFFECTS.items(), chosen=one.effect),
            optional=True,
        ),
    ]
    return modal(
        SAY_FORM, wording.SAY_TITLES["change"], "Save", blocks, {"what": "change", "number": one.number, "code": code}
    )


def said_in(body: Body) -> dict[str, Any]:
    """What a form says, as the inbox keeps it, with words as they were typed."""
    context = context_of(body)
    return {
        **{name: context[name] for name in ("what", "number", "code")},
        "words": typed(body, WORDS),
        "minutes": typed(body, MINUTES),
        "frequency": typed(body, OFTEN),
        "effect": typed(body, EFFECT),
    }


def change_in(value: Mapping[str, Any]) -> Change:
    return Change(
        value["words"],
        float(value["minutes"]) if value["minutes"] else None,
        Frequency(value["frequency"]) if value["frequency"] else None,
        CustomerEffect(value["effect"] or CustomerEffect.NONE),
    )


def _buttons(one: Mine) -> Sequence[Json]:
    number = str(one.number)
    if one.question:
        return [_button(wording.ANSWER, cards.ANSWER_ACTION, number, primary=True), *_own(number)]
    if one.state is State.RESOLVED and one.resolution not in LEFT:
        fixed = _button(wording.FIXED, cards.FIXED_ACTION, number, primary=True)
        return [fixed, _button(wording.STILL, cards.STILL_ACTION, number)]
    if one.state in {State.RESOLVED, State.REJECTED}:
        return [_button(wording.DISAGREE, cards.DISAGREE_ACTION, number)]
    if one.state is State.CLOSED:
        return [_button(wording.STILL, cards.DISAGREE_ACTION, number)]
    return _own(number) if one.open else []


def _own(number: str) -> Sequence[Json]:
    sure = {
        "title": plain(wording.TAKE_BACK),
        "text": plain(wording.TAKE_BACK_SURE),
        "confirm": plain(wording.TAKE_BACK),
        "deny": plain("Keep it"),
    }
    change = _button(wording.CHANGE_MINE, CHANGE_ACTION, number)
    return [change, {**_button(wording.TAKE_BACK, TAKE_BACK_ACTION, number), "confirm": sure}]


def _habit(habit: Habit) -> list[Json]:
    options = [option(each, name) for each, name in wording.HABITS.items()]
    chosen = next(one for one in options if one["value"] == habit)
    menu = {"type": "static_select", "action_id": HABIT_ACTION, "options": options, "initial_option": chosen}
    return [{"type": "section", "text": plain(wording.HEAR), "accessory": menu}]


def _button(label: str, action: str, value: str, *, primary: bool = False) -> Json:
    style = {"style": "primary"} if primary else {}
    return {"type": "button", "action_id": action, "text": plain(label), "value": value, **style}
