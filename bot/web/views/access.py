"""Who may see what: for admins and leads. Of pages a lead is told the names of those that they may read themselves."""

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.access import parity, reaches
from bot.experience.viewers import must_steer
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping, reader_of
from bot.web.site import Site

ACCESS = View(Entry.KNOWLEDGE, "/knowledge/access", "Who may see what", must_steer)


class AccessRoom:
    views = (ACCESS,)

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._keeping = keeping

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [Route(ACCESS.path, frame.seen(ACCESS, self._show))]

    def _show(self, visit: Visit) -> Response:
        library, today, directory = self._keeping.library, self._site.today(), self._keeping.directory

        def readable(audiences: frozenset[str]) -> frozenset[str]:
            return library.sources(audiences=audiences, day=today)

        found = reaches(directory, readable)
        own = {one.source: one.title for one in library.pages(reader=reader_of(visit.viewer), day=today)}
        equal, status = parity(found), library.status()
        shown = {
            "reaches": found,
            "parity": equal,
            "differing": {own[source]: roles for source, roles in equal.differing.items() if source in own},
            "unnamed": sum(source not in own for source in equal.differing),
            "live": status.documents if status else 0,
            "admin": visit.viewer.person.admin,
        }
        return visit.page("access.html", shown)
