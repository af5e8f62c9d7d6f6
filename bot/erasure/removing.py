"""Rows that go, and words in others' rows that are masked: in the caller's transaction, all of it or nothing."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Table, delete, func, select, tuple_, update
from sqlalchemy.orm import Session

from bot.customers.batches import batched
from bot.erasure import treatments
from bot.erasure.scanning import Scan
from bot.erasure.treatments import Treatment
from bot.erasure.wanted import Wanted

# Of keys with two columns, SQLite takes 16,000 in a statement.
SOME = 5000


def remove(session: Session, found: Scan, wanted: Wanted) -> dict[str, int]:
    """Gives how many rows went, by table; what hung on them went with them and is counted too."""
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
    backwards = [table for table in reversed(treatments.tables()) if _may_lose(table, session)]
    before = {table.name: _size(session, table) for table in backwards}
    for table in backwards:
        if treatments.treatment_of(table) is Treatment.GOES:
            session.execute(delete(table).where(treatments.theirs(table, wanted.identity.ids)))
        for some in batched(sorted(found.quoting.get(table.name, ()), key=str), SOME):
            session.execute(delete(table).where(_is_one_of(table, some)))
    after = {table.name: _size(session, table) for table in backwards}
    return {name: gone for name in before if (gone := before[name] - after[name])}


def mask(session: Session, found: Scan, wanted: Wanted) -> dict[str, int]:
    """Gives in how many rows of others something was masked, by table."""
    masker = wanted.masker()
    changed: dict[str, int] = {}
    for table in treatments.tables():
        columns = [table.c[name] for name in treatments.TABLES[table.name].masked]
        keys = list(table.primary_key)
        for some in batched(sorted(found.masking.get(table.name, ()), key=str), SOME):
            for row in session.execute(select(*keys, *columns).where(_is_one_of(table, some))).all():
                said = dict(zip((column.name for column in columns), row[len(keys) :], strict=True))
                masked = {name: masker(value) for name, value in said.items()}
                if masked != said:
                    session.execute(update(table).where(_is_one_of(table, [row[: len(keys)]])).values(masked))
                    changed[table.name] = changed.get(table.name, 0) + 1
    return changed


def _may_lose(table: Table, session: Session) -> bool:
    on_server = session.get_bind().dialect.name == "postgresql"
    return treatments.treatment_of(table) in {Treatment.GOES, Treatment.QUOTING} and (
        on_server or table.name not in treatments.ON_SERVER
    )


def _is_one_of(table: Table, keys: Iterable[Sequence[object]]) -> ColumnElement[bool]:
    columns = list(table.primary_key)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_([tuple(key) for key in keys])


def _size(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
