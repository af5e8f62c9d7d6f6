"""What is worth a look, the most important first: with its numbers, n, its rows, and what nothing is said of."""

from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.experience.reading import Reading
from bot.noticing import wording
from bot.noticing.names import names
from bot.noticing.noticed import KINDS, WEEKS, Noticed, noticed
from bot.signals.signal import Kind
from bot.web import exporting, periods, signal_places
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

SIGNALS = View(Entry.MAP, "/signals", "Signals")
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
        reading = periods.reading(self._site, visit, session, weeks=WEEKS)
        found, map_ = self._found(reading, kind), self._site.map()
        shown = {
            "found": found,
            "kind": kind,
            "kinds": list(KINDS),
            "weeks": reading.weeks,
            "zone": self._site.zone,
            "name_of": names(reading),
            **signal_places.shown(map_, pages=self._site.keeping is not None),
            "csv": f"{SIGNALS.path}.csv" + (f"?kind={kind.value.replace(' ', '+')}" if kind else ""),
        }
        return visit.page("signals.html", shown)

    def _export(self, visit: Visit, session: Session) -> Response:
        kind = _kind(visit.request.query_params)
        reading = periods.reading(self._site, visit, session, weeks=WEEKS)
        found, name_of = self._found(reading, kind), names(reading)
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

    def _found(self, reading: Reading, kind: Kind | None) -> Noticed:
        return noticed(reading, frozenset(KINDS if kind is None else {kind}))


def _kind(query: Mapping[str, str]) -> Kind | None:
    """None, which is all of them, for anything that is none."""
    said = query.get("kind", "")
    return next((kind for kind in KINDS if kind.value == said), None)
