"""A network between two programs that can go wrong: slow, cut, half closed, or silent with everything still open."""

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Self

CHUNK = 65536


@dataclass(eq=False)
class Line:
    """One connection through the proxy. `silent`: what comes is swallowed, and neither side is told."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter
    silent: bool = False

    def abort(self) -> None:
        for side in (self.near, self.far):
            side.transport.abort()


@dataclass
class Proxy:
    """Passes on to a port of this machine until the end of the block.

    `latency` in seconds, each way; `asked` counts who came.
    """

    port: int
    latency: float = 0.0
    refusing: bool = False
    asked: int = 0
    _lines: set[Line] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(
            asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop
        ).result()
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.close()
        self.reset()
        asyncio.run_coroutine_threadsafe(self._drained(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def open(self) -> int:
        return len(self._lines)

    def silence(self) -> None:
        """From now on nothing gets through on the connections that are open; they stay open on both sides."""
        self._soon(lambda: [setattr(line, "silent", True) for line in self._lines])

    def reset(self) -> None:
        """Cut every connection without a word."""
        self._soon(lambda: [line.abort() for line in tuple(self._lines)])

    def half_close(self) -> None:
        """Tell the near side that nothing more comes, and go on reading from it."""
        self._soon(lambda: [line.near.write_eof() for line in tuple(self._lines)])

    def _soon(self, act: object) -> None:
        async def now() -> None:
            act()  # type: ignore[operator]

        asyncio.run_coroutine_threadsafe(now(), self._loop).result()

    async def _drained(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        self.asked += 1
        if self.refusing:
            near.transport.abort()
            return
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            near.transport.abort()
            return
        line = Line(near, far)
        self._lines.add(line)
        try:
            await asyncio.gather(self._pass(line, reader, far), self._pass(line, far_reader, near))
        except OSError:
            pass
        finally:
            self._lines.discard(line)
            line.abort()

    async def _pass(self, line: Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while said := await reader.read(CHUNK):
            if self.latency:
                await asyncio.sleep(self.latency)
            if not line.silent:
                writer.write(said)
                await writer.drain()
        if line.silent:  # whoever still holds the other end hears of it as little as of anything
            await asyncio.Event().wait()
        writer.write_eof()
