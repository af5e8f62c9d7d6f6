"""Reactions to one message: emoji names, and who gave each, in the order they came."""

import re
from typing import Any

from bot.simulator.errors import SlackError

Json = dict[str, Any]
Reactions = tuple[tuple[str, tuple[str, ...]], ...]

# Slack's documented limit on different emoji below one message.
MAX_EMOJI = 23
_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


def with_reaction(reactions: Reactions, name: str, user: str) -> Reactions:
    """One more. Raises SlackError `invalid_name`, `already_reacted` or `too_many_emoji`."""
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name")
    given = dict(reactions)
    if user in given.get(name, ()):
        raise SlackError("already_reacted")
    if name not in given and len(given) >= MAX_EMOJI:
        raise SlackError("too_many_emoji")
    return tuple({**given, name: (*given.get(name, ()), user)}.items())


def without_reaction(reactions: Reactions, name: str, user: str) -> Reactions:
    """One less. Raises SlackError `no_reaction`."""
    given = dict(reactions)
    if user not in given.get(name, ()):
        raise SlackError("no_reaction")
    given[name] = tuple(one for one in given[name] if one != user)
    return tuple((emoji, users) for emoji, users in given.items() if users)


def shown(reactions: Reactions) -> list[Json]:
    """Reactions in the JSON that Slack uses for them."""
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in reactions]
