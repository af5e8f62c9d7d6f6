"""What earlier contacts hold that nobody should have to say again: what we promised, what was tried, what was told us.

Found by how it is said, and quoted as it stands; nothing is concluded. Who speaks matters: what a customer writes is
theirs, what stands in the notes of a call is ours.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from bot.customers.kinds import Channel, Direction
from bot.customers.story import due
from bot.customers.timeline import Interaction

_MOST_CHARACTERS = 240
# Sentences of more are no notes.
_MOST_SENTENCES = 200


class SayingKind(StrEnum):
    PROMISE = "promise"
    TRIED = "tried"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of one interaction. `due` is the day by which a promise says so, in the zone that it was read in."""

    kind: SayingKind
    quote: str
    interaction: int
    at: datetime
    channel: str
    who: str
    due: date | None = None


_DONE = (
    r"(?:call|ring|phone|e-?mail|write|send|ship|refund|credit|replace|waive|come|visit|deliver|get back|contact|follow"
)
_DONE += (
    r" up|fix|repair|resolve|pick up|collect|let (?:her|him|them|you) know|reimburse|confirm|arrange|reverse|adjust)"
)
_PROMISED = re.compile(r"\b(?:promis(?:ed?|es|ing)|guaranteed?|assured|committed to)\b", re.IGNORECASE)
_WE_WILL = re.compile(
    r"\b(?:we|i|our \w+|agent|technician|installer|courier|billing|manager|supervisor|driver|(?:\w+ )?team)"
    rf"(?:[’']ll| will| are going to| am going to)\b[^.]{{0,60}}\b{_DONE}\b",
    re.IGNORECASE,
)
# As notes are written: "will call back Friday", "call back by 22 Nov", "callback booked for Monday".
_NOTED = re.compile(
    rf"(?:^|[,;:–-]\s*|\band )(?:will {_DONE}\b|to {_DONE} (?:her|him|them|back|customer|cust)\b)"
    r"|\bcall ?-?back (?:by|on|before|due|booked|promised|scheduled|tomorrow)\b"
    r"|\b(?:technician|visit|replacement|refund|credit)\b[^.]{0,40}\b(?:booked|scheduled|arranged|due) (?:for|on|by)\b"
    r"|\b(?:technician|courier|driver|replacement|refund|credit)\b[^.]{0,20}\bwill (?:be|come|arrive)\b",
    re.IGNORECASE,
)
_THEIRS = re.compile(
    r"\b(?:customer|cust|caller|client|she|he|they)(?:[’']ll| will| is going to| promised)\b", re.IGNORECASE
)
_NOT = re.compile(
    r"\b(?:no promise|did ?n[o’']t promise|not promised|never promised|can(?:no|['’])t promise|unable to promise)\b",
    re.IGNORECASE,
)
_TRIED = re.compile(
    r"\b(?:tried|rebooted|restarted|re-?set|unplugged|power[ -]?cycled|re-?installed|cleared (?:the |her |his |their )?"
    r"(?:cache|cookies|history)|swapped|reseated|factory[ -]reset|turned (?:it|everything|the \w+) off and on"
    r"|logged (?:out|off) and|updated the (?:app|firmware|software)|re-?paired|rescanned"
    r"|changed (?:the |her |his )?(?:cable|password|browser))\b",
    re.IGNORECASE,
)
_OURS_TO_TRY = re.compile(
    r"\b(?:will|to|please|should|must|advised?|asked|told|could you|can you|have you|did you|try to)\b[^,.]{0,25}$",
    re.IGNORECASE,
)
_PROVIDED = re.compile(
    r"\b(?:gave|given|provided|confirmed|sent|told (?:us|me|him|her|them|you|the)|verified|uploaded|explained|showed"
    r"|handed|e-?mailed|attached)\b[^.]{0,60}\b(?:address|serials?|number|id|proof|receipt|photos?|pictures?|form"
    r"|documents?|account|reference|order|details|invoice|story|again|twice|problem|everything)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+|;\s+")
_SPEAKER = re.compile(r"(?P<who>[\w .'’-]{1,40}):\s+(?P<said>.+)", re.DOTALL)
_CUSTOMER = re.compile(r"\b(?:customer|cust|caller|client|visitor|user|guest)\b", re.IGNORECASE)
_WRITTEN_BY_CUSTOMERS = frozenset({Channel.EMAIL, Channel.SOCIAL, Channel.SURVEY, Channel.WEB, Channel.MOBILE_APP})


def sayings_in(interactions: Iterable[Interaction], *, zone: tzinfo | None) -> list[Saying]:
    """In the order of the interactions; one sentence is at most one saying."""
    return [saying for one in interactions for saying in _of(one, zone)]


def _of(one: Interaction, zone: tzinfo | None) -> Iterator[Saying]:
    seen: set[str] = set()
    for sentence, theirs in _sentences(one):
        kind = _kind(sentence, theirs=theirs)
        if kind is None or sentence in seen:
            continue
        seen.add(sentence)
        # By when it was promised, whoever complains of it seldom says.
        dated = kind is SayingKind.PROMISE and not theirs
        by = due.day_in(sentence, said_at=one.at.astimezone(zone)) if dated else None
        quote = sentence if len(sentence) <= _MOST_CHARACTERS else f"{sentence[:_MOST_CHARACTERS].rsplit(' ', 1)[0]} …"
        yield Saying(kind, quote, one.id, one.at, one.channel, one.agent or one.team, by)


def _sentences(one: Interaction) -> Iterator[tuple[str, bool]]:
    """Each with whether the customer says it."""
    customers = one.direction == Direction.IN and one.channel in _WRITTEN_BY_CUSTOMERS
    for part in (one.text, one.outcome):
        theirs = customers and part is one.text
        for line in part.splitlines():
            spoken = _SPEAKER.fullmatch(line.strip())
            if spoken and one.channel == Channel.CHAT:
                theirs = bool(_CUSTOMER.search(spoken["who"])) or not _is_agent(spoken["who"], one)
                line = spoken["said"]  # noqa: PLW2901 - without who says it
            for sentence in _SENTENCE_END.split(line)[:_MOST_SENTENCES]:
                if plain := sentence.strip(" -–•*\t"):
                    yield plain, theirs


def _is_agent(who: str, one: Interaction) -> bool:
    name = who.casefold().strip()
    return name in {"agent", "rep", "advisor", "support", "us", "bot"} or (
        bool(one.agent) and name.split()[0] in one.agent.casefold().split()
    )


def _kind(sentence: str, *, theirs: bool) -> SayingKind | None:
    if _promises(sentence, theirs=theirs):
        return SayingKind.PROMISE
    tried = _TRIED.search(sentence)
    if tried and not sentence.endswith("?") and not _OURS_TO_TRY.search(sentence[: tried.start()]):
        return SayingKind.TRIED
    if _PROVIDED.search(sentence) and not sentence.endswith("?"):
        return SayingKind.TOLD
    return None


def _promises(sentence: str, *, theirs: bool) -> bool:
    if _NOT.search(sentence) or sentence.endswith("?") or _THEIRS.search(sentence):
        return False
    if _PROMISED.search(sentence):
        return True
    return not theirs and bool(_WE_WILL.search(sentence) or _NOTED.search(sentence))
