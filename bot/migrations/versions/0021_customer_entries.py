"""What people write to a customer's story, and which customer a conversation is about."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_index("ix_interactions_at", "interactions", ["at"])
    op.create_table(
        "customer_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("interaction", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=255), nullable=False),
        sa.Column("author_workspace", sa.String(length=64), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name=op.f("fk_customer_entries_customer_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["interaction"],
            ["interactions.id"],
            name=op.f("fk_customer_entries_interaction_interactions"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_customer_entries_customer", "customer_entries", ["customer", "at"])
    op.create_index("ix_customer_entries_due", "customer_entries", ["kind", "due"])
    op.create_index(op.f("ix_customer_entries_interaction"), "customer_entries", ["interaction"])
    op.create_table(
        "customer_focus",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("thread", sa.String(length=32), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(
            ["customer"], ["customers.id"], name=op.f("fk_customer_focus_customer_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_focus")),
        sa.UniqueConstraint("workspace", "person", "channel", "thread", name=op.f("uq_customer_focus_workspace")),
    )
    op.create_index(op.f("ix_customer_focus_customer"), "customer_focus", ["customer"])
    op.create_index(op.f("ix_customer_focus_at"), "customer_focus", ["at"])
