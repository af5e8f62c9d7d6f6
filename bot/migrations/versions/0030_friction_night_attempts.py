"""How often the themes of a night were begun."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("friction_nights", sa.Column("attempts", sa.Integer(), nullable=False, server_default="1"))
