"""What there is to look at: a module for each thing, which says its views and their routes."""

from bot.web.frame import Room
from bot.web.keeping import Keeping
from bot.web.site import Site
from bot.web.views.access import AccessRoom
from bot.web.views.audit import AuditRoom
from bot.web.views.care import CareRoom
from bot.web.views.courses import CoursesRoom
from bot.web.views.deeds import DeedsRoom
from bot.web.views.demand import DemandRoom
from bot.web.views.fixes import FixesRoom
from bot.web.views.heat import HeatRoom
from bot.web.views.map import MapRoom
from bot.web.views.overview import OverviewRoom
from bot.web.views.quadrant import QuadrantRoom
from bot.web.views.ratings import RatingsRoom
from bot.web.views.reading import ReadingRoom
from bot.web.views.reindex import ReindexRoom
from bot.web.views.roadmap import RoadmapRoom
from bot.web.views.seeing_as import SeeingAsRoom
from bot.web.views.shared import SharedRoom
from bot.web.views.signals import SignalsRoom
from bot.web.views.targets import TargetsRoom
from bot.web.views.themes import ThemesRoom
from bot.web.views.tickets import TicketsRoom
from bot.web.views.tokens import TokensRoom


def rooms_of(site: Site) -> list[Room]:
    """Every room that this site has, in the order in which the bar names the views of an entry."""
    of_map: list[Room] = [MapRoom(site), HeatRoom(site), QuadrantRoom(site), SignalsRoom(site), SharedRoom(site)]
    rooms = [*_of_overview(site), *of_map, ThemesRoom(site), TicketsRoom(site), TokensRoom(site)]
    return [*rooms, *_of_knowledge(site, site.keeping)] if site.keeping else rooms


def _of_overview(site: Site) -> list[Room]:
    return [
        OverviewRoom(site),
        CoursesRoom(site),
        FixesRoom(site),
        TargetsRoom(site),
        RoadmapRoom(site),
        RatingsRoom(site),
        DemandRoom(site),
    ]


def _of_knowledge(site: Site, keeping: Keeping) -> list[Room]:
    return [
        CareRoom(site, keeping),
        DeedsRoom(site, keeping),
        ReindexRoom(site, keeping),
        ReadingRoom(site, keeping),
        SeeingAsRoom(site, keeping),
        AccessRoom(site, keeping),
        AuditRoom(site, keeping),
    ]
