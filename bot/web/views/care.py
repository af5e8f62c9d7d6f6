"""What of the knowledge needs care, for those who look after it: admins see all, owners what their teams answer for."""

from collections import Counter
from collections.abc import Sequence

from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import verdict_wording
from bot.access import askers
from bot.errors import IndexMissing
from bot.experience.viewers import Viewer
from bot.gaps import GapGroup
from bot.retrieval import languages
from bot.retrieval.conflicts import Conflict
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.keeping import Keeping, reader_of
from bot.web.site import Site
from bot.web.views import deeds, reindex

CARE = View(Entry.KNOWLEDGE, "/knowledge", "What needs care")
# More than anybody works through at once; the command line has all.
MOST_SHOWN = 50
MOST_USED = 8
# Of a question that no touchpoint's page came near.
NOWHERE = "none"


class CareRoom:
    views = (CARE,)

    def __init__(self, site: Site, keeping: Keeping) -> None:
        self._site = site
        self._keeping = keeping

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [Route(CARE.path, frame.seen(CARE, self._show))]

    def _show(self, visit: Visit) -> Response:
        asked, viewer, teams = visit.request.query_params, visit.viewer, self._site.owners.teams
        owner = asked.get("owner", "") if asked.get("owner") in teams else ""
        shown = {
            "admin": viewer.person.admin,
            "mine": sorted(self._site.owners.name(team) for team in viewer.teams),
            "owner": owner,
            "teams": sorted((team.name, key) for key, team in teams.items()),
            "owner_of": self._site.owners.name,
            "zone": self._site.zone,
            "most": MOST_SHOWN,
            "did": deeds.told(visit, self._site, self._keeping),
            **self._lists(viewer, owner),
            **self._used(viewer),
            **(self._of_admins(viewer, asked.get("touchpoint", "")) if viewer.person.admin else {}),
        }
        return visit.page("care.html", shown)

    def _lists(self, viewer: Viewer, owner: str) -> dict[str, object]:
        """What is theirs to look after; nothing for a lead who is in no team."""
        by, teams = viewer.person, viewer.teams
        if not by.admin and not teams:
            return {"stale": [], "conflicts": [], "unhelpful": []}
        curator = self._keeping.curator
        stale = curator.stale(by=by, today=self._site.today(), now=self._site.clock(), teams=teams)
        return {
            "stale": [one for one in stale if owner in {"", one.page.owner}],
            "conflicts": self._conflicts(viewer, owner),
            "unhelpful": curator.unhelpful(owner=owner, by=by, teams=teams),
            "said": lambda one: verdict_wording.unhelpful(one, zone=self._site.zone),
        }

    def _conflicts(self, viewer: Viewer, owner: str) -> Sequence[Conflict]:
        curator, today = self._keeping.curator, self._site.today()
        try:
            return curator.conflicts(owner=owner, by=viewer.person, teams=viewer.teams, today=today)
        except IndexMissing:
            return ()

    def _used(self, viewer: Viewer) -> dict[str, object]:
        """The most quoted of the pages that they may read."""
        pages = self._keeping.library.pages(reader=reader_of(viewer), day=self._site.today())
        quoted = self._keeping.curator.used(now=self._site.clock())
        used = sorted((one for one in pages if quoted[one.source]), key=lambda one: (-quoted[one.source], one.source))
        return {"readable": len(pages), "used": used[:MOST_USED], "quoted": quoted}

    def _of_admins(self, viewer: Viewer, touchpoint: str) -> dict[str, object]:
        by, site, curator, editor = viewer.person, self._site, self._keeping.curator, self._keeping.editor
        state = curator.state(by=by, today=site.today(), now=site.clock())
        groups = [(self._where(group), group) for group in curator.gap_groups(by=by)]
        open_at = Counter({where: 0 for where, _ in groups})
        for where, group in groups:
            open_at[where] += group.times
        chosen = touchpoint if touchpoint in open_at else ""
        return {
            "state": state,
            "languages": ", ".join(languages.NAMES.get(one, one) for one in state.live.languages) if state.live else "",
            "gaps": [group for where, group in groups if chosen in {"", where}],
            "open_at": open_at.most_common(),
            "touchpoint": chosen,
            "name_of": lambda id_: "no touchpoint known" if id_ == NOWHERE else site.map().name_of(id_),
            "proposals": editor.waiting(editor.reviewer(by, by.id)),
            "audiences": [key for key in askers(self._keeping.directory) if "@" not in key],
            **reindex.shown(self._keeping.reindexing, site),
        }

    def _where(self, group: GapGroup) -> str:
        """The touchpoint whose standard is the page that came nearest, where the map says one."""
        nearest = next((source for source, _ in group.closest), "")
        touchpoints = self._site.map().ex.values()
        return next((ex.id for ex in touchpoints if ex.standard and ex.standard.policy == nearest), NOWHERE)
