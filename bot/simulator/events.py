"""What Slack tells the app: the payloads of events, slash commands and pressed buttons. Builders only."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.simulator import profiles
from bot.simulator.channels import Channel, Kind
from bot.simulator.messages import Button, Message, SeenMessage
from bot.simulator.people import Installation, Person

Json = dict[str, Any]


class EnvelopeType(Enum):
    """The three kinds of envelope that Socket Mode carries."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTION = "interactive"


@dataclass(frozen=True)
class Envelope:
    """One thing to tell the app. Only events are sent again when nobody acks; a person waits for the others.

    `acked` is told what came with the ack; `failed` is told Slack's word for what went wrong.
    """

    type: EnvelopeType
    payload: Json
    acked: Callable[[Json], None] = lambda _payload: None
    failed: Callable[[str], None] = lambda _error: None


def new_id(prefix: str) -> str:
    """An id such as Slack makes: a letter for its kind and what nobody can guess."""
    return prefix + secrets.token_hex(5).upper()


def event(body: Json, installation: Installation) -> Envelope:
    """An event with its own event_id, addressed to the app in our team."""
    team, bot = installation.team, installation.bot
    authorization = {
        "enterprise_id": None,
        "team_id": team.id,
        "user_id": bot.user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    payload = {
        "token": "local",
        "team_id": team.id,
        "context_team_id": team.id,
        "api_app_id": bot.app_id,
        "event": body,
        "type": "event_callback",
        "event_id": new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }
    return Envelope(EnvelopeType.EVENT, payload)


def message_events(
    message: Message, channel: Channel, installation: Installation, *, team_id: str, parent_author: str | None
) -> list[Json]:
    """A new message: the `message` event, and its `app_mention` twin where a person names the bot in a channel."""
    body = profiles.message(message, installation, team_id=team_id)
    body |= {"channel": channel.id, "channel_type": channel.kind.value, "event_ts": message.ts}
    body |= {"user_team": team_id, "source_team": team_id} if team_id != installation.team.id else {}
    body |= {"parent_user_id": parent_author} if parent_author else {}
    bot = installation.bot
    # Slack sends no app_mention for a direct message, nor for what the bot says of itself.
    is_mention = (
        f"<@{bot.user_id}>" in message.text and message.author != bot.user_id and channel.kind is not Kind.DIRECT
    )
    if not is_mention:
        return [body]
    twin = {name: value for name, value in body.items() if name != "channel_type"}
    return [body, {**twin, "type": "app_mention"}]


def changed_event(before: Message, after: Message, channel: Channel, installation: Installation) -> Json:
    """An edit."""
    team_id = installation.team.id
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "message": profiles.message(after, installation, team_id=team_id),
        "previous_message": profiles.message(before, installation, team_id=team_id),
        "ts": after.edited_ts,
        "event_ts": after.edited_ts,
    }


def deleted_event(gone: Message, channel: Channel, installation: Installation, *, ts: str) -> Json:
    """A message taken away at `ts`."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind.value,
        "deleted_ts": gone.ts,
        "previous_message": profiles.message(gone, installation, team_id=installation.team.id),
        "ts": ts,
        "event_ts": ts,
    }


def home_opened(person: Person, channel: Channel, *, tab: str, ts: str) -> Json:
    """Somebody opened the app: its messages, or its Home."""
    return {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab, "event_ts": ts}


def slash_command(
    person: Person, channel: Channel, installation: Installation, *, command: str, text: str, response_url: str
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
        "trigger_id": trigger_id(),
    }


def block_actions(
    person: Person,
    channel: Channel,
    installation: Installation,
    *,
    seen: SeenMessage,
    button: Button,
    response_url: str,
) -> Json:
    """A pressed button. As in Slack, an ephemeral message is named by its container but not repeated."""
    container = {
        "type": "message",
        "message_ts": seen.ts,
        "channel_id": channel.id,
        "is_ephemeral": seen.ephemeral,
    } | ({"thread_ts": seen.thread_ts} if seen.thread_ts else {})
    action = {
        "type": button.kind,
        "action_id": button.action_id,
        "block_id": button.block_id,
        "text": {"type": "plain_text", "text": button.label, "emoji": True},
        "action_ts": f"{time.time():.6f}",
    } | ({"value": button.value} if button.value else {})
    payload: Json = {
        "type": "block_actions",
        "user": {
            "id": person.id,
            "username": person.handle,
            "name": person.handle,
            "team_id": person.team.id,
        },
        "api_app_id": installation.bot.app_id,
        "token": "local",
        "container": container,
        "trigger_id": trigger_id(),
        "team": {"id": installation.team.id, "domain": installation.team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": {}},
        "response_url": response_url,
        "actions": [action],
    }
    return payload if seen.ephemeral else payload | {"message": _message(seen, installation)}


def trigger_id() -> str:
    """A new trigger id: two numbers and a secret, as Slack's."""
    return f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"


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
