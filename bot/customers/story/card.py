"""All that whoever stands in front of a customer needs to know at once, put together from what is kept."""

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from bot.customers import timeline
from bot.customers.contacts.chains import Chain, chains
from bot.customers.entries import Entry, EntryKind, entries_of
from bot.customers.identity.candidates import the_one
from bot.customers.permission import must_be_permitted
from bot.customers.story import fragile, promises
from bot.customers.story.facts import Fact, Facts, known_facts
from bot.customers.story.fragile import Reason
from bot.customers.story.promises import Promise
from bot.customers.story.sayings import Saying, SayingKind, sayings_in
from bot.customers.surveys import Score, scores
from bot.customers.timeline import Interaction

LATELY = timedelta(hours=72)
# What is older, or comes after so many, is found by paging and by asking, and says nothing of today. Of long logs of
# chats it is fewer.
READ = 200
PAGE = 5

# What some interactions mean: a unit vector for each, a row each.
Meaning = Callable[[Sequence[Interaction]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Card:
    """`lately` are the contacts of the last 72 hours, `said` what was told or tried in open matters, newest first;
    `scores` what they answered to surveys, the oldest first.

    `read` are the newest interactions, which it is put together from; `total` is how many there are.
    """

    id: int
    alias: str
    name: str
    source_id: str
    facts: Facts
    lately: tuple[Interaction, ...]
    chains: tuple[Chain, ...]
    said: tuple[Saying, ...]
    tried: tuple[Entry, ...]
    promises: tuple[Promise, ...]
    notes: tuple[Entry, ...]
    contested: tuple[Entry, ...]
    fragile: tuple[Reason, ...]
    scores: tuple[Score, ...]
    read: tuple[Interaction, ...]
    total: int

    @property
    def timeline(self) -> tuple[Interaction, ...]:
        """Its first page."""
        return self.read[:PAGE]

    @property
    def disagreements(self) -> tuple[Fact, ...]:
        return self.facts.disagreements

    @property
    def shown(self) -> tuple[str, ...]:
        """The names of what is on it, for the audit."""
        parts = ("lately", "chains", "said", "tried", "promises", "notes", "fragile", "scores", "timeline")
        return ("facts", *(part for part in parts if getattr(self, part)))


def card_of(
    session: Session,
    customer: int,
    *,
    audiences: AbstractSet[str],
    now: datetime,
    zone: tzinfo | None,
    meaning: Meaning | None = None,
) -> Card:
    """After a merge that of whoever has everything of theirs.

    Raises `NotAllowed`, or `NoSuchCustomer` for one who is not there (any more).
    """
    must_be_permitted(audiences)
    known = the_one(session, customer, audiences=audiences)
    customer = known.id
    today = now.astimezone(zone).date()
    newest = timeline.interactions_of(session, customer, audiences=audiences, limit=READ)
    read = timeline.nearest(newest)
    entries = entries_of(session, customer, audiences=audiences)
    running = [chain for chain in chains(read, meaning(read) if meaning else None, now=now) if chain.open]
    sayings = sayings_in(read, zone=zone)
    promised = promises.open_promises(entries, sayings, now=now, today=today)
    reasons = fragile.reasons_for(read, _contacts(running, read), promised, now=now, zone=zone)
    return Card(
        id=known.id,
        alias=known.alias,
        name=known.name,
        source_id=known.source_id,
        facts=known_facts(session, customer, audiences=audiences, today=today),
        lately=tuple(one for one in read if one.at > now - LATELY),
        chains=tuple(running),
        said=_said(sayings, running),
        tried=_of(entries, EntryKind.TRIED),
        promises=promised,
        notes=_of(entries, EntryKind.NOTE),
        contested=_of(entries, EntryKind.CONTESTED),
        fragile=fragile.standing(reasons, entries),
        scores=tuple(sorted(scores(read), key=lambda one: one.at)),
        read=tuple(read),
        total=len(newest) if len(newest) < READ else timeline.count_of(session, customer, audiences=audiences),
    )


def _contacts(chained: Sequence[Chain], read: Sequence[Interaction]) -> list[list[Interaction]]:
    by_id = {one.id: one for one in read}
    return [[by_id[number] for number in chain.ids] for chain in chained]


def _said(sayings: Sequence[Saying], running: Sequence[Chain]) -> tuple[Saying, ...]:
    """What was told or tried in matters that are still open: of those nobody should be asked again."""
    about = {number for chain in running for number in chain.ids}
    return tuple(one for one in sayings if one.kind is not SayingKind.PROMISE and one.interaction in about)


def _of(entries: Sequence[Entry], kind: EntryKind) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.kind is kind)
