"""Everything that people do with friction in Slack, put together once."""

from datetime import datetime, timedelta, tzinfo
from functools import partial

from bot.app import House
from bot.friction import listing, mine
from bot.friction.kinds import Privacy
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.friction.attached import AttachedCustomers
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.entrances import Entrances
from bot.handlers.friction.filling import Filling
from bot.handlers.friction.hot import Hot
from bot.handlers.friction.own import Own
from bot.handlers.friction.reactions import Reactions
from bot.handlers.friction.surface import Friction
from bot.handlers.friction.themes import Themes
from bot.handlers.friction.to_the_page import EntranceTo
from bot.handlers.friction.triage import Triage
from bot.handlers.surfaces import Surface
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Person
from bot.summaries import friction
from bot.summaries.summary import Summary
from bot.visits import whereabouts
from bot.workspaces import of_session

# What was mended longer ago is no news.
MENDED_WITHIN = timedelta(days=30)
# So many of what takes most time are glanced at.
HOT = 3


def friction_at_home(house: House, people: SlackDirectory, person: Person, now: datetime) -> list[Summary]:
    """What somebody reported by name, what was mended because anybody did, what takes most time; no empty parts."""
    if person.outsider:
        return []
    desk = house.friction
    with house.database.reading() as session:
        who = Callers(people, house.owners).reporter(person, workspace=of_session(session))
        own = [one for one in mine.of(session, who, sealer=desk.sealer) if one.privacy is Privacy.NAMED]
        found = listing.mended(session, since=now - MENDED_WITHIN, audiences=person.audiences)
        hottest = listing.shortlist(session, listing.Asked(), audiences=person.audiences, most=HOT)
    hot = [one for one in hottest.first if one.weight.hours]
    parts = [friction.reported(own, owners=house.owners)] if own else []
    if found:
        parts.append(friction.mended(found, zone=house.settings.timezone))
    return [*parts, *([friction.hot(hot, desk.map)] if hot else [])]


def reporting_friction(
    house: House, people: SlackDirectory, channels: SlackChannels, access: CustomerAccess, *, zone: tzinfo | None
) -> tuple[Surface, ...]:
    attached = AttachedCustomers(house.database, access)
    filling = Filling(house.database, house.friction, people, attached)
    entrances = Entrances(
        house.database,
        filling,
        people,
        attached,
        access,
        owners=house.owners,
        permalink=partial(SlackChannels.permalink, channels),
        said_at=partial(SlackChannels.said_at, channels),
    )
    callers = Callers(people, house.owners)
    served_at = partial(whereabouts.noted, house.settings.data_dir)
    own = Own(house.database, house.friction, callers)
    themes = Themes(house.database, house.friction, callers)
    return (
        themes,
        Triage(house.database, house.friction, callers, people=house.directory, zone=zone),
        own,
        Friction(
            house.database,
            house.friction,
            people,
            entrances=entrances,
            filling=filling,
            callers=callers,
            hot=Hot(house.friction, house.owners, house.directory.places),
            own=own.view,
            themes=themes.view,
            page=EntranceTo(house.database, people, owners=house.owners, address=served_at).view,
            zone=zone,
        ),
        Reactions(house.database, people, emoji=house.settings.friction_reaction),
    )
