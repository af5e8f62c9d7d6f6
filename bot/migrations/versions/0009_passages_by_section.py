"""The passages of a section by an index: without it, each section that is dropped reads through all passages."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_index(op.f("ix_knowledge_passages_section"), "knowledge_passages", ["section"])
