"""Courses: how anything goes over weeks, with what happened when; and the notes that say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import SteeringRefused
from bot.experience import courses
from bot.experience.cells import Across, Cell
from bot.friction.tables import ThemeRow
from bot.steering import annotations
from bot.steering.steerers import may_steer
from bot.touchpoints import TouchpointMap
from bot.web import courses_drawing, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

COURSES = View(Entry.OVERVIEW, "/courses", "Courses")
NOTES = "/annotations"
PERIODS: Mapping[str, str] = {"26": "half a year", "12": "twelve weeks", "52": "a year"}
USUAL = "26"
Choices = list[tuple[str, list[tuple[str, str]]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: `cell` is "tool:pos", "" for everything."""

    weeks: str = USUAL
    cell: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Asked":
        weeks = query.get("weeks", "")
        return cls(weeks if weeks in PERIODS else USUAL, query.get("cell", "")[:80])

    def address(self, **more: str) -> str:
        said = {"cell": self.cell, "weeks": "" if self.weeks == USUAL else self.weeks, **more}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{COURSES.path}?{query}" if query else COURSES.path


class CoursesRoom:
    views = (COURSES,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(COURSES.path, frame.reading(COURSES, self._show)),
            Route(NOTES, frame.sent(COURSES, self._note), methods=["POST"]),
            Route(f"{NOTES}/remove", frame.sent(COURSES, self._remove), methods=["POST"]),
            Route(f"{NOTES}/restore", frame.sent(COURSES, self._restore), methods=["POST"]),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        query, map_ = visit.request.query_params, self._site.map()
        asked, choices = Asked.of(query), _choices(session, map_, self._site)
        known = {value: name for _, some in choices for value, name in some}
        if asked.cell not in known:
            asked = Asked(asked.weeks)
        cell = _cell(asked.cell)
        reading = periods.reading(self._site, visit, session, weeks=int(asked.weeks))
        first, last = reading.weeks[0].monday, reading.weeks[-1].sunday
        notes = [one for one in annotations.between(session, first, last, visit.viewer) if one.about in {"", cell.id}]
        by_week = courses_drawing.by_week(notes, reading.weeks)
        found = courses.control(reading, cell)
        shown = {
            "asked": asked,
            "choices": choices,
            "periods": PERIODS,
            "name": known.get(asked.cell, "Everything"),
            "rows": _rows(cell, map_),
            "filed": courses_drawing.control(found.weeks, found.filed, found.filed_limits, by_week, "Tickets filed"),
            "complaints": courses_drawing.control(
                found.weeks, found.complaints, found.complaints_limits, by_week, "Complaints"
            )
            if found.complaints
            else None,
            "resolve": courses_drawing.resolve(courses.time_to_resolve(reading, cell)),
            "backlog": courses_drawing.backlog(reading.weeks, courses.backlog(reading, cell), by_week),
            "notes": notes,
            "name_of": map_.name_of,
            "may_steer": may_steer(visit.viewer),
            "own": _on_map(asked.cell),
            "today": self._site.today(),
            "did": query.get("did", ""),
            "taken": query.get("note", "") if query.get("note", "").isdecimal() else "",
        }
        return visit.page("courses.html", shown)

    def _note(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        asked, today = Asked.of(fields), self._site.today()
        try:
            day = date.fromisoformat(fields.get("day", ""))
        except ValueError:
            raise SteeringRefused(f"Write the day as {today}.") from None
        about = asked.cell.partition(":")[2] if fields.get("about") and _on_map(asked.cell) else ""
        with self._site.database.writing.begin() as session:
            annotations.annotate(
                session, day, fields.get("words", ""), visit.viewer, about=about, today=today, now=self._site.clock()
            )
        return RedirectResponse(f"{asked.address(did='noted')}#notes", 303)

    def _remove(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        return self._changed(visit, fields, removed=True)

    def _restore(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        return self._changed(visit, fields, removed=False)

    def _changed(self, visit: Visit, fields: Mapping[str, str], *, removed: bool) -> Response:
        number = fields.get("note", "")
        with self._site.database.writing.begin() as session:
            known = number.isdecimal() and len(number) < 10  # noqa: PLR2004 - what a number holds
            if not annotations.remove(session, int(number) if known else 0, visit.viewer, removed=removed):
                raise SteeringRefused("There is no such note any more. Load the page of courses again.")
        did = {"did": "removed", "note": number} if removed else {"did": "restored"}
        return RedirectResponse(f"{Asked.of(fields).address(**did)}#notes", 303)


def _choices(session: Session, map_: TouchpointMap, site: Site) -> Choices:
    """What there is to look at, by kind."""
    themes = session.execute(select(ThemeRow.id, ThemeRow.label).order_by(ThemeRow.label, ThemeRow.id))
    of_kind: Choices = [
        ("Tools", [(f"{Across.TOOL}:{one.id}", one.name) for one in map_.tools.values()]),
        ("Customers at", [(f"{Across.TOUCHPOINT}:{one.id}", one.name) for one in map_.cx.values()]),
        ("Work", [(f"{Across.TOUCHPOINT}:{one.id}", one.name) for one in map_.ex.values()]),
        ("Themes", [(f"{Across.THEME}:{number}", label) for number, label in themes]),
        ("Stages", [(f"{Across.STAGE}:{one.id}", one.name) for one in map_.stages.values()]),
        ("Channels", [(f"{Across.CHANNEL}:{one.id}", one.name) for one in map_.channels.values()]),
        ("Partners", [(f"{Across.PARTNER}:{one.id}", one.name) for one in map_.partners.values()]),
        ("Owners", [(f"{Across.TEAM}:{key}", team.name) for key, team in site.owners.teams.items()]),
    ]
    return [(kind, some) for kind, some in of_kind if some]


def _cell(written: str) -> Cell:
    across, _, id_ = written.partition(":")
    return Cell(Across(across), id_) if written else Cell()


def _on_map(cell: str) -> bool:
    """Whether it has an id of the map, which a note can be about."""
    return bool(cell) and _cell(cell).across not in {Across.THEME, Across.TEAM}


def _rows(cell: Cell, map_: TouchpointMap) -> str:
    """The list of its tickets, as far as the list can be narrowed to it."""
    fields = {Across.TOOL: "tool", Across.TEAM: "team"}
    if cell.across in fields:
        return f"/tickets?{urlencode({fields[cell.across]: cell.id, 'state': 'all'})}"
    if cell.across is Across.TOUCHPOINT and cell.id in map_.ex:
        return f"/tickets?{urlencode({'touchpoint': cell.id, 'state': 'all'})}"
    if cell.across is Across.TOUCHPOINT and cell.id in map_.cx:
        at = map_.cx[cell.id]
        return f"/map?{urlencode({'cell': f'{at.channel}.{at.stage}'})}#cell"
    return "/tickets?state=all" if cell.across is Across.ALL else ""
