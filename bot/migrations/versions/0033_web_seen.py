"""When somebody who signed in was there last; whoever is signed in now signs in again."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.execute(sa.text("DELETE FROM web_sessions"))
    with op.batch_alter_table("web_sessions") as table:
        table.add_column(sa.Column("seen_at", UtcDateTime(), nullable=False))
