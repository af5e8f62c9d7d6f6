"""The touchpoint map as a picture, each cell opened beside it, and as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import friction_wording
from bot.experience.finding import OPEN_ONES, Wanted, found
from bot.experience.mapped import mapped
from bot.experience.picture import Cell, Picture
from bot.friction import listing
from bot.touchpoints import TouchpointMap
from bot.web import exporting, map_drawing, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.periods import PERIODS, USUAL
from bot.web.site import Site

MAP = View(Entry.MAP, "/map", "Map")
MOST_TICKETS = 5
_COLUMNS = ("channel", "stage", "complaints", "hours_a_week", "unanswered_questions", "tools", "partners")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    period: str = USUAL
    cell: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        return cls(periods.asked(query), query.get("cell", "")[:80])

    def address(self, path: str = MAP.path, *, cell: str = "") -> str:
        return periods.address(path, self.period, cell=cell)


class MapRoom:
    views = (MAP,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(MAP.path, frame.reading(MAP, self._map)),
            Route("/map.csv", frame.reading(MAP, self._export)),
        ]

    def _map(self, visit: Visit, session: Session) -> Response:
        asked = Asked.of(visit.request.query_params)
        picture = self._picture(visit, session, asked)
        map_ = self._site.map()
        opened = picture.cell(asked.cell)
        values = {
            "picture": picture,
            "headline": headline(picture, map_),
            "rows": map_drawing.drawn(picture, map_.name_of),
            "stages": [(stage, map_.name_of(stage)) for stage in picture.stages],
            "period": PERIODS[asked.period],
            "periods": PERIODS,
            "asked": asked,
            "footer": footer(picture),
            "opened": opened,
            "address_of": lambda cell: f"{asked.address(cell=cell.key)}#cell",
            "name_of": map_.name_of,
            "csv": asked.address("/map.csv"),
        }
        return visit.page("map.html", values | (self._panel(visit, session, opened) if opened else {}))

    def _export(self, visit: Visit, session: Session) -> Response:
        picture = self._picture(visit, session, Asked.of(visit.request.query_params))
        name_of = self._site.map().name_of
        rows = [
            {
                "channel": name_of(cell.channel),
                "stage": name_of(cell.stage),
                "complaints": cell.complaints,
                "hours_a_week": "few people" if cell.few and not cell.hours else cell.hours and round(cell.hours, 1),
                "unanswered_questions": cell.gaps,
                "tools": [name_of(tool) for tool in cell.tools],
                "partners": [name_of(partner) for partner in cell.partners],
            }
            for cell in picture.cells
            if cell.touchpoints
        ]
        return exporting.file("map", _COLUMNS, rows, day=self._site.today())

    def _picture(self, visit: Visit, session: Session, asked: Asked) -> Picture:
        return mapped(periods.reading(self._site, visit.viewer, session, weeks=int(asked.period)))

    def _panel(self, visit: Visit, session: Session, cell: Cell) -> dict[str, object]:
        """What stands beside the map: the touchpoints of a cell, its tickets, what lies beneath, whose it is."""
        map_ = self._site.map()
        work = list(dict.fromkeys(one.id for id_ in cell.touchpoints for one in map_.serving(id_)))
        tickets = [
            one for id_ in work for one in found(session, Wanted(touchpoint=id_, state=OPEN_ONES), viewer=visit.viewer)
        ]
        owners = dict.fromkeys(map_.owner_of(id_) for id_ in (*cell.touchpoints, *work))
        return {
            "work": [(id_, map_.name_of(id_)) for id_ in work],
            "tickets": sorted(tickets, key=listing.hottest_first)[:MOST_TICKETS],
            "ticket_count": len(tickets),
            "weight": friction_wording.weight,
            "owners": [self._site.owners.name(team) for team in owners if team],
            "retiring": [tool for id_ in cell.tools if (tool := map_.tools[id_]).retiring_on],
        }


def headline(picture: Picture, map_: TouchpointMap) -> str:
    """ "Most hurt together: Return or leave, Shop"."""
    worst = picture.worst
    if worst is None:
        return "Where customers and employees meet"
    if worst.complaints and worst.hours:
        return "Where customers and employees hurt together"
    who = "customers" if worst.complaints else "employees"
    return f"Where {who} hurt most: {map_.name_of(worst.channel)}, {map_.name_of(worst.stage)}"


def footer(picture: Picture) -> str:
    """What is placed, and what is not."""
    told = f"Placed here: {picture.complaints} complaints and {round(picture.hours, 1):g} h a week."
    left = []
    if picture.unplaced:
        left.append(f"{picture.unplaced} complaints that fit no touchpoint")
    if picture.unplaced_hours:
        left.append(f"{round(picture.unplaced_hours, 1):g} h of work that serves no touchpoint by name")
    return f"{told} Not placed: {' and '.join(left)}." if left else told
