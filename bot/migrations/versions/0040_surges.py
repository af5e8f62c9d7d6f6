"""Of which surge of complaints the frontline was told."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.create_table(
        "letter_surges",
        sa.Column("workspace", sa.String(length=64), server_default="", nullable=False),
        sa.Column("touchpoint", sa.String(length=255), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "touchpoint", name=op.f("pk_letter_surges")),
    )
