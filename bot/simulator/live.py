"""The open pages: each is told what changed in its place, the moment it changes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

from bot.simulator.places import Place, Tab
from bot.simulator.rendering import Parts, Piece, Renderer
from bot.simulator.views import View
from bot.simulator.workspace import Workspace

# What ends by itself is gone from the page so soon.
PASSING_SECONDS = 1.0


class OpenPages:
    """Streams of server-sent events, one for each open page. Lives in one event loop."""

    def __init__(self, workspace: Workspace, renderer: Renderer, *, view: Callable[[Place], View]) -> None:
        self._workspace = workspace
        self._renderer = renderer
        self._view = view
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

    def look(self, place: Place) -> None:
        """Somebody has this place before them. Whoever sees messages has read them; the Home shows none."""
        if place.tab is not Tab.HOME:
            self._workspace.mark_read(place.person, place.channel)

    async def stream(self, place: Place) -> AsyncIterator[str]:
        """Server-sent events for one page: first everything, then what changed.

        Looking at a channel is reading it, so its unread count goes with the first event.
        """
        changed = asyncio.Event()
        self._changed.add(changed)
        before: Parts = {}
        try:
            while not self._closing:
                changed.clear()
                self.look(place)
                view = self._view(place)
                now = self._renderer.parts(view)
                news = "".join(swap for part in now for swap in swaps(part, before.get(part), now[part]))
                if news:
                    yield "".join(f"data: {line}\n" for line in news.split("\n")) + "\n"
                before = now
                with suppress(TimeoutError):
                    await asyncio.wait_for(changed.wait(), PASSING_SECONDS if view.passes else None)
        finally:
            self._changed.discard(changed)


def swaps(part: str, before: tuple[Piece, ...] | None, now: tuple[Piece, ...]) -> Iterator[str]:
    """What htmx must swap so that a part that showed `before` shows `now`.

    The usual change, a message more, costs one message however long the channel is. Morphing keeps focus, scrolling
    and what is unfolded.
    """
    if before == now:
        return
    kept = _kept(before or (), now)
    if not kept:
        yield _swap(f"#{part}", "innerMorph", now)
        return
    for old in (before or ())[: -len(kept)]:
        yield _swap(f"#{old.id}", "delete", ())
    for old, new in zip(kept, now, strict=False):
        if old != new:
            yield _swap(f"#{new.id}", "outerMorph", (new,))
    if len(now) > len(kept):
        yield _swap(f"#{part}", "beforeend", now[len(kept) :])


def _kept(before: tuple[Piece, ...], now: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The end of `before` that is the beginning of `now`, going by ids; empty where messages moved otherwise."""
    old_ids, new_ids = [piece.id for piece in before], [piece.id for piece in now]
    if not now or not now[0].id or now[0].id not in old_ids:
        return ()
    start = old_ids.index(now[0].id)
    return before[start:] if old_ids[start:] == new_ids[: len(before) - start] else ()


def _swap(target: str, how: str, pieces: tuple[Piece, ...]) -> str:
    return f'<hx-partial hx-target="{target}" hx-swap="{how}">{"".join(piece.html for piece in pieces)}</hx-partial>'
