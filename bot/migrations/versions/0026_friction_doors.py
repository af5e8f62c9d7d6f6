"""What reports of friction came from: steps of tracks that could not be done, questions whose answer was unclear."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "friction_report_steps",
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report"],
            ["friction_reports.id"],
            name=op.f("fk_friction_report_steps_report_friction_reports"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["step"], ["track_steps.id"], name=op.f("fk_friction_report_steps_step_track_steps"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_friction_report_steps")),
    )
    op.create_index(op.f("ix_friction_report_steps_report"), "friction_report_steps", ["report"])
    op.create_table(
        "friction_questions",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("exchange", sa.Integer(), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.Column("asked_in", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exchange"], ["exchanges.id"], name=op.f("fk_friction_questions_exchange_exchanges"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_questions_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket", "exchange", name=op.f("pk_friction_questions")),
    )
    op.create_index(op.f("ix_friction_questions_exchange"), "friction_questions", ["exchange"])
