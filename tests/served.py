"""The page on a database of a test's own, or of a picture's."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot import settings
from bot.database import Database
from bot.people import load_directory, load_owners
from bot.touchpoints import load_map
from bot.web import Site
from bot.web.site import by_roster


def shipped_site(database: Database, *, clock: Callable[[], datetime]) -> Site:
    """With the people, teams and map that come with Throughline."""
    config, knowledge = settings.shipped("config"), settings.shipped("knowledge")
    directory, owners = load_directory(config / "people.yaml"), load_owners(config / "owners.yaml")
    map_ = load_map(
        knowledge / "touchpoints.yaml", teams=owners.teams, roles=directory.roles, tracks=None, pages=knowledge
    )
    who = by_roster(directory, owners)
    return Site(database, lambda: map_, owners, directory.places, who, UTC, clock)
