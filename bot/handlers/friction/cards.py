"""Tickets in messages: the card of its owner, news to whoever reported it. Values -> Block Kit; pure, as `blocks`.

What a person wrote travels as rich text, which Slack does not parse.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from bot import friction_wording
from bot import telling_wording as wording
from bot.friction import telling
from bot.friction.acting import LEFT
from bot.friction.due import Promise
from bot.friction.moves import Event
from bot.handlers.blocks import MAX_TEXT, MINE_ACTION, Json, Message, escaped
from bot.handlers.modals import plain

# One ticket, for whoever asked to see it.
TICKET = "friction_ticket"
HAVE_IT_ACTION = "friction_have_it"
ACT_ACTION = "friction_act"
MORE_ACTION = "friction_more"
WHO_ACTION = "friction_who"
# Of news: to whoever reported it.
FIXED_ACTION = "friction_fixed"
STILL_ACTION = "friction_still"
ANSWER_ACTION = "friction_answer"
DISAGREE_ACTION = "friction_disagree"
# Each button of a row has an id of its own.
OFFERED = (Event.ACKNOWLEDGE, Event.START, Event.ASSIGN, Event.ASK, Event.RESUME, Event.RESOLVE)
_PRIMARY = (Event.ACKNOWLEDGE, Event.START, Event.RESUME, Event.RESOLVE)
_LABELS = {
    Event.ACKNOWLEDGE: wording.ACKNOWLEDGE,
    Event.START: wording.START,
    Event.ASSIGN: wording.ASSIGN,
    Event.ASK: wording.ASK,
    Event.RESUME: "Go on",
    Event.RESOLVE: wording.RESOLVE,
}
ACTIONS = (
    *(f"{ACT_ACTION}_{event}" for event in OFFERED),
    HAVE_IT_ACTION,
    MORE_ACTION,
    WHO_ACTION,
    FIXED_ACTION,
    STILL_ACTION,
    ANSWER_ACTION,
    DISAGREE_ACTION,
    MINE_ACTION,
)
MAX_HEADER = 150
MAX_QUOTE = 1500
# With at most three blocks each, of the fifty that Slack takes.
MOST_GATHERED = 12
# All blocks of a message together may have some 13,000 characters, which Slack does not document.
MAX_GATHERED_QUOTE = 600


def card(value: Mapping[str, Any]) -> Message:
    """A ticket as its owner has it in front of them; a press says which version of it was seen."""
    told = [wording.subject(value), wording.weighs(value), wording.stands(value)]
    blocks: list[Json] = [
        {"type": "header", "text": plain(wording.title(value)[:MAX_HEADER])},
        {"type": "section", "text": plain("\n".join(told))},
        *(_quoted(words) for words in value["quotes"]),
        *_links(value["evidence"]),
        *_promised(value),
    ]
    if value["workaround"]:
        blocks.append({"type": "section", "text": plain(f"Way around it: {value['workaround']}"[:MAX_TEXT])})
    if value["resolution"] or value["done"]:
        blocks.append({"type": "section", "text": plain(wording.outcome(value)[:MAX_TEXT])})
    if value.get("cause"):
        blocks.append(
            {"type": "section", "text": plain(friction_wording.cause(value["cause"], value["shown_by"])[:MAX_TEXT])}
        )
    blocks.append({"type": "actions", "elements": list(_buttons(value))})
    return Message(text=escaped(" · ".join([wording.title(value), *told]))[:MAX_TEXT], blocks=tuple(blocks))


def ticket(value: Mapping[str, Any]) -> Message:
    """One ticket as everybody may read it, to join it or to do something about it."""
    buttons = [
        _button(friction_wording.ME_TOO, HAVE_IT_ACTION, str(value["number"])),
        _button(wording.MORE, MORE_ACTION, str(value["number"])),
    ]
    blocks = ({"type": "section", "text": plain(value["text"][:MAX_TEXT])}, {"type": "actions", "elements": buttons})
    return Message(text=escaped(value["text"])[:MAX_TEXT], blocks=blocks)


def line(value: Mapping[str, Any]) -> Message:
    said = _saying(wording.line(value), value.get("words", ""))
    return Message(text=said.text, blocks=(*said.blocks, *_when(wording.UNTIL, value.get("until"))))


def news(value: Mapping[str, Any]) -> Message:
    """What a reporter hears, with what they can say to it."""
    said = _saying(wording.news(value), value["words"] if value["event"] in _WITH_WORDS else "")
    by = _when("By then it is promised to be resolved: ", value.get("until")) if value["event"] == "acknowledge" else []
    buttons = list(_replies(value))
    row: list[Json] = [{"type": "actions", "elements": buttons}] if buttons else []
    return Message(text=said.text, blocks=(*said.blocks, *by, *row))


def gathered(value: Mapping[str, Any]) -> Message:
    """Several news in one message, at most `MOST_GATHERED`."""
    each = [news({**one, "words": one["words"][:MAX_GATHERED_QUOTE]}) for one in value["news"]]
    head = wording.gathered(len(each))
    blocks: list[Json] = [{"type": "section", "text": plain(head)}]
    for one in each:
        blocks += [{"type": "divider"}, *one.blocks]
    return Message(text=escaped(head), blocks=tuple(blocks))


def assigned(value: Mapping[str, Any]) -> Message:
    button = _button(wording.MORE, MORE_ACTION, str(value["number"]))
    said = _saying(wording.assigned(value), "")
    return Message(text=said.text, blocks=(*said.blocks, {"type": "actions", "elements": [button]}))


def soon(value: Mapping[str, Any]) -> Message:
    """To whoever was assigned, before it is late."""
    button = _button(wording.MORE, MORE_ACTION, str(value["number"]))
    said, by = _saying(wording.soon(value), ""), _when(wording.UNTIL, value["until"])
    return Message(text=said.text, blocks=(*said.blocks, *by, {"type": "actions", "elements": [button]}))


def late(value: Mapping[str, Any]) -> Message:
    """To whoever leads: all that has just become late."""
    head = wording.late(len(value["late"]))
    each = [
        {"type": "rich_text_section", "elements": [_text(wording.late_line(one)), _date(one["until"])]}
        for one in value["late"]
    ]
    listed = {"type": "rich_text_list", "style": "bullet", "elements": each}
    blocks = (
        {"type": "section", "text": plain(head)},
        _rich(listed),
        {"type": "section", "text": plain(wording.LATE_NEXT)},
    )
    return Message(text=escaped(head), blocks=blocks)


def unowned(value: Mapping[str, Any]) -> Message:
    """To whoever leads: all that has just been without an owner for a working day."""
    head = wording.unowned(len(value["unowned"]))
    each = [{"type": "rich_text_section", "elements": [_text(wording.called(one))]} for one in value["unowned"]]
    blocks = (
        {"type": "section", "text": plain(head)},
        _rich({"type": "rich_text_list", "style": "bullet", "elements": each}),
        {"type": "section", "text": plain(wording.UNOWNED_NEXT)},
    )
    return Message(text=escaped(head), blocks=blocks)


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    TICKET: ticket,
    telling.CARD: card,
    telling.LINE: line,
    telling.NEWS: news,
    telling.GATHERED: gathered,
    telling.ASSIGNED: assigned,
    telling.SOON: soon,
    telling.LATE: late,
    telling.UNOWNED: unowned,
}
_WITH_WORDS = frozenset({Event.ASK, Event.RESOLVE, Event.REOPEN, Event.REJECT, telling.REMINDER, telling.THEME})


def _buttons(value: Mapping[str, Any]) -> Iterable[Json]:
    offered = [event for event in OFFERED if event in value["events"]]
    first = next((event for event in _PRIMARY if event in offered), None)
    seen = f"{value['number']}:{value['version']}"
    for event in offered:
        yield _button(_LABELS[event], f"{ACT_ACTION}_{event}", seen, style="primary" if event is first else "")
    yield _button(wording.WHO, WHO_ACTION, str(value["number"]))
    yield _button(wording.MORE, MORE_ACTION, str(value["number"]))


def _replies(value: Mapping[str, Any]) -> Iterable[Json]:
    number = str(value["number"])
    match value["event"]:
        case Event.ASK | telling.REMINDER:
            yield _button(wording.ANSWER, ANSWER_ACTION, number, style="primary")
        case Event.RESOLVE if value["resolution"] in LEFT:
            yield _button(wording.DISAGREE, DISAGREE_ACTION, number)
        case Event.RESOLVE:
            yield _button(wording.FIXED, FIXED_ACTION, number, style="primary")
            yield _button(wording.STILL, STILL_ACTION, number)
        case Event.REJECT:
            yield _button(wording.DISAGREE, DISAGREE_ACTION, number)
        case Event.CONFIRM | Event.CLOSE:
            yield _button(wording.STILL, DISAGREE_ACTION, number)


def _promised(value: Mapping[str, Any]) -> list[Json]:
    late = value.get("late", ())
    return [
        block
        for promise in Promise
        for block in _when((wording.WAS_DUE_BY if promise in late else wording.DUE_BY)[promise], value[f"{promise}_by"])
    ]


def _when(words: str, at: str | None) -> list[Json]:
    """A time as it is where it is read."""
    if not at:
        return []
    return [_rich({"type": "rich_text_section", "elements": [_text(words), _date(at)]})]


def _text(words: str) -> Json:
    return {"type": "text", "text": words}


def _date(at: str) -> Json:
    moment = datetime.fromisoformat(at)
    return {
        "type": "date",
        "timestamp": int(moment.timestamp()),
        "format": "{date_short_pretty} at {time}",
        "fallback": f"{moment:%Y-%m-%d %H:%M} UTC",
    }


def _links(evidence: Iterable[str]) -> list[Json]:
    links = [{"type": "link", "url": url, "text": "the message"} for url in evidence]
    if not links:
        return []
    said = [{"type": "text", "text": "Seen in: "}]
    for place, link in enumerate(links):
        said += [{"type": "text", "text": ", "}] if place else []
        said.append(link)
    return [_rich({"type": "rich_text_section", "elements": said})]


def _saying(words: str, quote: str) -> Message:
    elements: list[Json] = [{"type": "rich_text_section", "elements": [{"type": "text", "text": words}]}]
    if quote:
        quoted = {"type": "text", "text": quote[:MAX_QUOTE]}
        elements.append({"type": "rich_text_quote", "elements": [quoted]})
    return Message(text=escaped(f"{words} {quote}".strip())[:MAX_TEXT], blocks=(_rich(*elements),))


def _quoted(words: str) -> Json:
    return _rich({"type": "rich_text_quote", "elements": [{"type": "text", "text": words[:MAX_QUOTE]}]})


def _rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def _button(label: str, action: str, value: str, *, style: str = "") -> Json:
    return {
        "type": "button",
        "action_id": action,
        "text": plain(label),
        "value": value,
        **({"style": style} if style else {}),
    }
