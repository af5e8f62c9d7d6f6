"""Slack's own text encoding -> what the person typed."""

import html
import re
from collections.abc import Callable

_TOKEN = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
# Slack sends 👍 as `:+1:` and 👋🏽 as `:wave::skin-tone-4:`; 10:30:45 is none.
_EMOJI = re.compile(r"(?<!\w):(?:[a-z0-9_+'-]+:)+(?!\w)")
ASIDE = "(aside)"


def question_in(text: str, *, bot: str) -> str:
    """The words of a message: without the mention of the bot, people's ids, emoji and links' addresses; decoded."""
    words = _EMOJI.sub(" ", _TOKEN.sub(lambda found: _shown(found[1], bot), text))
    return " ".join(html.unescape(words).split())


def written_in(text: str, *, name_of: Callable[[str], str]) -> str:
    """A message as its writer sees it, with its lines and emoji; `name_of` says who an id is."""

    def shown(found: re.Match[str]) -> str:
        target, _, label = found[1].partition("|")
        if target.startswith("@"):
            return f"@{label or name_of(target[1:])}"
        if target.startswith("!") and "^" not in target:  # <!here>, and <!subteam^…|@name> below
            return f"@{target[1:]}"
        return _shown(found[1], "") or label

    return html.unescape(_TOKEN.sub(shown, text)).strip()


def mentions(text: str, person: str) -> bool:
    return person in _MENTION.findall(text)


def meant_for_others(text: str, *, but: str = "") -> bool:
    """Whether a message in a thread is an aside or is addressed by name to somebody, other than `but`, at its start."""
    start = text.strip()
    addressed = _MENTION.match(start)
    return start.casefold().startswith(ASIDE) or (addressed is not None and addressed[1] != but)


def _shown(token: str, bot: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot or not label else f"@{label}"
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if target.startswith("!"):  # <!here>, <!date^…|shown>
        return label if "^" in target else ""
    return label or target  # a link: its label, or its address where it has none
