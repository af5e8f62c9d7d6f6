"""What was promised to one customer and is not kept yet: written down by people, or said in earlier contacts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.customers.entries import Entry, EntryKind
from bot.customers.story.sayings import Saying, SayingKind, sayings_in
from bot.customers.timeline import Interaction

# A promise without a day, or long past it, is forgotten by everybody: it stays in the timeline.
REMEMBERED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Promise:
    """`entry` is its number where somebody wrote it down; else it is the promise `place` of `interaction`."""

    text: str
    due: date | None
    by: str
    at: datetime
    channel: str
    entry: int | None
    interaction: int | None
    place: int = 0

    def overdue(self, today: date) -> bool:
        return self.due is not None and self.due < today


def open_promises(
    entries: Sequence[Entry], sayings: Iterable[Saying], *, now: datetime, today: date
) -> tuple[Promise, ...]:
    """The one that is due first comes first; what has no day comes last, the newest first."""
    written = [entry for entry in entries if entry.kind is EntryKind.PROMISE]
    settled = {(entry.interaction, entry.text) for entry in written}
    found = [
        Promise(entry.text, entry.due, entry.author_name, entry.at, "", entry.id, entry.interaction)
        for entry in written
        if entry.settled_at is None
    ]
    places: Counter[int] = Counter()
    for saying in sayings:
        if saying.kind is SayingKind.PROMISE:
            place = places[saying.interaction]
            places[saying.interaction] += 1
            if (saying.interaction, saying.quote) not in settled:
                found.append(_said(saying, place))
    remembered = [one for one in found if _remembered(one, now=now, today=today)]
    return tuple(sorted(remembered, key=lambda one: (one.due or date.max, -one.at.timestamp())))


def promises_in(one: Interaction, *, zone: tzinfo | None) -> list[Saying]:
    """In the order in which `place` counts them."""
    return [saying for saying in sayings_in([one], zone=zone) if saying.kind is SayingKind.PROMISE]


def _said(saying: Saying, place: int) -> Promise:
    return Promise(saying.quote, saying.due, saying.who, saying.at, saying.channel, None, saying.interaction, place)


def _remembered(one: Promise, *, now: datetime, today: date) -> bool:
    if one.entry is not None:
        return True  # whoever wrote it down wants it kept
    return one.due >= today - REMEMBERED if one.due is not None else one.at >= now - REMEMBERED
