"""Whether the database still refuses to change the audit: its triggers, as the migration made them."""

from sqlalchemy import text
from sqlalchemy.orm import Session

_SQLITE = text("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit'")
_POSTGRESQL = text(
    "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'audit'::regclass AND NOT tgisinternal AND tgenabled IN ('O', 'A')"
)


def guarded(session: Session) -> bool:
    """False where somebody removed a trigger or switched it off; `verify` says whether they changed anything."""
    if session.get_bind().dialect.name == "postgresql":
        return bool(session.scalar(_POSTGRESQL) == 2)  # noqa: PLR2004 - for a row, and for TRUNCATE
    return bool(session.scalar(_SQLITE) == 3)  # noqa: PLR2004 - for UPDATE, DELETE and INSERT
