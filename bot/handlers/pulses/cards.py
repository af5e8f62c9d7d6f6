"""A one-tap question, and what stands in its place once it was answered. Values -> Block Kit; pure, as `blocks`."""

from collections.abc import Callable, Mapping
from typing import Any

from bot import pulse_wording as wording
from bot.handlers.blocks import MAX_BUTTON, MAX_TEXT, Json, Message, escaped
from bot.handlers.modals import plain
from bot.pulses.questions import Question

QUESTION, SAID = "pulse", "pulse_said"
SCORE_ACTION = "pulse_score"
NOT_NOW_ACTION, STOP_ACTION = "pulse_not_now", "pulse_stop"
CHANGE_ACTION, RESUME_ACTION = "pulse_change", "pulse_resume"
# Each button of a row has an id of its own.
SCORE_ACTIONS = tuple(f"{SCORE_ACTION}_{score}" for score in Question.RECOMMEND.scale)
ACTIONS = (*SCORE_ACTIONS, NOT_NOW_ACTION, STOP_ACTION, CHANGE_ACTION, RESUME_ACTION)
_OFFERED = {
    NOT_NOW_ACTION: wording.NOT_NOW,
    STOP_ACTION: wording.STOP,
    CHANGE_ACTION: wording.CHANGE,
    RESUME_ACTION: wording.RESUME,
}


def question(value: Mapping[str, Any]) -> Message:
    """`value`: the `number` under which it was asked, its `question`, and the name of the `tool`."""
    kind = Question(value["question"])
    number, words = str(value["number"]), wording.asked(kind, value["tool"])
    scores = [_button(str(score), f"{SCORE_ACTION}_{score}", f"{number}:{score}") for score in kind.scale]
    blocks: tuple[Json, ...] = (
        {"type": "section", "text": plain(words[:MAX_TEXT])},
        {"type": "context", "elements": [plain(wording.scale(kind))]},
        {"type": "actions", "elements": scores},
        {"type": "context", "elements": [plain(f"{wording.why(kind)} {wording.WHO_SEES}")]},
        _offering(number, NOT_NOW_ACTION, STOP_ACTION),
    )
    return Message(text=escaped(words)[:MAX_TEXT], blocks=blocks)


def said(value: Mapping[str, Any]) -> Message:
    """What stands in the place of a question: words, and what can be pressed below them."""
    blocks: tuple[Json, ...] = ({"type": "section", "text": {"type": "mrkdwn", "text": escaped(value["text"])}},)
    if value["offers"]:
        blocks = (*blocks, _offering(str(value["number"]), *value["offers"]))
    return Message(text=escaped(value["text"])[:MAX_TEXT], blocks=blocks)


KINDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {QUESTION: question, SAID: said}


def _offering(number: str, *actions: str) -> Json:
    return {"type": "actions", "elements": [_button(_OFFERED[action], action, number) for action in actions]}


def _button(label: str, action: str, value: str) -> Json:
    return {"type": "button", "text": plain(label[:MAX_BUTTON]), "action_id": action, "value": value}
