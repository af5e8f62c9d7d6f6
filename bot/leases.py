"""Who is at work on a row. A replica holds what it took for the length of a lease, and renews it while it works.

A replica that is killed renews nothing, so another takes its rows over when their leases end; the same one, started
again, takes them up at once, because it knows that it has nothing in hand.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, or_
from sqlalchemy.orm import Mapped, mapped_column

from bot.database import UtcDateTime

# Three renewals may fail before anybody takes work away: a restart of the database server takes less.
LEASE = timedelta(seconds=30)
RENEWAL = timedelta(seconds=10)
# The time of a claim, in a statement that is carried out with `Claim.values`.
NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())


class Leased:
    """The columns of a row that somebody may be at work on; both NULL where nobody is."""

    id: Mapped[int] = mapped_column(primary_key=True)
    replica: Mapped[str | None] = mapped_column(String(64))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who claims a row, and when; `in_hand` are the ids of the rows that this replica's threads work on right now."""

    replica: str
    now: datetime
    in_hand: frozenset[int] = frozenset()
    lease: timedelta = LEASE

    @property
    def until(self) -> datetime:
        return self.now + self.lease

    @property
    def values(self) -> dict[str, Any]:
        """What `free` leaves open in a statement."""
        return {"now": self.now, "replica": self.replica, "in_hand": list(self.in_hand)}


def free(row: type[Leased]) -> ColumnElement[bool]:
    """Whether nobody is at work on a row: never taken, its lease is over, or ours. Never what is in our hands.

    For a statement that is made once, because to make it takes longer than to carry it out, and every replica asks all
    the time. It is carried out with `Claim.values`.
    """
    nobody = or_(row.lease_until.is_(None), row.lease_until <= NOW, row.replica == bindparam("replica"))
    return and_(row.id.not_in(bindparam("in_hand", expanding=True)), nobody)


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


Row = TypeVar("Row", bound=_Numbered)


class Hands:
    """What the threads of one replica have in hand of one table.

    They claim one after the other: a claim that does not know of the one before would take the same row again.
    """

    def __init__(self, replica: str, *, lease: timedelta = LEASE) -> None:
        self._replica = replica
        self._lease = lease
        self._held: set[int] = set()
        self._turn = Lock()

    def take(self, choose: Callable[[Claim], Row | None]) -> Row | None:
        with self._turn:
            taken = choose(self.claim())
            if taken is not None:
                self._held.add(taken.id)
        return taken

    def put_down(self, row: int) -> None:
        self._held.discard(row)

    def claim(self) -> Claim:
        return Claim(self._replica, now=datetime.now(UTC), in_hand=frozenset(self._held), lease=self._lease)


def replica_in(data_dir: Path, *, machine: str) -> str:
    """The name of the replica that has this data folder, the same in each of its lives; made where it has none yet.

    The machine is part of it: a folder that was copied to another machine is another replica.
    """
    file = data_dir / "replica"
    if not file.exists():
        file.write_text(uuid.uuid4().hex, encoding="ascii")
    return f"{file.read_text(encoding='ascii').strip()[:32]}@{machine}"[:64]
