"""What contacts mean, kept from the first time somebody opens their customer."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "interaction_vectors",
        sa.Column("interaction", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["interaction"],
            ["interactions.id"],
            name=op.f("fk_interaction_vectors_interaction_interactions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("interaction", name=op.f("pk_interaction_vectors")),
    )
