"""What the bytes of vectors and words were when they were written, so that damage is noticed."""

from typing import Any
from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BATCH = 1000
VECTORS = sa.table("knowledge_vectors", *map(sa.column, ("key", "vector", "checksum")))
PASSAGES = sa.table(
    "knowledge_passages", sa.column("id"), sa.column("vector"), sa.column("terms"), sa.column("checksum")
)


def upgrade() -> None:
    for table in (VECTORS, PASSAGES):
        op.add_column(table.name, sa.Column("checksum", sa.BigInteger(), nullable=False, server_default="0"))
    _fill(VECTORS, VECTORS.c.key, VECTORS.c.key, VECTORS.c.vector)
    _fill(PASSAGES, PASSAGES.c.id, PASSAGES.c.vector, PASSAGES.c.terms)


def _fill(
    table: sa.TableClause, number: sa.ColumnClause[Any], key: sa.ColumnClause[Any], stored: sa.ColumnClause[Any]
) -> None:
    """What is there now is taken to be sound."""
    connection = op.get_bind()
    batch = sa.select(number, key, stored).order_by(number).limit(BATCH)
    change = sa.update(table).where(number == sa.bindparam("row")).values(checksum=sa.bindparam("sum"))
    rows = connection.execute(batch).all()
    while rows:
        sums = [{"row": row, "sum": crc32(content, crc32(name.encode()))} for row, name, content in rows]
        connection.execute(change, sums)
        rows = connection.execute(batch.where(number > rows[-1][0])).all()
