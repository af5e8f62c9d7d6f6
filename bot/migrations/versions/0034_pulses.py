"""One-tap questions: who was asked, what was answered, the secrets of the weeks, who wants to be left alone."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    op.create_table(
        "pulse_weeks",
        sa.Column("monday", sa.Date(), primary_key=True),
        sa.Column("secret", sa.String(64), nullable=False),
    )
    op.create_table(
        "pulse_asked",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("handle", sa.String(64), nullable=False),
        sa.Column("question", sa.String(8), nullable=False),
        sa.Column("tool", sa.String(64), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pulse_asked_handle", "pulse_asked", ["handle", "at"])
    op.create_index("ix_pulse_asked_week", "pulse_asked", ["monday"])
    op.create_table(
        "pulse_answers",
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("question", sa.String(8), nullable=False),
        sa.Column("tool", sa.String(64), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(64), nullable=False),
        sa.Column("place", sa.String(64), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pulse_answers_monday", "pulse_answers", ["monday"])
    op.create_table(
        "pulse_stops",
        sa.Column("handle", sa.String(64), primary_key=True),
        sa.Column("since", UtcDateTime(), nullable=False),
    )
