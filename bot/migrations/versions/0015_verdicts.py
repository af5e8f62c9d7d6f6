"""Why an answer did not help, and what people's judgments say of a section for a question."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    for column in (
        sa.Column("objection", sa.String(length=16), nullable=False, server_default=""),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("card", sa.String(length=255), nullable=False, server_default=""),
    ):
        op.add_column("feedback", column)
    op.create_table(
        "knowledge_judgments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("section", sa.Integer(), nullable=False),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("voice", sa.String(length=64), nullable=False),
        sa.Column("doubt", sa.Double(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["section"],
            ["knowledge_sections.id"],
            name=op.f("fk_knowledge_judgments_section_knowledge_sections"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_judgments")),
        sa.UniqueConstraint("key", name=op.f("uq_knowledge_judgments_key")),
    )
    op.create_index(op.f("ix_knowledge_judgments_section"), "knowledge_judgments", ["section"], unique=False)
