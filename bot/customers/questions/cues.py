"""What a question may call otherwise than the notes of a contact do: terms that mean the same, channels, kinds."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache

from bot.customers.kinds import Channel
from bot.customers.story.sayings import SayingKind
from bot.words import STOP_WORDS, stem, words

# A line is what people mean when they say any word of it. Of two words both have to be said.
_SAME = """
    refund reimburse credit credited money money-back paid-back
    return returned brought-back bring-back sent-back send-back gave-back drop-off dropped-off
    cancel cancellation terminate terminated end-contract
    waive waived courtesy goodwill
    repair repaired fix fixed replace replaced change changed swap swapped exchange mend
    technician tech engineer installer fitter field
    install installed installation connect connected activated
    offer offered propose proposed discount
    compensation compensate credit voucher goodwill
    bill invoice statement
    charge charged debit debited billed deducted
    price cost fee rate
    stolen theft robbed lost
    delivery deliver delivered arrive arrived came parcel
    refuse refused reject rejected decline declined deny denied
    appointment visit booked
    complain complaint upset angry annoyed
    rate rated rating score survey nps stars
    defect defective broken faulty damaged wrong
    display screen
    state status result
    block blocked lock locked
    password login log-in
    router modem
    document documents papers proof attached form copy
    send sent mail mailed attached
    police report
    manager supervisor
    transfer transferred
    late delay delayed hours-late
    missing missed lacks lost
    collect collected pick-up picked-up pickup fetch
    contract plan tariff
    warm temperature degrees
    place address
    move moved moving
    date day week
    allergy allergic intolerance
"""
# "credit" is a refund now and then, and now and then not.
ALIKE = 0.6
_CHANNELS: tuple[tuple[Channel | None, str], ...] = (
    (Channel.PHONE, r"(?:on|by|over) the phone|by phone|(?:in|during) (?:the|that|a|her|his|their) (?:phone )?call"),
    (Channel.CHAT, r"(?:in|on|by|via|over) (?:the |a |live )?chat"),
    (Channel.EMAIL, r"(?:in|by|via|per) (?:the |an? |her |his |their )?e?-?mails?"),
    (Channel.STORE, r"(?:in|at) (?:the |a |our )?(?:store|shop|branch|counter)"),
    (Channel.SOCIAL, r"on (?:social media|twitter|facebook|instagram)|(?:publicly|tweet(?:ed)?)"),
    (Channel.MOBILE_APP, r"(?:in|through|by|via) (?:the |our )?(?:mobile )?app"),
    (Channel.WEB, r"(?:on|through|via) (?:the |our )?(?:web ?site|web|portal)|online"),
    (Channel.SURVEY, r"in (?:the |a |our )?survey"),
    (None, r"(?:did|has|have|what) (?:she|he|they|the customer) (?:written|write|wrote)\b(?! off)"),
)
_WRITTEN = frozenset({Channel.EMAIL, Channel.CHAT, Channel.SOCIAL, Channel.WEB, Channel.MOBILE_APP})
_CHANNEL_SAID = tuple((channel, re.compile(rf"\b(?:{said})", re.IGNORECASE)) for channel, said in _CHANNELS)
_KINDS = (
    (
        SayingKind.PROMISE,
        re.compile(
            r"\bpromis\w*|\bguarantee\w*|\bcommit(?:ted)? to|\bassured?\b|\bcall[ -]?backs?\b|\boverdue\b",
            re.IGNORECASE,
        ),
    ),
    (
        SayingKind.TRIED,
        re.compile(r"\btr(?:y|ied)\b|\battempt\w*|\btroubleshoot\w*|\bdone (?:so far|already)", re.IGNORECASE),
    ),
)
# Of any question.
_ASKED_OF = frozenset(
    stem(word)
    for word in """
        customer client caller come came happen happened happens tell told know say said anything something somebody
        anybody thing things please ever yet already end question write wrote written call called contact contacted us
        much many often long when last latest time matter story case issue problem regarding about mention mentioned
    """.split()  # noqa: SIM905 - read as words
)


def channels_in(question: str) -> tuple[frozenset[Channel], str]:
    """The channels that a question is about, none where it names none, and the question without those words."""
    found: set[Channel] = set()
    for channel, said in _CHANNEL_SAID:
        if said.search(question):
            found |= {channel} if channel else _WRITTEN
            question = said.sub(" ", question)
    return frozenset(found), question


def kind_in(question: str) -> tuple[SayingKind | None, str]:
    """What sort of saying is looked for, and the question without the words that say so."""
    for kind, said in _KINDS:
        if said.search(question):
            return kind, said.sub(" ", question)
    return None, question


@dataclass(frozen=True, slots=True)
class Concept:
    """What a question is about: stems of its own, and sets of stems that mean the same when they stand together."""

    stems: frozenset[str]
    others: frozenset[frozenset[str]]

    def said_by(self, stems: AbstractSet[str]) -> float:
        """How surely a text of these stems says it: 1 in these words, less in others, 0 not at all."""
        if self.stems <= stems:
            return 1.0
        return ALIKE if any(other <= stems for other in self.others) else 0.0


def concepts_in(question: str) -> tuple[Concept, ...]:
    """In the order of the question; "sent back" is one."""
    said = (word.removesuffix("'s") for word in words(question.replace("-", " ")) if word not in STOP_WORDS)
    order = [each for each in dict.fromkeys(map(stem, said)) if each not in _ASKED_OF]
    left = set(order)
    found: list[Concept] = []
    for term in sorted(_alike(), key=lambda term: (-len(term), *sorted(term))):
        if term <= left:
            found.append(Concept(term, _alike()[term]))
            left -= term
    found += [Concept(frozenset({word}), frozenset()) for word in left]
    return tuple(sorted(found, key=lambda concept: min(map(order.index, concept.stems))))


@cache
def _alike() -> dict[frozenset[str], frozenset[frozenset[str]]]:
    """For the stems of a term those of the terms on its lines."""
    found: dict[frozenset[str], frozenset[frozenset[str]]] = {}
    for line in _SAME.strip().splitlines():
        terms = frozenset(frozenset(map(stem, words(term.replace("-", " ")))) for term in line.split())
        for term in terms:
            found[term] = found.get(term, frozenset()) | terms
    return found
