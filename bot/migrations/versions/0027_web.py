"""Who is let in to the page: one-time links, and sessions."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "web_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), server_default="", nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_links")),
    )
    op.create_index("ix_web_links_until", "web_links", ["until"])
    op.create_table(
        "web_sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("workspace", sa.String(length=64), server_default="", nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_sessions")),
    )
    op.create_index("ix_web_sessions_until", "web_sessions", ["until"])
