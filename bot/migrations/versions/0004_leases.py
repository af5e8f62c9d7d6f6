"""Who is at work on an event or a message, and until when nobody else may be."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("inbox", "outbox"):
        op.add_column(table, sa.Column("replica", sa.String(length=64), nullable=True))
        op.add_column(table, sa.Column("lease_until", UtcDateTime(), nullable=True))
