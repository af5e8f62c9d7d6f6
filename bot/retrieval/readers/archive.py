"""DOCX, PPTX and XLSX are zip archives; what one unpacks to is counted before anything is unpacked."""

import io
import zipfile
import zlib

from bot.errors import Unreadable

# A zip that unpacks to more than this, or that shrank more than this, is a bomb and not a page (trust rule, measured).
# The sizes are the archive's own claim, and `zipfile` unpacks no entry beyond its claim.
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 200
# A deck of 500 slides with pictures and notes has some 3,000.
MAX_ENTRIES = 10_000

# What libraries raise over an archive that is damaged, encrypted, or holds something else than its name says.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError,
    RuntimeError, NotImplementedError,
)  # fmt: skip


def refuse_bombs(raw: bytes, *, damaged: str) -> None:
    """Raises `Unreadable` for a bomb, and with the reason `damaged` for what is no archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
    except DAMAGE as fault:
        raise Unreadable(damaged) from fault
    unpacked = sum(sizes)
    if unpacked > MAX_UNPACKED_BYTES or unpacked > MAX_RATIO * len(raw):
        raise Unreadable(
            f"the file unpacks to {unpacked // 1048576} MB, which no page does; save its text as a new file"
        )
    if len(sizes) > MAX_ENTRIES:
        raise Unreadable(f"the file holds {len(sizes):,} parts, which no page does; save its text as a new file")
