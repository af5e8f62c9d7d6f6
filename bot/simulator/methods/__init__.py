"""The methods of the Web API that the app may call. Any other is `unknown_method`, as in Slack."""

from collections.abc import Mapping

from bot.simulator.methods import (
    app,
    assistant,
    chat,
    conversations,
    files,
    reactions,
    streams,
    usergroups,
    users,
    views,
)
from bot.simulator.methods.call import Method

METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **streams.METHODS,
    **files.METHODS,
    **assistant.METHODS,
    **reactions.METHODS,
    **usergroups.METHODS,
    **conversations.METHODS,
    **users.METHODS,
    **views.METHODS,
    **app.METHODS,
}

__all__ = ["METHODS"]
