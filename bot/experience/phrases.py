"""What customers complain of, in the phrases that the map has for it: how many, and nothing of anybody.

Counted by the words that a complaint shares with a phrase, rare ones more than frequent ones: a page cannot wait for a
model to read them. Whoever says it in other words counts under none.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import log

from sqlalchemy import select

from bot.customers.kinds import Channel, Direction
from bot.customers.permission import permitted
from bot.customers.tables import InteractionRow
from bot.experience.reading import Reading
from bot.touchpoints import TouchpointMap
from bot.words import stems

# More than are ever read at once; the newest.
MOST = 2000
# Of the weight of a phrase's words. With fewer than two in common it is another thing that goes by the same name.
LEAST_SHARE, LEAST_WORDS = 0.4, 2


@dataclass(frozen=True, slots=True)
class Phrases:
    """Most frequent first; `others` were said in other words. `read` are how many there are, `MOST` at most."""

    counts: tuple[tuple[str, int], ...]
    others: int
    read: int


def phrases(reading: Reading, touchpoints: Collection[str], *, place: str = "") -> Phrases | None:
    """Of the complaints at these CX touchpoints in these weeks; None for whoever may not read customers' words."""
    routes, map_ = reading.world.routes, reading.world.map
    asked = permitted(reading.viewer.audiences)
    if routes is None or not reading.viewer.person.serves_customers:
        return None
    rows = (
        select(InteractionRow.subject, InteractionRow.text)
        .join(routes, routes.c.interaction == InteractionRow.id)
        .where(asked, routes.c.complaint, routes.c.touchpoint.in_(sorted(touchpoints)))
        .where(InteractionRow.at >= reading.since, InteractionRow.at < reading.until)
        .where(InteractionRow.direction == Direction.IN, InteractionRow.channel != Channel.SURVEY)
        .order_by(InteractionRow.at.desc())
        .limit(MOST)
    )
    if place:
        rows = rows.where(InteractionRow.place == place)
    said = (f"{subject} {text}" for subject, text in reading.session.execute(rows))
    return counted(said, touchpoints, map_)


def counted(said: Iterable[str], touchpoints: Collection[str], map_: TouchpointMap) -> Phrases:
    """Of complaints at these CX touchpoints."""
    every = {one: stems(one) for cx in map_.cx.values() for one in cx.customer_symptoms}
    mine = {one: every[one] for id_ in touchpoints for one in map_.cx[id_].customer_symptoms}
    weights = rarity(every.values())
    found = Counter(nearest(one, mine, weights) for one in said)
    counts = sorted(((words, count) for words, count in found.items() if words), key=lambda one: (-one[1], one[0]))
    return Phrases(tuple(counts), found[""], found.total())


def nearest(text: str, known: Mapping[str, frozenset[str]], weights: Mapping[str, float]) -> str:
    """The phrase most of whose words, by weight, stand in the text; "" where they do of none."""
    said = stems(text)

    def share(words: frozenset[str]) -> float:
        inside = words & said
        if len(inside) < min(LEAST_WORDS, len(words)):
            return 0.0
        whole = sum(weights.get(word, 0.0) for word in words)
        return sum(weights.get(word, 0.0) for word in inside) / whole if whole else 0.0

    best = max(known, key=lambda one: (share(known[one]), one), default="")
    return best if best and share(known[best]) >= LEAST_SHARE else ""


def rarity(phrases: Collection[frozenset[str]]) -> Mapping[str, float]:
    """Of each word by how few phrases have it (K. Sparck Jones, Journal of Documentation 28 (1972) 11-21)."""
    having = Counter(word for one in phrases for word in one)
    return {word: log(1 + len(phrases) / count) for word, count in having.items()}
