"""A reindex from the page: one at a time, and everybody who looks sees how far it is."""

from collections.abc import Mapping

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.experience.viewers import must_keep
from bot.retrieval.reindexing import Step
from bot.summaries import knowledge as summaries
from bot.summaries.summary import from_value
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping, Reindexing
from bot.web.site import Site

REINDEX = View(Entry.KNOWLEDGE, "/knowledge/reindex", "Reindex", must_keep)


class ReindexRoom:
    views: tuple[View, ...] = ()

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._keeping = keeping

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(REINDEX.path, frame.seen(REINDEX, self._show), methods=["GET"]),
            Route(REINDEX.path, frame.sent(REINDEX, self._begin), methods=["POST"]),
        ]

    def _show(self, visit: Visit) -> Response:
        """By itself, and asked again each second by the page while one is under way."""
        return visit.page("reindex.html", shown(self._keeping.reindexing, self._site))

    def _begin(self, _visit: Visit, _fields: Mapping[str, str]) -> Response:
        self._keeping.reindexing.begin()
        return RedirectResponse(REINDEX.path, 303)


def shown(reindexing: Reindexing, site: Site) -> dict[str, object]:
    """What its part of a page needs."""
    run = reindexing.last()
    step = Step(run.phase, run.done, run.total) if run else None
    return {
        "run": run,
        "step": summaries.step(step) if step and step.phase else "Beginning",
        "outcome": from_value(run.outcome) if run and run.outcome else None,
        "zone": site.zone,
    }
