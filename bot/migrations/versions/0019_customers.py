"""Customers, what each system says of them, what they are known by, and their interactions on every channel."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    _customers()
    _customer_records()
    _customer_keys()
    _interactions()
    _customer_merges()
    _identity_proposals()


def _customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alias", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["customers.id"], name=op.f("fk_customers_merged_into_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("alias", name=op.f("uq_customers_alias")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_customers_merged_into"), "customers", ["merged_into"], unique=False)


def _customer_records() -> None:
    op.create_table(
        "customer_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_customer_records_customer_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_records")),
        sa.UniqueConstraint("source", "kind", "source_id", name=op.f("uq_customer_records_source")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_customer_records_customer"), "customer_records", ["customer"], unique=False)


def _customer_keys() -> None:
    op.create_table(
        "customer_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("issuer", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_customer_keys_customer_customers")),
        sa.ForeignKeyConstraint(
            ["record"],
            ["customer_records.id"],
            name=op.f("fk_customer_keys_record_customer_records"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_keys")),
    )
    op.create_index(op.f("ix_customer_keys_customer"), "customer_keys", ["customer"], unique=False)
    op.create_index(op.f("ix_customer_keys_record"), "customer_keys", ["record"], unique=False)
    op.create_index("ix_customer_keys_value", "customer_keys", ["value", "kind"], unique=False)


def _interactions() -> None:
    op.create_table(
        "interactions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.Column("known_by", sa.Text(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("transfers", sa.Integer(), nullable=True),
        sa.Column("refs", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["customer"], ["customers.id"], name=op.f("fk_interactions_customer_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interactions")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_interactions_source")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_interactions_customer", "interactions", ["customer", "at"], unique=False)


def _customer_merges() -> None:
    op.create_table(
        "customer_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=8), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["gone"], ["customers.id"], name=op.f("fk_customer_merges_gone_customers")),
        sa.ForeignKeyConstraint(["kept"], ["customers.id"], name=op.f("fk_customer_merges_kept_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_merges")),
    )
    op.create_index(op.f("ix_customer_merges_gone"), "customer_merges", ["gone"], unique=False)
    op.create_index(op.f("ix_customer_merges_kept"), "customer_merges", ["kept"], unique=False)


def _identity_proposals() -> None:
    op.create_table(
        "identity_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["one"], ["customers.id"], name=op.f("fk_identity_proposals_one_customers")),
        sa.ForeignKeyConstraint(["other"], ["customers.id"], name=op.f("fk_identity_proposals_other_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_proposals")),
        sa.UniqueConstraint("one", "other", name=op.f("uq_identity_proposals_one")),
    )
    op.create_index(op.f("ix_identity_proposals_other"), "identity_proposals", ["other"], unique=False)
    op.create_index(op.f("ix_identity_proposals_state"), "identity_proposals", ["state"], unique=False)
