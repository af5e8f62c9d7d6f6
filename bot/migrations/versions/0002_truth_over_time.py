"""Truth over time: what replaces what, verifications, withdrawals, notices."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    # Pages indexed before this step replaced nothing; the next reindex reads them again.
    op.add_column("knowledge_documents", sa.Column("supersedes", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "knowledge_successions",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("successor", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["successor"],
            ["knowledge_documents.id"],
            name=op.f("fk_knowledge_successions_successor_knowledge_documents"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["replaced"],
            ["knowledge_documents.id"],
            name=op.f("fk_knowledge_successions_replaced_knowledge_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("generation", "replaced", "successor", name=op.f("pk_knowledge_successions")),
    )
    op.create_table(
        "knowledge_withdrawals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("restored_at", UtcDateTime(), nullable=True),
        sa.Column("restored_by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_withdrawals")),
    )
    op.create_index("ix_knowledge_withdrawals_open", "knowledge_withdrawals", ["restored_at", "source"], unique=False)
    op.create_table(
        "knowledge_verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_verifications")),
    )
    op.create_index(op.f("ix_knowledge_verifications_source"), "knowledge_verifications", ["source"], unique=False)
    op.create_table(
        "knowledge_notices",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("said", sa.String(length=255), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_knowledge_notices")),
    )
    op.create_index(op.f("ix_knowledge_notices_until"), "knowledge_notices", ["until"], unique=False)
    op.create_table(
        "knowledge_notice_audiences",
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["knowledge_notices.number"],
            name=op.f("fk_knowledge_notice_audiences_notice_knowledge_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice", "audience", name=op.f("pk_knowledge_notice_audiences")),
    )
