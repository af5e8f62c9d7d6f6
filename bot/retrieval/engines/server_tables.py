"""What PostgreSQL searches, beside the tables that both databases have. Made of those, so a transfer leaves it out."""

from pgvector.sqlalchemy import VECTOR
from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, Table
from sqlalchemy.dialects.postgresql import TSVECTOR

from bot.database import Base
from bot.retrieval.catalogue import DocumentRow, PassageRow

metadata = MetaData(naming_convention=Base.metadata.naming_convention)

# A lexeme is the number of a stem, `terms.key_of`, in hexadecimal; it has as many positions as the stem counts.
words = Table(
    "knowledge_words",
    metadata,
    Column("passage", Integer, ForeignKey(PassageRow.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("document", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("words", TSVECTOR, nullable=False),
    # Without a list of what is pending, which every search would read through until somebody vacuums.
    Index("ix_knowledge_words_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
)

# Without a dimension: another model may make longer vectors, and for a while both kinds are here.
meanings = Table(
    "knowledge_meanings",
    metadata,
    Column("passage", Integer, ForeignKey(PassageRow.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("document", Integer, nullable=False, index=True),
    Column("meaning", VECTOR, nullable=False),
)

# `length` and `meaning` are the sums over the passages of the page.
pages = Table(
    "knowledge_page_sums",
    metadata,
    Column("document", Integer, ForeignKey(DocumentRow.id, ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("passages", Integer, nullable=False),
    Column("length", Integer, nullable=False),
    Column("meaning", VECTOR, nullable=False),
)
