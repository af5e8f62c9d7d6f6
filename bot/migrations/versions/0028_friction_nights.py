"""When themes were proposed, and what somebody did to them, so that it can be undone."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "friction_nights",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_friction_nights")),
    )
    op.create_table(
        "friction_theme_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_theme_changes")),
        sqlite_autoincrement=True,
    )
