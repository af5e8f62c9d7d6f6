"""The page of the workspace and the forms on it. Which person you are is in the URL: this is a stage, not a login."""

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.acts import messages, views
from bot.simulator.channels import Kind
from bot.simulator.errors import NotInWorkspace, Outdated, SlackError
from bot.simulator.fault_panel import Switches
from bot.simulator.live import OpenPages
from bot.simulator.places import Place, Tab, place_of
from bot.simulator.rendering import HERE, Renderer
from bot.simulator.sockets import Sockets
from bot.simulator.traffic import Traffic
from bot.simulator.views import View, view_of
from bot.simulator.workspace import Workspace

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# A second press of Send comes within seconds; so many sent forms are remembered.
REMEMBERED_NONCES = 1000

Act = Callable[[Workspace, Place, FormData], None]


class Pages:
    """The routes that a browser uses."""

    def __init__(self, workspace: Workspace, sockets: Sockets, *, traffic: Callable[[], Traffic]) -> None:
        self._renderer = Renderer()
        self._traffic = traffic
        self.open = OpenPages(workspace, self._renderer, view=self._view)
        self._workspace = workspace
        self._switches = Switches(sockets, wake=self.open.wake)
        self._nonces: OrderedDict[str, None] = OrderedDict()

    @property
    def routes(self) -> list[BaseRoute]:
        """To be mounted at the root."""
        acts: Mapping[str, Act] = {
            "/press": messages.press,
            "/menu": messages.in_menu,
            "/edit": messages.edit,
            "/prompt": messages.take_prompt,
            "/modal": views.in_modal,
            "/home": views.in_home,
            "/faults": self._switches.press,
        }
        return [
            Route("/", self._page),
            Route("/live", self._live),
            Route("/say", self._say, methods=["POST"]),
            Route("/files/{file}", self._file),
            *(Route(path, self._doing(act), methods=["POST"]) for path, act in acts.items()),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    def _view(self, place: Place) -> View:
        return view_of(self._workspace, place, self._traffic())

    async def _page(self, request: Request) -> Response:
        place = place_of(self._workspace, dict(request.query_params))
        if place.tab is Tab.HOME:
            self._workspace.open_home(place.person)
        elif self._workspace.channel(place.channel).kind is Kind.DIRECT:
            self._workspace.open_dm(place.person)
        self.open.look(place)
        shown = self._renderer.page(self._view(place), nonce=secrets.token_urlsafe(12))
        return HTMLResponse(shown, headers=HEADERS)

    async def _live(self, request: Request) -> Response:
        stream = self.open.stream(place_of(self._workspace, dict(request.query_params)))
        return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)

    async def _file(self, request: Request) -> Response:
        """A picture that the app uploaded."""
        upload = self._workspace.uploads.picture(request.path_params["file"])
        if upload is None or upload.body is None:
            raise NotInWorkspace("There is no such picture.")
        return Response(upload.body, media_type=upload.file.mimetype, headers=HEADERS)

    def _doing(self, act: Act) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            async with request.form() as form:
                place = self._place(form)
                act(self._workspace, place, form)
                return _done(request, place)

        return answer

    async def _say(self, request: Request) -> Response:
        async with request.form() as form:
            # A browser ends lines as in a letter.
            place, text = self._place(form), str(form.get("text", "")).replace("\r\n", "\n").strip()
            files = tuple(one.filename for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename)
            if not (text or files) or self._was_sent(str(form.get("nonce", ""))):
                return _done(request, place)
            return _done(request, place, asked=self._spoken(place, text, files))

    def _spoken(self, place: Place, text: str, files: tuple[str, ...]) -> Place | None:
        """Send a message or a command. Returns the thread to show as soon as the app answers there."""
        thread_ts = place.thread or None
        if text.startswith("/") and not files:
            command, _, rest = text.partition(" ")
            self._workspace.slash(place.person, place.channel, command, rest.strip(), thread_ts=thread_ts)
            return None
        return self._asked(place, self._workspace.say(place.person, place.channel, text, thread_ts, files=files))

    def _place(self, form: FormData) -> Place:
        return place_of(self._workspace, {name: value for name, value in form.items() if isinstance(value, str)})

    def _was_sent(self, nonce: str) -> bool:
        """Whether this very form was sent before: somebody pressed Send twice."""
        if nonce and nonce in self._nonces:
            return True
        self._nonces[nonce] = None
        if len(self._nonces) > REMEMBERED_NONCES:
            self._nonces.popitem(last=False)
        return False

    def _asked(self, place: Place, ts: str) -> Place | None:
        """The thread under a message that names the bot in a channel, to be shown once it answers there."""
        message = self._workspace.message(place.channel, ts)
        is_direct = self._workspace.channel(place.channel).kind is Kind.DIRECT
        if message is None or is_direct or place.thread:
            return None
        names_bot = f"<@{self._workspace.installation.bot.user_id}>" in message.text
        return place.at(place.channel, ts) if names_bot else None


def _done(request: Request, place: Place, *, asked: Place | None = None) -> Response:
    """Nothing to draw: the stream brings it. A browser without scripts is sent back to the page."""
    if "HX-Request" not in request.headers:
        return RedirectResponse((asked or place).url, status_code=303, headers=HEADERS)
    if asked is None:
        return Response(status_code=204, headers=HEADERS)
    return Response(status_code=204, headers={**HEADERS, "X-Asked": asked.thread})


async def refused(_request: Request, fault: Exception) -> Response:
    """Someone asked for what is not there, or not theirs."""
    return Response(str(fault), status_code=404, headers=HEADERS, media_type="text/plain")


async def outdated(_request: Request, fault: Exception) -> Response:
    """Someone pressed what is there no more, or what Slack does not allow now."""
    return Response(str(fault), status_code=409, headers=HEADERS, media_type="text/plain")


REFUSALS = {Outdated: outdated, NotInWorkspace: refused, SlackError: outdated}
