"""People, channels and messages in the JSON that Slack uses for them, in events and in the Web API alike."""

from typing import Any

from bot.simulator import reactions
from bot.simulator.channels import Channel, Kind
from bot.simulator.messages import Message
from bot.simulator.people import Bot, Installation, Person

Json = dict[str, Any]


def user(person: Person, *, stranger: bool, with_email: bool) -> Json:
    """A person as `users.info` shows them.

    A stranger is of another organization and in no channel with the app; in a shared channel only the team tells.
    """
    return {
        "id": person.id,
        "team_id": person.team.id,
        "name": person.handle,
        "real_name": person.name,
        "deleted": person.deleted,
        "tz": "Europe/London",
        "is_bot": False,
        "is_admin": person.admin,
        "is_restricted": person.guest,
        "is_ultra_restricted": person.guest,
        "is_stranger": stranger,
        "updated": 1_700_000_000,
        "profile": {
            "real_name": person.name,
            "display_name": person.first_name,
            "title": person.title,
            "team": person.team.id,
        }
        | ({"email": person.email} if with_email else {}),
    }


def bot_user(bot: Bot, installation: Installation) -> Json:
    """The app's own user."""
    return {
        "id": bot.user_id,
        "team_id": installation.team.id,
        "name": bot.name.lower(),
        "real_name": bot.name,
        "deleted": False,
        "is_bot": True,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_stranger": False,
        "profile": {
            "real_name": bot.name,
            "display_name": bot.name,
            "bot_id": bot.bot_id,
            "api_app_id": bot.app_id,
            "team": installation.team.id,
        },
    }


def conversation(channel: Channel, installation: Installation) -> Json:
    """A channel as `conversations.info` shows it; a direct message names the other person instead of itself."""
    bot_id = installation.bot.user_id
    shown: Json = {
        "id": channel.id,
        "is_channel": channel.kind is Kind.PUBLIC,
        "is_group": channel.kind is Kind.PRIVATE,
        "is_im": channel.kind is Kind.DIRECT,
        "is_mpim": False,
        "is_private": channel.kind is not Kind.PUBLIC,
        "is_archived": False,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": False,
        "is_org_shared": False,
        "context_team_id": installation.team.id,
    }
    if channel.kind is Kind.DIRECT:
        return {**shown, "user": next(member for member in channel.members if member != bot_id), "is_open": True}
    return {
        **shown,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_general": False,
        "is_member": bot_id in channel.members,
        "num_members": len(channel.members),
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
    }


def message(kept: Message, installation: Installation, *, team_id: str, address: str = "") -> Json:
    """A message as events and `conversations.history` carry it, without what its thread adds.

    `address` is where the workspace is, for the addresses of files.
    """
    bot = installation.bot
    shown: Json = {"type": "message", "user": kept.author, "text": kept.text, "ts": kept.ts, "team": team_id}
    if kept.author == bot.user_id:
        profile = {"id": bot.bot_id, "name": bot.name, "app_id": bot.app_id, "team_id": team_id, "deleted": False}
        shown |= {"bot_id": bot.bot_id, "app_id": bot.app_id, "bot_profile": profile}
    optional = {
        "blocks": list(kept.blocks),
        "thread_ts": kept.thread_ts,
        "client_msg_id": kept.client_msg_id,
        "edited": {"user": kept.author, "ts": kept.edited_ts} if kept.edited_ts else None,
        "subtype": "thread_broadcast" if kept.broadcast else kept.subtype,
        "files": [one.shown(user=kept.author, team_id=team_id, address=address) for one in kept.files],
        "upload": False if kept.files else None,
        "reactions": reactions.shown(kept.reactions),
    }
    return shown | {name: value for name, value in optional.items() if value or value is False}
