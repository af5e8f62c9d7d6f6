"""Whether customers who were there when somebody struggled are those who complain: within two weeks, against chance."""

from collections.abc import Iterator, KeysView, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

WITHIN_DAYS = 14
SHUFFLES = 999
# So many at once: of most pairs chance does as much within a few.
_BLOCK = 37
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
    reports: Sequence[Event], contacts: Sequence[Event], *, seed: int = 1, by_chance: float = BY_CHANCE
) -> Companions | None:
    """None where no report names a customer, or nobody made contact: that says nothing, not no. See `Contacted`."""
    return Contacted(contacts, seed=seed).companions(reports, by_chance=by_chance)


class Contacted:
    """Contacts of all customers in the period, shuffled once for all reports that they are compared with.

    Chance: the dates of all contacts shuffled among them, so that each customer keeps their number of contacts and each
    week its own. Source: experience.md (c), step 4, e4.
    """

    def __init__(self, contacts: Sequence[Event], *, seed: int = 1) -> None:
        self._contacts = contacts
        self._on = np.array([contact.on.toordinal() for contact in contacts], dtype=np.int32)
        self._rows: dict[str, list[int]] = {}
        for row, contact in enumerate(contacts):
            self._rows.setdefault(contact.customer, []).append(row)
        self._dice = np.random.default_rng(seed)
        self._shuffled: list[NDArray[np.int32]] = []

    @property
    def customers(self) -> KeysView[str]:
        return self._rows.keys()

    def companions(self, reports: Sequence[Event], *, by_chance: float = BY_CHANCE) -> Companions | None:
        """None where no report names a customer, or nobody made contact: that says nothing, not no.

        Where chance turns out to do as much in `by_chance` of all shuffles, the rest of them are left: `p` is then 1.
        """
        days: dict[str, list[tuple[int, str]]] = {}
        for report in reports:
            if report.customer:
                days.setdefault(report.customer, []).append((report.on.toordinal(), report.id))
        if not days or not self._contacts:
            return None
        theirs = sorted(row for customer in days for row in self._rows.get(customer, ()))
        if not theirs:
            return Companions((), 0, 0.0, 1.0)
        said = [(row, day, report) for row in theirs for day, report in days[self._contacts[row].customer]]
        rows = np.array([row for row, _, _ in said])
        reported = np.array([day for _, day, _ in said], dtype=np.int32)
        begins = np.flatnonzero(np.diff(rows, prepend=-1))
        near = np.abs(self._on[rows] - reported) <= WITHIN_DAYS
        pairs = tuple((said[at][2], self._contacts[said[at][0]].id) for at in np.flatnonzero(near))
        observed = int(np.logical_or.reduceat(near, begins).sum())
        counts: list[int] = []
        as_much = 0
        for some in self._blocks():
            near = np.abs(some[:, rows] - reported) <= WITHIN_DAYS
            counts += np.logical_or.reduceat(near, begins, axis=1).sum(axis=1).tolist()
            as_much = sum(count >= observed for count in counts)
            if (1 + as_much) / (1 + SHUFFLES) >= by_chance:
                return Companions(pairs, observed, float(np.mean(counts)), 1.0)
        return Companions(pairs, observed, float(np.mean(counts)), (1 + as_much) / (1 + SHUFFLES))

    def _blocks(self) -> Iterator[NDArray[np.int32]]:
        """(shuffles, contacts): dates; those that were needed before are kept."""
        for number in range(-(-SHUFFLES // _BLOCK)):
            if number == len(self._shuffled):
                turns = min(_BLOCK, SHUFFLES - number * _BLOCK)
                self._shuffled.append(np.stack([self._dice.permutation(self._on) for _ in range(turns)]))
            yield self._shuffled[number]
