"""What is counted week by week is found by its time: tickets, reports, and contacts with their channel beside it."""

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    op.create_index("ix_friction_tickets_filed_at", "friction_tickets", ["filed_at"])
    op.create_index("ix_friction_tickets_changed_at", "friction_tickets", ["changed_at"])
    op.create_index("ix_friction_reports_at", "friction_reports", ["at"])
    op.drop_index("ix_interactions_at", "interactions")
    op.create_index("ix_interactions_at", "interactions", ["at", "channel", "direction"])
