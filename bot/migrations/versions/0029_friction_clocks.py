"""Since when something is promised of a ticket of friction, when its owner is warned, and when it is looked at next."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    for name in ("promised_at", "warn_acknowledge_at", "warn_resolve_at", "look_at"):
        op.add_column("friction_tickets", sa.Column(name, UtcDateTime(), nullable=True))
    op.create_index("ix_friction_tickets_look_at", "friction_tickets", ["look_at"])
