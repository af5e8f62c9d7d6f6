"""users.*, bots.* and team.*: who is here."""

from collections.abc import Mapping
from typing import Any

from bot.simulator import profiles
from bot.simulator.errors import SlackError
from bot.simulator.methods.call import Call, Method
from bot.simulator.paging import page, with_cursor

Json = dict[str, Any]


def info(call: Call) -> Json:
    """One person, or the bot's own user."""
    installation = call.workspace.installation
    if call.arguments.text("user") == call.bot.user_id:
        return {"user": profiles.bot_user(call.bot, installation)}
    return {"user": call.workspace.profile(call.person())}


def list_all(call: Call) -> Json:
    """Everyone, the bot included."""
    installation = call.workspace.installation
    everyone = [call.workspace.profile(person) for person in call.workspace.people]
    everyone.append(profiles.bot_user(call.bot, installation))
    limit = call.arguments.number("limit", default=1000, most=1000)
    part, following = page(everyone, cursor=call.arguments.text("cursor"), limit=limit)
    return with_cursor({"members": list(part)}, following)


def lookup_by_email(call: Call) -> Json:
    """The person with this e-mail address. Someone of another organization is not found by it."""
    installation = call.workspace.installation
    email = call.arguments.needed("email").lower()
    for person in call.workspace.people:
        if person.email.lower() == email and person.team == installation.team:
            return {"user": call.workspace.profile(person)}
    raise SlackError("users_not_found")


def bot_info(call: Call) -> Json:
    """The app's bot."""
    bot = call.bot
    if call.arguments.text("bot") not in ("", bot.bot_id):
        raise SlackError("bot_not_found")
    return {"bot": {"id": bot.bot_id, "deleted": False, "name": bot.name, "app_id": bot.app_id, "user_id": bot.user_id}}


def team_info(call: Call) -> Json:
    """The team that the app is installed in."""
    team = call.workspace.installation.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": team.email_domain}}


METHODS: Mapping[str, Method] = {
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
    "bots.info": bot_info,
    "team.info": team_info,
}
