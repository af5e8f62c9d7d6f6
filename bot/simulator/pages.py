"""The page of the workspace and the forms on it. Which person you are is in the URL: this is a stage, not a login."""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.simulator.channels import Kind
from bot.simulator.errors import NotInWorkspace
from bot.simulator.live import OpenPages
from bot.simulator.rendering import HERE, Renderer
from bot.simulator.sockets import Sockets
from bot.simulator.views import Place, place_of, view_of
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
SLOW_SECONDS = 3.0
LIMITED_SECONDS = 30.0


class Pages:
    """The routes that a browser uses."""

    def __init__(self, workspace: Workspace, sockets: Sockets) -> None:
        self._renderer = Renderer()
        self.open = OpenPages(workspace, self._renderer)
        self._workspace = workspace
        self._sockets = sockets
        self._nonces: OrderedDict[str, None] = OrderedDict()

    @property
    def routes(self) -> list[BaseRoute]:
        """To be mounted at the root."""
        return [
            Route("/", self._page),
            Route("/live", self._live),
            Route("/say", self._say, methods=["POST"]),
            Route("/press", self._press, methods=["POST"]),
            Route("/faults", self._switch, methods=["POST"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    async def _page(self, request: Request) -> Response:
        place = self._place(request.query_params)
        if self._workspace.channel(place.channel).kind is Kind.DIRECT:
            self._workspace.open_dm(place.person)
        self._workspace.mark_read(place.person, place.channel)
        shown = self._renderer.page(view_of(self._workspace, place), nonce=secrets.token_urlsafe(12))
        return HTMLResponse(shown, headers=HEADERS)

    async def _live(self, request: Request) -> Response:
        stream = self.open.stream(self._place(request.query_params))
        return StreamingResponse(stream, media_type="text/event-stream", headers=HEADERS)

    async def _say(self, request: Request) -> Response:
        form = await _form(request)
        place, text = self._place(form), form.get("text", "").strip()
        if not text or self._was_sent(form.get("nonce", "")):
            return _done(request, place)
        if text.startswith("/"):
            command, _, rest = text.partition(" ")
            self._workspace.slash(place.person, place.channel, command, rest.strip(), thread_ts=place.thread or None)
            return _done(request, place)
        ts = self._workspace.say(place.person, place.channel, text, place.thread or None)
        return _done(request, place, asked=self._asked(place, ts))

    async def _press(self, request: Request) -> Response:
        form = await _form(request)
        place, message_ts = self._place(form), form.get("message", "")
        seen = next((one for one in self._workspace.seen_by(place.person, place.channel) if one.ts == message_ts), None)
        number = form.get("button", "")
        if seen is None or not number.isdecimal() or int(number) >= len(seen.buttons):
            return Response("This button is gone; the message has changed.", status_code=409, headers=HEADERS)
        button = seen.buttons[int(number)]
        self._workspace.click(
            place.person, place.channel, message_ts, button.action_id, button.value, block_id=button.block_id
        )
        return _done(request, place)

    async def _switch(self, request: Request) -> Response:
        form = await _form(request)
        faults = self._workspace.faults
        match form.get("fault"):
            case "drop":
                self._sockets.drop()
            case "limit":
                faults.limit_calls(0 if faults.limited_for else LIMITED_SECONDS)
                asyncio.get_running_loop().call_later(LIMITED_SECONDS, self.open.wake)
            case "twice":
                faults.deliver_twice = not faults.deliver_twice
            case "slow":
                faults.slow_by = 0.0 if faults.slow_by else SLOW_SECONDS
        self.open.wake()
        return _done(request, self._place(form))

    def _place(self, values: Mapping[str, str]) -> Place:
        return place_of(
            self._workspace,
            person=values.get("as", ""),
            channel=values.get("channel", ""),
            thread=values.get("thread", ""),
        )

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
        return Place(place.person, place.channel, ts) if names_bot else None


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def _done(request: Request, place: Place, *, asked: Place | None = None) -> Response:
    """Nothing to draw: the stream brings it. A browser without scripts is sent back to the page."""
    if "HX-Request" not in request.headers:
        return RedirectResponse(f"/?{(asked or place).query}", status_code=303, headers=HEADERS)
    if asked is None:
        return Response(status_code=204, headers=HEADERS)
    return Response(status_code=204, headers={**HEADERS, "X-Asked": asked.thread})


async def refused(_request: Request, fault: Exception) -> Response:
    """Someone asked for what is not there, or not theirs."""
    return Response(str(fault), status_code=404, headers=HEADERS, media_type="text/plain")


REFUSALS = {NotInWorkspace: refused}
