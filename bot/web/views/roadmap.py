"""The roadmap: what is done now, next and later, by what waiting costs, and who decided so when and why."""

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.experience.mapped import mapped
from bot.experience.themes import Theme, themes
from bot.steering import efforts, roadmap
from bot.steering.roadmap import Decision, Lane
from bot.steering.steerers import may_steer
from bot.touchpoints import TouchpointMap
from bot.web import deciding, periods
from bot.web.deciding import Thing
from bot.web.entries import Entry, View
from bot.web.frame import Frame, Visit
from bot.web.site import Site

ROADMAP = View(Entry.OVERVIEW, "/roadmap", "Roadmap")
# What is offered to be put there: nobody chooses among more.
_MOST_OFFERED = 20
# Decisions shown; each stays in the database.
_MOST_LOGGED = 60


class RoadmapRoom:
    views = (ROADMAP,)

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self, frame: Frame) -> list[BaseRoute]:
        return [
            Route(ROADMAP.path, frame.reading(ROADMAP, self._show)),
            Route(ROADMAP.path, frame.sent(ROADMAP, self._decide), methods=["POST"]),
        ]

    def _show(self, visit: Visit, session: Session) -> Response:
        map_ = self._site.map()
        reading = periods.reading(self._site, visit, session)
        ordered = [one for one in themes(reading, efforts.days_by_theme(session, visit.viewer)).roadmap if one.id]
        log = roadmap.log(session, visit.viewer)
        decided: dict[str, list[Decision]] = defaultdict(list)
        for one in log:
            decided[one.item].append(one)
        things = {item: deciding.thing(session, item, map_) or Thing(item, "What is no more", "") for item in decided}
        weighs = {f"theme:{one.id}": one for one in ordered}
        place = {item: number for number, item in enumerate(weighs)}

        def by_priority(item: str) -> tuple[int, int]:
            return place.get(item, len(place)), decided[item][-1].number

        lanes = {
            lane: sorted((item for item in decided if decided[item][-1].lane is lane), key=by_priority) for lane in Lane
        }
        worst = [f"cell:{one.key}" for one in mapped(reading).ranked[:5]]
        shown = {
            "planned": [(lane.value, deciding.NAMES[lane], lanes[lane]) for lane in deciding.PLANNED],
            "over": [(lane.value, deciding.NAMES[lane], lanes[lane]) for lane in (Lane.DONE, Lane.DROPPED)],
            "things": things,
            "weighs": weighs,
            "decided": decided,
            "moves": deciding.lanes_from,
            "back": {item: lane for item, of_item in decided.items() if (lane := deciding.before_last(of_item))},
            "names": deciding.NAMES,
            "log": log[: -_MOST_LOGGED - 1 : -1],
            "offered": _offered(ordered, worst, decided, map_),
            "new": deciding.lanes_from(None),
            "may_steer": may_steer(visit.viewer),
            "did": things.get(visit.request.query_params.get("did", "")),
            "costed": any(one.delay is not None for one in ordered),
            "zone": self._site.zone,
        }
        return visit.page("roadmap.html", shown)

    def _decide(self, visit: Visit, fields: Mapping[str, str]) -> Response:
        item = deciding.decide(self._site, visit.viewer, fields)
        return RedirectResponse(f"{ROADMAP.path}?did={item}", 303)


def _offered(
    ordered: list[Theme], worst: list[str], decided: Mapping[str, list[Decision]], map_: TouchpointMap
) -> list[tuple[str, str]]:
    """What is not planned yet: themes by priority, then the worst cells of the map."""

    def free(item: str) -> bool:
        return item not in decided or not decided[item][-1].lane.planned

    found = [(f"theme:{one.id}", _told(one)) for one in ordered]
    for item in worst:
        channel, _, stage = item.removeprefix("cell:").partition(".")
        found.append((item, f"Map: {deciding.cell_name(map_, channel, stage)}"))
    return [(item, name) for item, name in found if free(item)][:_MOST_OFFERED]


def _told(one: Theme) -> str:
    return one.label if one.hours is None else f"{one.label} ({one.hours:g} h a week)"
