"""How many days of work a theme takes, as whoever steers estimates it."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "steering_efforts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Integer(), nullable=False),
        sa.Column("days", sa.Float(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steering_efforts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steering_efforts_theme", "steering_efforts", ["theme", "id"])
