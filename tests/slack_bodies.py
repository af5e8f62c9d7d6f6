"""Requests as Slack sends them: what somebody wrote, typed as a command, pressed, filled in, or opened."""

import itertools
from typing import Any

from quiet_slack import BOT

_NUMBERS = itertools.count(1)
HOOK = "https://hooks.slack.com/commands/T/1/x"

Body = dict[str, Any]


def moment() -> str:
    """A ts that no other message has, long ago, so that nobody waits for what may have been overtaken."""
    return f"1600000000.{next(_NUMBERS):06d}"


def message(person: str, channel: str, words: str, *, thread: str = "", mention: bool = False) -> Body:
    ts = moment()
    event = {
        "type": "app_mention" if mention else "message",
        "user": person,
        "channel": channel,
        "channel_type": "im" if channel.startswith("D") else "channel",
        "text": f"<@{BOT}> {words}" if mention else words,
        "ts": ts,
        "event_ts": ts,
        **({"thread_ts": thread} if thread else {}),
    }
    return _told(event)


def command(name: str, person: str, channel: str, words: str) -> Body:
    return {
        "command": name,
        "user_id": person,
        "channel_id": channel,
        "text": words,
        "response_url": HOOK,
        "trigger_id": moment(),
    }


def shortcut(name: str, person: str, channel: str, words: str, *, url: str | None = HOOK) -> Body:
    return {
        "type": "message_action",
        "callback_id": name,
        "user": {"id": person},
        "channel": {"id": channel},
        "message": {"text": words, "ts": moment()},
        "trigger_id": moment(),
        **({"response_url": url} if url else {}),
    }


def press(action: str, value: str, person: str, channel: str, *, thread: str = "", url: str | None = HOOK) -> Body:
    """`channel` is "" on the App Home."""
    ts = moment()
    place = {"channel": {"id": channel}, "message": {"ts": ts, **({"thread_ts": thread} if thread else {})}}
    return {
        "type": "block_actions",
        "user": {"id": person},
        "container": {"type": "message" if channel else "view"},
        "actions": [{"action_id": action, "value": value, "action_ts": moment()}],
        "trigger_id": moment(),
        **(place if channel else {}),
        **({"response_url": url} if url and channel else {}),
    }


def submission(view: Body, person: str, typed: dict[str, str]) -> Body:
    """`view` as it was opened; what is typed into a field that is no text is chosen there."""
    values = {}
    for field, words in typed.items():
        chosen = {"value": words}
        values[field] = {"value": {"value": words, "selected_option": chosen, "selected_date": words}}
    sent = {"id": f"V{moment()}", "hash": "", "state": {"values": values}}
    kept = {name: view[name] for name in ("callback_id", "private_metadata")}
    return {"type": "view_submission", "user": {"id": person}, "trigger_id": moment(), "view": {**sent, **kept}}


def opened_home(person: str) -> Body:
    event = {"type": "app_home_opened", "tab": "home", "user": person, "event_ts": moment()}
    return _told(event)


def changed(person: str) -> Body:
    """Slack says that somebody is another now."""
    return _told({"type": "user_change", "user": {"id": person}})


def shared(channel: str) -> Body:
    """Slack says that another company is in a channel now."""
    return _told({"type": "channel_shared", "channel": channel})


def _told(event: Body) -> Body:
    return {"type": "event_callback", "event_id": f"Ev{moment()}", "event": event}
