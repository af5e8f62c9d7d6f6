"""usergroups.*: handles that name several people."""

from collections.abc import Mapping
from typing import Any

from bot.simulator.errors import SlackError
from bot.simulator.methods.call import Call, Method

Json = dict[str, Any]


def list_all(call: Call) -> Json:
    """Every user group; with their people, or how many, where that is asked for."""
    team_id = call.workspace.installation.team.id
    shown = []
    for group in call.workspace.groups:
        one = group.shown(team_id)
        if call.arguments.flag("include_users"):
            one["users"] = list(group.members)
        if call.arguments.flag("include_count"):
            one["user_count"] = len(group.members)
        shown.append(one)
    return {"usergroups": shown}


def members(call: Call) -> Json:
    """Who is behind a handle. Raises SlackError `no_such_subteam`."""
    wanted = call.arguments.needed("usergroup")
    for group in call.workspace.groups:
        if group.id == wanted:
            return {"users": list(group.members)}
    raise SlackError("no_such_subteam")


METHODS: Mapping[str, Method] = {"usergroups.list": list_all, "usergroups.users.list": members}
