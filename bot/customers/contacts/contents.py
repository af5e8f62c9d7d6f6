"""What one contact says, as it is compared with others of the same customer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.customers import normal, whens
from bot.customers.contacts.endings import solved
from bot.customers.kinds import Channel, Direction, KeyKind
from bot.customers.timeline import Interaction
from bot.words import STOP_WORDS, stem, words

# Words of any contact, whatever it is about.
_ABOUT_CONTACTS = """
    again still yet back came come call called calling calls phone phoned chat mail email emailed write writing written
    wrote ask asked asking asks answer reply news update status follow followup hello hi hey dear thank thanks please
    customer cust client regard agent team nobody anybody anyone wait waited waiting open solved done told tell said
    know problem issue question info information work works working happen happened send sent attach attached check
    checking receive received receive try tried need needs want wants like able even really promised exact exactly
    urgent important new first second third last next time times twice one two three four five six seven eight nine ten
    since long hour hours minute minutes day days week weeks month months today yesterday tomorrow date ago am pm
    monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december jan feb mar apr jun jul aug sep oct nov dec re fw fwd aw
"""
_OF_ANY = frozenset(map(stem, _ABOUT_CONTACTS.split()))
# "technician" and "tech" begin alike, as do most forms that stemming leaves apart.
_BEGINNING = 5
_FEWEST_LETTERS = 2
_SHORT_NUMBER = re.compile(r"[^\W_]{0,8}[-/]?\d[\w/.-]*\w|\d+")
_FEWEST_DIGITS = 3
_REPLY = re.compile(r"^\s*(?:(?:re|fwd?|aw)\s*:\s*)+", re.IGNORECASE)
_OF_ANY_ENDING = STOP_WORDS | {"open", "new", "done", "sent", "asked", "please", "checking", "solved", "waiting"}
# Said by somebody who has said it before.
_FOLLOWING_UP = re.compile(
    r"\b(?:again|still|any (?:news|update)|as (?:asked|requested|said|discussed|promised)|attached|called|nobody"
    r"|no (?:answer|reply)|yet|promised|wrote|as i|third|second time|waiting|over|same|ago)\b"
    r"|hello\?|\?\?|^re:|^\W*$",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:(?:second|third|fourth|fifth|2nd|3rd|4th|\d+x|twice|three times)|again|still|any (?:news|update)"
    r"|following up|chas\w+|same|back)\b",
    re.IGNORECASE,
)
_CHASING = re.compile(
    r"\b(?:any (?:news|update|answer|decision|reply)|status|when (?:is|do|will|does|can)|asks? (?:about|for|whether)"
    r"|how far|nobody|no (?:answer|reply|word|news)|reminder|waiting|promised|hello|where is|not (?:arrived|come|here)"
    r"|pings?)\b|\?\?|^\W*$",
    re.IGNORECASE,
)
_ASKING_ANEW = re.compile(
    r"\b(?:how (?:do|can|much|long)|can i|do you|is there|what (?:is|do)|which|bought|ordere?d?|does my|is my|i want"
    r"|new)\b",
    re.IGNORECASE,
)
_BESIDES = re.compile(
    r"\b(?:also|while on the line|besides|another|separately|one more|by the way|btw)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Content:
    """`words` are of all it says and of how it ended, `said` without and `ended` only how it ended.

    `spoken` are nearly all words as they were said, numbers and days among them, `answered` those of how it ended.
    `days` are those that it names, (month, day); `back` are how many days ago it says that something was, each with how
    far that may be off.
    """

    at: datetime
    words: frozenset[str]
    said: frozenset[str]
    ended: frozenset[str]
    spoken: frozenset[str]
    answered: frozenset[str]
    identifiers: frozenset[str]
    refs: frozenset[str]
    device: str
    days: frozenset[tuple[int, int]]
    back: tuple[tuple[float, float], ...]
    solved: bool
    outgoing: bool
    visit: bool
    follows_up: bool
    again: bool
    chases: bool
    asks_anew: bool
    besides: bool

    @property
    def day(self) -> tuple[int, int]:
        return self.at.month, self.at.day

    @classmethod
    def of(cls, one: Interaction) -> "Content":
        told = ". ".join(filter(None, (one.subject, one.text)))
        whole = f"{told} {one.outcome}"
        accounts = _references(one.refs.get(KeyKind.ACCOUNT, ()))
        said, ended = content_words(told), content_words(one.outcome)
        return cls(
            at=one.at,
            words=said | ended,
            said=said,
            ended=ended,
            spoken=_spoken(told),
            answered=_spoken(one.outcome),
            identifiers=(_numbers(whole) | _references(one.refs.get(KeyKind.ORDER, ()))) - accounts,
            refs=accounts | _references(one.refs.get(KeyKind.ORDER, ())),
            device=one.device,
            days=whens.days_named(whole, said_at=one.at),
            back=whens.days_back(told, said_at=one.at),
            solved=solved(one.outcome),
            outgoing=one.direction == Direction.OUT,
            visit=one.channel == Channel.FIELD,
            follows_up=bool(_FOLLOWING_UP.search(told)),
            again=bool(_AGAIN.search(told)),
            chases=bool(_CHASING.search(told)),
            asks_anew=bool(_ASKING_ANEW.search(told)),
            besides=bool(_BESIDES.search(told)),
        )


def content_words(text: str) -> frozenset[str]:
    """How its words begin, without those that say nothing of a subject."""
    return frozenset(
        key
        for word in words(text.replace("-", " "))
        if word not in STOP_WORDS and not word.isdigit() and len(word) >= _FEWEST_LETTERS and (key := _key(word))
    )


def _spoken(text: str) -> frozenset[str]:
    return frozenset(words(text)) - _OF_ANY_ENDING


@lru_cache(maxsize=50_000)
def _key(word: str) -> str:
    root = stem(word)
    return "" if root in _OF_ANY else root[:_BEGINNING]


def is_reply(subject: str) -> bool:
    return bool(_REPLY.match(subject))


def _numbers(text: str) -> frozenset[str]:
    """Codes and longer numbers; a price or a count of two digits says little."""
    found = set()
    for match in _SHORT_NUMBER.finditer(text):
        value = "".join(filter(str.isalnum, match[0].casefold()))
        digits = sum(map(str.isdigit, value))
        if digits >= _FEWEST_DIGITS or (digits and digits < len(value)):
            found.add(value)
    return frozenset(found)


def _references(values: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, map(normal.reference, values)))
