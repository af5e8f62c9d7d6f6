"""One thing that is open with two teams at once."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.signals.signal import Evidence, Kind, Number, Part, Period, Signal, sentence, thing

WITHIN = timedelta(hours=24)
# "Re:", "Fwd:" and their like in the languages of mail programs, and tags that gateways put before a subject.
_BEFORE_SUBJECT = re.compile(
    r"^\s*(?:(?:re|fw|fwd|aw|wg|sv|vs|antw|tr|rv|enc)\s*:\s*|\[[^\]]{0,40}\]\s*)+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Item:
    """What waits in the queue of a team; `closed` is None while it does. "" is what nobody knows."""

    id: str
    queue: str
    opened: datetime
    closed: datetime | None = None
    message_id: str = ""
    customer: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class DoubleRouting:
    """The same thing, the oldest first, in at least two queues at once. `same` says by what it is the same."""

    items: tuple[Item, ...]
    same: str

    @property
    def queues(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.queue for item in self.items))

    def signal(self, period: Period) -> Signal:
        queues: list[str | Part] = [thing(self.queues[0])]
        for queue in self.queues[1:]:
            queues += [" and ", thing(queue)]
        return Signal(
            kind=Kind.DOUBLE_ROUTING,
            verdict="open with two teams" if len(self.queues) == 2 else f"open with {len(self.queues)} teams",  # noqa: PLR2004 - two
            where=self.queues,
            parts=sentence("The same thing is open with ", *queues, f" at once, by the same {self.same}"),
            evidence=(Evidence("queue item", tuple(item.id for item in self.items)),),
            numbers=(Number("queues", len(self.queues), len(self.items), "items"),),
            period=period,
        )


def double_routings(items: Iterable[Item]) -> list[DoubleRouting]:
    """Items of two queues, opened within 24 hours of each other and open at the same time, that are one thing.

    One thing has the same message id, else the same customer and subject (without "Re:" and tags, whatever the case).
    Each item is in one of them at most. Source: experience.md (c), third example, and R42.
    """
    of_message: dict[str, list[Item]] = defaultdict(list)
    of_subject: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in sorted(items, key=lambda one: (one.opened, one.id)):
        if item.message_id:
            of_message[item.message_id.strip().strip("<>").lower()].append(item)
        if item.customer and (subject := subject_of(item.subject)):
            of_subject[item.customer, subject].append(item)
    found = [DoubleRouting(run, "message id") for group in of_message.values() for run in _at_once(group)]
    taken = {item.id for one in found for item in one.items}
    for group in of_subject.values():
        left = [item for item in group if item.id not in taken]
        found += [DoubleRouting(run, "customer and subject") for run in _at_once(left)]
    return sorted(found, key=lambda one: (one.items[0].opened, one.items[0].id))


def subject_of(subject: str) -> str:
    return " ".join(_BEFORE_SUBJECT.sub("", subject).casefold().split())


def _at_once(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """Runs of items, each opened within a day of one before it that was still open, if of two queues."""
    run: list[Item] = []
    for item in items:
        if run and not any(item.opened - one.opened <= WITHIN and _open(one, item.opened) for one in run):
            yield from _told(run)
            run = []
        run.append(item)
    yield from _told(run)


def _told(run: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    if len({item.queue for item in run}) > 1:
        yield tuple(run)


def _open(item: Item, at: datetime) -> bool:
    return item.closed is None or item.closed > at
