"""Tickets of friction, who reported them, what happened to them, their themes, and who is told of it."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    _themes()
    _tickets()
    _corrections()
    _events()
    _reports()
    _ticket_tools()
    _ticket_vectors()
    _imports()
    _report_customers()
    _cards()
    _news()
    _sights()


def _themes() -> None:
    op.create_table(
        "friction_themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_themes")),
        sqlite_autoincrement=True,
    )


def _tickets() -> None:
    op.create_table(
        "friction_tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("severity", sa.String(length=2), nullable=False),
        sa.Column("touchpoint", sa.String(length=64), nullable=False),
        sa.Column("partner", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("assignee", sa.String(length=255), nullable=False),
        sa.Column("assignee_name", sa.Text(), nullable=False),
        sa.Column("workaround", sa.Text(), nullable=False),
        sa.Column("root_cause", sa.String(length=24), nullable=False),
        sa.Column("resolution", sa.String(length=24), nullable=False),
        sa.Column("resolved_with", sa.Text(), nullable=False),
        sa.Column("merged_into", sa.Integer(), nullable=True),
        sa.Column("split_from", sa.Integer(), nullable=True),
        sa.Column("theme", sa.Integer(), nullable=True),
        sa.Column("placed_by", sa.Text(), nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("resolved_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledge_by", UtcDateTime(), nullable=True),
        sa.Column("resolve_by", UtcDateTime(), nullable=True),
        sa.Column("held_since", UtcDateTime(), nullable=True),
        sa.Column("held_seconds", sa.Float(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["theme"],
            ["friction_themes.id"],
            name=op.f("fk_friction_tickets_theme_friction_themes"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_tickets")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_friction_tickets_merged_into"), "friction_tickets", ["merged_into"])
    op.create_index("ix_friction_tickets_state", "friction_tickets", ["state", "changed_at"])
    op.create_index("ix_friction_tickets_team", "friction_tickets", ["team", "state"])
    op.create_index(op.f("ix_friction_tickets_theme"), "friction_tickets", ["theme"])
    op.create_index(op.f("ix_friction_tickets_touchpoint"), "friction_tickets", ["touchpoint"])


def _corrections() -> None:
    op.create_table(
        "friction_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=16), nullable=False),
        sa.Column("guessed", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_corrections_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_corrections")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_friction_corrections_ticket"), "friction_corrections", ["ticket"])


def _events() -> None:
    op.create_table(
        "friction_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_events_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_events")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_friction_events_ticket"), "friction_events", ["ticket"])


def _reports() -> None:
    op.create_table(
        "friction_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("privacy", sa.String(length=12), nullable=False),
        sa.Column("reached", sa.Text(), nullable=False),
        sa.Column("workspace_reached", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Float(), nullable=True),
        sa.Column("frequency", sa.String(length=12), nullable=False),
        sa.Column("effect", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("claim", sa.String(length=64), nullable=False),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("still", sa.String(length=3), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_reports_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_reports")),
        sa.UniqueConstraint("ticket", "handle", name=op.f("uq_friction_reports_ticket")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_friction_reports_claim"), "friction_reports", ["claim"])
    op.create_index("ix_friction_reports_reached", "friction_reports", ["reached"])


def _ticket_tools() -> None:
    op.create_table(
        "friction_ticket_tools",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_ticket_tools_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket", "tool", name=op.f("pk_friction_ticket_tools")),
    )
    op.create_index(op.f("ix_friction_ticket_tools_tool"), "friction_ticket_tools", ["tool"])


def _ticket_vectors() -> None:
    op.create_table(
        "friction_ticket_vectors",
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=255), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("guessed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_ticket_vectors_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket", name=op.f("pk_friction_ticket_vectors")),
    )


def _imports() -> None:
    op.create_table(
        "friction_imports",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_imports_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_friction_imports")),
    )
    op.create_index(op.f("ix_friction_imports_ticket"), "friction_imports", ["ticket"])


def _report_customers() -> None:
    op.create_table(
        "friction_report_customers",
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("customer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer"],
            ["customers.id"],
            name=op.f("fk_friction_report_customers_customer_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["report"],
            ["friction_reports.id"],
            name=op.f("fk_friction_report_customers_report_friction_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_friction_report_customers")),
    )
    op.create_index(op.f("ix_friction_report_customers_customer"), "friction_report_customers", ["customer"])


def _cards() -> None:
    op.create_table(
        "friction_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("workspace_shown", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"],
            ["friction_tickets.id"],
            name=op.f("fk_friction_cards_ticket_friction_tickets"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_cards")),
        sa.UniqueConstraint("ticket", "team", "channel", name=op.f("uq_friction_cards_ticket")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_friction_cards_ticket"), "friction_cards", ["ticket"])


def _news() -> None:
    op.create_table(
        "friction_news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event"], ["friction_events.id"], name=op.f("fk_friction_news_event_friction_events"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report"],
            ["friction_reports.id"],
            name=op.f("fk_friction_news_report_friction_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_news")),
        sa.UniqueConstraint("report", "event", name=op.f("uq_friction_news_report")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_friction_news_due_at", "friction_news", ["due_at"])
    op.create_index(op.f("ix_friction_news_event"), "friction_news", ["event"])
    op.create_table(
        "friction_habits",
        sa.Column("handle", sa.String(length=64), nullable=False),
        sa.Column("habit", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_friction_habits")),
    )


def _sights() -> None:
    op.create_table(
        "friction_sights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report", sa.Integer(), nullable=False),
        sa.Column("viewer", sa.String(length=255), nullable=False),
        sa.Column("viewer_name", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report"],
            ["friction_reports.id"],
            name=op.f("fk_friction_sights_report_friction_reports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_friction_sights")),
        sa.UniqueConstraint("report", "viewer", "at", name=op.f("uq_friction_sights_report")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_friction_sights_report"), "friction_sights", ["report"])
