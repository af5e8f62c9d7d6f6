"""What a message carries in Slack, what paces it, and what is known of the ones that may have been posted."""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0011"
down_revision = "0010"

ROWS = sa.table(
    "outbox",
    sa.column("id"),
    sa.column("destination", sa.JSON),
    sa.column("token"),
    sa.column("lane"),
    sa.column("attempts"),
    sa.column("replica"),
    sa.column("doubtful"),
    sa.column("state"),
    sa.column("died_at", UtcDateTime()),
)


def upgrade() -> None:
    op.create_table(
        "outbox_paces",
        sa.Column("lane", sa.String(length=255), nullable=False),
        sa.Column("free_at", UtcDateTime(), nullable=False),
        sa.Column("strikes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_outbox_paces")),
    )
    for name, length in (("lane", 255), ("token", 32), ("posted_in", 64)):
        op.add_column("outbox", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
    op.add_column("outbox", sa.Column("replaces", sa.String(length=255), nullable=True))
    op.add_column("outbox", sa.Column("doubtful", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outbox", sa.Column("replayed_at", UtcDateTime(), nullable=True))
    op.add_column("outbox", sa.Column("died_at", UtcDateTime(), nullable=True))
    _carry_over(datetime.now(UTC))


def _carry_over(now: datetime) -> None:
    """What is not delivered yet goes on in the lane of its destination.

    What was tried before carries its number in Slack, where it was posted at all.
    """
    connection = op.get_bind()
    columns = (ROWS.c.id, ROWS.c.destination, ROWS.c.attempts, ROWS.c.replica, ROWS.c.state)
    for row in connection.execute(sa.select(*columns).where(ROWS.c.state != "sent")).all():
        tried = row.attempts > 0 or row.replica is not None
        connection.execute(
            sa.update(ROWS)
            .where(ROWS.c.id == row.id)
            .values(
                token=str(row.id) if tried else uuid.uuid4().hex,
                lane=_lane(row.destination),
                doubtful=tried,
                died_at=now if row.state == "dead" else None,
            )
        )


def _lane(to: dict[str, str | None]) -> str:
    if to.get("response_url"):
        return "response_url"
    return "chat.postEphemeral" if to.get("only") else str(to["channel"])
