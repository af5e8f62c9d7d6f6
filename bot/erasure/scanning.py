"""Every row of every table, looked through: which go, which are masked, which a person must see to."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Table, Text, cast, false, func, not_, select, true
from sqlalchemy.orm import Session

from bot.audit.rows import AuditRow
from bot.customers.batches import batched
from bot.erasure import treatments
from bot.erasure.pieces import Pieces
from bot.erasure.treatments import Treatment
from bot.erasure.wanted import Wanted, stands_alone
from bot.exchanges import ExchangeRow
from bot.outbox import OutboxRow

# Rows that are in memory at a time.
BATCH = 2000
Progress = Callable[[str, int, int], None]
Row = tuple[object, ...]
# A question is written down before, or with, the look that answers it.
_AT_ONCE = timedelta(minutes=1)
_EXCHANGE = re.compile(r"exchange:(\d{1,10})")


@dataclass(slots=True)
class Scan:
    """What was found beside the rows that go anyhow: by table, the primary keys of rows."""

    going: dict[str, int] = field(default_factory=dict)
    quoting: dict[str, set[Row]] = field(default_factory=dict)
    masking: dict[str, set[Row]] = field(default_factory=dict)
    places: dict[str, set[Row]] = field(default_factory=dict)  # for a person to see to
    rows: int = 0

    @property
    def something_to_do(self) -> bool:
        return any(self.going.values()) or any(self.quoting.values()) or any(self.masking.values())


def scan(session: Session, wanted: Wanted, *, progress: Progress) -> Scan:
    """Look through all tables; what others have too is dropped from `wanted` on the way.

    Tables of customers and of the company come first: what stands there in rows that stay, proves nothing elsewhere.
    """
    found = Scan()
    tables = _there(session)
    pieces = wanted.in_rows()
    for number, table in enumerate(tables):
        progress("looking", number, len(tables))
        how = treatments.treatment_of(table)
        if how is Treatment.GOES:
            found.going[table.name] = _count(session, table, wanted.identity.ids)
        if not treatments.texts_of(table):
            continue
        for key, hits in _hits(session, table, pieces, wanted, found):
            _judge(found, wanted, table, key, hits)
    _add_noted(session, wanted, found)
    return found


def _there(session: Session) -> list[Table]:
    """Those that this engine has, in the order in which they are looked through."""
    on_server = session.get_bind().dialect.name == "postgresql"
    own = [table for table in treatments.tables() if on_server or table.name not in treatments.ON_SERVER]
    return sorted(own, key=lambda table: treatments.treatment_of(table) is Treatment.QUOTING)


@dataclass(frozen=True, slots=True)
class _Hit:
    """`alone`: no letter or digit touches it; `free`: it stands in words that can be masked."""

    piece: bytes
    alone: bool
    free: bool


def _hits(
    session: Session, table: Table, pieces: Pieces, wanted: Wanted, found: Scan
) -> Iterator[tuple[Row, set[_Hit]]]:
    """Of each row with a piece in it the key, and what was found there."""
    keys, texts = list(table.primary_key), treatments.texts_of(table)
    fixed = len(keys) + len(texts) - len(treatments.TABLES[table.name].masked)
    goes = treatments.treatment_of(table) is Treatment.GOES
    others = not_(func.coalesce(treatments.theirs(table, wanted.identity.ids), false())) if goes else true()
    asked = select(*keys, *(cast(column, Text) for column in texts)).where(others)
    rows = session.connection().execute(asked, execution_options={"yield_per": BATCH})
    for some in rows.partitions(BATCH):
        found.rows += len(some)
        starts: list[int] = []
        free_from: list[int] = []
        parts: list[bytes] = []
        size = 0
        for row in some:
            known, free = _encoded(row[len(keys) : fixed]), _encoded(row[fixed:])
            starts.append(size)
            free_from.append(size + len(known))
            parts += [known, free]
            size += len(known) + len(free)
        data = b"".join(parts)
        by_row: dict[int, set[_Hit]] = {}
        for at, piece in pieces.find(data):
            number = bisect_right(starts, at) - 1
            hit = _Hit(piece, stands_alone(data, at, len(piece)), at >= free_from[number])
            by_row.setdefault(number, set()).add(hit)
        for number, hits in by_row.items():
            yield tuple(some[number][: len(keys)]), hits


def _encoded(values: Sequence[str | None]) -> bytes:
    return "".join(f"{value or ''}\n" for value in values).encode(errors="surrogatepass")


def _judge(found: Scan, wanted: Wanted, table: Table, key: Row, hits: set[_Hit]) -> None:
    how = treatments.treatment_of(table)
    for hit in hits:
        if how is Treatment.QUOTING:
            if hit.piece not in wanted.dropped or (hit.alone and not wanted.is_text(hit.piece)):
                found.quoting.setdefault(table.name, set()).add(key)
        elif wanted.is_text(hit.piece) or (wanted.is_value(hit.piece) and not hit.alone):
            wanted.dropped.add(hit.piece)
        elif wanted.is_value(hit.piece):
            if how not in {Treatment.GOES, Treatment.MASKED}:
                found.places.setdefault(table.name, set()).add(key)
            elif hit.free:
                found.masking.setdefault(table.name, set()).add(key)
            else:  # it is what somebody else is known by
                wanted.dropped.add(hit.piece)


def _count(session: Session, table: Table, ids: tuple[int, ...]) -> int:
    return session.scalar(select(func.count()).select_from(table).where(treatments.theirs(table, ids))) or 0


def _add_noted(session: Session, wanted: Wanted, found: Scan) -> None:
    """Questions and messages about the customer, by what the audit notes of each look."""
    asked = select(AuditRow.reference, func.max(AuditRow.at)).where(
        AuditRow.customer.in_(wanted.identity.aliases), AuditRow.reference != ""
    )
    looked = dict(session.execute(asked.group_by(AuditRow.reference)).all())
    for references in batched(sorted(looked)):
        numbers = {int(known[1]): looked[said] for said in references if (known := _EXCHANGE.fullmatch(said))}
        questions = session.execute(select(ExchangeRow.id, ExchangeRow.asked_at).where(ExchangeRow.id.in_(numbers)))
        # SQLite gives the number of a question that is gone to a later one.
        about = {(number,) for number, asked_at in questions if asked_at <= numbers[number] + _AT_ONCE}
        messages = session.scalars(select(OutboxRow.id).where(OutboxRow.key.in_(references)))
        for table, keys in ((ExchangeRow, about), (OutboxRow, {(number,) for number in messages})):
            if keys:
                found.quoting.setdefault(table.__tablename__, set()).update(keys)
