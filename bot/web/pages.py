"""The routes: sign in and out, the overview, the tickets, one ticket."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
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
from bot.visits import visiting
from bot.web import exporting, filtering, overviews, rendering, telling
from bot.web.faults import FormStale, LinkUseless, SignedOut
from bot.web.site import Site

Shows = Callable[[Request, Session, Viewer], Response]


class Pages:
    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._shown(self._overview)),
            Route("/tickets", self._shown(self._tickets)),
            Route("/tickets.csv", self._shown(self._export)),
            Route("/tickets/{key}", self._shown(self._ticket)),
            Route("/enter/{secret}", self._door),
            Route("/enter", self._enter, methods=["POST"]),
            Route("/leave", self._leave, methods=["POST"]),
            Mount("/static", StaticFiles(directory=rendering.HERE / "static")),
        ]

    def who(self, request: Request) -> str:
        """The name of whoever is signed in, "" where nobody is."""
        with self._site.database.reading() as session:
            visitor = visiting.visiting(session, _token(request), now=self._site.clock())
        return visitor.name if visitor else ""

    def _shown(self, shows: Shows) -> Callable[[Request], Response]:
        """In one transaction: who asks, what they may see now, and what they see. Starlette runs it in a thread."""

        def answer(request: Request) -> Response:
            with self._seen_by(request) as (session, viewer):
                return shows(request, session, viewer)

        return answer

    @contextmanager
    def _seen_by(self, request: Request) -> Iterator[tuple[Session, Viewer]]:
        with self._site.database.reading() as session:
            visitor = visiting.visiting(session, _token(request), now=self._site.clock())
        if visitor is None:
            raise SignedOut
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

    def _door(self, request: Request) -> Response:
        """What a link shows: a button. Whatever fetches links ahead of people uses none up."""
        secret = request.path_params["secret"]
        with self._site.database.reading() as session:
            visitor = visiting.offered(session, secret, now=self._site.clock())
        if visitor is None:
            raise LinkUseless
        return HTMLResponse(rendering.page("enter.html", name=visitor.name, secret=secret, who="", here=""))

    async def _enter(self, request: Request) -> Response:
        async with request.form(max_files=0, max_fields=4) as form:
            secret = str(form.get("secret", ""))
        token = await run_in_threadpool(self._entered, secret)
        if token is None:
            raise LinkUseless
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            _cookie(request),
            token,
            max_age=int(visiting.SESSION_LASTS.total_seconds()),
            httponly=True,
            samesite="strict",
        )
        return answer

    async def _leave(self, request: Request) -> Response:
        token = _token(request)
        async with request.form(max_files=0, max_fields=4) as form:
            fits = token and form.get("form") == visiting.form_token(token)
        if not fits:
            raise FormStale
        await run_in_threadpool(self._left, token)
        answer = HTMLResponse(
            rendering.page(
                "message.html",
                title="You are signed out",
                words="/friction page in Slack opens the page again.",
                who="",
                here="",
            )
        )
        answer.delete_cookie(_cookie(request), httponly=True, samesite="strict")
        return answer

    def _entered(self, secret: str) -> str | None:
        with self._site.database.writing.begin() as session:
            return visiting.enter(session, secret, now=self._site.clock())

    def _left(self, token: str) -> None:
        with self._site.database.writing.begin() as session:
            visiting.leave(session, token)


def _cookie(request: Request) -> str:
    """With the port in its name: a browser sends the cookies of one port to all others of a machine."""
    return f"throughline_{request.url.port or 80}"


def _token(request: Request) -> str:
    return request.cookies.get(_cookie(request), "")


def _form(request: Request) -> str:
    return visiting.form_token(_token(request))
