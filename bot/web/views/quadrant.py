"""Where the work is slowed and where customers complain: shared issue, silent cost, blind spot, healthy."""

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.experience.quadrant import Field, fields
from bot.signals.quadrants import LEAST_CONTACTS, LOADED, STANDS_OUT
from bot.web import exporting, periods, quadrant_drawing
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.periods import PERIODS
from bot.web.site import Site

QUADRANT = View(Entry.MAP, "/map/quadrant", "Friction × complaints")
_COLUMNS = (
    "touchpoint", "field", "weighted_minutes_per_employee", "people", "complaints", "contacts", "complaints_per_1000",
    "cut_per_1000", "cut_is_target", "hours_a_week",
)  # fmt: skip


class QuadrantRoom:
    views = (QUADRANT,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(QUADRANT.path, frame.reading(QUADRANT, self._show)),
            Route(f"{QUADRANT.path}.csv", frame.reading(QUADRANT, self._export)),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        period, map_ = periods.asked(visit.request.query_params), self._site.map()
        found = self._found(visit, session)
        shown = {
            "drawn": quadrant_drawing.drawn(found),
            "words": quadrant_drawing.WORDS,
            "found": found,
            "routed": any(one.spot.contacts for one in found),
            "name_of": map_.name_of,
            "where": lambda id_: (
                periods.address("/map", period, cell=f"{map_.cx[id_].channel}.{map_.cx[id_].stage}") + "#cell"
            ),
            "period": period,
            "periods": PERIODS,
            "csv": periods.address(f"{QUADRANT.path}.csv", period),
            "loaded": LOADED,
            "stands_out": STANDS_OUT,
            "least_contacts": LEAST_CONTACTS,
        }
        return visit.page("quadrant.html", shown)

    def _export(self, visit: Visit, session: Session) -> Response:
        name_of = self._site.map().name_of
        rows = [_row(one, name_of(one.spot.touchpoint)) for one in self._found(visit, session)]
        return exporting.file("friction-complaints", _COLUMNS, rows, day=self._site.today())

    def _found(self, visit: Visit, session: Session) -> tuple[Field, ...]:
        weeks = int(periods.asked(visit.request.query_params))
        return fields(periods.reading(self._site, visit, session, weeks=weeks))


def _row(one: Field, name: str) -> dict[str, object]:
    seen = one.placed.touchpoint
    return {
        "touchpoint": name,
        "field": one.placed.quadrant.value,
        "weighted_minutes_per_employee": None if seen.load is None else round(seen.load, 2),
        "people": seen.people,
        "complaints": seen.complaints,
        "contacts": seen.contacts,
        "complaints_per_1000": None if seen.rate is None else round(seen.rate, 2),
        "cut_per_1000": None if one.placed.cut is None else round(one.placed.cut, 2),
        "cut_is_target": "yes" if one.placed.by_target else "no",
        "hours_a_week": "few people" if one.spot.hours is None and one.spot.tickets else one.spot.hours,
    }
