"""Vectors take half the place: 16 bits a number, with the checksums of what is stored now."""

from zlib import crc32

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BATCH = 1000
VECTORS = sa.table("knowledge_vectors", *map(sa.column, ("key", "vector", "checksum")))


def upgrade() -> None:
    """What is damaged stays damaged: its checksum is not made right."""
    connection = op.get_bind()
    batch = sa.select(VECTORS.c.key, VECTORS.c.vector, VECTORS.c.checksum).order_by(VECTORS.c.key).limit(BATCH)
    change = sa.update(VECTORS).where(VECTORS.c.key == sa.bindparam("row"))
    change = change.values(vector=sa.bindparam("bytes"), checksum=sa.bindparam("sum"))
    rows = connection.execute(batch).all()
    while rows:
        sound = [(key, bytes(vector)) for key, vector, checksum in rows if _checksum(key, vector) == checksum]
        halves = [(key, _half(vector)) for key, vector in sound]
        if halves:
            connection.execute(
                change, [{"row": key, "bytes": half, "sum": _checksum(key, half)} for key, half in halves]
            )
        rows = connection.execute(batch.where(VECTORS.c.key > rows[-1][0])).all()


def _half(vector: bytes) -> bytes:
    with np.errstate(all="ignore"):  # damage from before there were checksums: any bits may be there
        return np.frombuffer(vector, dtype="<f4").astype("<f2").tobytes()


def _checksum(key: str, stored: bytes) -> int:
    return crc32(stored, crc32(key.encode()))
