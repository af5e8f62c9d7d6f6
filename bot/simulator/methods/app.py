"""auth.test, and apps.*: the app itself."""

from collections.abc import Mapping
from typing import Any

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


METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
}
