"""Everything from one database into another, empty one: from SQLite to PostgreSQL, or back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, func, insert, select, text
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from bot import postgresql
from bot.database import Base, Database
from bot.errors import TransferRefused
from bot.retrieval import rehearsal
from bot.retrieval.engines import filling
from bot.retrieval.reindexing import Step

# Rows that are in memory at a time; a vector has 1.5 KB.
BATCH = 1000

# Looks at both databases when everything is copied and nothing committed; raises `TransferRefused`.
Check = Callable[[Session, Session], None]


@dataclass(frozen=True, slots=True)
class Transfer:
    """What was copied: rows by table."""

    rows: dict[str, int]


def transfer(source: Database, target: Database, *, progress: Callable[[Step], None]) -> Transfer:
    """Copy every row of every table, in one transaction: the target has all of it or nothing.

    Both have the newest tables. Nobody can write to the source meanwhile. Raises `TransferRefused` where the target is
    the source or holds anything, where other replicas are connected to either database, or where what arrived is not
    what was sent.
    """
    if source.engine.url == target.engine.url:
        raise TransferRefused(f"{_shown(source)} is the database in use already. Name another one, which is empty.")
    for database in (source, target):
        _refuse_company(database)
    tables = Base.metadata.sorted_tables  # a table after those it refers to
    # To be the only writer of the source, not to write: whoever comes meanwhile waits.
    with source.writing.begin() as reading, target.writing.begin() as writing:
        _refuse_content(writing, tables)
        rows = {table.name: _copy(table, reading, writing, progress) for table in tables}
        filling.fill(writing)
        for check in CHECKS:
            check(reading, writing)
        for table in tables:
            _go_on_counting(writing, table)
    filling.settle(target)
    return Transfer(rows)


def _refuse_company(database: Database) -> None:
    if database.on_server and (others := postgresql.others(database.engine)):
        raise TransferRefused(
            f"Other Throughlines are connected to {_shown(database)}: {', '.join(others)}. Stop them, then try again."
        )


def _refuse_content(writing: Session, tables: Sequence[Table]) -> None:
    for table in tables:
        if writing.execute(select(table).limit(1)).first() is not None:
            raise TransferRefused(
                f"The table {table.name} of the target holds rows already. Name an empty database: on PostgreSQL make "
                "one with `createdb`, for SQLite name a file that does not exist yet."
            )


def _copy(table: Table, reading: Session, writing: Session, progress: Callable[[Step], None]) -> int:
    total = _count(reading, table)
    progress(Step(table.name, 0, total))
    done = 0
    for batch in _batches(table, reading):
        try:
            writing.execute(insert(table), batch)
        except DataError as fault:
            reason = " ".join(str(fault.orig).split())
            raise TransferRefused(
                f"A row of {table.name} does not fit the target, so nothing was kept ({reason}). Shorten or delete it."
            ) from fault
        done += len(batch)
        progress(Step(table.name, done, total))
    return done


def _batches(table: Table, reading: Session) -> Iterator[list[dict[str, object]]]:
    rows = reading.execute(select(table).order_by(*table.primary_key), execution_options={"yield_per": BATCH})
    for rows_together in rows.partitions(BATCH):
        yield [dict(row._mapping) for row in rows_together]  # noqa: SLF001 - SQLAlchemy's public name for it


def _count(session: Session, table: Table) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _equal_counts(reading: Session, writing: Session) -> None:
    for table in Base.metadata.sorted_tables:
        sent, arrived = _count(reading, table), _count(writing, table)
        if sent != arrived:
            raise TransferRefused(
                f"Of {sent} rows of {table.name} only {arrived} arrived, so nothing was kept. Look for triggers "
                "in the target, or name a fresh database."
            )


def _equal_answers(reading: Session, writing: Session) -> None:
    if differing := rehearsal.answered_otherwise(reading, writing):
        raise TransferRefused(
            f"{len(differing)} questions find other pages in the target, the first of them: {differing[0]!r}. So "
            "nothing was kept. Run `throughline reindex` on the database in use, then try again."
        )


CHECKS: tuple[Check, ...] = (_equal_counts, _equal_answers)


def _go_on_counting(writing: Session, table: Table) -> None:
    """PostgreSQL hands out numbers from a sequence, which knows nothing of the rows that came with theirs."""
    column = table.autoincrement_column
    if column is None or writing.get_bind().dialect.name != "postgresql":
        return
    highest = writing.scalar(select(func.max(column)))
    writing.execute(
        text("SELECT setval(pg_get_serial_sequence(:table, :column), :number, :used)"),
        {"table": table.name, "column": column.name, "number": highest or 1, "used": highest is not None},
    )


def _shown(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=True)
