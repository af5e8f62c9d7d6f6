"""A server in a thread of its own: from its first answer to the port being free again."""

import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette

from bot.simulator.errors import PortTaken
from bot.simulator.tcp import Lines

# Asked to stop, a server waits so long for answers that are under way.
STOP_SECONDS = 2
# Far more than starting takes on a slow machine; past it something is wrong.
START_SECONDS = 20.0


class ServerThread:
    """Serves an application, made in the thread, until `stop()`. The application sets `up` once it answers."""

    def __init__(self, application: Callable[[], Starlette]) -> None:
        self.up = threading.Event()
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                factory=True,
                log_config=None,
                access_log=False,
                http="h11",
                ws="websockets-sansio",
                timeout_graceful_shutdown=STOP_SECONDS,
            )
        )
        self.lines = Lines(self._server)
        self._thread: threading.Thread | None = None

    def start(self, listening: socket.socket) -> None:
        """Return when requests are answered."""
        self._thread = threading.Thread(name="local-slack", target=self._server.run, args=([listening],), daemon=True)
        self._thread.start()
        if not self.up.wait(START_SECONDS):
            raise RuntimeError("The local workspace did not start; its log says why.")

    def stop(self) -> None:
        """Return when every connection is closed and the port is free."""
        self._server.should_exit = True
        if self._thread:
            self._thread.join()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free one. Raises PortTaken where another program listens."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as fault:
        raise PortTaken(
            f"Cannot listen on {host} port {port}: {fault.strerror}. "
            "Stop the program that uses it, or choose another with --port.",
            reason=fault.strerror,
        ) from fault


def address_of(listening: socket.socket, host: str) -> str:
    """The address of a server, without a slash at its end."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listening.getsockname()[1]}"
