"""Versions of the touchpoint map, the touchpoint of each interaction, and how many people work where."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "map_versions",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("routed_at", UtcDateTime(), nullable=True),
    )
    op.create_table(
        "map_things",
        sa.Column("id", sa.String(255), primary_key=True),
        sa.Column("thing", sa.String(20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("retired", sa.Integer(), nullable=True),
    )
    op.add_column("friction_tickets", sa.Column("map_version", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "interaction_routes",
        sa.Column("interaction", sa.Integer(), sa.ForeignKey("interactions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("touchpoint", sa.String(64), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("complaint", sa.Boolean(), nullable=False),
        sa.Column("routed_by", sa.String(255), nullable=False),
        sa.Column("map_version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
    )
    op.create_index("ix_interaction_routes_touchpoint", "interaction_routes", ["touchpoint", "complaint"])
    op.create_table(
        "headcounts",
        sa.Column("roles", sa.String(255), primary_key=True),
        sa.Column("place", sa.String(64), primary_key=True),
        sa.Column("people", sa.Integer(), nullable=False),
    )
