"""Socket Mode connections that begin anew and end without keeping anybody waiting, and whoever sees that they live.

Slack's client (slack_sdk 3.47) reads a socket in one thread and replaces it from two others. Where they meet, the
reader waits ten seconds on a socket that was closed under it, or reads for good on one while its acks go to another,
which is not open. So here the reader alone replaces its socket, and is told when to end.
"""

import http.client
import json
import logging
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Event
from typing import Any

import websocket
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.websocket_client import SocketModeClient
from websocket import WebSocketApp, WebSocketException

from bot.handlers.border import guarded
from bot.jobs import Pool

log = logging.getLogger(__name__)

# A pong comes back in milliseconds; where none comes, the client's own way of closing is left, which takes ten seconds.
PONG_SECONDS = 2.0
PING_SECONDS = 5.0
# Three pongs missed: a socket that is open and dead.
SILENCE_SECONDS = 15.0
# For a TCP connection and a handshake, and for the rest of a message that has begun. Longer than from ping to ping.
STALL_SECONDS = 10.0
# An outage that is shorter is ridden out; after a longer one a fresh process begins with nothing left over.
LOST_SECONDS = 300.0
LOOK_SECONDS = 1.0
FIRST_WAIT = 0.5
LONGEST_WAIT = 15.0


class _Client(SocketModeClient):
    """Reconnects in its reader's thread only: when Slack asks for it, when a socket is lost, and until it succeeds."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - the client's own
        super().__init__(**options)
        self.ending = Event()
        self.heard_at = self.begun_at = time.monotonic()

    def connect(self) -> None:
        super().connect()
        self.begun_at = time.monotonic()
        if self.current_session is not None:
            self.current_session.on_pong = self.current_session.on_ping = self._heard

    def connect_to_new_endpoint(self, force: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the client's own
        """Until it succeeds or is told to end; slower each time, since Slack is asked for an address first."""
        wait = FIRST_WAIT
        while not self.closed:
            try:
                opened = self.web_client.apps_connections_open(app_token=self.app_token)
                self.wss_uri = str(opened["url"])
                self.connect()
            except (SlackApiError, SlackClientError, OSError, http.client.HTTPException) as fault:
                log.warning("no new connection to Slack yet (%s); tried again in %g s", _named(fault), wait)
                self.ending.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                return

    def enqueue_message(self, message: str) -> None:
        """Called by the reader. After a request to begin anew it reads no more, and so opens the next socket."""
        self._heard()
        if '"disconnect"' in message and json.loads(message).get("type") == "disconnect":
            if self.current_session is not None:
                self.current_session.keep_running = False
        else:
            super().enqueue_message(message)

    def cut(self) -> None:
        """End a socket that is open and dead: the reader wakes, and opens the next one."""
        session = self.current_session
        if session is not None and session.sock is not None and session.sock.sock is not None:
            with suppress(OSError):
                session.sock.sock.shutdown(socket.SHUT_RDWR)

    def _heard(self, *_: object) -> None:
        self.heard_at = time.monotonic()

    def _monitor_current_session(self) -> None:
        """Nothing: a socket that is about to open looks to the monitor like one that was lost."""


class Connection(SocketModeHandler):
    """A connection to Slack, not open yet."""

    client: _Client

    def __init__(self, app: App, app_token: str, *, logger: logging.Logger) -> None:
        websocket.setdefaulttimeout(STALL_SECONDS)  # the library has no other way to say it
        self.app = app
        self.app_token = app_token
        self.client = _Client(app_token=app_token, logger=logger, web_client=app.client, ping_interval=PING_SECONDS)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # Bolt's own


class Watchdog:
    """One step: end what is open and dead, and say so once where nothing lives any more.

    What counts is when something was last heard, be it a pong: a dead socket looks as open as a living one.
    """

    def __init__(self, connections: Sequence[Connection], *, lost: Callable[[], None]) -> None:
        self._clients = [connection.client for connection in connections]
        self._lost = lost
        self._cut: dict[_Client, WebSocketApp | None] = {}

    def __call__(self) -> float:
        now = time.monotonic()
        for client in self._clients:
            silent = now - max(client.heard_at, client.begun_at)
            if silent > SILENCE_SECONDS and self._cut.get(client) is not client.current_session:
                log.warning("a connection to Slack has been silent for %.0f s; it is replaced", silent)
                self._cut[client] = client.current_session
                client.cut()
        deaf = now - max(client.heard_at for client in self._clients)
        if deaf > LOST_SECONDS:
            log.error("Slack has not been heard for %.0f s, and no new connection comes about", deaf)
            self._lost()
        return LOOK_SECONDS


class SocketMode:
    """All connections and whoever sees that they live, from `start()` to `stop()`."""

    where = "It listens in Slack: mention it in a channel it is in."

    def __init__(self, connections: Sequence[Connection], *, lost: Callable[[], None]) -> None:
        self._connections = connections
        watchdog = Watchdog(connections, lost=lost)
        self._watchdog = Pool("watchdog", guarded(watchdog, wait=LOOK_SECONDS), size=1)

    def start(self) -> None:
        """Return when Slack is heard. Raises `SlackApiError` where it refuses us."""
        for connection in self._connections:
            connection.connect()  # type: ignore[no-untyped-call]  # Bolt's
        self._watchdog.start()

    def stop(self) -> None:
        self._watchdog.stop()
        close(self._connections)


def close(connections: Sequence[Connection]) -> None:
    """Close them all. What was received before is still worked on; what comes later, Slack sends again."""
    ended = [_ask_to_end(connection.client) for connection in connections]
    for connection, gone in zip(connections, ended, strict=True):
        if not gone.wait(PONG_SECONDS):
            log.warning("a connection to Slack did not answer a ping; closing it takes some seconds")
            connection.client.cut()
        connection.client.message_queue.put(None)  # its queue, too, is looked at only once a second
        connection.client.close()


def _ask_to_end(client: _Client) -> Event:
    """Tell the reader to end. It sleeps until something comes in: the answer to a ping."""
    gone = Event()
    client.auto_reconnect_enabled = False
    client.closed = True
    client.ending.set()
    client.on_close_listeners.append(lambda _session: gone.set())
    session = client.current_session
    if session is None or session.sock is None:
        gone.set()
        return gone
    session.keep_running = False
    with suppress(WebSocketException, OSError):
        session.sock.ping()
    return gone


def _named(fault: Exception) -> str:
    if isinstance(fault, SlackApiError):
        return str(fault.response.get("error") or fault.response.status_code)
    return f"{type(fault).__name__}: {fault}"
