"""One run of the server, from its first answer to its last: a thread, its event loop, and what lives in it."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.simulator.api import WebApi
from bot.simulator.client import Client
from bot.simulator.errors import RequestUrlRefused
from bot.simulator.listening import ServerThread
from bot.simulator.loopback import OnlyLoopback
from bot.simulator.openid import Identities
from bot.simulator.pages import REFUSALS, Pages
from bot.simulator.rates import Rates
from bot.simulator.request_url import RequestUrl
from bot.simulator.sign_in_page import SignInPage
from bot.simulator.sockets import Sockets
from bot.simulator.tcp import Lines
from bot.simulator.traffic import Traffic
from bot.simulator.workspace import Workspace


class Serving:
    """Serves a workspace on a listening socket until `stop()`."""

    def __init__(self, workspace: Workspace, client: Client, *, burst: int) -> None:
        self._workspace = workspace
        self._sign_in = SignInPage([workspace], Identities(client))
        self._loop: asyncio.AbstractEventLoop | None = None
        self._request_url: RequestUrl | None = None
        self.sockets = Sockets(workspace)
        self._pages = Pages(workspace, self.sockets, traffic=self._traffic)
        self._server = ServerThread(self._application)
        rates = Rates(workspace.clock, burst=burst)
        self._api = WebApi(workspace, self.sockets, rates, self._server.lines)

    def start(self, listening: socket.socket) -> None:
        """Return when requests are answered."""
        self._server.start(listening)

    def stop(self) -> None:
        """Return when every connection is closed and the port is free."""
        if self._loop:
            self.soon(self._pages.open.close)
            asyncio.run_coroutine_threadsafe(self._end_deliveries(), self._loop).result()
        self._server.stop()

    def api_over(self, lines: Lines) -> WebApi:
        """The same Web API, for a server of other connections that answers for this workspace too."""
        return replace(self._api, lines=lines)

    async def _end_deliveries(self) -> None:
        await self.sockets.stop()
        if self._request_url:
            await self._request_url.stop()

    def under_way(self) -> int:
        """How many envelopes wait for an ack, counted behind everything that was handed over before."""

        async def count() -> int:
            return self._traffic().under_way

        return asyncio.run_coroutine_threadsafe(count(), self._loop).result() if self._loop else 0

    def _traffic(self) -> Traffic:
        url = self._request_url
        under_way = self.sockets.deliveries.under_way + (url.under_way if url else 0)
        return Traffic(len(self.sockets.deliveries.connections), url.url if url else "", under_way)

    def deliver_to(self, url: RequestUrl) -> None:
        """From now on post to this address instead of sending by sockets. Raises RequestUrlRefused."""
        if self._loop:
            asyncio.run_coroutine_threadsafe(self._deliver_to(url), self._loop).result()

    async def _deliver_to(self, url: RequestUrl) -> None:
        try:
            await url.verify()
        except RequestUrlRefused:
            await url.stop()
            raise
        if self._request_url:
            await self._request_url.stop()
        self._request_url = url
        self._drain()

    def _drain(self) -> None:
        """Put on the way what waits in the workspace."""
        way = self._request_url or self.sockets.deliveries
        for envelope in self._workspace.take_envelopes():
            way.start(envelope)

    def soon(self, act: Callable[[], None]) -> None:
        """Do something in the server's thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(act)

    def _application(self) -> Starlette:
        routes = [
            *self._sign_in.routes,
            Route("/api/{method}", self._api.answer, methods=["GET", "POST"]),
            Route("/response/{secret}", self._api.respond, methods=["POST"]),
            Route("/upload/{secret}", self._upload, methods=["POST"]),
            WebSocketRoute("/link/", self._link),
            *self._pages.routes,
        ]
        guard = Middleware(OnlyLoopback, programs=("/api/", "/response/", "/upload/", "/link/"))
        return Starlette(routes=routes, middleware=[guard], lifespan=self._lifespan, exception_handlers=REFUSALS)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()

        def wake() -> None:
            self.soon(self._drain)
            self.soon(self._pages.open.wake)

        with self._workspace.watched_by(wake):
            self._drain()
            self._server.up.set()
            yield

    async def _upload(self, request: Request) -> Response:
        """The bytes of a file, to an address that was asked for; Slack answers in plain words."""
        try:
            taken = self._workspace.uploads.take(request.path_params["secret"], await request.body())
        except (LookupError, ValueError) as fault:
            return PlainTextResponse(str(fault), 400)
        return PlainTextResponse(f"OK - {taken}")

    async def _link(self, websocket: WebSocket) -> None:
        await self.sockets.serve(websocket, self._server.lines.under(websocket))
