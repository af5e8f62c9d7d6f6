"""The touchpoint map as a picture, of all of it or of a place or a partner; each cell opened beside it; as CSV."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.experience.lanes import lanes
from bot.experience.map_words import headline
from bot.experience.mapped import ALL_OF_IT, Part, mapped, places
from bot.experience.picture import Cell, Picture
from bot.experience.reading import Reading
from bot.touchpoints import TouchpointMap
from bot.web import exporting, map_drawing, map_panel, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.periods import PERIODS, USUAL
from bot.web.site import Site

MAP = View(Entry.MAP, "/map", "Map")
_COLUMNS = ("channel", "stage", "complaints", "hours_a_week", "unanswered_questions", "tools", "partners", "owners")


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    period: str = USUAL
    part: Part = ALL_OF_IT
    cell: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str], *, places: Mapping[str, str], partners: Mapping[str, str]) -> "Asked":
        """A place of which nothing may be told, or a partner that is none, is all of them."""
        place, partner = query.get("place", ""), query.get("partner", "")
        part = Part(place if place in places else "", partner if partner in partners else "")
        return cls(periods.asked(query), part, query.get("cell", "")[:80])

    def address(self, path: str = MAP.path, *, cell: str = "") -> str:
        return periods.address(path, self.period, place=self.part.place, partner=self.part.partner, cell=cell)


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
        map_ = self._site.map()
        reading = self._reading(visit, session)
        here = self._places(reading)
        asked = self._asked(visit, here)
        picture = mapped(reading, asked.part)
        opened = picture.cell(asked.cell)
        values = {
            "picture": picture,
            "headline": headline(picture, map_),
            "rows": map_drawing.drawn(picture, map_.name_of),
            "stages": [(stage, map_.name_of(stage)) for stage in picture.stages],
            "period": PERIODS[asked.period],
            "periods": PERIODS,
            "places": here,
            "partners": {one.id: one.name for one in map_.partners.values()},
            "asked": asked,
            "lanes": lanes(reading, asked.part),
            "missing": missing(picture, map_, PERIODS[asked.period]),
            "owners_of": self._owners,
            "owner_name": self._site.owners.name,
            "footer": footer(picture, asked.part),
            "opened": opened,
            "address_of": lambda cell: f"{asked.address(cell=cell.key)}#cell",
            "name_of": map_.name_of,
            "csv": asked.address("/map.csv"),
        }
        panel = map_panel.shown(self._site, session, reading, opened, asked.part) if opened else {}
        return visit.page("map.html", values | panel)

    def _export(self, visit: Visit, session: Session) -> Response:
        reading = self._reading(visit, session)
        picture = mapped(reading, self._asked(visit, self._places(reading)).part)
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
                "owners": self._owners(cell),
            }
            for cell in picture.cells
            if cell.touchpoints
        ]
        return exporting.file("map", _COLUMNS, rows, day=self._site.today())

    def _owners(self, cell: Cell) -> list[str]:
        """The teams of where customers come, and of the work that serves it."""
        map_ = self._site.map()
        work = [one.id for id_ in cell.touchpoints for one in map_.serving(id_)]
        teams = dict.fromkeys(map_.owner_of(id_) for id_ in (*cell.touchpoints, *work))
        return [self._site.owners.name(team) for team in teams if team]

    def _asked(self, visit: Visit, here: Mapping[str, str]) -> Asked:
        partners = {one.id: one.name for one in self._site.map().partners.values()}
        return Asked.of(visit.request.query_params, places=here, partners=partners)

    def _places(self, reading: Reading) -> dict[str, str]:
        """Those of which anything may be told, with their names."""
        return {id_: self._site.places.get(id_, id_) for id_ in places(reading)}

    def _reading(self, visit: Visit, session: Session) -> Reading:
        weeks = int(periods.asked(visit.request.query_params))
        return periods.reading(self._site, visit, session, weeks=weeks)


def missing(picture: Picture, map_: TouchpointMap, period: str) -> dict[str, str]:
    """Lane -> why nothing is in it and what to do, of customers, employees and partners."""
    told = {}
    if not map_.cx:
        told["Customers"] = (
            "The map has no touchpoint of customers. List them in touchpoints.yaml under cx_touchpoints."
        )
    elif not any(cell.complaints for cell in picture.cells):
        told["Customers"] = (
            f"No complaint was put here in {period}. Contacts come with “throughline import run”; or look further back."
        )
    if not map_.ex:
        told["Employees"] = "The map has no work of employees. List it in touchpoints.yaml under ex_touchpoints."
    elif not any(cell.hours or cell.few for cell in picture.cells):
        told["Employees"] = "Nothing is reported here that costs time. Employees report with /friction in Slack."
    if not map_.partners:
        told["Partners"] = "The map names no partner. List them in touchpoints.yaml under partners, with their owner."
    elif not any(cell.partners for cell in picture.cells):
        told["Partners"] = (
            "No partner has a part in any touchpoint. Name them in the steps of the work in touchpoints.yaml."
        )
    return told


def footer(picture: Picture, part: Part) -> str:
    """What is placed, what is not, and what of a place is not told."""
    line = f"Placed here: {picture.complaints} complaints and {round(picture.hours, 1):g} h a week."
    left = []
    if picture.unplaced:
        left.append(f"{picture.unplaced} complaints that fit no touchpoint")
    if picture.unplaced_hours:
        left.append(f"{round(picture.unplaced_hours, 1):g} h of work that serves no touchpoint by name")
    if left:
        line = f"{line} Not placed: {' and '.join(left)}."
    if part.place:
        line = (
            f"{line} Complaints are those that came in at this place; a dashed box: something is open in the company, "
            "and too few people here have it to tell. Questions are not counted by place."
        )
    return line
