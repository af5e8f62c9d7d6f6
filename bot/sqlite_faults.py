"""What SQLite complains of, in the words of somebody who has to mend it."""

from bot.errors import StorageFault

_REMEDIES = {
    "SQLITE_FULL": "The disk of the database is full. Free some space, then try again; nothing was lost.",
    "SQLITE_IOERR": (
        "The disk of the database does not take what is written. Look whether it is full, or whether a quota or a "
        "limit of file sizes holds, free some space, then try again; nothing was lost."
    ),
    "SQLITE_READONLY": (
        "The database cannot be written. Give this user the right to write it and its folder, or set DATA_DIR."
    ),
    "SQLITE_CANTOPEN": (
        "The database cannot be opened, or its folder cannot be written. Give this user the right to do both, or set "
        "DATA_DIR."
    ),
    "SQLITE_BUSY": (
        "Another program has been writing to the database all the time. Look which one it is, or wait until it is "
        "done, then try again."
    ),
    "SQLITE_CORRUPT": "The database is damaged. Restore it from a backup, or move it away and reindex.",
    "SQLITE_NOTADB": "The database is damaged. Restore it from a backup, or move it away and reindex.",
}


def explained(fault: Exception) -> StorageFault | None:
    """What to tell a person; None where nobody but a programmer can mend it, and of PostgreSQL."""
    cause = getattr(fault, "orig", None)
    name = getattr(cause, "sqlite_errorname", None) or ""
    remedy = next((remedy for start, remedy in _REMEDIES.items() if name.startswith(start)), None)
    return StorageFault(f"{remedy} (SQLite: {cause})") if remedy else None
