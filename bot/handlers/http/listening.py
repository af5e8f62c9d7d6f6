"""A port on which routes are served: a thread with an event loop of its own."""

import socket
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.errors import SettingsError

# Asked to stop, it waits so long for requests that are under way. Slack waits for three seconds.
STOP_SECONDS = 3
# Far more than starting takes on a slow machine; past it something is wrong.
START_SECONDS = 20.0
# nginx keeps a connection for a minute: if we closed it first, a request of Slack's could meet the closing.
KEEP_ALIVE_SECONDS = 75
# Many more than Slack opens, fewer than the files that a process may have open.
MOST_CONNECTIONS = 400


class Listener:
    """Serves routes on an address from `start()` to `stop()`. `settings` are what to change where the port is taken."""

    def __init__(self, routes: Sequence[BaseRoute], *, host: str, port: int, settings: str) -> None:
        self._host = host
        self._settings = settings
        self._port = port
        self._up = threading.Event()
        self._server = uvicorn.Server(
            uvicorn.Config(
                Starlette(routes=list(routes), lifespan=self._lifespan),
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
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Return when requests are answered. Raises `SettingsError` where it cannot listen."""
        listening = self._listen()
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

    def _listen(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        try:
            listening = socket.create_server((self._host, self._port), family=family)
        except OSError as fault:
            raise SettingsError(
                f"Cannot listen on {self._host} port {self._port} ({fault.strerror}). Stop the program that uses it, "
                f"or set {self._settings} to what this machine has free."
            ) from fault
        # Every connection inherits it. Without it the second of two small writes waits 40 ms for news of the first.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
