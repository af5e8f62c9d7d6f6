"""What people say to the bot, or near it, that is no question for the knowledge."""

import re
from enum import Enum, auto

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_GREETING = _each("hi hello hey hiya howdy morning afternoon evening good there throughline team all bot")
_GREETS = _each("hi hello hey hiya howdy morning afternoon evening")
_THANKING = _each(
    "thanks thank you thx ty cheers ta great perfect got it ok okay cool nice super brilliant lovely that that's helps "
    "helped so much very all good will do a lot for the help again works makes sense yes yep right awesome noted"
)
_THANKS = _each(
    "thanks thank thx ty cheers ta great perfect got ok okay cool nice super brilliant lovely helps helped awesome "
    "noted yep works sense"
)
_HELP = frozenset(
    {
        *("help", "help me", "what can you do", "what do you do", "how can you help", "how can you help me"),
        *("how does this work", "how do you work", "how do i use this", "what can i ask", "what can i ask you"),
        *("who are you", "what are you", "what is this", "what's this", "are you human", "are you a human"),
        *("are you a person", "are you a bot", "are you a robot", "are you real", "?"),
    }
)
_NEWS = re.compile(
    r"(?:so )?what(?:'s| has| have)? (?:changed|new|i missed)(?: (?:today|since|my|the|last|shift|yesterday|here))*"
    r"|what is new(?: today)?|what did i miss|any news"
)
# Words that begin a question, also one in which nobody typed the mark.
_ASKS = _each(
    "what which who whom whose when where why how can could may might must shall should will would do does did is are "
    "was were has have had am and or if"
)
# Of a message that nobody put to the bot less is a question: "is fine" is none, and neither is "and then I left".
_SURELY_ASKS = _each("what which who whose when where why how can could may must should do does is are")
_FEWEST_WORDS = 4


class Talk(Enum):
    GREETING = auto()
    THANKS = auto()
    HELP = auto()
    NEWS = auto()
    OTHER = auto()


def talk_in(text: str) -> Talk:
    """What kind of thing somebody said; all that may be a question is `OTHER`."""
    words = _words(text)
    if " ".join(words) in _HELP or text.strip() == "?":
        return Talk.HELP
    if _NEWS.fullmatch(" ".join(words)):
        return Talk.NEWS
    if not words or "?" in text:
        return Talk.OTHER
    if _GREETING.issuperset(words) and _GREETS.intersection(words):
        return Talk.GREETING
    if _THANKING.issuperset(words) and _THANKS.intersection(words):
        return Talk.THANKS
    return Talk.OTHER


def asks(text: str) -> bool:
    """Whether a reply in a thread reads as a question: "and after 30 days", "what about partners?"."""
    words = _words(text)
    return bool(words) and ("?" in text or words[0] in _ASKS)


def asks_the_room(text: str) -> bool:
    """Whether a message in a channel reads as a question that anybody could answer, so that the bot may."""
    words = _words(text)
    return len(words) >= _FEWEST_WORDS and (text.rstrip().endswith("?") or ("?" in text and words[0] in _SURELY_ASKS))


def _words(text: str) -> list[str]:
    return [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
