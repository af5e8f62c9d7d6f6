"""Whether customers who were there when somebody struggled are those who complain: within two weeks, against chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

import numpy as np

WITHIN_DAYS = 14
SHUFFLES = 999
# Where chance would do as much this often, the pairs say nothing.
BY_CHANCE = 0.05


@dataclass(frozen=True, slots=True)
class Event:
    """A report, or a contact of a customer. `customer` is "" where nobody knows whose it is."""

    id: str
    customer: str
    on: date


@dataclass(frozen=True, slots=True)
class Companions:
    """Contacts within 14 days of a report about the same customer: `pairs` of ids (report, contact), and how many
    contacts chance would put there. `p` says how often chance does as much."""

    pairs: tuple[tuple[str, str], ...]
    contacts: int
    expected: float
    p: float

    @property
    def strength(self) -> float:
        """0 to 1: the share of these contacts that chance does not explain."""
        if not self.contacts or self.p >= BY_CHANCE:
            return 0.0
        return max(0.0, 1 - self.expected / self.contacts)


def companions(
    reports: Sequence[Event], contacts: Sequence[Event], *, by_chance: float = BY_CHANCE, seed: int = 1
) -> Companions | None:
    """None where no report names a customer, or nobody made contact: that says nothing, not no.

    Chance: the dates of all contacts shuffled among them, so that each customer keeps their number of contacts and each
    week its own. `contacts` are those of all customers in the period. It is shuffled no more once p cannot come below
    `by_chance`: J. Besag, P. Clifford, Sequential Monte Carlo p-values, Biometrika 78 (1991) 301-304.
    Source: experience.md (c), step 4, e4.
    """
    days: dict[str, list[tuple[int, str]]] = {}
    for report in reports:
        if report.customer:
            days.setdefault(report.customer, []).append((report.on.toordinal(), report.id))
    if not days or not contacts:
        return None
    on = np.array([contact.on.toordinal() for contact in contacts])
    theirs = [row for row, contact in enumerate(contacts) if contact.customer in days]
    if not theirs:
        return Companions((), 0, 0.0, 1.0)
    rows = np.array([row for row in theirs for _ in days[contacts[row].customer]])
    reported = np.array([day for row in theirs for day, _ in days[contacts[row].customer]])
    begins = np.flatnonzero(np.diff(rows, prepend=-1))
    pairs = tuple(
        (report, contacts[row].id)
        for row in theirs
        for day, report in days[contacts[row].customer]
        if abs(int(on[row]) - day) <= WITHIN_DAYS
    )
    near = np.abs(on[rows] - reported) <= WITHIN_DAYS
    observed = int(np.logical_or.reduceat(near, begins).sum())
    dice = np.random.default_rng(seed)
    enough = ceil(by_chance * (1 + SHUFFLES))
    shuffled: list[int] = []
    reached = 0
    while len(shuffled) < SHUFFLES and reached < enough:
        near = np.abs(dice.permutation(on)[rows] - reported) <= WITHIN_DAYS
        shuffled.append(int(np.logical_or.reduceat(near, begins).sum()))
        reached += shuffled[-1] >= observed
    return Companions(pairs, observed, float(np.mean(shuffled)), (1 + reached) / (1 + len(shuffled)))
