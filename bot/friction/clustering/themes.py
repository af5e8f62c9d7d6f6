"""Tickets that describe one pain, put together each night. These are proposals: people rename, lock, move and merge."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.friction.clustering.bigrams import telling
from bot.friction.clustering.linkage import FEWEST, in_company, numbered

# How alike the members of a theme are on average, at least: by everything, and by words alone. Chosen on the made-up
# reports that are not held out.
ALIKE, ALIKE_IN_WORDS = 0.40, 0.37
# Of so many the pairs are compared at once; of more, groups stand for their members. On an idle core 3,000 take 3 s and
# 300 MB, 5,000 take 11 s and 800 MB: time grows with the cube. In batches of 3,000 most of 5,000 end up where they do
# at once (adjusted Rand index .94 on reports as people write them), of 1,000 fewer (.87).
AT_ONCE = 3_000
# Two that people locked into different themes are never alike.
_APART = -10.0


@dataclass(frozen=True, slots=True)
class Ticket:
    """`row`: where `likeness.Space` places it. `theme`: the key of its theme; `locked`: a person put it there."""

    key: str
    title: str
    row: NDArray[np.float32]
    theme: str = ""
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A theme: `theme` is the key of the one it was yesterday, "" of a new one; `central` is the key of the member that
    is most like the others, `bigrams` are pairs of words that tell it from other themes."""

    theme: str
    members: tuple[str, ...]
    central: str
    title: str
    bigrams: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.title} ({', '.join(self.bigrams)})" if self.bigrams else self.title


def proposals(given: Iterable[Ticket], *, alike: float = ALIKE, at_once: int = AT_ONCE) -> tuple[Proposal, ...]:
    """The themes of these tickets, the largest first; a ticket that is like no other is in none.

    Whoever a person locked into a theme stays in it, and a theme with locked members keeps its key. Other themes keep
    the key of which they hold most.
    """
    tickets = list(given)
    if len(tickets) < FEWEST:
        return ()
    groups = _clustered(tickets, alike) if len(tickets) <= at_once else _grown(tickets, alike, at_once)
    return _named([group for each in groups for group in _as_locked(each) if len(group) >= FEWEST])


def _clustered(
    tickets: Sequence[Ticket], alike: float, *, sizes: NDArray[np.float32] | None = None
) -> list[list[Ticket]]:
    rows = np.stack([one.row for one in tickets])
    likeness = in_company(rows @ rows.T, sizes)
    for place in (place for place, one in enumerate(tickets) if one.locked):
        for other, another in enumerate(tickets):
            if another.theme == tickets[place].theme:
                # Also with those that are in it by themselves: one that was moved into a theme brings nobody along.
                likeness[place, other] = likeness[other, place] = 1.0
            elif another.locked:
                likeness[place, other] = _APART
    fixed = np.array([one.locked for one in tickets])
    return _grouped(tickets, numbered(likeness, alike, fixed=fixed))


def _grown(tickets: Sequence[Ticket], alike: float, at_once: int) -> list[list[Ticket]]:
    """Groups, which begin as the themes that there are, take in what is in none, batch by batch.

    With each batch come the groups that are most like it, as the mean of their members: at least half of `at_once`, if
    there are so many. Whoever found no company waits as a group of one.
    """
    themes: dict[str, list[Ticket]] = {}
    for one in tickets:
        themes.setdefault(one.theme, []).append(one)
    rest = themes.pop("", [])
    groups = [_Group.of(members) for members in themes.values()]
    start = 0
    while start < len(rest) or not start:
        room = at_once - min(len(groups), at_once // 2)
        fresh = [_Group.of([one]) for one in rest[start : start + room]]
        near, far = _nearest(groups, fresh, most=at_once - len(fresh))
        at = [*near, *fresh]
        members = {id(one.stand_in): one.members for one in at}
        sizes = np.array([len(one.members) for one in at], dtype=np.float32)
        found = _clustered([one.stand_in for one in at], alike, sizes=sizes)
        groups = far + [_Group.of([one for each in group for one in members[id(each)]]) for group in found]
        start += room
    return [one.members for one in groups]


@dataclass(frozen=True, slots=True)
class _Group:
    members: list[Ticket]
    stand_in: Ticket

    @classmethod
    def of(cls, members: list[Ticket]) -> "_Group":
        if len(members) == 1:
            return cls(members, members[0])
        row = np.mean([one.row for one in members], axis=0)
        return cls(members, Ticket("", "", row, _theme_of(members), any(one.locked for one in members)))


def _theme_of(members: Sequence[Ticket]) -> str:
    """Where it is locked, else where most of them are; "" where they are new."""
    weights = Counter({one.theme: 0 for one in members})
    for one in members:
        weights[one.theme] += 1 + one.locked * len(members)
    del weights[""]
    return weights.most_common(1)[0][0] if weights else ""


def _nearest(groups: list[_Group], fresh: Sequence[_Group], *, most: int) -> tuple[list[_Group], list[_Group]]:
    """The `most` groups that are most like any of the fresh ones, and the others."""
    if len(groups) <= most or not fresh:
        return groups[:most], groups[most:]
    rows = np.stack([one.stand_in.row for one in fresh]).T
    alike = np.concatenate(
        [
            (np.stack([one.stand_in.row for one in groups[start : start + most]]) @ rows).max(axis=1)
            for start in range(0, len(groups), most)
        ]
    )
    near = set(np.argsort(-alike, kind="stable")[:most].tolist())
    return [groups[place] for place in sorted(near)], [one for place, one in enumerate(groups) if place not in near]


def _grouped(tickets: Sequence[Ticket], numbers: Iterable[int]) -> list[list[Ticket]]:
    groups: dict[int, list[Ticket]] = {}
    for one, number in zip(tickets, numbers, strict=True):
        groups.setdefault(int(number), []).append(one)
    return list(groups.values())


def _as_locked(group: list[Ticket]) -> list[list[Ticket]]:
    """A group that averages drew over two locked themes is parted: each goes with the theme it is most like."""
    means = {
        theme: np.mean([one.row for one in group if one.locked and one.theme == theme], axis=0)
        for theme in sorted({one.theme for one in group if one.locked})
    }
    if len(means) < FEWEST:
        return [group]
    parts: dict[str, list[Ticket]] = {theme: [] for theme in means}
    for one in group:
        nearest = max(means, key=lambda theme: float(means[theme] @ one.row))
        parts[one.theme if one.locked else nearest].append(one)
    return list(parts.values())


def _named(groups: Sequence[list[Ticket]]) -> tuple[Proposal, ...]:
    groups = sorted(groups, key=lambda group: (-len(group), group[0].key))
    keys = _kept_keys(groups)
    told = telling([[one.title for one in group] for group in groups])
    named = []
    for place, group in enumerate(groups):
        rows = np.stack([one.row for one in group])
        central = group[int(np.argmax(rows @ rows.mean(axis=0)))]
        members = tuple(one.key for one in group)
        named.append(Proposal(keys.get(place, ""), members, central.key, central.title, told[place]))
    return tuple(named)


def _kept_keys(groups: Sequence[list[Ticket]]) -> dict[int, str]:
    """Each key to one group: where it is locked, else where most of its members are."""
    everybody = sum(map(len, groups))
    weights: Counter[tuple[int, str]] = Counter()
    for place, group in enumerate(groups):
        for one in group:
            if one.theme:
                weights[place, one.theme] += 1 + one.locked * everybody
    kept: dict[int, str] = {}
    for (place, theme), _ in weights.most_common():
        if place not in kept and theme not in kept.values():
            kept[place] = theme
    return kept
