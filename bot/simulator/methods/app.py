"""auth.test, apps.*, views.* and reactions.*: the app itself."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.events import new_id
from bot.simulator.limits import check_view
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


def views_publish(call: Call) -> Json:
    """Draw a person's Home. A hash that is not the last one given out means that somebody else drew since."""
    person = call.person("user_id")
    view = check_view(call.arguments.structure("view", broken="invalid_arguments"))
    stale = call.arguments.text("hash")
    if stale and stale != call.workspace.home_views.get(person.id, {}).get("hash"):
        raise SlackError("hash_conflict")
    drawn = {**view, "id": f"V{person.id}", "team_id": call.workspace.installation.team.id, "hash": new_id("")}
    call.workspace.publish_home(person.id, drawn)
    return {"view": drawn}


def reactions_add(call: Call) -> Json:
    """A reaction to a message that exists. Reactions are not kept."""
    call.arguments.needed("name")
    call.message(call.joined_channel(), "timestamp")
    return {}


METHODS: Mapping[str, Method] = {
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "views.publish": views_publish,
    "reactions.add": reactions_add,
}
