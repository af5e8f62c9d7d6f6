"""The open pages: each is told what changed in its place, the moment it changes."""

import asyncio
from collections.abc import AsyncIterator

from bot.simulator.rendering import parts
from bot.simulator.views import Place, view_of
from bot.simulator.workspace import Workspace


class OpenPages:
    """Streams of server-sent events, one for each open page. Lives in one event loop."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._changed: set[asyncio.Event] = set()
        self._closing = False

    def wake(self) -> None:
        """Something changed; every page looks whether it is concerned."""
        for changed in self._changed:
            changed.set()

    def close(self) -> None:
        """End all streams."""
        self._closing = True
        self.wake()

    async def stream(self, place: Place) -> AsyncIterator[str]:
        """Server-sent events for one page: first everything, then each part that changed.

        Looking at a channel is reading it, so its unread count goes with the first event.
        """
        changed = asyncio.Event()
        self._changed.add(changed)
        sent: dict[str, str] = {}
        try:
            while not self._closing:
                changed.clear()
                self._workspace.mark_read(place.person, place.channel)
                now = parts(view_of(self._workspace, place))
                news = {part: shown for part, shown in now.items() if sent.get(part) != shown}
                if news:
                    yield _event(news)
                sent |= news
                await changed.wait()
        finally:
            self._changed.discard(changed)


def _event(news: dict[str, str]) -> str:
    """One event that htmx swaps in; morphing keeps focus, scrolling and what is unfolded."""
    shown = "".join(
        f'<hx-partial hx-target="#{part}" hx-swap="innerMorph">{html}</hx-partial>' for part, html in news.items()
    )
    return "".join(f"data: {line}\n" for line in shown.split("\n")) + "\n"
