"""auth.*, and apps.*: the app itself."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.methods.call import Call, Method

Json = dict[str, Any]


def auth_test(call: Call) -> Json:
    """Whose token this is."""
    team, bot = call.workspace.installation.team, call.bot
    return {
        "url": f"{call.workspace.address}/",
        "team": team.name,
        "user": bot.name.lower(),
        "team_id": team.id,
        "user_id": bot.user_id,
        "bot_id": bot.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    """A WebSocket address for Socket Mode, good for one connection."""
    return {"url": call.socket_url()}


def revoke(call: Call) -> Json:
    """Give the bot's token back, or with `test` only say that one could."""
    if call.arguments.flag("test"):
        return {"revoked": False}
    call.workspace.give_up_token()
    return {"revoked": True}


def uninstall(call: Call) -> Json:
    """Remove the app from the workspace. Raises SlackError where the credentials are not those of this app."""
    client = call.workspace.client
    if client is None:
        raise SlackError("client_id_token_mismatch")
    client.check(call.arguments.needed("client_id"), call.arguments.needed("client_secret"))
    call.workspace.uninstall()
    return {}


METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "auth.revoke": revoke,
    "apps.connections.open": connections_open,
    "apps.uninstall": uninstall,
}
