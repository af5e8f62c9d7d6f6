"""The form of a report: guesses -> a view, and what was typed and chosen in it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace

from bot import friction_wording as wording
from bot.friction.desk import Form
from bot.friction.filing import LONGEST_WORDS
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Privacy
from bot.friction.tickets import Ticket
from bot.handlers.friction.inputs import choose, select, several
from bot.handlers.modals import FIELD, Json, context_of, input_block, lines, modal, note, plain, shown, typed
from bot.handlers.surfaces import Body, View
from bot.touchpoints import TouchpointMap

REPORT_FORM = "friction_report_form"
ME_TOO_ACTION = "friction_me_too"
CHANGE_ACTION = "friction_change"
LEAVE_OUT_ACTION = "friction_without_customer"
WORDS, KIND, TOOLS, MINUTES, PRIVACY = "words", "kind", "tools", "minutes", "privacy"
WHERE, OFTEN, EFFECT = "touchpoint", "frequency", "effect"
# What people know of how long something took.
LENGTHS = (2, 5, 10, 15, 30, 60, 120)
# More would push the question what happened off a phone.
MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Opened:
    """What a form was opened with, and comes back with what was typed.

    `customer` and `exchange` are 0 for none. `page` is what an exchange cites first, and `team` answers for that.
    """

    channel: str
    thread: str = ""
    response_url: str = ""
    evidence: str = ""
    near: tuple[int, ...] = ()
    touchpoint: str = ""
    frequency: str = ""
    effect: str = ""
    page: str = ""
    team: str = ""
    exchange: int = 0
    customer: int = 0
    more: bool = False


def report_form(
    words: str, form: Form, opened: Opened, *, near: Sequence[Ticket], map_: TouchpointMap, customer: str = ""
) -> View:
    """Five inputs, with what was guessed in them; with `opened.more` also those of the line below.

    `customer` is the name of whoever is attached.
    """
    blocks: list[Json] = []
    if near:
        blocks += [note(wording.KNOWN), *(_known(one) for one in near), note(wording.OR_ELSE)]
    blocks += [
        input_block(WORDS, wording.WORDS_LABEL, lines(words, hint=wording.WORDS_HINT, most=LONGEST_WORDS)),
        input_block(KIND, wording.KIND_LABEL, select(wording.KINDS.items(), chosen=form.kind)),
        *_tool_input(map_, form.tools),
        input_block(
            MINUTES, wording.MINUTES_LABEL, select(_lengths(), chosen=nearest_length(form.minutes)), optional=True
        ),
        input_block(PRIVACY, wording.NAME_LABEL, _privacies(form.privacy)),
    ]
    blocks += _more(opened, map_, customer) if opened.more else [_attached(opened, map_, customer)]
    return modal(REPORT_FORM, wording.TITLE, wording.SEND, blocks, asdict(opened))


def said(view_of: Body) -> tuple[str, Form, Opened]:
    """What a form says, sent or still open: the words, what was chosen, and what it was opened with."""
    opened = opened_with(view_of)
    if opened.more:
        opened = replace(
            opened,
            touchpoint=typed(view_of, WHERE),
            frequency=typed(view_of, OFTEN),
            effect=typed(view_of, EFFECT),
        )
    minutes = typed(view_of, MINUTES)
    privacy = Privacy(typed(view_of, PRIVACY) or Privacy.NAMED)
    # What leads to somebody is left out before anything is written down.
    anonymous = privacy is Privacy.ANONYMOUS
    form = Form(
        kind=Kind(typed(view_of, KIND) or Kind.OTHER),
        tools=tuple(several(view_of, TOOLS)),
        touchpoint=opened.touchpoint,
        minutes=float(minutes) if minutes else None,
        frequency=Frequency(opened.frequency) if opened.frequency else None,
        effect=CustomerEffect(opened.effect) if opened.effect else CustomerEffect.NONE,
        privacy=privacy,
        evidence=(opened.evidence,) if opened.evidence and not anonymous else (),
        page=opened.page,
        team=opened.team,
        customer=opened.customer if opened.customer and not anonymous else None,
    )
    return typed(view_of, WORDS), form, opened


def opened_with(body: Body) -> Opened:
    context = context_of(body)
    return Opened(**{**context, "near": tuple(context.get("near", ()))})


def faults(body: Body) -> dict[str, str]:
    return {} if typed(body, WORDS) else {WORDS: wording.NOT_SAID}


def closing(title: str, told: Sequence[str]) -> View:
    """A view that only says something."""
    return shown(title, [{"type": "section", "text": plain(words)} for words in told])


def code_form(code: str) -> View:
    return closing(wording.SENT, wording.code_said(code))


def _known(one: Ticket) -> Json:
    return {
        "type": "section",
        "text": plain(f"{one.key} {one.title}\n{wording.weight(one)}"),
        "accessory": {
            "type": "button",
            "action_id": ME_TOO_ACTION,
            "text": plain(wording.ME_TOO),
            "value": str(one.number),
        },
    }


def _attached(opened: Opened, map_: TouchpointMap, customer: str) -> Json:
    told = wording.attached(
        customer,
        map_.name_of(opened.touchpoint) if opened.touchpoint else "",
        wording.OFTEN[Frequency(opened.frequency)] if opened.frequency else "",
        wording.EFFECTS[CustomerEffect(opened.effect)] if opened.effect else "",
    )
    button = {"type": "button", "action_id": CHANGE_ACTION, "text": plain(wording.CHANGE), "value": "1"}
    return {"type": "section", "text": plain(told), "accessory": button}


def _more(opened: Opened, map_: TouchpointMap, customer: str) -> list[Json]:
    where = [(one.id, one.name) for one in map_.ex.values()]
    whereabouts = input_block(WHERE, wording.WHERE_LABEL, select(where, chosen=opened.touchpoint), optional=True)
    leave_out = {"type": "button", "action_id": LEAVE_OUT_ACTION, "text": plain(wording.LEAVE_OUT), "value": "1"}
    about = {"type": "section", "text": plain(wording.about(customer)), "accessory": leave_out}
    return [
        *([about] if customer else []),
        *([whereabouts] if where else []),
        input_block(OFTEN, wording.OFTEN_LABEL, select(wording.OFTEN.items(), chosen=opened.frequency), optional=True),
        input_block(EFFECT, wording.EFFECT_LABEL, select(wording.EFFECTS.items(), chosen=opened.effect), optional=True),
    ]


def _tool_input(map_: TouchpointMap, chosen: Iterable[str]) -> list[Json]:
    """None where the company has no map yet."""
    tools = [(id_, map_.name_of(id_)) for id_ in (*map_.tools, *map_.partners)]
    return (
        [
            input_block(
                TOOLS, wording.TOOLS_LABEL, choose(tools, chosen=tuple(chosen), hint=wording.TOOLS_HINT), optional=True
            )
        ]
        if tools
        else []
    )


def _lengths() -> list[tuple[str, str]]:
    return [(str(one), f"{one} minutes" if one < LENGTHS[-1] else "two hours or more") for one in LENGTHS]


def nearest_length(minutes: float | None) -> str:
    return str(min(LENGTHS, key=lambda one: abs(one - minutes))) if minutes is not None else ""


def _privacies(chosen: Privacy) -> Json:
    options = {
        each: {"text": plain(name), "description": plain(seen), "value": each.value}
        for each, (name, seen) in wording.PRIVACIES.items()
    }
    return {
        "type": "radio_buttons",
        "action_id": FIELD,
        "options": list(options.values()),
        "initial_option": options[chosen],
    }
