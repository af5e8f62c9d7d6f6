"""What those who steer write down: annotations, self-ratings, decisions, verdicts, what partners know."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0036"
down_revision = "0034"


def upgrade() -> None:
    op.create_table(
        "steering_annotations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("about", sa.String(length=64), nullable=False),
        *_said("words"),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steering_annotations")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steering_annotations_day", "steering_annotations", ["day"])
    op.create_table(
        "steering_ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("component", sa.String(length=24), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        *_said("why"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steering_ratings")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steering_ratings_quarter", "steering_ratings", ["quarter", "component"])
    op.create_table(
        "steering_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.Column("standing", sa.String(length=8), nullable=False),
        *_said("why"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steering_decisions")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steering_decisions_item", "steering_decisions", ["item", "id"])
    op.create_table(
        "steering_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme", sa.Integer(), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        *_said(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steering_verdicts")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_steering_verdicts_pair", "steering_verdicts", ["theme", "touchpoint"])
    op.create_table(
        "steering_acknowledgements",
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("partner", sa.String(length=64), nullable=False),
        *_said(),
        sa.ForeignKeyConstraint(
            ["notice"],
            ["knowledge_notices.number"],
            name=op.f("fk_steering_acknowledgements_notice_knowledge_notices"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice", "partner", name=op.f("pk_steering_acknowledgements")),
    )


def _said(*words: str) -> list[sa.Column[Any]]:
    """What somebody said, who and when."""
    return [
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    ]
