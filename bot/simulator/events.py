"""What Slack tells the app: envelopes, and the payloads of events. Builders only."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.simulator import profiles
from bot.simulator.channels import Channel, Kind
from bot.simulator.messages import Message
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


def home_opened(person: Person, channel: Channel, *, tab: str, ts: str, view: Json | None) -> Json:
    """Somebody opened the app: its messages, or its Home, which is sent along as it was drawn last."""
    body = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab, "event_ts": ts}
    return body if view is None else {**body, "view": view}
