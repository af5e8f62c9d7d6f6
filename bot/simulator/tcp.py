"""The TCP connections under the server, found by who is at their other end."""

from dataclasses import dataclass

import uvicorn
from starlette.requests import HTTPConnection
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


@dataclass(frozen=True)
class Line:
    """One TCP connection, underneath whatever is spoken on it."""

    _protocols: tuple[H11Protocol | WebSocketsSansIOProtocol, ...]

    def cut(self) -> None:
        """End it at once: the other end sees a reset."""
        for protocol in self._protocols:
            if protocol.transport:
                protocol.transport.abort()

    def close(self) -> None:
        """Send what was written, then end it."""
        for protocol in self._protocols:
            if protocol.transport:
                protocol.transport.close()

    def stop_listening(self) -> None:
        """Take nothing in any more, not even a ping, and send none; the other end can write on and never learns why."""
        for protocol in self._protocols:
            if isinstance(protocol, WebSocketsSansIOProtocol):
                protocol.stop_keepalive()
            if protocol.transport:
                protocol.transport.pause_reading()


@dataclass(frozen=True)
class Lines:
    """All connections of a server."""

    server: uvicorn.Server

    def under(self, connection: HTTPConnection) -> Line:
        """The one that a request or a WebSocket came over."""
        end = tuple(connection.client or ())
        return Line(
            tuple(
                one
                for one in self.server.server_state.connections
                if isinstance(one, (H11Protocol, WebSocketsSansIOProtocol)) and one.client == end
            )
        )
