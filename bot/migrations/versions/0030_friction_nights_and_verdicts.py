"""How often the themes of a night were begun, and what told the owner of a ticket of it first."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("friction_nights", sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("friction_tickets", sa.Column("told_by", sa.String(length=255), nullable=False, server_default=""))
