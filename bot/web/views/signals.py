"""What is worth a look, the most important first: with its numbers, n, its rows, and what nothing is said of."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.noticing import wording
from bot.noticing.names import names, path_of
from bot.noticing.noticed import KINDS, WEEKS, noticed
from bot.signals.signal import Evidence, Kind
from bot.web import exporting, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

SIGNALS = View(Entry.MAP, "/signals", "Signals")
# Links to rows of evidence on the page; the file has all.
MOST_ROWS = 8
_COLUMNS = ("kind", "verdict", "where", "sentence", "numbers", "since", "until", "evidence")


class SignalsRoom:
    views = (SIGNALS,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(SIGNALS.path, frame.reading(SIGNALS, self._show)),
            Route(f"{SIGNALS.path}.csv", frame.reading(SIGNALS, self._export)),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        kind = _kind(visit.request.query_params)
        reading = periods.reading(self._site, visit.viewer, session, weeks=WEEKS)
        found, map_ = noticed(reading, KINDS if kind is None else (kind,)), self._site.map()
        shown = {
            "found": found,
            "kind": kind,
            "kinds": list(KINDS),
            "weeks": reading.weeks,
            "name_of": names(reading),
            "where": lambda id_: path_of(id_, map_),
            "row": row,
            "number": wording.number,
            "most": MOST_ROWS,
            "csv": f"{SIGNALS.path}.csv" + (f"?kind={kind.value.replace(' ', '+')}" if kind else ""),
        }
        return visit.page("signals.html", shown)

    def _export(self, visit: Visit, session: Session) -> Response:
        kind = _kind(visit.request.query_params)
        reading = periods.reading(self._site, visit.viewer, session, weeks=WEEKS)
        found, name_of = noticed(reading, KINDS if kind is None else (kind,)), names(reading)
        rows = [
            {
                "kind": one.kind.value,
                "verdict": one.verdict,
                "where": one.where,
                "sentence": one.sentence(name_of),
                "numbers": [wording.number(each) for each in one.numbers],
                "since": one.period.since,
                "until": one.period.until,
                "evidence": [f"{each.kind} {id_}" for each in one.evidence for id_ in each.ids],
            }
            for one in found.signals
        ]
        return exporting.file("signals", _COLUMNS, rows, day=self._site.today())


def row(evidence: Evidence, id_: str) -> str:
    """The page of a row of evidence; rows of customers have none here, and are named by number alone."""
    return f"/tickets/FR-{id_}" if evidence.kind == "ticket" else ""


def _kind(query: Mapping[str, str]) -> Kind | None:
    """None, which is all of them, for anything that is none."""
    said = query.get("kind", "")
    return next((kind for kind in KINDS if kind.value == said), None)
