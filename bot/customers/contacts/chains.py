"""Contacts of one customer that are about one subject: by meaning, words, numbers and time, over all channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.customers.contacts import endings
from bot.customers.contacts.contents import Content, is_reply
from bot.customers.contacts.linking import Linker
from bot.customers.kinds import Direction
from bot.customers.timeline import Interaction, times

_SHOWN_CHARACTERS = 80
# A contact that says fewer words of its own is no heading for the others: "any news?"
_TELLING = 3
_TEENS = range(11, 14)


@dataclass(frozen=True, slots=True)
class Chain:
    """`ids` are its contacts, newest first. `contacts` counts those in which the customer came to us, `channels` and
    `devices` are theirs, and `changes` how often the next of them was on another channel.

    `days` lie between the first and the last; `subject` is quoted from the newest contact that says what it is about.
    """

    ids: tuple[int, ...]
    subject: str
    contacts: int
    channels: tuple[str, ...]
    devices: tuple[str, ...]
    changes: int
    first: datetime
    last: datetime
    transfers: int
    open: bool

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    @property
    def told(self) -> str:
        """ "3rd contact, 3rd channel, transferred twice: still billed for 3 boxes"."""
        channels = f"{_nth(len(self.channels))} channel" if len(self.channels) > 1 else ""
        # Who went to and fro changed more often than there are channels.
        changed = f"channel changed {times(self.changes)}" if self.changes >= len(self.channels) else ""
        devices = f"on {' and '.join(self.devices)}" if len(self.devices) > 1 else ""
        moved = f"transferred {times(self.transfers)}" if self.transfers else ""
        counted = ", ".join(filter(None, (f"{_nth(self.contacts)} contact", channels, changed, devices, moved)))
        return f"{counted}: {self.subject}" if self.subject else counted


def chains(
    interactions: Sequence[Interaction], meaning: NDArray[np.float32] | None = None, *, now: datetime
) -> list[Chain]:
    """All of them, each contact in one; a contact that is alone is a chain of one. The chain last added to comes first.

    `interactions` are newest first, `meaning` their unit vectors, a row each; without it words have to do.
    """
    contents = list(map(Content.of, interactions))
    return [
        _chain([interactions[place] for place in places], [contents[place] for place in places], now)
        for places in _parted(interactions, contents, meaning)
    ]


def partition(interactions: Sequence[Interaction], meaning: NDArray[np.float32] | None = None) -> list[list[int]]:
    """The places of the contacts of each chain, newest first."""
    return _parted(interactions, list(map(Content.of, interactions)), meaning)


def _parted(
    interactions: Sequence[Interaction], newest_first: Sequence[Content], meaning: NDArray[np.float32] | None
) -> list[list[int]]:
    if len(interactions) < 2:  # noqa: PLR2004 - there is nothing to choose
        return [[place] for place in range(len(interactions))]
    last = len(interactions) - 1
    contents = newest_first[::-1]
    linker = Linker(contents, meaning[::-1] if meaning is not None and len(meaning) else None)
    found = [[last - place for place in reversed(chain)] for chain in linker.partition()]
    return sorted(found, key=lambda places: places[0])


def _chain(contacts: Sequence[Interaction], contents: Sequence[Content], now: datetime) -> Chain:
    both = list(zip(contacts, contents, strict=True))
    said = [(one, content) for one, content in both if one.direction != Direction.OUT] or both
    theirs = [one for one, _ in reversed(said)]
    return Chain(
        ids=tuple(one.id for one in contacts),
        subject=_subject(said),
        contacts=len(theirs),
        channels=tuple(dict.fromkeys(one.channel for one in theirs)),
        devices=tuple(dict.fromkeys(one.device for one in theirs if one.device)),
        changes=sum(one.channel != other.channel for one, other in pairwise(theirs)),
        first=contacts[-1].at,
        last=contacts[0].at,
        transfers=sum(one.transfers or 0 for one in contacts),
        open=endings.is_open(contacts, now=now),
    )


def _subject(newest_first: Sequence[tuple[Interaction, Content]]) -> str:
    telling = (one for one, said in newest_first if len(said.said) >= _TELLING and not is_reply(one.subject))
    words = next(telling, newest_first[-1][0]).words
    return words if len(words) <= _SHOWN_CHARACTERS else f"{words[:_SHOWN_CHARACTERS].rsplit(' ', 1)[0]} …"


def _nth(count: int) -> str:
    ending = "th" if count % 100 in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"
