"""The known tickets that a new report is most like, so that nobody reports twice what a "Me too" can say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.friction.likeness import Described, Space
from bot.friction.slots import Slot

SHOWN = 3
# Chosen on the made-up reports that are not held out: see docs/friction.md.
BAR = 0.5
# Another device of one kind may have the same fault, but it is seldom the same ticket.
OTHER = {Slot.DEVICE: 0.15, Slot.ACCOUNT: 0.15, Slot.ORDER: 0.1, Slot.SHOP: 0.05}
# So many are looked at closely: with what speaks against one taken off, the first three come from these.
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Near:
    """A ticket that is like a report: `score` from 0 to 1, and why, in words ("same tool", "other device 02")."""

    key: str
    score: float
    why: tuple[str, ...]


class KnownTickets:
    """Open tickets and those lately resolved, by their keys. Safe to use from several threads.

    Made anew when they change; `before` are those of before, of which what did not change is taken over.
    """

    def __init__(self, space: Space, tickets: Mapping[str, Described], *, before: "KnownTickets | None" = None) -> None:
        self._space = space
        self._keys = tuple(tickets)
        self._tickets = tuple(tickets.values())
        # By identity: a changed ticket is described anew, and to place one takes longer than to look at a thousand.
        placed = {id(one): row for one, row in before.placed()} if before else {}
        rows = [space.of(one) if (row := placed.get(id(one))) is None else row for one in self._tickets]
        self._rows: NDArray[np.float32] = np.stack(rows) if rows else np.zeros((0, 0), np.float32)

    def placed(self) -> Iterable[tuple[Described, NDArray[np.float32]]]:
        """The tickets, and where they are in the space."""
        return zip(self._tickets, self._rows, strict=True)

    def nearest(self, report: Described, *, at_least: float = BAR, but: str = "") -> tuple[Near, ...]:
        """Up to three, the most alike first; none less alike than `at_least`, nor the one with the key `but`."""
        if not self._keys:
            return ()
        alike = self._rows @ self._space.of(report)
        most = min(_LOOKED_AT, len(alike))
        closest = np.argpartition(-alike, most - 1)[:most]
        found = [self._near(int(row), float(alike[row]), report) for row in closest if self._keys[row] != but]
        return tuple(
            one for one in sorted(found, key=lambda near: (-near.score, near.key))[:SHOWN] if one.score >= at_least
        )

    def _near(self, row: int, alike: float, report: Described) -> Near:
        known = self._tickets[row]
        why = list(_shared(known, report))
        if other := report.slots.conflict(known.slots):
            slot, named = other
            alike -= OTHER[slot]
            why.append(f"other {slot}{'' if slot is Slot.ACCOUNT else f' {_short(named)}'}")
        return Near(self._keys[row], round(max(0.0, alike), 3), tuple(why))


def _shared(known: Described, report: Described) -> Sequence[str]:
    same = []
    if _best(known.tools) and _best(known.tools) == _best(report.tools):
        same.append("same tool")
    if _best(known.touchpoints) and _best(known.touchpoints) == _best(report.touchpoints):
        same.append("same touchpoint")
    if known.place and known.place == report.place:
        same.append("same place")
    return same


def _best(shares: Mapping[str, float]) -> str:
    return max(shares, key=lambda id_: shares[id_], default="")


def _short(named: str) -> str:
    """ "register 4" is device 4: the report says itself what it is about."""
    return named.rpartition(" ")[2]
