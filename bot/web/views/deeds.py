"""What is done about the knowledge from the page: each form is carried out as the same word behind `/knowledge` is."""

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import deadlines
from bot.deadlines import NoDeadline
from bot.errors import CurationError
from bot.experience.viewers import must_see
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping, reader_of
from bot.web.site import Site

# Who may do which of them is the curator's to say.
_DEEDS = View(Entry.KNOWLEDGE, "/knowledge", "Done", must_see)
Fields = Mapping[str, str]

# What is said of it afterwards, by the word in the address; "{}" is the page.
SAID = {
    "verified": "“{}” counts as verified today.",
    "withdrawn": "“{}” is withdrawn: no answer uses it from now on, whatever is reindexed.",
    "restored": "“{}” answers again.",
    "posted": "The notice stands on top of answers about it from now on.",
    "ended": "The notice is taken down.",
    "back": "The state before the last reindex answers again. Mend the pages that were left, then reindex.",
}


class DeedsRoom:
    views: tuple[View, ...] = ()

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._keeping = keeping

    def routes(self, frame: Frame) -> list[BaseRoute]:
        done = {
            "verify": self._verify,
            "withdraw": self._withdraw,
            "restore": self._restore,
            "notices": self._post_notice,
            "notices/end": self._end_notice,
            "rollback": self._roll_back,
        }
        return [
            Route(f"{_DEEDS.path}/{name}", frame.sent(_DEEDS, does), methods=["POST"]) for name, does in done.items()
        ]

    def _verify(self, visit: Visit, fields: Fields) -> Response:
        by, teams = visit.viewer.person, visit.viewer.teams
        page = self._keeping.curator.verify(_page(fields), by=by, today=self._site.today(), teams=teams)
        return _then("verified", page.source)

    def _withdraw(self, visit: Visit, fields: Fields) -> Response:
        by, reason = visit.viewer.person, fields.get("reason", "")
        page = self._keeping.curator.withdraw(_page(fields), by=by, reason=reason, now=self._site.clock())
        return _then("withdrawn", page.source)

    def _restore(self, visit: Visit, fields: Fields) -> Response:
        page = self._keeping.curator.restore(_page(fields), by=visit.viewer.person, now=self._site.clock())
        return _then("restored", page.source)

    def _post_notice(self, visit: Visit, fields: Fields) -> Response:
        now, zone = self._site.clock(), self._site.zone
        try:
            until = deadlines.until(fields.get("until", "").strip(), now=now, zone=zone)
        except NoDeadline as fault:
            raise CurationError(str(fault)) from fault
        self._keeping.curator.post_notice(
            fields.get("text", ""),
            until=until,
            said=deadlines.said(until, zone=zone),
            meant_for=[fields["audience"]] if fields.get("audience") else [],
            by=visit.viewer.person,
            now=now,
        )
        return _then("posted")

    def _end_notice(self, visit: Visit, fields: Fields) -> Response:
        number = fields.get("number", "")
        self._keeping.curator.end_notice(
            int(number) if number.isdecimal() else 0, by=visit.viewer.person, now=self._site.clock()
        )
        return _then("ended")

    def _roll_back(self, visit: Visit, _fields: Fields) -> Response:
        self._keeping.curator.roll_back(by=visit.viewer.person)
        return _then("back")


def told(visit: Visit, site: Site, keeping: Keeping) -> str:
    """What was just done, "" for nothing. A page is named only to whoever may read it."""
    asked, viewer = visit.request.query_params, visit.viewer
    words = SAID.get(asked.get("did", ""), "")
    if "{}" not in words:
        return words
    found = keeping.library.page(asked.get("page", ""), reader=reader_of(viewer), day=site.today())
    return words.format(found.page.title if found else "The page")


def _page(fields: Fields) -> str:
    if not fields.get("page"):
        raise CurationError("The form named no page. Open the page and press its button.")
    return fields["page"]


def _then(word: str, page: str = "") -> Response:
    """Back to what needs care, so that loading it again does nothing twice."""
    return RedirectResponse(f"/knowledge?{urlencode({'did': word, **({'page': page} if page else {})})}", 303)
