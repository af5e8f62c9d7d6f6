"""Socket Mode connections that begin anew and end without keeping anybody waiting.

Slack's client (slack_sdk 3.47) reads a socket in one thread and replaces it from two others. Where they meet, the
reader waits ten seconds on a socket that was closed under it, or reads for good on one while its acks go to another,
which is not open. So here the reader alone replaces its socket, and is told when to end.
"""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from threading import Event

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketException

log = logging.getLogger(__name__)

# One covers the other while Slack refreshes it, which takes half a second every few hours.
CONNECTIONS = 2
# A pong comes back in milliseconds; where none comes, the client's own way of closing is left, which takes ten seconds.
PONG_SECONDS = 2.0


class _Client(SocketModeClient):
    """Reconnects in its reader's thread only: when Slack asks for it, when a socket is lost, and until it succeeds."""

    def enqueue_message(self, message: str) -> None:
        """Called by the reader. After a request to begin anew it reads no more, and so opens the next socket."""
        if '"disconnect"' in message and json.loads(message).get("type") == "disconnect":
            if self.current_session is not None:
                self.current_session.keep_running = False
        else:
            super().enqueue_message(message)

    def _monitor_current_session(self) -> None:
        """Nothing: a socket that is about to open looks to the monitor like one that was lost."""


class Connection(SocketModeHandler):
    """A connection to Slack, not open yet."""

    def __init__(self, app: App, app_token: str, *, logger: logging.Logger) -> None:
        self.app = app
        self.app_token = app_token
        self.client = _Client(app_token=app_token, logger=logger, web_client=app.client)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # Bolt's own


class SocketMode:
    """Both connections, from `start()` to `stop()`. Raises `SlackApiError` where Slack refuses them."""

    def __init__(self, app: App, app_token: str, *, logger: logging.Logger) -> None:
        self._connections = [Connection(app, app_token, logger=logger) for _ in range(CONNECTIONS)]

    def start(self) -> None:
        for connection in self._connections:
            connection.connect()  # type: ignore[no-untyped-call]  # Bolt's

    def stop(self) -> None:
        close(self._connections)


def close(connections: Sequence[Connection]) -> None:
    """Close them all. What was received before is still worked on; what comes later, Slack sends again."""
    ended = [_ask_to_end(connection.client) for connection in connections]
    for connection, gone in zip(connections, ended, strict=True):
        if not gone.wait(PONG_SECONDS):
            log.warning("a connection to Slack did not answer a ping; closing it takes some seconds")
        connection.client.message_queue.put(None)  # its queue, too, is looked at only once a second
        connection.client.close()


def _ask_to_end(client: SocketModeClient) -> Event:
    """Tell the reader to end. It sleeps until something comes in: the answer to a ping."""
    gone = Event()
    client.auto_reconnect_enabled = False
    client.closed = True
    client.on_close_listeners.append(lambda _session: gone.set())
    session = client.current_session
    if session is None or session.sock is None:
        gone.set()
        return gone
    session.keep_running = False
    with suppress(WebSocketException, OSError):
        session.sock.ping()
    return gone
