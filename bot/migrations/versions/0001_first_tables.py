"""The first tables: inbox, outbox, exchanges and the knowledge."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "exchanges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("thread", sa.String(length=32), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("milliseconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    op.create_index("ix_exchanges_conversation", "exchanges", ["channel", "thread", "id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    op.create_index("ix_inbox_work", "inbox", ["state", "conversation", "id"], unique=False)
    op.create_table(
        "knowledge_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("effective", sa.Date(), nullable=True),
        sa.Column("verified", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("born", sa.Integer(), nullable=False),
        sa.Column("died", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_documents")),
    )
    op.create_index("ix_knowledge_documents_life", "knowledge_documents", ["born", "died"], unique=False)
    op.create_index(op.f("ix_knowledge_documents_source"), "knowledge_documents", ["source"], unique=False)
    op.create_table(
        "knowledge_generations",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("built_at", UtcDateTime(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("bar", sa.Double(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_knowledge_generations")),
    )
    op.create_table(
        "knowledge_vectors",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_knowledge_vectors")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("destination", sa.JSON(), nullable=False),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ts", sa.String(length=32), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_work", "outbox", ["state", "next_at", "id"], unique=False)
    op.create_table(
        "feedback",
        sa.Column("exchange", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange"], ["exchanges.id"], name=op.f("fk_feedback_exchange_exchanges"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exchange", "person", name=op.f("pk_feedback")),
    )
    op.create_table(
        "gaps",
        sa.Column("exchange", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("closest", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange"], ["exchanges.id"], name=op.f("fk_gaps_exchange_exchanges"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exchange", name=op.f("pk_gaps")),
    )
    op.create_table(
        "knowledge_audiences",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["knowledge_documents.id"],
            name=op.f("fk_knowledge_audiences_document_knowledge_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document", "audience", name=op.f("pk_knowledge_audiences")),
    )
    op.create_table(
        "knowledge_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("blocks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["knowledge_documents.id"],
            name=op.f("fk_knowledge_sections_document_knowledge_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_sections")),
    )
    op.create_index(op.f("ix_knowledge_sections_document"), "knowledge_sections", ["document"], unique=False)
    op.create_table(
        "knowledge_passages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Integer(), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("first_block", sa.Integer(), nullable=False),
        sa.Column("last_block", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("vector", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["knowledge_documents.id"],
            name=op.f("fk_knowledge_passages_document_knowledge_documents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["section"],
            ["knowledge_sections.id"],
            name=op.f("fk_knowledge_passages_section_knowledge_sections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_passages")),
    )
    op.create_index(op.f("ix_knowledge_passages_document"), "knowledge_passages", ["document"], unique=False)
    op.create_index(op.f("ix_knowledge_passages_vector"), "knowledge_passages", ["vector"], unique=False)
    # Written out, not imported: what this step made must stay what it was when the code goes on.
    # FTS5 is SQLite's; PostgreSQL searches words in a way of its own.
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE knowledge_words USING fts5("
            "title, keywords, headings, body, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
