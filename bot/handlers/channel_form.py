"""The form for how the bot behaves in a channel."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import wording
from bot.channels import ChannelSettings
from bot.handlers.surfaces import View

CALLBACK = "channel_settings"
_FOLDERS, _UNASKED, _ESCALATION = "folders", "unasked", "escalation"
# An option needs a value, and pages in no folder have none.
_TOP = "/"
_MOST_OPTIONS = 100

Json = dict[str, Any]


def view(channel: str, now_set: ChannelSettings, folders: Sequence[str]) -> View:
    """The form as it is set now; without a knowledge there are no folders to choose from."""
    offered = sorted({*folders, *now_set.folders})[:_MOST_OPTIONS]
    blocks = [_heading(channel)]
    if offered:
        blocks.append(_choice_of_folders(offered, now_set.folders))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": channel,
        "title": _plain(wording.SETTINGS_TITLE),
        "submit": _plain("Save"),
        "close": _plain("Cancel"),
        "blocks": [*blocks, _unasked(on=now_set.unasked), _escalation(now_set.escalation)],
    }


def filled_in(view: Mapping[str, Any]) -> Json:
    """What was chosen, with the channel it is for."""
    values = view["state"]["values"]
    folders = (values.get(_FOLDERS) or {}).get(_FOLDERS, {}).get("selected_options") or ()
    return {
        "channel": view["private_metadata"],
        "folders": ["" if option["value"] == _TOP else option["value"] for option in folders],
        "unasked": bool(values[_UNASKED][_UNASKED].get("selected_options")),
        "escalation": values[_ESCALATION][_ESCALATION].get("selected_conversation") or "",
    }


def _heading(channel: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": f"{wording.SETTINGS_FOR} <#{channel}>"}}


def _choice_of_folders(offered: Sequence[str], chosen: Sequence[str]) -> Json:
    select: Json = {
        "type": "multi_static_select",
        "action_id": _FOLDERS,
        "placeholder": _plain("All pages"),
        "options": [_option(folder or _TOP, folder or "Pages in no folder") for folder in offered],
    }
    if chosen:
        select["initial_options"] = [_option(folder or _TOP, folder or "Pages in no folder") for folder in chosen]
    return _input(_FOLDERS, "Answer only from", select, hint="Nothing chosen: from all pages.")


def _unasked(*, on: bool) -> Json:
    option = _option("on", "Answer questions that nobody put to me")
    boxes: Json = {"type": "checkboxes", "action_id": _UNASKED, "options": [option]}
    if on:
        boxes["initial_options"] = [option]
    hint = "In the thread of the question, where a page clearly answers and everybody here may read it."
    return _input(_UNASKED, "Unasked", boxes, hint=hint)


def _escalation(chosen: str) -> Json:
    select: Json = {
        "type": "conversations_select",
        "action_id": _ESCALATION,
        "placeholder": _plain("The owners of the page"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen:
        select["initial_conversation"] = chosen
    hint = "Where “Ask a human” goes from here. Nothing chosen: to the channel of the page's owners."
    return _input(_ESCALATION, "Where people are asked", select, hint=hint)


def _input(name: str, label: str, element: Json, *, hint: str) -> Json:
    shown = {"type": "input", "block_id": name, "label": _plain(label), "element": element, "hint": _plain(hint)}
    return {**shown, "optional": True}


def _option(value: str, label: str) -> Json:
    return {"text": _plain(label[:75]), "value": value[:150]}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": False}
