"""Pages that disagree: which blocks, about what, and how often people were shown it."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "knowledge_compared",
        sa.Column("document", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document"],
            ["knowledge_documents.id"],
            name=op.f("fk_knowledge_compared_document_knowledge_documents"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("document", name=op.f("pk_knowledge_compared")),
    )
    op.create_table(
        "knowledge_conflicts",
        sa.Column("id", sa.Integer(), nullable=False),
        *(
            column
            for side in ("first", "second")
            for column in (
                sa.Column(f"{side}_document", sa.Integer(), nullable=False),
                sa.Column(f"{side}_passage", sa.Integer(), nullable=False),
                sa.Column(f"{side}_block", sa.Integer(), nullable=False),
                sa.Column(f"{side}_sentence", sa.Text(), nullable=False),
                sa.Column(f"{side}_says", sa.Text(), nullable=False),
            )
        ),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("certain", sa.Boolean(), nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{side}_{what}"],
                [f"knowledge_{what}s.id"],
                name=op.f(f"fk_knowledge_conflicts_{side}_{what}_knowledge_{what}s"),
                ondelete="CASCADE",
            )
            for side in ("first", "second")
            for what in ("document", "passage")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_conflicts")),
    )
    for column in ("first_document", "first_passage", "second_document", "second_passage"):
        op.create_index(op.f(f"ix_knowledge_conflicts_{column}"), "knowledge_conflicts", [column], unique=False)
