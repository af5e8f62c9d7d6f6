"""Where the things that a signal names, and the rows it was counted from, have a page of their own."""

from bot.noticing import wording
from bot.noticing.names import path_of
from bot.signals.signal import Evidence
from bot.touchpoints import TouchpointMap

# Links to rows of evidence on a page; the file has all.
MOST_ROWS = 8


def shown(map_: TouchpointMap) -> dict[str, object]:
    """What `signal.html` needs."""
    return {
        "where": lambda id_: path_of(id_, map_),
        "row": row,
        "number": wording.number,
        "rows_of": wording.rows,
        "most": MOST_ROWS,
    }


def row(evidence: Evidence, id_: str) -> str:
    """The page of a row of evidence; rows of customers have none here, and are named by number alone."""
    return f"/tickets/FR-{id_}" if evidence.kind == "ticket" else ""
