"""How the bot behaves in a channel."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("folders", sa.JSON(), nullable=False),
        sa.Column("unasked", sa.Boolean(), nullable=False),
        sa.Column("escalation", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=255), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
