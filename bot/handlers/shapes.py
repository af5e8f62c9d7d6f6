"""What Slack promises about the fields that are read of its requests. One that breaks a promise is read by nobody."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import Any

# A field's check, or the checks of the fields inside it. A field that is missing or null passes: Slack leaves out many.
Check = Callable[[Any], bool]
Shape = Mapping[str, "Check | Shape"]

# As long as the inbox stores.
LONGEST_KEY = 255
_TS = re.compile(r"\d{1,20}\.\d{1,20}")
_ID = re.compile(r"[!-~]{1,64}")
_TRIGGER = re.compile(r"[!-~]{1,200}")
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}")
# What a database counts with.
_LARGEST = 2**63 - 1
_KIND = re.compile(r"[a-z_]{1,40}|/[a-z0-9_-]{1,32}")
# In these events `user` or `channel` is the whole of it. In all others it is an id.
_TELLING = frozenset(
    {
        "channel_created",
        "channel_rename",
        "group_rename",
        "im_created",
        "team_join",
        "user_change",
        "user_profile_changed",
    }
)


# What reading a request raises that lacks a field, or has another thing in its place.
UNREADABLE = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)


class Misshapen(ValueError):
    """A request that Slack does not send. Its message names the field, and never what is in it."""


def place_of(fault: BaseException) -> str:
    """Where reading failed, for the log. Not what the fault says: it may quote what could not be read."""
    if isinstance(fault, Misshapen):
        return str(fault)
    *_, last = extract_tb(fault.__traceback__)
    return f"{type(fault).__name__} in {Path(last.filename).name}, line {last.lineno}"


def kind_of(body: object) -> str:
    """What kind of request it is, for the log: "message", "/ask", "block_actions". Nothing that a person wrote."""
    if not isinstance(body, dict):
        return "unknown"
    event = body.get("event")
    told = event.get("type") if isinstance(event, dict) else body.get("command") or body.get("type")
    return told if isinstance(told, str) and _KIND.fullmatch(told) else "unknown"


def check(body: Mapping[str, Any]) -> None:
    """Raises `Misshapen` for a field of another type than Slack's, and for a missing one that Slack always sends."""
    fault = next(_faults(body, _ANY, ""), None) or next(_missing(body), None)
    if fault:
        raise Misshapen(f"{fault} is not what Slack sends there")


def check_storable(key: str, conversation: str, value: Mapping[str, Any]) -> None:
    """Raises `Misshapen` for what no database takes: a NUL, half a character, a number or a key that is too long."""
    if len(key) > LONGEST_KEY or len(conversation) > LONGEST_KEY:
        raise Misshapen("an id is longer than Slack's")
    if not all("\0" not in text and _encodable(text) for text in _texts([key, conversation, value])):
        raise Misshapen("a text holds what is no character")
    if not _countable(value):
        raise Misshapen("a number is larger than Slack's")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _countable(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_countable, value.values()))
    if isinstance(value, list):
        return all(map(_countable, value))
    return not isinstance(value, int) or abs(value) <= _LARGEST


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _faults(value: Mapping[str, Any], shape: Shape, where: str) -> Iterator[str]:
    for name, expected in shape.items():
        found = value.get(name)
        if found is None:
            continue
        if callable(expected):
            if not expected(found):
                yield f"{where}{name}"
        elif not isinstance(found, dict):
            yield f"{where}{name}"
        else:
            yield from _faults(found, expected, f"{where}{name}.")


def _missing(body: Mapping[str, Any]) -> Iterator[str]:
    kind = "command" if "command" in body else body.get("type")
    for path in _ALWAYS.get(str(kind), ()):
        value: Any = body
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if not value:
            yield path
    event = body.get("event") or {}
    yield from (f"event.{name}" for name in _ALWAYS_OF_EVENT.get(event.get("type"), ()) if not event.get(name))
    if event.get("type") not in _TELLING:
        yield from (f"event.{name}" for name in ("user", "channel") if isinstance(event.get(name), dict))


def _text(value: object) -> bool:
    return isinstance(value, str)


def _id(value: object) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value))


def _ts(value: object) -> bool:
    return isinstance(value, str) and bool(_TS.fullmatch(value))


def _flag(value: object) -> bool:
    return isinstance(value, bool) or value in {"true", "false"}


def _object(value: object) -> bool:
    return isinstance(value, dict)


def _id_or_object(value: object) -> bool:
    return _id(value.get("id")) if isinstance(value, dict) else _id(value)


def _objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) for one in value)


def _actions(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and _text(one.get("action_id")) and _text(one.get("value", "")) for one in value
    )


def _address(value: object) -> bool:
    return isinstance(value, str) and bool(_ADDRESS.fullmatch(value))


def _trigger(value: object) -> bool:
    return isinstance(value, str) and bool(_TRIGGER.fullmatch(value))


_MESSAGE: Shape = {
    "type": _text,
    "subtype": _text,
    "user": _id,
    "bot_id": _id,
    "text": _text,
    "ts": _ts,
    "thread_ts": _ts,
    "blocks": _objects,
    "files": _objects,
    "metadata": _object,
}
_EVENT: Shape = {
    **_MESSAGE,
    "user": _id_or_object,
    "channel": _id_or_object,
    "channel_type": _text,
    "event_ts": _text,
    "team": _text,
    "user_team": _text,
    "source_team": _text,
    "tab": _text,
    "reaction": _text,
    "item": {"type": _text, "channel": _id, "ts": _ts},
    "message": _MESSAGE,
    "previous_message": _MESSAGE,
    "assistant_thread": _object,
    "view": _object,
}
_ANY: Shape = {
    "type": _text,
    "command": _text,
    "text": _text,
    "user_id": _id,
    "channel_id": _id,
    "team_id": _id,
    "enterprise_id": _text,
    "trigger_id": _trigger,
    "callback_id": _text,
    "action_ts": _text,
    "response_url": _address,
    "response_urls": _objects,
    "is_enterprise_install": _flag,
    "is_ext_shared_channel": _flag,
    "authorizations": _objects,
    "enterprise": _id_or_object,
    "team": _id_or_object,
    "user": {"id": _id, "team_id": _id},
    "channel": {"id": _id},
    "container": {"channel_id": _id, "message_ts": _ts, "thread_ts": _ts},
    "message": _MESSAGE,
    "actions": _actions,
    "state": {"values": _object},
    "view": {
        "id": _text,
        "hash": _text,
        "callback_id": _text,
        "private_metadata": _text,
        "state": {"values": _object},
        "team_id": _id,
        "app_installed_team_id": _text,
    },
    "event": _EVENT,
    "event_id": _text,
}
_ALWAYS_OF_EVENT: Mapping[str | None, Sequence[str]] = {
    "app_home_opened": ("user", "channel", "event_ts"),
    "member_joined_channel": ("user", "channel"),
    "member_left_channel": ("user", "channel"),
}
_ALWAYS: Mapping[str, Sequence[str]] = {
    "event_callback": ("event.type",),
    "command": ("command", "user_id", "channel_id", "trigger_id"),
    "block_actions": ("user.id", "trigger_id", "actions"),
    "view_submission": ("user.id", "view.callback_id"),
    "view_closed": ("user.id", "view.callback_id"),
    "shortcut": ("user.id", "trigger_id", "callback_id"),
    "message_action": ("user.id", "trigger_id", "callback_id"),
}
