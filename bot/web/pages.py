"""The routes: in and out, the overview, the tickets, one ticket."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.errors import NoSuchTicket
from bot.experience.finding import found, places
from bot.experience.overview import overview
from bot.experience.telling import story
from bot.experience.viewers import Viewer, must_see
from bot.friction import tickets
from bot.handlers.manifest import SIGNED_IN_PATH
from bot.visits import visiting
from bot.web import cookies, exporting, filtering, overviews, rendering, telling
from bot.web.doors import SESSION, SIGN_IN, Doors
from bot.web.faults import SignedOut
from bot.web.site import Site

Shows = Callable[[Request, Session, Viewer], Response]


class Pages:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._doors = Doors(site, site.openid)

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._shown(self._overview)),
            Route("/tickets", self._shown(self._tickets)),
            Route("/tickets.csv", self._shown(self._export)),
            Route("/tickets/{key}", self._shown(self._ticket)),
            *self._doors.routes,
            Mount("/static", StaticFiles(directory=rendering.HERE / "static")),
        ]

    def who(self, request: Request) -> str:
        """The name of whoever is signed in, "" where nobody is."""
        with self._site.database.reading() as session:
            visitor = visiting.visiting(session, _token(request), now=self._site.clock())
        return visitor.name if visitor else ""

    def way_in(self, request: Request) -> str:
        """Where somebody signs in with Slack and comes back to what they asked for; "" where nobody does."""
        if not self._site.openid:
            return ""
        asked = request.url.path if request.method == "GET" else ""
        query = f"?{request.url.query}" if request.url.query else ""
        back = asked not in {"", "/", SIGN_IN, SIGNED_IN_PATH} and not asked.startswith("/enter")
        return f"{SIGN_IN}?{urlencode({'next': asked + query})}" if back else SIGN_IN

    def _shown(self, shows: Shows) -> Callable[[Request], Response]:
        """In one transaction: who asks, what they may see now, and what they see. Starlette runs it in a thread."""

        def answer(request: Request) -> Response:
            with self._seen_by(request) as (session, viewer):
                return shows(request, session, viewer)

        return answer

    @contextmanager
    def _seen_by(self, request: Request) -> Iterator[tuple[Session, Viewer]]:
        token, now = _token(request), self._site.clock()
        with self._site.database.reading() as session:
            visitor = visiting.visiting(session, token, now=now)
            to_note = visiting.to_note(session, token, now=now)
        if visitor is None:
            raise SignedOut
        if to_note:
            with self._site.database.writing.begin() as session:
                visiting.note_seen(session, token, now=now)
        viewer = self._site.who(visitor)  # Slack may be asked: not inside a transaction
        must_see(viewer)
        with self._site.database.reading() as session:
            yield session, viewer

    def _overview(self, request: Request, session: Session, viewer: Viewer) -> Response:
        week = overview(session, viewer=viewer, now=self._site.clock(), zone=self._site.zone)
        shown = overviews.shown(week, self._site, form=_form(request), who=viewer.name)
        return HTMLResponse(shown)

    def _tickets(self, request: Request, session: Session, viewer: Viewer) -> Response:
        wanted = filtering.wanted(request.query_params)
        address = filtering.address(wanted)
        if "HX-Request" not in request.headers and str(request.url.query) != address.partition("?")[2]:
            return RedirectResponse(address, 303)
        choices = filtering.choices(self._site, wanted, places(session, viewer=viewer))
        some = found(session, wanted, viewer=viewer)
        shown = rendering.page(
            "tickets.html",
            **filtering.listed(self._site, wanted, some),
            choices=choices,
            who=viewer.name,
            form=_form(request),
            here="tickets",
        )
        return HTMLResponse(shown, headers={"HX-Push-Url": address})

    def _export(self, request: Request, session: Session, viewer: Viewer) -> Response:
        some = found(session, filtering.wanted(request.query_params), viewer=viewer)
        name = f"tickets-{self._site.clock().astimezone(self._site.zone):%Y-%m-%d}.csv"
        return Response(
            exporting.csv(session, some, viewer=viewer),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _ticket(self, request: Request, session: Session, viewer: Viewer) -> Response:
        number = tickets.number_of(request.path_params["key"])
        if number is None:
            raise NoSuchTicket
        if request.path_params["key"] != tickets.key(number):
            return RedirectResponse(f"/tickets/{tickets.key(number)}", 303)
        told = story(session, number, viewer=viewer, zone=self._site.zone)
        return HTMLResponse(telling.shown(told, self._site, form=_form(request), who=viewer.name))


def _token(request: Request) -> str:
    return cookies.read(request, SESSION)


def _form(request: Request) -> str:
    return visiting.form_token(_token(request))
