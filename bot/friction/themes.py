"""Tickets that describe one pain, put together each night. These are proposals: people rename, lock, move and merge."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.words import STOP_WORDS, words

# How alike the members of a theme are on average, at least: by everything, and by words alone. Chosen on the made-up
# reports that are not held out.
ALIKE, ALIKE_IN_WORDS = 0.40, 0.37
# Two are nearer than their words say where the same others are near to both. As chosen there; stronger it serves small
# themes only (on themes of 40 questions of banking77 the best ALIKE would be another).
SHARED, NEAR, NEAREST = 0.3, 0.55, 4
FEW = 10
ROUNDS = 5
# The pairs of more do not fit into memory beside the bot: then the themes of yesterday stand for their members.
AT_ONCE = 5_000
FEWEST = 2
BIGRAMS = 3
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


def proposals(tickets: Sequence[Ticket], *, alike: float = ALIKE, at_once: int = AT_ONCE) -> tuple[Proposal, ...]:
    """The themes of these tickets, the largest first; a ticket that is like no other is in none.

    Whoever a person locked into a theme stays in it, and a theme with locked members keeps its key. Other themes keep
    the key of which they hold most.
    """
    if len(tickets) < FEWEST:
        return ()
    groups = _clustered(tickets, alike) if len(tickets) <= at_once else _grown(tickets, alike)
    return _named([group for each in groups for group in _as_locked(each) if len(group) >= FEWEST])


def clusters(rows: NDArray[np.float32], *, alike: float) -> NDArray[np.int64]:
    """A number for each row; rows of one number are on average as alike as that."""
    return _numbered(_in_company(rows @ rows.T), alike)


def _numbered(
    likeness: NDArray[np.float32], alike: float, *, fixed: NDArray[np.bool_] | None = None
) -> NDArray[np.int64]:
    """Rows that are `fixed` stay with those they were put together with first."""
    if len(likeness) < FEWEST:
        return np.zeros(len(likeness), dtype=np.int64)
    # Imported here: it takes a second, and themes are made once a night.
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415

    distance = np.maximum(1.0 - likeness, 0.0)
    np.fill_diagonal(distance, 0.0)
    clustering = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1.0 - alike
    )
    numbers = np.asarray(clustering.fit_predict(distance), dtype=np.int64)
    return _settled(likeness, numbers, alike, fixed=np.zeros(len(numbers), dtype=bool) if fixed is None else fixed)


def _in_company(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Together with how many of their near ones two have in common."""
    near = likeness >= NEAR
    # Among few tickets the nearest are all there are.
    nearest = min(NEAREST, len(likeness) // FEW)
    if nearest:
        closest = np.argpartition(-likeness, nearest, axis=1)[:, : nearest + 1]
        np.put_along_axis(near, closest, values=True, axis=1)
    np.fill_diagonal(near, val=True)
    held = near.astype(np.float32)
    both, counts = held @ held.T, held.sum(axis=1)
    return np.asarray((1 - SHARED) * likeness + SHARED * both / (counts[:, None] + counts[None] - both))


def _settled(
    likeness: NDArray[np.float32], numbers: NDArray[np.int64], alike: float, *, fixed: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Each moves to the group it is most like on average: what was joined early may fit elsewhere better by now."""
    others = likeness.copy()
    np.fill_diagonal(others, 0.0)
    for _ in range(ROUNDS):
        now = np.unique(numbers, return_inverse=True)[1]
        member = np.eye(int(now.max()) + 1, dtype=np.float32)[now]
        counts = member.sum(axis=0)[None] - member  # of the others, so that nobody speaks for themselves
        means = np.where(counts > 0, (others @ member) / np.maximum(counts, 1), alike)
        best = np.where(fixed, now, means.argmax(axis=1))
        if np.array_equal(best, now):
            break
        numbers = best
    return numbers


def _clustered(tickets: Sequence[Ticket], alike: float) -> list[list[Ticket]]:
    rows = np.stack([one.row for one in tickets])
    likeness = _in_company(rows @ rows.T)
    for place in (place for place, one in enumerate(tickets) if one.locked):
        for other, another in enumerate(tickets):
            if another.theme == tickets[place].theme:
                # Also with those that are in it by themselves: one that was moved into a theme brings nobody along.
                likeness[place, other] = likeness[other, place] = 1.0
            elif another.locked:
                likeness[place, other] = _APART
    fixed = np.array([one.locked for one in tickets])
    return _grouped(tickets, _numbered(likeness, alike, fixed=fixed))


def _grown(tickets: Sequence[Ticket], alike: float) -> list[list[Ticket]]:
    """The themes that there are, each as the mean of its members, and what is in none."""
    themes: dict[str, list[Ticket]] = {}
    for one in tickets:
        if one.theme:
            themes.setdefault(one.theme, []).append(one)
    stand_ins = [
        Ticket(theme, "", np.mean([one.row for one in members], axis=0), theme, any(one.locked for one in members))
        for theme, members in themes.items()
    ]
    rest = [one for one in tickets if not one.theme]
    members_of = {id(stand_in): themes[stand_in.theme] for stand_in in stand_ins}
    groups = _clustered([*stand_ins, *rest], alike)
    return [[one for each in group for one in members_of.get(id(each), [each])] for group in groups]


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
    told = _telling([[one.title for one in group] for group in groups])
    named = []
    for place, group in enumerate(groups):
        rows = np.stack([one.row for one in group])
        central = group[int(np.argmax(rows @ rows.mean(axis=0)))]
        members = tuple(one.key for one in group)
        named.append(Proposal(keys.get(place, ""), members, central.key, central.title, told[place]))
    return tuple(named)


def _kept_keys(groups: Sequence[list[Ticket]]) -> dict[int, str]:
    """Each key to one group: where it is locked, else where most of its members are."""
    weights: Counter[tuple[int, str]] = Counter()
    for place, group in enumerate(groups):
        for one in group:
            if one.theme:
                weights[place, one.theme] += 1 + one.locked * len(groups) * AT_ONCE
    kept: dict[int, str] = {}
    for (place, theme), _ in weights.most_common():
        if place not in kept and theme not in kept.values():
            kept[place] = theme
    return kept


def _telling(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Pairs of words of each group that others have seldom: c-TF-IDF, as BERTopic weighs the words of a topic."""
    counts = [Counter(pair for title in group for pair in set(_pairs(title))) for group in groups]
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    mean = sum(total.values()) / max(1, len(counts))
    return [_best(count, total, mean) for count in counts]


def _best(count: Mapping[str, int], total: Mapping[str, int], mean: float) -> tuple[str, ...]:
    # Times the share of it that is here: with few themes the company's name would tell most of each.
    weights = {
        pair: times * np.log(1 + mean / total[pair]) * times / total[pair]
        for pair, times in count.items()
        if times >= FEWEST
    }
    return tuple(sorted(weights, key=lambda pair: (-weights[pair], pair))[:BIGRAMS])


def _pairs(title: str) -> list[str]:
    """Neighbors in the text that are both no function words."""
    return [
        f"{first} {second}"
        for first, second in pairwise(words(title))
        if first not in STOP_WORDS and second not in STOP_WORDS
    ]
