"""For which customers a section of a page holds; who is on which treatment track, and what became of it."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("knowledge_sections", sa.Column("conditions", sa.JSON(), server_default="[]", nullable=False))
    _rules()
    _assignments()
    _exposures()
    _steps()


def _rules() -> None:
    op.create_table(
        "track_rules",
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("track", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_track_rules")),
    )


def _assignments() -> None:
    op.create_table(
        "track_assignments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=64), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("cause", sa.JSON(), nullable=False),
        sa.Column("met_by", sa.String(length=16), nullable=False),
        sa.Column("held_back", sa.Boolean(), nullable=False),
        sa.Column("assigned_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("ended", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name=op.f("fk_track_assignments_customer_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_assignments")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_track_assignments_customer", "track_assignments", ["customer", "ended_at"])
    op.create_index(op.f("ix_track_assignments_track"), "track_assignments", ["track"])


def _exposures() -> None:
    op.create_table(
        "track_exposures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("workspace", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment"],
            ["track_assignments.id"],
            name=op.f("fk_track_exposures_assignment_track_assignments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_exposures")),
        sa.UniqueConstraint("workspace", "assignment", "person", "day", name=op.f("uq_track_exposures_workspace")),
    )
    op.create_index(op.f("ix_track_exposures_assignment"), "track_exposures", ["assignment"])


def _steps() -> None:
    op.create_table(
        "track_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("author_workspace", sa.String(length=64), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment"],
            ["track_assignments.id"],
            name=op.f("fk_track_steps_assignment_track_assignments"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_steps")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_track_steps_assignment"), "track_steps", ["assignment"])
    op.create_index(op.f("ix_track_steps_result"), "track_steps", ["result"])
