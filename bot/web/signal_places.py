"""Where the things that a signal names, and the rows it was counted from, have a page of their own."""

from bot.noticing import wording
from bot.signals.signal import Evidence
from bot.touchpoints import TouchpointMap
from bot.web.filtering import theme_number

# Links to rows of evidence on a page; the file has all.
MOST_ROWS = 8


def shown(map_: TouchpointMap) -> dict[str, object]:
    """What `signal.html` needs."""
    return {"where": lambda id_: where(id_, map_), "row": row, "number": wording.number, "most": MOST_ROWS}


def where(id_: str, map_: TouchpointMap) -> str:
    """The page of a thing that a signal is about, "" where it has none."""
    kind, _, number = id_.partition(":")
    if kind == "theme" and theme_number(number):
        return f"/themes/{number}"
    if id_ in map_.cx:
        return f"/map?cell={map_.cx[id_].channel}.{map_.cx[id_].stage}#cell"
    if id_ in map_.ex:
        return f"/tickets?touchpoint={id_}&state=all"
    return f"/tickets?tool={id_}&state=all" if id_ in map_.tools else ""


def row(evidence: Evidence, id_: str) -> str:
    """The page of a row of evidence; rows of customers have none here, and are named by number alone."""
    return f"/tickets/FR-{id_}" if evidence.kind == "ticket" else ""
