"""Listens where Slack, or the proxy before us, sends its requests: a thread with an event loop of its own."""

import socket
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import uvicorn
from slack_bolt import App
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from bot.errors import SettingsError
from bot.handlers.http import health
from bot.handlers.http.guard import Guard
from bot.handlers.http.reception import Reception
from bot.handlers.manifest import EVENTS_PATH, INSTALL_PATH
from bot.slack_settings import Listening

# Asked to stop, it waits so long for requests that are under way. Slack waits for three seconds.
STOP_SECONDS = 3
# Far more than starting takes on a slow machine; past it something is wrong.
START_SECONDS = 20.0
# nginx keeps a connection for a minute: if we closed it first, a request of Slack's could meet the closing.
KEEP_ALIVE_SECONDS = 75
# Many more than Slack opens, fewer than the files that a process may have open.
MOST_CONNECTIONS = 400


class HttpServer:
    """Serves `/slack/events`, `/healthz`, `/readyz` and the addresses for `installing` from `start()` to `stop()`."""

    def __init__(
        self,
        app: App,
        slack: Listening,
        *,
        examine: Callable[[], Mapping[str, str]],
        installing: Sequence[BaseRoute] = (),
    ) -> None:
        self._slack = slack
        self._installing = installing
        self._up = threading.Event()
        self._port = slack.port
        guard = Guard(Reception(app), signing_secret=slack.signing_secret)
        self._server = uvicorn.Server(
            uvicorn.Config(
                Starlette(
                    routes=[
                        Route(EVENTS_PATH, guard),
                        Route("/healthz", health.alive),
                        Route("/readyz", health.Readiness(examine).answer),
                        *installing,
                    ],
                    lifespan=self._lifespan,
                ),
                http="h11",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it listens, once started: "http://127.0.0.1:3000"."""
        host = f"[{self._slack.host}]" if ":" in self._slack.host else self._slack.host
        return f"http://{host}:{self._port}"

    @property
    def where(self) -> str:
        heard = f"It waits for Slack's requests on {self.address}{EVENTS_PATH}"
        return (
            f"{heard}, and is installed in a workspace at {self.address}{INSTALL_PATH}" if self._installing else heard
        )

    def start(self) -> None:
        """Return when requests are answered. Raises `SettingsError` where it cannot listen."""
        listening = _listen(self._slack.host, self._slack.port)
        self._port = listening.getsockname()[1]
        self._thread = threading.Thread(name="http", target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        if not self._up.wait(START_SECONDS):
            raise RuntimeError("The HTTP server did not start; its log says why.")

    def stop(self) -> None:
        """Take nothing new; return when what is under way is answered and the port is free."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join()

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self._up.set()
        yield


def _listen(host: str, port: int) -> socket.socket:
    try:
        listening = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as fault:
        raise SettingsError(
            f"Cannot listen on {host} port {port} ({fault.strerror}). Stop the program that uses it, or set HTTP_PORT "
            "(and HTTP_HOST) to what this machine has free."
        ) from fault
    # Every connection inherits it. Without it the second of two small writes waits 40 ms for news of the first.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
