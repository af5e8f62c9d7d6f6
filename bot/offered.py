"""Everything that people can do with the bot, put together once."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from slack_sdk import WebClient

from bot import golden, personal, requests, suggestions
from bot.app import House
from bot.channels import settings_of
from bot.database import Database
from bot.handlers import doors as forms
from bot.handlers.ask import Ask
from bot.handlers.doors import Doors
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.page_faults import PageFaults
from bot.handlers.home import RECENT, Home
from bot.handlers.knowledge import Knowledge
from bot.handlers.lead_home import LeadHome
from bot.handlers.letters.readers import Readers
from bot.handlers.letters.surface import Letters
from bot.handlers.masking import Mask, Masking
from bot.handlers.presence import Presence
from bot.handlers.pulses.surface import Pulses
from bot.handlers.requests.ask_human import AskHuman
from bot.handlers.requests.human_replies import HumanReplies
from bot.handlers.requests.page_proposals import PageProposals
from bot.handlers.routing import Router
from bot.handlers.share import Share
from bot.handlers.stage_map import StageMap
from bot.handlers.surfaces import Forms, Showing, Surface
from bot.handlers.throughline import Throughline
from bot.handlers.verdicts.feedback import Feedback
from bot.handlers.verdicts.objections import Objections
from bot.handlers.welcome import Welcome
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.handlers.workspace.membership import Membership
from bot.letters import stops
from bot.offered_customers import handover_at_home, serving_customers
from bot.offered_friction import friction_at_home, reporting_friction
from bot.offered_numbers import asking_for_numbers
from bot.people import Person
from bot.summaries import knowledge, personal_lists
from bot.summaries.summary import Summary
from bot.verdicts import Verdicts
from bot.visits import whereabouts
from bot.worlds import world_of


def surfaces_of(
    house: House,
    people: SlackDirectory,
    presence: Presence,
    *,
    channels: SlackChannels,
    bot: str,
    wake: Callable[[], None],
) -> Sequence[Surface]:
    """Everything that people can do with the bot; the first that knows a request takes it."""
    zone = house.settings.timezone
    suggest = partial(_suggested, house)
    verdicts = Verdicts(house.database, house.library, house.owners)
    addressees = Addressees(channels, people, people=house.directory)
    mask = Masking(house.database, people)
    faults = PageFaults(house.friction, house.library, Callers(people, house.owners), zone=zone)
    welcome = Welcome(house.database, people, presence, bot=bot, suggest=suggest)
    serving = serving_customers(house, people, channels, bot=bot)
    pulses = Pulses(
        house.database,
        Callers(people, house.owners),
        sealer=house.friction.sealer,
        map_=lambda: house.touchpoints.map,
        asking_people=house.settings.pulse,
        zone=zone,
    )
    return (
        *_asking_people(
            house, people, channels, addressees, mask=mask, bot=bot
        ),  # before a question: replies in the threads of their cards
        Ask(
            house.database,
            house.assistant,
            people,
            bot=bot,
            names_a_customer=personal.names_a_customer,
            welcome=welcome.greet,
            presence=presence,
            about_a_customer=serving.customers.takes,
            asks_for_a_number=asking_for_numbers(house, people).takes,
            zone=zone,
        ),
        serving.customers,
        *serving.more,
        Feedback(house.database, verdicts),
        Objections(house.database, verdicts, house.library, people, addressees, mask=mask, faults=faults, zone=zone),
        Share(house.database, house.assistant, people, mask=mask, zone=zone),
        welcome,  # before Membership: where the bot itself comes in, it says hello
        Membership(house.database),
        *reporting_friction(house, people, channels, serving.access, zone=zone),
        Home(
            house.database,
            house.library,
            house.curator,
            people,
            owners=house.owners,
            suggest=suggest,
            parts=[
                _lead_home(house, people).parts,
                partial(friction_at_home, house, people),
                partial(_requests, house, people),
                partial(_undelivered, house),
                partial(_pulse, house, pulses),
            ],
            handover=partial(handover_at_home, house, people),
            letters=partial(_letters, house, readers_of(house, people, addressees)),
            zone=zone,
        ),
        Letters(house.database),
        pulses,  # before Throughline, one of whose words is its own
        Throughline(
            house.database, house.library, people, owners=house.owners, stages=_stages(house, people), zone=zone
        ),
        Knowledge(
            house.database,
            house.curator,
            house.assistant,
            people,
            dead_letters=house.dead_letters,
            editor=house.editor,
            directory=house.directory,
            owners=house.owners,
            reindex=partial(house.reindex, house.settings.knowledge),
            wake=wake,
            zone=zone,
        ),
    )


def _stages(house: House, people: SlackDirectory) -> StageMap:
    return StageMap(
        house.database,
        people,
        owners=house.owners,
        world=partial(world_of, house),
        snapshots=house.snapshots,
        address=partial(whereabouts.noted, house.settings.data_dir),
    )


def _lead_home(house: House, people: SlackDirectory) -> LeadHome:
    return LeadHome(
        house.database,
        people,
        owners=house.owners,
        world=partial(world_of, house),
        snapshots=house.snapshots,
        address=partial(whereabouts.noted, house.settings.data_dir),
    )


def _requests(house: House, people: SlackDirectory, person: Person, _now: datetime) -> list[Summary]:
    """On somebody's Home: what they asked people, and what people ask of their teams."""
    zone = house.settings.timezone
    teams = house.owners.teams_of(people.address(person.id))
    with house.database.reading() as session:
        made = requests.of_asker(session, person.id, limit=RECENT)
        waiting = [one for team in sorted(teams) for one in requests.open_for(session, team)]
    parts = [personal_lists.requests_made(made, zone=zone)] if made else []
    return [*parts, *([personal_lists.requests_waiting(waiting, zone=zone)] if waiting else [])]


def _undelivered(house: House, person: Person, now: datetime) -> list[Summary]:
    """On an admin's Home: what Slack did not take, where there is any."""
    if not person.admin or not (letters := house.dead_letters.letters(by=person)):
        return []
    standing = house.dead_letters.deliveries(by=person, now=now)
    return [knowledge.undelivered(standing, letters, zone=house.settings.timezone)]


def readers_of(house: House, people: SlackDirectory, addressees: Addressees) -> Readers:
    return Readers(addressees, people, owners=house.owners)


def _letters(house: House, readers: Readers, person: Person) -> str:
    """Whether somebody gets the weekly digest, for their Home; "" for whom there is none."""
    if not (house.settings.leads_digest and readers.reads(person)):
        return ""
    with house.database.reading() as session:
        return "off" if stops.is_stopped(session, person.id) else "on"


def _pulse(house: House, pulses: Pulses, person: Person, _now: datetime) -> list[Summary]:
    """On somebody's Home: that they are asked once a week, who sees what, and how that ends."""
    if not house.settings.pulse or person.outsider:
        return []
    with house.database.reading() as session:
        return [personal_lists.pulse(stopped=pulses.stopped(session, person))]


def _asking_people(
    house: House, people: SlackDirectory, channels: SlackChannels, addressees: Addressees, *, mask: Mask, bot: str
) -> Sequence[Surface]:
    zone = house.settings.timezone
    router = Router(
        channels, people, addressees=addressees, owners=house.owners, escalation=partial(_escalation, house)
    )
    return (
        HumanReplies(house.database, people, owners=house.owners, mask=mask, bot=bot),
        AskHuman(house.database, house.library, people, router, people=house.directory, mask=mask, zone=zone),
        PageProposals(
            house.database,
            house.library,
            people,
            house.editor,
            people=house.directory,
            owners=house.owners,
            mask=mask,
            zone=zone,
        ),
    )


def _escalation(house: House, channel: str) -> str:
    """The channel where people are asked about what is asked in a channel, "" for the owners of the pages."""
    with house.database.reading() as session:
        return settings_of(session, channel).escalation


def _suggested(house: House, person: Person) -> list[str]:
    """Questions to try, for somebody; none where the knowledge has no questions of its own."""
    questions = golden.read(house.settings.knowledge / golden.FILE, house.directory)
    today = datetime.now(house.settings.timezone).date()
    return suggestions.for_person(person, questions, library=house.library, today=today)


def doors_of(database: Database, surfaces: Sequence[Surface], *, token: str, api_url: str) -> Doors:
    asking = [surface for surface in surfaces if isinstance(surface, Forms)]
    return Doors(
        database,
        WebClient(token=token, base_url=api_url, timeout=forms.TIMEOUT_SECONDS),
        opens={name: opens for surface in asking for name, opens in surface.opens.items()},
        checks={name: check for surface in asking for name, check in surface.checks.items()},
        shows={
            name: one for surface in surfaces if isinstance(surface, Showing) for name, one in surface.shows.items()
        },
    )
