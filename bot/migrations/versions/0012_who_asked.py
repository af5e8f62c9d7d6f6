"""Who an event is from, so that it can be counted how much somebody asks."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("person", sa.String(length=64), nullable=False, server_default=""))
    op.create_index("ix_inbox_person", "inbox", ["kind", "person", "received_at"])
    op.create_index("ix_inbox_received", "inbox", ["kind", "received_at"])
