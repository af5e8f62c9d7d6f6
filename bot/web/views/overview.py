"""The overview of the week."""

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.experience import finding
from bot.experience.overview import WEEKS, overview
from bot.web import overviews, periods
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

OVERVIEW = View(Entry.OVERVIEW, "/", "Overview")


class OverviewRoom:
    views = (OVERVIEW,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [Route(OVERVIEW.path, frame.reading(OVERVIEW, self._week))]

    def _week(self, visit: Visit, session: Session) -> Response:
        week = overview(periods.reading(self._site, visit, session, weeks=WEEKS))
        nobodys = finding.unowned(session, self._site.clock_in(session), viewer=visit.viewer)
        return visit.page("overview.html", {**overviews.shown(week, self._site), "unowned": nobodys})
