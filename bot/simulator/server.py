"""The local Slack as a server: Web API, Socket Mode and the page, in a thread of its own."""

import asyncio
import secrets
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from bot.simulator.api import WebApi
from bot.simulator.errors import PortTaken
from bot.simulator.loopback import OnlyLoopback, check_host
from bot.simulator.pages import REFUSALS, Pages
from bot.simulator.rates import Rates
from bot.simulator.sockets import Sockets
from bot.simulator.workspace import Workspace

# Asked to stop, a server waits so long for answers that are under way.
STOP_SECONDS = 2
# Far more than starting takes on a slow machine; past it something is wrong.
START_SECONDS = 20.0


class LocalSlack:
    """A workspace that a bot can connect to. `start()` returns when it answers, `stop()` when its port is free.

    `burst` is how many calls Slack lets through at once before its rate limits bite.
    """

    def __init__(
        self,
        workspace: Workspace,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        bot_token: str = "",
        app_token: str = "",
        burst: int = 200,
    ) -> None:
        check_host(host)
        self.workspace = workspace
        self.bot_token = bot_token or f"xoxb-local-{secrets.token_hex(16)}"
        self.app_token = app_token or f"xapp-1-local-{secrets.token_hex(16)}"
        self._host, self._port = host, port
        self._sockets = Sockets(workspace)
        rates = Rates(workspace.clock, burst=burst)
        self._api = WebApi(workspace, self._sockets, rates, self.bot_token, self.app_token)
        self._pages = Pages(workspace, self._sockets)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._up = threading.Event()
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where the page is, once started."""
        return f"{self.workspace.address}/"

    @property
    def api_url(self) -> str:
        """What a bot takes as SLACK_API_URL."""
        return f"{self.url}api/"

    def start(self) -> "LocalSlack":
        """Listen and serve. Raises PortTaken where another program listens already."""
        listening = _listen(self._host, self._port)
        port = listening.getsockname()[1]
        self.workspace.address = f"http://[{self._host}]:{port}" if ":" in self._host else f"http://{self._host}:{port}"
        config = uvicorn.Config(
            self._application(),
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="local-slack", daemon=True)
        self._thread.start()
        if not self._up.wait(START_SECONDS):
            raise RuntimeError("The local workspace did not start; its log says why.")
        return self

    def stop(self) -> None:
        """Close every connection and free the port."""
        if self._server and self._thread and self._loop:
            self._loop.call_soon_threadsafe(self._pages.open.close)
            asyncio.run_coroutine_threadsafe(self._sockets.stop(), self._loop).result()
            self._server.should_exit = True
            self._thread.join()
            self._server = None

    def refresh_connections(self) -> None:
        """Ask the bot to open new sockets in place of its old ones."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._sockets.refresh)

    def drop_connections(self) -> None:
        """Cut the bot's sockets without a word."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._sockets.drop)

    def _application(self) -> Starlette:
        routes = [
            Route("/api/{method}", self._api.answer, methods=["GET", "POST"]),
            Route("/response/{secret}", self._api.respond, methods=["POST"]),
            WebSocketRoute("/link/", self._link),
            *self._pages.routes,
        ]
        guard = Middleware(OnlyLoopback, programs=("/api/", "/response/", "/link/"))
        return Starlette(routes=routes, middleware=[guard], lifespan=self._lifespan, exception_handlers=REFUSALS)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        loop = self._loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._sockets.drain)
            loop.call_soon_threadsafe(self._pages.open.wake)

        with self.workspace.watched_by(wake):
            self._sockets.drain()
            self._up.set()
            yield

    async def _link(self, websocket: WebSocket) -> None:
        await self._sockets.serve(websocket, abort=lambda: self._abort(websocket.client))

    def _abort(self, client: object) -> None:
        """Cut the TCP connection of one client; a WebSocket itself can only be closed politely."""
        if self._server:
            for connection in tuple(self._server.server_state.connections):
                # Only WebSocket protocols hold still; HTTP ones are younger than the socket they became.
                if isinstance(connection, WebSocketsSansIOProtocol) and connection.client == client:
                    connection.transport.abort()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as fault:
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {fault.strerror}. "
            "Stop the program that uses it, or choose another with --port."
        ) from fault
