"""What can be quoted of a customer: each contact, and what else was written, cut into sentences and read as words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from bot.customers import normal
from bot.customers.kinds import Channel, Direction
from bot.customers.questions.asked import Asked, identifiers_in
from bot.customers.questions.pieces import sentences
from bot.customers.story import sayings
from bot.customers.story.sayings import SayingKind
from bot.customers.timeline import Interaction
from bot.words import STOP_WORDS, stem, words

# What people call a contact on such a channel.
_CALLED = {
    Channel.FIELD: "technician field visit",
    Channel.SURVEY: "survey rating",
    Channel.SOCIAL: "post posted social media",
    Channel.STORE: "store shop",
}


@dataclass(frozen=True, slots=True)
class Text:
    """What else is written of the customer: a note, a promise. `channel` is what it is called, "note"."""

    id: str
    at: datetime
    channel: str
    text: str
    kind: SayingKind | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """`stems` are of all of it; `identifiers` and `said` are there where they are asked for.

    `parts` are unit vectors, none where they are not known.
    """

    interaction: int | None
    text: str
    at: datetime
    channel: str
    direction: str
    outcome: str
    subject: str
    words: str
    stems: frozenset[str]
    identifiers: frozenset[str]
    said: dict[SayingKind, str]
    parts: NDArray[np.float32] | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """Which can be quoted, at least one."""
        return tuple(filter(None, (self.subject, *sentences(self.words)))) or (self.outcome or self.words,)


def sources_of(
    interactions: Sequence[Interaction],
    parts: Sequence[NDArray[np.float32]] | None,
    texts: Iterable[Text],
    *,
    asked: Asked,
    zone: tzinfo | None,
) -> list[Source]:
    """The newest first. Sayings and identifiers are looked for where they are asked for."""
    vectors = parts if parts is not None else [None] * len(interactions)
    contacts = (_of_interaction(one, own, asked, zone) for one, own in zip(interactions, vectors, strict=True))
    return sorted((*contacts, *map(_of_text, texts)), key=lambda one: one.at, reverse=True)


def stems_of(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in words(text.replace("-", " ")) if word not in STOP_WORDS)


def _of_interaction(one: Interaction, parts: NDArray[np.float32] | None, asked: Asked, zone: tzinfo | None) -> Source:
    called = _CALLED.get(Channel(one.channel), "") if one.channel in set(Channel) else ""
    everything = f"{one.subject} {one.text} {one.outcome} {one.agent} {one.team} {one.place} {one.device} {called}"
    moved = " transferred" if one.transfers else ""
    return Source(
        interaction=one.id,
        text="",
        at=one.at,
        channel=one.channel,
        direction=one.direction,
        outcome=one.outcome,
        subject=one.subject.strip(),
        words=one.text,
        stems=stems_of(everything + moved),
        identifiers=_identifiers(everything, one.refs) if asked.identifiers else frozenset(),
        said={saying.kind: saying.quote for saying in sayings.sayings_in([one] if asked.kind else [], zone=zone)},
        parts=parts,
    )


def _of_text(one: Text) -> Source:
    return Source(
        interaction=None,
        text=one.id,
        at=one.at,
        channel=one.channel,
        direction=Direction.OUT,
        outcome="",
        subject="",
        words=one.text,
        stems=stems_of(one.text),
        identifiers=_identifiers(one.text, {}),
        said={} if one.kind is None else {one.kind: one.text},
        parts=None,
    )


def _identifiers(text: str, refs: Mapping[str, Sequence[str]]) -> frozenset[str]:
    beside = (normal.reference(value) for values in refs.values() for value in values)
    return frozenset(identifiers_in(text)) | frozenset(filter(None, beside))
