"""What the knowledge is kept true with, and the reindex that somebody begins here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

from bot.assistant import Assistant
from bot.curation import Curator
from bot.editorial import Editor
from bot.errors import AlreadyRunning, ThroughlineError
from bot.experience.viewers import Viewer
from bot.oversight import Oversight
from bot.people import Directory
from bot.retrieval.library import Library
from bot.retrieval.reading import Reader
from bot.retrieval.reindexing import Report, Step
from bot.underway import Run, Underway

log = logging.getLogger(__name__)

Reindex = Callable[[Callable[[Step], None]], Report]


class Reindexing:
    """Begun by a form and done in a thread of its own; everybody sees how far it is, whoever began it and where."""

    def __init__(self, reindex: Reindex, underway: Underway) -> None:
        self._reindex = reindex
        self._underway = underway
        self._thread: Thread | None = None

    def last(self) -> Run | None:
        """The one that is under way, or the last that was."""
        return self._underway.last()

    def begin(self) -> None:
        """Return once one is seen to be under way. Raises `AlreadyRunning` where it is, and cannot be watched here."""
        under_way = self.last()
        if under_way is not None and under_way.at_work:
            return
        refused: list[ThroughlineError] = []
        begun = Event()
        self._thread = Thread(target=self._work, args=(begun, refused), name="reindex")
        self._thread.start()
        begun.wait()
        if refused:
            now = self.last()
            if now is None or not now.at_work:
                raise refused[0]

    def wait(self) -> None:
        """Until what was begun here is over."""
        if self._thread is not None:
            self._thread.join()

    def _work(self, begun: Event, refused: list[ThroughlineError]) -> None:
        try:
            self._reindex(lambda _step: begun.set())
        except AlreadyRunning as fault:
            refused.append(fault)
        except ThroughlineError as fault:
            log.info("the reindex was refused: %s", type(fault).__name__)  # its words are on the page
        finally:
            begun.set()


@dataclass(frozen=True, slots=True)
class Keeping:
    """The same as behind `/knowledge` and `throughline knowledge`, so that all doors have one rule."""

    library: Library
    curator: Curator
    assistant: Assistant
    editor: Editor
    directory: Directory
    oversight: Oversight
    reindexing: Reindexing


def reader_of(viewer: Viewer) -> Reader:
    """An admin keeps every page, an owner those of their teams; everybody reads what is meant for them."""
    return Reader(viewer.audiences, viewer.teams, every_page=viewer.person.admin)
