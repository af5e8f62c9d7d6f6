"""The words of a passage are kept beside it, and searched in memory or by the engine; SQLite's FTS5 table goes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP TABLE IF EXISTS knowledge_words")
    # Empty until the next reindex reads every page anew; until then a question is searched by its meaning.
    op.add_column(
        "knowledge_passages", sa.Column("terms", sa.LargeBinary(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("knowledge_generations", sa.Column("pages", sa.String(64), nullable=False, server_default=""))
