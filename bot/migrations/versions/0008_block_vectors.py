"""What the blocks of a passage mean, made together with the passage's own vector."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "knowledge_block_vectors",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.Column("checksum", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key"],
            ["knowledge_vectors.key"],
            name=op.f("fk_knowledge_block_vectors_key_knowledge_vectors"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_knowledge_block_vectors")),
    )
