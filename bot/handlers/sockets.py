"""Socket Mode connections that begin anew and end without keeping anybody waiting.

The client's reader looks only every ten seconds whether its socket is still wanted, and does not notice that another
thread closed it. So a refresh would leave a connection deaf for ten seconds, and `docker stop` would kill the bot
before it had stopped. Here the reader itself is told.
"""

import json
import logging
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Timer

from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from websocket import WebSocketApp, WebSocketException

log = logging.getLogger(__name__)

# A pong comes back in milliseconds; where none comes, the client's own way of closing is left, which takes ten seconds.
PONG_SECONDS = 2.0
# A new socket is there in half a second; after this it was not to be had.
RECONNECT_SECONDS = 10.0


def connection(app: App, app_token: str, *, logger: logging.Logger) -> SocketModeHandler:
    """A connection that is not open yet. Asked by Slack to begin anew, it does so in half a second."""
    handler = SocketModeHandler(app, app_token, logger=logger)
    client = handler.client

    def leave(session: WebSocketApp, said: str) -> None:
        """Called in the reader's thread; the client has the message too, and opens the next socket."""
        if '"disconnect"' in said and json.loads(said).get("type") == "disconnect":
            client.auto_reconnect_enabled = False  # until the next socket: one is enough
            session.keep_running = False
            # The next socket switches it on again. If none can be had just now, the client's monitor must go on trying.
            again = Timer(RECONNECT_SECONDS, resume)
            again.daemon = True
            again.start()

    def resume() -> None:
        client.auto_reconnect_enabled = not client.closed

    client.on_message_listeners.append(leave)
    return handler


def close(handlers: Sequence[SocketModeHandler]) -> None:
    """Close these connections. What was received before is still worked on; what comes later, Slack sends again."""
    ended = [_ask_to_end(handler) for handler in handlers]
    for handler, gone in zip(handlers, ended, strict=True):
        if not gone.wait(PONG_SECONDS):
            log.warning("a connection to Slack did not answer a ping; closing it takes some seconds")
        handler.client.message_queue.put(None)  # its queue, too, is looked at only once a second
        handler.close()  # type: ignore[no-untyped-call]  # Bolt's


def _ask_to_end(handler: SocketModeHandler) -> Event:
    """Tell the reader to end; the answer to a ping wakes it."""
    client, gone = handler.client, Event()
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
