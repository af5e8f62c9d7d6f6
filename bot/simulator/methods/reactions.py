"""reactions.*: emoji below messages."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.methods.call import Call, Method

Json = dict[str, Any]


def add(call: Call) -> Json:
    """The bot reacts. Raises SlackError `already_reacted`, `invalid_name`, `too_many_emoji`."""
    with call.workspace.changing():
        message = call.message(call.joined_channel(), "timestamp")
        call.workspace.add_reaction(message, _name(call), call.bot.user_id)
    return {}


def remove(call: Call) -> Json:
    """The bot takes its reaction back. Raises SlackError `no_reaction`."""
    with call.workspace.changing():
        message = call.message(call.joined_channel(), "timestamp")
        call.workspace.remove_reaction(message, _name(call), call.bot.user_id)
    return {}


def get(call: Call) -> Json:
    """A message with what is below it."""
    channel = call.joined_channel()
    return {"type": "message", "channel": channel.id, "message": call.shown(call.message(channel, "timestamp"))}


def _name(call: Call) -> str:
    return call.arguments.needed("name").strip(":")


METHODS: Mapping[str, Method] = {"reactions.add": add, "reactions.remove": remove, "reactions.get": get}
