"""What numbers need to know of the company beside its tickets, put together from the house."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import House
from bot.experience import costs_file
from bot.experience.headcounts import Headcount, Headcounts
from bot.experience.world import World
from bot.headcounts import headcounts
from bot.routing.tables import RouteRow


def world_of(house: House, session: Session) -> World:
    """As it is now: the map, who works where, what an hour costs, and where contacts belong, as soon as any was routed.

    Raises `SettingsError` for a file of costs that is wrong.
    """
    clocks = house.friction.clocks
    counts = headcounts(session, house.directory)
    routed = session.scalar(select(RouteRow.interaction).limit(1)) is not None
    return World(
        house.touchpoints.map,
        Headcounts(tuple(Headcount(roles, place, people) for (roles, place), people in counts.groups.items())),
        clocks=clocks.calendars,
        usual=clocks.usual,
        zone=house.settings.timezone,
        rates=costs_file.load_rates(house.settings.config / costs_file.FILE),
        routes=RouteRow.__table__ if routed else None,
    )
