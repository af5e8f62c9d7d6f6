"""Fills what PostgreSQL searches, from the tables that both databases have. On SQLite there is nothing to fill."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from pgvector import Vector
from pgvector.psycopg import register_vector
from sqlalchemy import Row, Select, func, insert, select, text
from sqlalchemy.orm import Session

from bot.database import Database
from bot.retrieval.catalogue import STORED_VECTOR, DocumentRow, PassageRow, VectorRow
from bot.retrieval.engines.server_tables import meanings, pages, words
from bot.retrieval.terms import unpacked

# Passages held at once.
BATCH = 2000
# An index finds the nearest faster than a look at every permitted one does, where the square of those permitted is
# above so many times all there are: the look takes longer with all that are permitted, the walk through the index with
# the share that is not (docs/decisions.md).
BREAK_EVEN = 20_000
# Numbers a vector may have for pgvector to index it; longer ones are looked at one by one.
LONGEST_INDEXED = 4000


def fill(session: Session, *, born: int | None = None) -> None:
    """In the caller's transaction, make every passage findable that is not yet; with `born`, of that generation."""
    if session.get_bind().dialect.name != "postgresql":
        return
    found = session.execute(
        select(PassageRow.id, PassageRow.document, PassageRow.terms, VectorRow.vector)
        .join(VectorRow, PassageRow.vector == VectorRow.key)
        .outerjoin(words, words.c.passage == PassageRow.id)
        .where(words.c.passage.is_(None), *([] if born is None else [PassageRow.document.in_(_born(born))]))
        .order_by(PassageRow.document, PassageRow.id)
        .execution_options(yield_per=BATCH)
    )
    for rows in found.partitions(BATCH):
        _write(session, rows)
    session.execute(
        insert(pages).from_select(
            ["document", "passages", "length", "meaning"],
            select(words.c.document, func.count(), func.sum(words.c.length), func.sum(meanings.c.meaning))
            .join(meanings, meanings.c.passage == words.c.passage)
            .outerjoin(pages, pages.c.document == words.c.document)
            .where(pages.c.document.is_(None), *([] if born is None else [words.c.document.in_(_born(born))]))
            .group_by(words.c.document),
        )
    )


def _born(generation: int) -> Select[int]:
    return select(DocumentRow.id).where(DocumentRow.born == generation)


def _write(session: Session, rows: Sequence[Row[int, int, bytes, bytes]]) -> None:
    connection: Any = session.connection().connection.driver_connection  # psycopg's, which can COPY
    register_vector(connection)
    with connection.cursor() as cursor:
        with cursor.copy("COPY knowledge_words (passage, document, length, words) FROM STDIN") as copy:
            for passage, document, stored, _ in rows:
                copy.write_row((passage, document, int(unpacked(stored)[1].sum(dtype=int)), _lexemes(stored)))
        with cursor.copy("COPY knowledge_meanings (passage, document, meaning) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "int4", "vector"])
            for passage, document, _, stored in rows:
                vector = np.frombuffer(stored, dtype=STORED_VECTOR).astype(np.float32)
                copy.write_row((passage, document, Vector(vector)))


def lexeme(key: int) -> str:
    """How a stem is called in a tsvector."""
    return f"{key:x}"


def _lexemes(stored: bytes) -> str:
    """A tsvector as it is written: each lexeme with as many positions as it counts."""
    keys, counts = unpacked(stored)
    return " ".join(
        f"{lexeme(key)}:{','.join(map(str, range(1, count + 1)))}"
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True)
    )


def settle(database: Database) -> None:
    """After a reindex, and not in its transaction: what the planner must know, and the index of many vectors.

    Nobody who asks or writes waits for it; without it every question is answered alike, only later.
    """
    if not database.on_server:
        return
    plain = database.engine.execution_options(read_only=True)  # without the writers' turn
    with plain.connect() as connection, connection.begin():
        connection.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'"))
        connection.execute(text("ANALYZE knowledge_documents, knowledge_audiences, knowledge_passages"))
        connection.execute(text("ANALYZE knowledge_words, knowledge_meanings, knowledge_page_sums"))
        many = select(func.vector_dims(meanings.c.meaning), func.count()).group_by(text("1"))
        for size, count in connection.execute(many).all():
            if count >= BREAK_EVEN and size <= LONGEST_INDEXED:
                connection.execute(text(_HNSW.format(size=int(size))))


# Half the bits for the way to the neighbors; the order among them is taken from the whole vector.
_HNSW = (
    "CREATE INDEX IF NOT EXISTS ix_knowledge_meanings_hnsw_{size} ON knowledge_meanings "
    "USING hnsw ((meaning::halfvec({size})) halfvec_ip_ops) WHERE vector_dims(meaning) = {size}"
)
