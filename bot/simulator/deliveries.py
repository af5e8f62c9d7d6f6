"""Envelopes on their way to the app: to one socket after another, acked within three seconds, or sent again."""

import asyncio
import itertools
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.clock import Clock
from bot.simulator.events import Envelope, EnvelopeType

Json = dict[str, Any]

# Slack's documented time for an ack.
ACK_SECONDS = 3.0
# Slack's documented pauses before an un-acked event is sent again: at once, after a minute, after five.
RETRY_AFTER_SECONDS = (0.0, 60.0, 300.0)


@dataclass(eq=False)
class Connection:
    """One socket of the app. `send` fails with ConnectionError where the socket is gone; a silent one never says."""

    send: Callable[[Json], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    abort: Callable[[], None]
    silence: Callable[[], None]
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


class Deliveries:
    """Hands every envelope to one of the open sockets in turn. Lives in one event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: list[Connection] = []
        self._turn = itertools.count()
        self._opened = asyncio.Event()
        self._acks: dict[str, asyncio.Future[Json]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The sockets that take envelopes now."""
        return tuple(self._open)

    @property
    def under_way(self) -> int:
        """How many envelopes have neither an ack nor been given up."""
        return len(self._under_way)

    def add(self, connection: Connection) -> None:
        """A socket opened; what waited for one goes out."""
        self._open.append(connection)
        self._opened.set()

    def retire(self, connection: Connection) -> None:
        """This socket takes no more envelopes; acks that still come from it count."""
        if connection in self._open:
            self._open.remove(connection)
        if not self._open:
            self._opened.clear()

    def ack(self, envelope_id: str, payload: Json) -> None:
        """The app has taken an envelope. An ack that comes too late is ignored, as Slack does."""
        waiting = self._acks.get(envelope_id)
        if waiting and not waiting.done():
            waiting.set_result(payload)

    def start(self, envelope: Envelope) -> None:
        """Begin delivering; the order of calls is the order on the wire."""
        deliver = self._deliver_event if envelope.type is EnvelopeType.EVENT else self._deliver_once
        task = asyncio.create_task(deliver(envelope))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def stop(self) -> None:
        """Give up on everything that is under way."""
        tasks = tuple(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver_event(self, envelope: Envelope) -> None:
        last: Connection | None = None
        for attempt, pause in enumerate((None, *RETRY_AFTER_SECONDS)):
            if pause:
                await asyncio.sleep(self._clock.real_seconds(pause))
            last = await self._next(other_than=last)
            if not envelope.wanted():
                return
            if await self._acked(envelope, last, attempt=attempt) is not None:
                return

    async def _deliver_once(self, envelope: Envelope) -> None:
        """A command or a pressed button: somebody waits for it, so it is sent now or never."""
        if not self._open:
            envelope.failed("dispatch_failed")
            return
        answer = await self._acked(envelope, await self._next(other_than=None), attempt=0)
        if answer is None:
            envelope.failed("operation_timeout")
        else:
            envelope.acked(answer)

    async def _next(self, *, other_than: Connection | None) -> Connection:
        while not self._open:
            await self._opened.wait()
        others = [one for one in self._open if one is not other_than] or self._open
        return others[next(self._turn) % len(others)]

    async def _acked(self, envelope: Envelope, connection: Connection, *, attempt: int) -> Json | None:
        """Send and wait. None where no ack came in time."""
        envelope_id = str(uuid.uuid4())
        body: Json = {
            "envelope_id": envelope_id,
            "type": envelope.type.value,
            "payload": envelope.payload,
            "accepts_response_payload": envelope.type is not EnvelopeType.EVENT,
        }
        if envelope.type is EnvelopeType.EVENT:
            body |= {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._clock.real_seconds_for_the_app(ACK_SECONDS)):
                try:
                    await connection.send(body)
                except ConnectionError:
                    self.retire(connection)
                return await self._acks[envelope_id]
        except TimeoutError:
            return None
        finally:
            del self._acks[envelope_id]
