"""Who wants no weekly digest, and who was told of which alert."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "letter_stops",
        sa.Column("workspace", sa.String(length=64), server_default="", nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", name=op.f("pk_letter_stops")),
    )
    op.create_table(
        "letter_alerts",
        sa.Column("workspace", sa.String(length=64), server_default="", nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("thing", sa.String(length=255), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "person", "thing", name=op.f("pk_letter_alerts")),
    )
