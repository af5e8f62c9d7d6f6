"""Socket Mode: the WebSocket that the app opens, what is said on it, and how Slack ends it."""

import asyncio
import json
import secrets
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.simulator.clock import Clock
from bot.simulator.deliveries import Connection, Deliveries
from bot.simulator.faults import ACK
from bot.simulator.tcp import Line
from bot.simulator.workspace import Workspace

Json = dict[str, Any]

# Slack's documented limit on open sockets of one app.
MAX_CONNECTIONS = 10
# Slack closes a socket some seconds after it said so.
REFRESH_GRACE_SECONDS = 10.0
# Slack goes on sending to a socket that has died until it notices.
SILENT_SECONDS = 60.0
# What Slack's own `hello` promises of a connection.
CONNECTION_SECONDS = 18_060


class Sockets:
    """The sockets of the app. Everything but `wake` runs in the server's event loop."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._tickets: set[str] = set()
        self._closing: set[asyncio.Task[None]] = set()
        self._silent: list[Connection] = []
        self.deliveries = Deliveries(workspace.clock)

    def url(self, address: str) -> str:
        """A WebSocket address that is good for one connection."""
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        app_id = self._workspace.installation.bot.app_id
        return f"{address.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={app_id}"

    async def serve(self, websocket: WebSocket, line: Line) -> None:
        """One connection from `hello` to its end. `line` is what it goes over."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(code=1008, reason="This ticket was used or never issued; open a new connection.")
            return
        self._tickets.remove(ticket)
        await websocket.accept()
        if len(self.deliveries.connections) >= MAX_CONNECTIONS:
            await websocket.send_json(_disconnect("too_many_websockets"))
            await websocket.close()
            return
        connection = _connection(websocket, line)
        await websocket.send_json(self._hello())
        self._open(connection)
        if self._workspace.faults.silent_sockets:
            self._silence(connection)
        try:
            while True:
                self._read(await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._retire(connection)

    def refresh(self) -> None:
        """Ask the app to open new sockets in place of the ones it has, as Slack does every few hours."""
        for connection in self.deliveries.connections:
            self._retire(connection)
            self._later(_refresh(connection, self._workspace.clock))

    def drop(self) -> None:
        """Cut every socket without a word, as a dying network does."""
        for connection in self.deliveries.connections:
            self._retire(connection)
            connection.abort()

    def silence(self) -> None:
        """Let every socket that is open now die without a sign: nothing comes, and nobody answers a ping."""
        for connection in self.deliveries.connections:
            self._silence(connection)

    async def stop(self) -> None:
        """Close every socket and forget what is under way."""
        await self.deliveries.stop()
        for task in tuple(self._closing):
            task.cancel()
        for connection in self._silent:
            connection.abort()
        for connection in self.deliveries.connections:
            await connection.close()

    def _open(self, connection: Connection) -> None:
        self.deliveries.add(connection)
        self._workspace.set_connections(len(self.deliveries.connections))

    def _silence(self, connection: Connection) -> None:
        connection.silence()
        self._silent.append(connection)
        self._workspace.faults.silenced += 1
        self._later(self._given_up(connection))

    async def _given_up(self, connection: Connection) -> None:
        await asyncio.sleep(self._workspace.clock.real_seconds(SILENT_SECONDS))
        self._retire(connection)
        connection.abort()

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    def _retire(self, connection: Connection) -> None:
        self.deliveries.retire(connection)
        self._workspace.set_connections(len(self.deliveries.connections))

    def _read(self, text: str) -> None:
        """An ack. Anything else is not spoken on this socket."""
        try:
            said = json.loads(text)
        except json.JSONDecodeError:
            return
        if isinstance(said, dict) and isinstance(said.get("envelope_id"), str):
            if self._workspace.faults.draw(ACK):
                return
            payload = said.get("payload")
            self.deliveries.ack(said["envelope_id"], payload if isinstance(payload, dict) else {})

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.deliveries.connections) + 1,
            "debug_info": _debug_info(),
            "connection_info": {"app_id": self._workspace.installation.bot.app_id},
        }


def _debug_info() -> Json:
    return {"host": "local", "build_number": 1, "approximate_connection_time": CONNECTION_SECONDS}


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": _debug_info()}


def _connection(websocket: WebSocket, line: Line) -> Connection:
    silent = False

    def silence() -> None:
        nonlocal silent
        silent = True
        line.stop_listening()

    async def send(body: Json) -> None:
        if silent:
            return
        try:
            await websocket.send_json(body)
        except (WebSocketDisconnect, RuntimeError) as gone:
            # Starlette says RuntimeError where a socket was closed before.
            raise ConnectionError(str(gone)) from gone

    async def close() -> None:
        try:
            await websocket.close(code=1012)
        except RuntimeError:
            return

    return Connection(send=send, close=close, abort=line.cut, silence=silence)


async def _refresh(connection: Connection, clock: Clock) -> None:
    try:
        await connection.send(_disconnect("refresh_requested"))
        await asyncio.sleep(clock.real_seconds(REFRESH_GRACE_SECONDS))
    except ConnectionError:
        return
    await connection.close()
