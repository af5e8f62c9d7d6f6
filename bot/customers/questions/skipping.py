"""Which steps of an instruction a customer has taken already, so that nobody has them take them again.

Told by what is done in a step, in the words of the trade: by meaning alone, "reset the box to factory settings" was
nearer to "restarted the box twice" than "restart the box" was.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ACTIONS = {
    "restart": r"re-?start\w*|re-?boot\w*|power[- ]?cycl\w*|unplug\w*|(?:turn|switch)\w* .{0,20}\boff and (?:back )?on",
    "reset": r"factory[- ]reset\w*|re-?set\w*(?! (?:the |her |his |their |your )?(?:pass|pin))|factory settings",
    "cable": r"(?:check|swap|chang|re-?seat|replac|re-?plug|tight|test|try|tried)\w* .{0,25}\b(?:cable|cord|plug)s?",
    "outlet": r"(?:outlet|power socket)s?",
    "reinstall": r"(?:re-?install|uninstall)\w*",
    "cache": r"(?:cache|cookies)",
    "update": r"updat\w+ .{0,25}\b(?:app|firmware|software|browser|phone|system)|firmware",
    "sign in": r"(?:log|sign)\w* (?:out|off)",
    "password": r"(?:re-?set|chang|new)\w* .{0,20}\bpass(?:word|code)",
    "pair": r"(?:re-?)?pair(?:ed|ing)?",
    "scan": r"re-?scan\w*|channel (?:scan|search)",
    "other device": r"(?:another|other|different) (?:device|phone|computer|laptop|browser|tv|box)",
    "wi-fi": r"(?:wi-?fi|wlan|wireless)\b.{0,20}\b(?:off|on|again|forg\w+|reconnect\w*)",
}
_PATTERNS = {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _ACTIONS.items()}


@dataclass(frozen=True, slots=True)
class Taken:
    """The step at this place of a list, and the place of the sentence that says that it was taken."""

    place: int
    by: int


def taken(steps: Sequence[str], tried: Sequence[str]) -> list[Taken]:
    """In the order of the steps. `tried` are sentences in which something was tried; of several the first counts."""
    done = [_actions(sentence) for sentence in tried]
    found = []
    for place, step in enumerate(steps):
        wanted = _actions(step)
        by = next((number for number, actions in enumerate(done) if wanted & actions), None)
        if by is not None:
            found.append(Taken(place, by))
    return found


def _actions(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(text))
