"""What there is to look at: a module for each entry of the bar, which says its views and their routes."""

from bot.web.frame import Room
from bot.web.site import Site
from bot.web.views.map import MapRoom
from bot.web.views.overview import OverviewRoom
from bot.web.views.tickets import TicketsRoom


def rooms_of(site: Site) -> list[Room]:
    """Every room that this site has. A view that is listed by none has no route and is in no bar."""
    return [OverviewRoom(site), MapRoom(site), TicketsRoom(site)]
