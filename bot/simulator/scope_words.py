"""The scopes that a bot may ask for, and what the consent page says of those that this project's bot asks for."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "app_mentions:read": "See messages that mention it where it is",
    "assistant:write": "Show that it is at work, and suggest questions",
    "channels:history": "See messages in public channels where it is",
    "channels:read": "See which public channels there are, and who is in them",
    "chat:write": "Send messages as itself",
    "commands": "Add commands and shortcuts that people can use",
    "groups:history": "See messages in private channels where it is",
    "groups:read": "See private channels where it is, and who is in them",
    "im:history": "See messages that people send it directly",
    "im:read": "See which direct messages it has",
    "im:write": "Start direct messages with people",
    "reactions:read": "See emoji reactions where it is",
    "reactions:write": "Add emoji reactions, and take its own away",
    "team:read": "See the name and the domain of the workspace",
    "usergroups:read": "See user groups, and who is in them",
    "users:read": "See the people of the workspace",
    "users:read.email": "See the e-mail addresses of the people",
}
# Slack's documented scopes of bots, besides.
_OTHERS = (
    "bookmarks:read bookmarks:write calls:read calls:write canvases:read canvases:write channels:join channels:manage "
    "channels:write.invites channels:write.topic chat:write.customize chat:write.public conversations.connect:manage "
    "conversations.connect:read conversations.connect:write dnd:read emoji:read files:read files:write groups:write "
    "groups:write.invites groups:write.topic im:write.topic incoming-webhook links.embed:write links:read links:write "
    "lists:read lists:write metadata.message:read mpim:history mpim:read mpim:write mpim:write.topic pins:read "
    "pins:write reminders:read reminders:write remote_files:read remote_files:share remote_files:write "
    "team.billing:read team.preferences:read tokens.basic triggers:read triggers:write usergroups:write "
    "users.profile:read users:write workflow.steps:execute"
)
KNOWN = frozenset(WORDS) | frozenset(_OTHERS.split())


def said(scope: str) -> str:
    """A scope as the consent page says it."""
    return WORDS.get(scope, scope)
