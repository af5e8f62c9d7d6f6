"""What a batch of rows changes beside the tables: by the ids that their source gives."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bot.customers.batches import batched, one_of
from bot.customers.tables import InteractionRow, RecordRow


class _Told(Protocol):
    @property
    def source_id(self) -> str: ...

    @property
    def gone(self) -> bool: ...

    @property
    def digest(self) -> str: ...


T = TypeVar("T", bound=_Told)


@dataclass(frozen=True, slots=True)
class Standing:
    """A row as it is in its table."""

    id: int
    customer: int
    digest: str


@dataclass(slots=True)
class Difference(Generic[T]):
    """`standing` is what was there before, by the id of its source."""

    added: list[T] = field(default_factory=list)
    changed: list[T] = field(default_factory=list)
    gone: list[Standing] = field(default_factory=list)
    unchanged: list[Standing] = field(default_factory=list)
    standing: dict[str, Standing] = field(default_factory=dict)


def difference(
    session: Session, table: type[RecordRow] | type[InteractionRow], which: ColumnElement[bool], rows: Sequence[T]
) -> Difference[T]:
    """What these rows, each id once, are beside `which` rows of a table."""
    found: Difference[T] = Difference()
    for some in batched(rows):
        asked = select(table.source_id, table.id, table.customer, table.digest).where(
            and_(which, one_of(session, table.source_id, [row.source_id for row in some]))
        )
        found.standing |= {
            key: Standing(number, customer, digest) for key, number, customer, digest in session.execute(asked)
        }
    for row in rows:
        before = found.standing.get(row.source_id)
        if row.gone:
            found.gone += [before] if before else []
        elif before is None:
            found.added.append(row)
        elif before.digest == row.digest:
            found.unchanged.append(before)
        else:
            found.changed.append(row)
    return found


def ids_of(
    session: Session, table: type[RecordRow] | type[InteractionRow], which: ColumnElement[bool], rows: Sequence[T]
) -> set[int]:
    """Those of these rows that are in the table, but for deletions."""
    here = difference(session, table, which, [row for row in rows if not row.gone])
    return {standing.id for standing in here.standing.values()}


def standing_of(
    session: Session,
    table: type[RecordRow] | type[InteractionRow],
    which: ColumnElement[bool],
    *,
    up_to: int,
    made_at: datetime,
) -> list[Standing]:
    """Every row of a source that a snapshot made then can hold: up to a number, and not from later."""
    earlier = RecordRow.seen_at <= made_at if table is RecordRow else InteractionRow.at <= made_at
    asked = select(table.id, table.customer, table.digest).where(and_(which, table.id <= up_to, earlier))
    return [Standing(number, customer, digest) for number, customer, digest in session.execute(asked)]
