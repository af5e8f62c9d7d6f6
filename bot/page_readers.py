"""Who reads the page: people of Slack as Slack knows them now, others as config/people.yaml has them."""

from functools import partial

from bot.app import House
from bot.attended import Attended
from bot.errors import NotAttendedYet, PeopleUnknown
from bot.experience.viewers import Viewer, viewer_of
from bot.oversight import Oversight
from bot.people import Directory, Owners
from bot.touchpoints.goals import FILE, Goal, load_goals
from bot.visits.visiting import Visitor
from bot.web import Site, SlackOpenId
from bot.web.keeping import Keeping, Reindexing
from bot.web.site import Who, by_roster
from bot.worlds import world_of


def in_slack(attended: Attended, directory: Directory, owners: Owners) -> Who:
    """With the roles that Slack's user groups and channels give; remembered for minutes, and changes are heard of."""
    listed = by_roster(directory, owners)

    def who(visitor: Visitor) -> Viewer:
        if not visitor.person:
            return listed(visitor)
        try:
            here = attended.of(visitor.workspace)
        except NotAttendedYet as fault:
            raise PeopleUnknown(str(fault)) from fault
        if here is None or here.workspace != visitor.workspace:
            raise PeopleUnknown("Throughline is not at work any more in the workspace from which you signed in.")
        person = here.people.person(visitor.person)
        return viewer_of(person, owners.teams_of(here.people.address(visitor.person)))

    return who


def site_of(house: House, who: Who, openid: SlackOpenId | None = None) -> Site:
    return Site(
        house.database,
        lambda: house.touchpoints.map,
        house.owners,
        house.directory.places,
        who,
        house.settings.timezone,
        url=house.settings.web_url,
        openid=openid,
        world=partial(world_of, house),
        keeping=keeping_of(house),
        goals=partial(goals_of, house),
        calendar=house.friction.clocks.usual,
        partners=sorted({*house.directory.partners.values()}),
        snapshots=house.snapshots,
    )


def goals_of(house: House) -> tuple[Goal, ...]:
    """As the file has them now, by the map in use. Raises `SettingsError` where it is wrong."""
    return load_goals(house.settings.knowledge / FILE, house.touchpoints.map, teams=house.owners.teams)


def keeping_of(house: House) -> Keeping:
    """What the knowledge is kept true with, as the commands have it."""
    return Keeping(
        house.library,
        house.curator,
        house.assistant,
        house.editor,
        house.directory,
        Oversight(house.database, house.directory, country=house.settings.country),
        Reindexing(partial(house.reindex, house.settings.knowledge), house.underway),
    )
