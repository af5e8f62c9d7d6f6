"""How a Socket Mode connection ends without keeping anybody waiting."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from threading import Event

from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from websocket import WebSocketException

log = logging.getLogger(__name__)

# A pong comes back in milliseconds; where none comes, the client's own way of closing is left, which takes ten seconds.
PONG_SECONDS = 2.0


def close(handlers: Sequence[SocketModeHandler]) -> None:
    """Close these connections. What was received before is still worked on; what comes later, Slack sends again.

    The client's reader looks only every ten seconds whether it should end, and does not notice that its socket was
    closed under it: `docker stop` would kill the bot first. So it is told to end, and the answer to a ping wakes it.
    """
    ended = [_ask_to_end(handler) for handler in handlers]
    for handler, gone in zip(handlers, ended, strict=True):
        if not gone.wait(PONG_SECONDS):
            log.warning("a connection to Slack did not answer a ping; closing it takes some seconds")
        handler.client.message_queue.put(None)  # its queue, too, is looked at only once a second
        handler.close()  # type: ignore[no-untyped-call]  # Bolt's


def _ask_to_end(handler: SocketModeHandler) -> Event:
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
