"""What shows that the root cause of a ticket is the one."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("friction_tickets", sa.Column("cause_shown_by", sa.Text(), server_default="", nullable=False))
