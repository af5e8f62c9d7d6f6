"""Which work is slowed by which tool."""

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.experience.touchpoints import Heat, heat
from bot.web import exporting, heat_drawing
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.periods import reading
from bot.web.site import Site

HEAT = View(Entry.MAP, "/map/heat", "Touchpoint × tool")
_COLUMNS = ("touchpoint", "tool", "tickets", "hours_a_week", "weighted_minutes_per_employee", "why_no_load")


class HeatRoom:
    views = (HEAT,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(HEAT.path, frame.reading(HEAT, self._show)),
            Route(f"{HEAT.path}.csv", frame.reading(HEAT, self._export)),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        found, name_of = self._found(visit, session), self._site.map().name_of
        shown = {
            "found": found,
            "drawn": heat_drawing.drawn(found, name_of),
            "touchpoint_name": lambda id_: heat_drawing.touchpoint_name(id_, name_of),
            "tool_name": lambda id_: heat_drawing.tool_name(id_, name_of),
            "where": heat_drawing.where,
        }
        return visit.page("heat.html", shown)

    def _export(self, visit: Visit, session: Session) -> Response:
        name_of = self._site.map().name_of
        rows = [
            {
                "touchpoint": name_of(one.touchpoint) if one.touchpoint else "",
                "tool": name_of(one.tool) if one.tool else "",
                "tickets": one.tickets,
                "hours_a_week": "few people" if one.hours is None else one.hours,
                "weighted_minutes_per_employee": None if one.load.value is None else round(one.load.value, 2),
                "why_no_load": one.load.why,
            }
            for one in self._found(visit, session)
        ]
        return exporting.file("touchpoint-tool", _COLUMNS, rows, day=self._site.today())

    def _found(self, visit: Visit, session: Session) -> tuple[Heat, ...]:
        return heat(reading(self._site, visit, session))
