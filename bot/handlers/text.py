"""Slack's own text encoding -> what the person typed."""

import html
import re

_TOKEN = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
# Slack sends 👍 as `:+1:` and 👋🏽 as `:wave::skin-tone-4:`; 10:30:45 is none.
_EMOJI = re.compile(r"(?<!\w):(?:[a-z0-9_+'-]+:)+(?!\w)")
ASIDE = "(aside)"


def question_in(text: str, *, bot: str) -> str:
    """The words of a message: without the mention of the bot, people's ids, emoji and links' addresses; decoded."""
    words = _EMOJI.sub(" ", _TOKEN.sub(lambda found: _shown(found[1], bot), text))
    return " ".join(html.unescape(words).split())


def mentions(text: str, person: str) -> bool:
    return person in _MENTION.findall(text)


def meant_for_others(text: str) -> bool:
    """Whether a message in a thread is an aside or is addressed to somebody by name at its beginning."""
    start = text.strip()
    return start.casefold().startswith(ASIDE) or _MENTION.match(start) is not None


def _shown(token: str, bot: str) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot or not label else f"@{label}"
    if target.startswith("#"):
        return f"#{label}" if label else ""
    if target.startswith("!"):  # <!here>, <!date^…|shown>
        return label if "^" in target else ""
    return label or target  # a link: its label, or its address where it has none
