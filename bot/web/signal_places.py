"""Where the things that a signal names, and the rows it was counted from, have a page of their own."""

from urllib.parse import quote

from bot.noticing import wording
from bot.noticing.names import path_of
from bot.signals.signal import Evidence
from bot.touchpoints import TouchpointMap

# Links to rows of evidence on a page; the file has all.
MOST_ROWS = 8


def shown(map_: TouchpointMap, *, pages: bool) -> dict[str, object]:
    """What `signal.html` needs; `pages`: whether this site shows those of the knowledge."""
    return {
        "where": lambda id_: path_of(id_, map_),
        "row": lambda rows, id_: row(rows, id_, pages=pages),
        "number": wording.number,
        "rows_of": wording.rows,
        "most": MOST_ROWS,
    }


def row(evidence: Evidence, id_: str, *, pages: bool) -> str:
    """Where a row of evidence is read; rows of customers have no such place, and are named by number alone."""
    if evidence.kind == "page" and pages:
        return f"/knowledge/pages/{quote(id_)}"
    return f"/tickets/FR-{id_}" if evidence.kind == "ticket" else ""
