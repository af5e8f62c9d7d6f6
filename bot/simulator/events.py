"""What Slack tells the app: envelopes, and the payloads of events. Builders only."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from bot.simulator import profiles
from bot.simulator.channels import Channel, Kind
from bot.simulator.groups import MAX_USERS_SHOWN, UserGroup
from bot.simulator.messages import Message
from bot.simulator.people import Installation, Person

Json = dict[str, Any]

APP_UNINSTALLED: Json = {"type": "app_uninstalled"}


class EnvelopeType(Enum):
    """The three kinds of envelope that Socket Mode carries."""

    EVENT = "events_api"
    COMMAND = "slash_commands"
    INTERACTION = "interactive"


@dataclass(frozen=True)
class Envelope:
    """One thing to tell the app. Only events are sent again when nobody acks; a person waits for the others.

    `acked` is told what came with the ack; `failed` is told Slack's word for what went wrong. What is not `wanted` any
    more, since the app was uninstalled meanwhile, is not sent again.
    """

    type: EnvelopeType
    payload: Json
    acked: Callable[[Json], None] = lambda _payload: None
    failed: Callable[[str], None] = lambda _error: None
    wanted: Callable[[], bool] = lambda: True


def new_id(prefix: str) -> str:
    """An id such as Slack makes: a letter for its kind and what nobody can guess."""
    return prefix + secrets.token_hex(5).upper()


def event(body: Json, installation: Installation, *, shared: bool = False) -> Envelope:
    """An event with its own event_id, addressed to the app in our team. `shared`: from a channel with outsiders."""
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
        "is_ext_shared_channel": shared,
    }
    return Envelope(EnvelopeType.EVENT, payload)


def farewell(body: Json, installation: Installation) -> Envelope:
    """An event about the end of the installation. As documented, nobody is named any more for whom the app hears it."""
    envelope = event(body, installation)
    gone = ("authorizations", "context_team_id", "is_ext_shared_channel")
    return replace(envelope, payload={name: value for name, value in envelope.payload.items() if name not in gone})


def tokens_revoked(bot_user: str) -> Json:
    """The bot's token is worth nothing any more; as documented, it is named by whose it was."""
    return {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot_user]}}


def message_events(
    message: Message,
    channel: Channel,
    installation: Installation,
    *,
    team_id: str,
    parent_author: str | None,
    address: str,
) -> list[Json]:
    """A new message: the `message` event, and its `app_mention` twin where a person names the bot in a channel."""
    body = profiles.message(message, installation, team_id=team_id, address=address)
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
    twin = {name: value for name, value in body.items() if name not in ("channel_type", "subtype")}
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


def member_event(kind: str, member: str, channel: Channel, *, team_id: str, ts: str) -> Json:
    """Somebody joined or left a channel."""
    return {
        "type": kind,
        "user": member,
        "channel": channel.id,
        "channel_type": "G" if channel.kind is Kind.PRIVATE else "C",
        "team": team_id,
        "event_ts": ts,
    }


def group_events(before: UserGroup, after: UserGroup, installation: Installation, *, ts: str) -> list[Json]:
    """A user group has other members: who came and went, and the group as it is now."""
    added = [one for one in after.members if one not in before.members]
    removed = [one for one in before.members if one not in after.members]
    team_id = installation.team.id
    whole = after.shown(team_id) | {
        "users": list(after.members[:MAX_USERS_SHOWN]),
        "user_count": len(after.members),
        "channel_count": 0,
    }
    changed = {
        "type": "subteam_members_changed",
        "subteam_id": after.id,
        "team_id": team_id,
        "date_previous_update": before.updated,
        "date_update": after.updated,
        "added_users": added,
        "added_users_count": str(len(added)),
        "removed_users": removed,
        "removed_users_count": str(len(removed)),
        "event_ts": ts,
    }
    return [changed, {"type": "subteam_updated", "subteam": whole, "event_ts": ts}]


def reaction_event(kind: str, name: str, user: str, message: Message, *, ts: str) -> Json:
    """A reaction that came or went."""
    return {
        "type": kind,
        "user": user,
        "reaction": name,
        "item_user": message.author,
        "item": {"type": "message", "channel": message.channel, "ts": message.ts},
        "event_ts": ts,
    }
