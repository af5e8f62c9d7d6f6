"""Who looked at which customer: a table that the database itself lets nobody change. Old questions are dropped."""

import sqlalchemy as sa
from alembic import op
from bot.database import UtcDateTime

revision = "0020"
down_revision = "0019"

_REFUSED = "rows of the audit are only ever added"
_UP_TO = "SELECT coalesce(max(dropped), 0) FROM audit WHERE dropped IS NOT NULL"

# SQLite's INSERT OR REPLACE deletes without asking the triggers of a deletion, so an insertion is looked at too.
_SQLITE = (
    f"""CREATE TRIGGER audit_not_changed BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER audit_not_deleted BEFORE DELETE ON audit WHEN OLD.number > ({_UP_TO})
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    f"""CREATE TRIGGER audit_at_the_end BEFORE INSERT ON audit
        WHEN NEW.number <> (SELECT coalesce(max(number) + 1, NEW.number) FROM audit)
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}, at the end'); END""",  # noqa: S608 - of constants
)
_POSTGRESQL = (
    f"""CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                IF OLD.number <= ({_UP_TO}) THEN RETURN OLD; END IF;
            ELSIF TG_OP = 'INSERT' THEN
                IF NEW.number = (SELECT coalesce(max(number) + 1, NEW.number) FROM audit) THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
        END $$""",  # noqa: S608 - as above
    """CREATE TRIGGER audit_guard BEFORE INSERT OR UPDATE OR DELETE ON audit
       FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("workspace", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=255), nullable=False),
        sa.Column("channel", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("dropped", sa.Integer(), nullable=True),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_customer", "audit", ["customer", "number"])
    op.create_index("ix_audit_person", "audit", ["person", "number"])
    there = sa.text("dropped IS NOT NULL")
    op.create_index("ix_audit_dropped", "audit", ["dropped"], sqlite_where=there, postgresql_where=there)
    op.create_index("ix_exchanges_asked_at", "exchanges", ["asked_at"])
    for statement in _POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)
