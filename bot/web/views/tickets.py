"""The list of tickets, with filters in the address and as CSV; one ticket."""

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.errors import NoSuchTicket
from bot.experience.finding import found, part, themes
from bot.experience.mapped import places
from bot.experience.telling import story
from bot.friction import export, tickets
from bot.web import exporting, filtering, periods, telling
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

TICKETS = View(Entry.TICKETS, "/tickets", "Tickets")


class TicketsRoom:
    views = (TICKETS,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(TICKETS.path, frame.reading(TICKETS, self._list)),
            Route("/tickets.csv", frame.reading(TICKETS, self._export)),
            Route("/tickets/{key}", frame.reading(TICKETS, self._one)),
        ]

    def _list(self, visit: Visit, session: Session) -> Response:
        request = visit.request
        wanted = filtering.wanted(request.query_params)
        address = filtering.address(wanted)
        if "HX-Request" not in request.headers and str(request.url.query) != address.partition("?")[2]:
            return RedirectResponse(address, 303)
        viewer = visit.viewer
        choices = filtering.choices(
            self._site, wanted, places(periods.beside(self._site, viewer, session)), themes(session, viewer=viewer)
        )
        clock = self._site.clock_in(session)
        some = part(session, wanted, viewer=viewer, most=filtering.MOST_SHOWN, clock=clock)
        listed = filtering.listed(self._site, wanted, some)
        return visit.page("tickets.html", {**listed, "choices": choices}, headers={"HX-Push-Url": address})

    def _export(self, visit: Visit, session: Session) -> Response:
        wanted = filtering.wanted(visit.request.query_params)
        some = found(session, wanted, viewer=visit.viewer, clock=self._site.clock_in(session))
        return exporting.file("tickets", export.COLUMNS, export.rows_of(session, some), day=self._site.today())

    def _one(self, visit: Visit, session: Session) -> Response:
        asked = visit.request.path_params["key"]
        number = tickets.number_of(asked)
        if number is None:
            raise NoSuchTicket
        if asked != tickets.key(number):
            return RedirectResponse(f"/tickets/{tickets.key(number)}", 303)
        told = story(session, number, viewer=visit.viewer, zone=self._site.zone)
        return visit.page("ticket.html", telling.shown(told, self._site))
