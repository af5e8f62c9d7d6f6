"""What each generation brought, so that people can ask what changed; and whom the bot has met."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "knowledge_changes",
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("generation", "source", name=op.f("pk_knowledge_changes")),
    )
    op.create_index("ix_knowledge_changes_at", "knowledge_changes", ["at"])
    op.create_table(
        "acquaintances",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person", name=op.f("pk_acquaintances")),
    )
