"""The pages that somebody may read, and the text of one of them as it was read in: plain words, never its markup."""

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.conditions import unjudged
from bot.errors import NoSuchPage
from bot.retrieval.documents import Section
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping, reader_of
from bot.web.site import Site

READ = View(Entry.KNOWLEDGE, "/knowledge/pages", "Pages")


class ReadingRoom:
    views = (READ,)

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._keeping = keeping

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(READ.path, frame.seen(READ, self._list)),
            Route(f"{READ.path}/{{source:path}}", frame.seen(READ, self._one)),
        ]

    def _list(self, visit: Visit) -> Response:
        asked, site = visit.request.query_params, self._site
        owner, words = asked.get("owner", "").strip(), asked.get("words", "").strip()[:80]
        every = self._keeping.library.pages(reader=reader_of(visit.viewer), day=site.today())
        quoted = self._keeping.curator.used(now=site.clock())
        pages = [
            one
            for one in every
            if owner in {"", one.owner} and words.casefold() in f"{one.title} {one.source}".casefold()
        ]
        shown = {
            "pages": sorted(pages, key=lambda one: (-quoted[one.source], one.title.casefold())),
            "every": len(every),
            "quoted": quoted,
            "owner": owner,
            "words": words,
            "teams": sorted({(site.owners.name(one.owner), one.owner) for one in every if one.owner}),
            "owner_of": site.owners.name,
        }
        return visit.page("pages.html", shown)

    def _one(self, visit: Visit) -> Response:
        source, site, viewer = visit.request.path_params["source"], self._site, visit.viewer
        found = self._keeping.library.page(source, reader=reader_of(viewer), day=site.today())
        if found is None:
            raise NoSuchPage("No page of this name is there for you. Look for it in the list of pages.")
        of_each = [_conditions(section) for section in found.sections]
        always = [one for one in of_each[0] if all(one in some for some in of_each)] if of_each else []
        shown = {
            "page": found.page,
            "sections": found.sections,
            "quoted": self._keeping.curator.sections_used(source, now=site.clock()),
            "place": _place,
            "always": always,
            "holds_for": lambda section: [one for one in _conditions(section) if one not in always],
            "owner_of": site.owners.name,
            "admin": viewer.person.admin,
            "may_verify": viewer.person.admin or found.page.owner in viewer.teams,
        }
        return visit.page("page.html", shown)


def _conditions(section: Section) -> list[str]:
    """For which customers it holds, in words."""
    return [one.words for one in unjudged(section.conditions)]


def _place(section: Section) -> str:
    """As citations name it."""
    return " › ".join(section.headings)
