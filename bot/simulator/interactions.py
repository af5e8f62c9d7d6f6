"""What Slack tells the app when somebody uses it: commands, pressed buttons, shortcuts, sent forms. Builders only.

Each takes the trigger id that goes with it; a response URL where Slack gives one.
"""

import time
from collections.abc import Sequence
from typing import Any

from bot.simulator import profiles
from bot.simulator.channels import Channel, Kind
from bot.simulator.messages import Button, Message, SeenMessage
from bot.simulator.modals import KeptView
from bot.simulator.people import Installation, Person

Json = dict[str, Any]


def slash_command(
    person: Person,
    channel: Channel,
    installation: Installation,
    *,
    command: str,
    text: str,
    response_url: str,
    trigger_id: str,
) -> Json:
    """A slash command, as the form that Slack has always sent for it."""
    is_direct = channel.kind is Kind.DIRECT
    return {
        "token": "local",
        "team_id": installation.team.id,
        "team_domain": installation.team.domain,
        "channel_id": channel.id,
        "channel_name": "directmessage" if is_direct else channel.name,
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": installation.bot.app_id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def pressed(button: Button) -> Json:
    """A pressed button as `actions` has it."""
    common = {
        "type": button.kind,
        "action_id": button.action_id,
        "block_id": button.block_id,
        "action_ts": _now(),
    }
    label = {"type": "plain_text", "text": button.label, "emoji": True}
    if button.kind == "overflow":
        return {**common, "selected_option": {"text": label, "value": button.value}}
    return {**common, "text": label} | ({"value": button.value} if button.value else {})


def chosen(block_id: str, action_id: str, answer: Json) -> Json:
    """A choice, or something written, as `actions` has it."""
    return {**answer, "action_id": action_id, "block_id": block_id, "action_ts": _now()}


def message_actions(
    person: Person,
    channel: Channel,
    installation: Installation,
    *,
    seen: SeenMessage,
    actions: Sequence[Json],
    response_url: str,
    trigger_id: str,
) -> Json:
    """Something done in a message. As in Slack, an ephemeral one is named by its container but not repeated."""
    container = {
        "type": "message",
        "message_ts": seen.ts,
        "channel_id": channel.id,
        "is_ephemeral": seen.ephemeral,
    } | ({"thread_ts": seen.thread_ts} if seen.thread_ts else {})
    payload: Json = {
        **_common("block_actions", person, installation),
        "container": container,
        "trigger_id": trigger_id,
        "channel": _channel(channel),
        "state": {"values": {}},
        "response_url": response_url,
        "actions": list(actions),
    }
    return payload if seen.ephemeral else payload | {"message": _message(seen, installation)}


def view_actions(
    person: Person, installation: Installation, *, view: KeptView, actions: Sequence[Json], trigger_id: str
) -> Json:
    """Something done in a modal or in Home: there is no channel, and no response URL."""
    return {
        **_common("block_actions", person, installation),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": trigger_id,
        "view": view.shown(installation),
        "actions": list(actions),
    }


def submission(
    person: Person, installation: Installation, *, view: KeptView, trigger_id: str, response_urls: Sequence[Json]
) -> Json:
    """A form that was sent. `response_urls` are of the channels that were chosen where the app asked for one."""
    return {
        **_common("view_submission", person, installation),
        "trigger_id": trigger_id,
        "view": view.shown(installation),
        "response_urls": list(response_urls),
    }


def closed(person: Person, installation: Installation, *, view: KeptView, cleared: bool) -> Json:
    """A view that was closed without being sent. `cleared`: the whole modal went with it."""
    return {
        **_common("view_closed", person, installation),
        "view": view.shown(installation),
        "is_cleared": cleared,
    }


def global_shortcut(person: Person, installation: Installation, *, callback_id: str, trigger_id: str) -> Json:
    """A shortcut from the menu beside the message box: it knows who, and nothing of where."""
    return {
        **_common("shortcut", person, installation),
        "action_ts": _now(),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
    }


def message_shortcut(
    person: Person,
    channel: Channel,
    installation: Installation,
    *,
    message: Message,
    callback_id: str,
    response_url: str,
    trigger_id: str,
    author_team: str,
    address: str,
) -> Json:
    """A shortcut from the menu of a message, which it repeats."""
    return {
        **_common("message_action", person, installation),
        "action_ts": _now(),
        "callback_id": callback_id,
        "trigger_id": trigger_id,
        "response_url": response_url,
        "message_ts": message.ts,
        "channel": _channel(channel),
        "message": profiles.message(message, installation, team_id=author_team, address=address),
    }


def _common(kind: str, person: Person, installation: Installation) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team.id,
        },
        "api_app_id": installation.bot.app_id,
        "token": "local",
        "team": {"id": installation.team.id, "domain": installation.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(channel: Channel) -> Json:
    names = {Kind.DIRECT: "directmessage", Kind.PRIVATE: "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def _message(seen: SeenMessage, installation: Installation) -> Json:
    bot = installation.bot
    return {
        "type": "message",
        "user": seen.author,
        "bot_id": bot.bot_id,
        "app_id": bot.app_id,
        "team": installation.team.id,
        "ts": seen.ts,
        "text": seen.text,
        "blocks": list(seen.blocks),
    } | ({"thread_ts": seen.thread_ts} if seen.thread_ts else {})


def _now() -> str:
    return f"{time.time():.6f}"
