"""The customers of `data/contact_chains.yaml`: their interactions as the bot reads them, and which belong together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path

import yaml
from bot.customers.timeline import Interaction

DATA = Path(__file__).parent / "data"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = 2026


@dataclass(frozen=True)
class Pairs:
    """Pairs of contacts: rightly together, wrongly together, wrongly apart."""

    right: int = 0
    joined: int = 0
    parted: int = 0

    def __add__(self, other: "Pairs") -> "Pairs":
        return Pairs(self.right + other.right, self.joined + other.joined, self.parted + other.parted)

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.joined + self.parted)

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} ({self.right} right, {self.joined} wrongly joined, {self.parted} wrongly parted)"


@dataclass(frozen=True)
class History:
    """`interactions` are newest first; `chain_of` names the chain of each by its id."""

    name: str
    held_out: bool
    interactions: tuple[Interaction, ...]
    chain_of: dict[int, str]
    id_at: dict[str, int]

    def cut(self, count: int) -> list["History"]:
        """Customers of so many of its contacts, one after the other."""
        return [
            replace(self, interactions=some, chain_of={one.id: self.chain_of[one.id] for one in some})
            for place in range(0, len(self.interactions) - count + 1, count)
            if (some := self.interactions[place : place + count])
        ]

    def compared(self, partition: Sequence[Sequence[int]]) -> "Pairs":
        """`partition` is of the places of the interactions."""
        found = {self.interactions[place].id: number for number, places in enumerate(partition) for place in places}
        assert len(found) == len(self.interactions)
        pairs = [
            (self.chain_of[one] == self.chain_of[other], found[one] == found[other])
            for one, other in combinations(self.chain_of, 2)
        ]
        return Pairs(pairs.count((True, True)), pairs.count((False, True)), pairs.count((True, False)))


@cache
def histories() -> tuple[History, ...]:
    """The sixty; every second one is held out."""
    written = yaml.safe_load((DATA / "contact_chains.yaml").read_text(encoding="utf-8"))
    return tuple(
        _history(one["name"], one["contacts"], held_out=place % 2 == 1, first=place * 100)
        for place, one in enumerate(written)
    )


@cache
def more_histories() -> tuple[History, ...]:
    """Those that are for choosing numbers only."""
    written = yaml.safe_load((DATA / "contact_chains_more.yaml").read_text(encoding="utf-8"))
    return tuple(
        _history(one["name"], one["contacts"], held_out=False, first=10_000 + place * 100)
        for place, one in enumerate(written)
    )


def joined(some: Sequence[History]) -> History:
    """One customer to whom all of it happened, in the same year."""
    newest_first = sorted((one for each in some for one in each.interactions), key=lambda one: one.at, reverse=True)
    chain_of = {number: f"{each.name} {chain}" for each in some for number, chain in each.chain_of.items()}
    names = " + ".join(each.name for each in some)
    return History(names, some[0].held_out, tuple(newest_first), chain_of, {})


def _history(name: str, contacts: str, *, held_out: bool, first: int) -> History:
    read = [_contact(line, first + number) for number, line in enumerate(contacts.splitlines(), start=1)]
    newest_first = tuple(sorted((one for _, one, _ in read), key=lambda one: (one.at, one.id), reverse=True))
    chain_of = {one.id: chain for chain, one, _ in read}
    return History(name, held_out, newest_first, chain_of, {when: one.id for _, one, when in read})


def _contact(line: str, number: int) -> tuple[str, Interaction, str]:
    chain, when, channel, subject, text, outcome, *rest = (part.strip() for part in line.split("|"))
    known = dict(pair.split("=", 1) for pair in rest[0].split()) if rest else {}
    known = {name: value.replace("_", " ") for name, value in known.items()}
    channel, _, out = channel.partition(" ")
    moment, _, year = when.rpartition(" ") if when.count(" ") > 1 else (when, "", YEAR)
    return (
        chain,
        Interaction(
            id=number,
            at=datetime.strptime(f"{year}-{moment} +0000", "%Y-%m-%d %H:%M %z"),
            channel=channel,
            direction=out or "in",
            subject=subject,
            text=text,
            outcome=outcome,
            agent=known.get("agent", ""),
            team=known.get("team", ""),
            place=known.get("place", ""),
            device=known.get("device", ""),
            transfers=int(known["transfers"]) if "transfers" in known else None,
            refs={kind: [known[kind].lower()] for kind in ("order", "account") if kind in known},
            source="test",
        ),
        moment,
    )
