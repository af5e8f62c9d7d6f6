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
from bot.handlers.addressees import Addressees
from bot.handlers.ask import Ask
from bot.handlers.ask_human import AskHuman
from bot.handlers.channels import SlackChannels
from bot.handlers.directory import SlackDirectory
from bot.handlers.doors import Doors
from bot.handlers.feedback import Feedback
from bot.handlers.friction import Friction
from bot.handlers.home import RECENT, Home
from bot.handlers.human_replies import HumanReplies
from bot.handlers.knowledge import Knowledge
from bot.handlers.membership import Membership
from bot.handlers.objections import Objections
from bot.handlers.page_proposals import PageProposals
from bot.handlers.presence import Presence
from bot.handlers.routing import Router
from bot.handlers.share import Share
from bot.handlers.surfaces import Forms, Surface
from bot.handlers.throughline import Throughline
from bot.handlers.welcome import Welcome
from bot.people import Person
from bot.summaries import knowledge, personal_lists
from bot.summaries.summary import Summary
from bot.verdicts import Verdicts


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
    welcome = Welcome(house.database, people, presence, bot=bot, suggest=suggest)
    return (
        *_asking_people(
            house, people, channels, addressees, bot=bot
        ),  # before a question: replies in the threads of their cards
        Ask(
            house.database,
            house.assistant,
            people,
            bot=bot,
            names_a_customer=personal.names_a_customer,
            welcome=welcome.greet,
            presence=presence,
            zone=zone,
        ),
        Feedback(house.database, verdicts),
        Objections(house.database, verdicts, house.library, people, addressees, mask=personal.masked, zone=zone),
        Share(house.database, house.assistant, people, mask=personal.masked, zone=zone),
        welcome,  # before Membership: where the bot itself comes in, it says hello
        Membership(house.database),
        Friction(house.database),
        Home(
            house.database,
            house.library,
            house.curator,
            people,
            owners=house.owners,
            suggest=suggest,
            parts=[partial(_requests, house, people), partial(_undelivered, house)],
            zone=zone,
        ),
        Throughline(house.database, house.library, people, owners=house.owners, zone=zone),
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


def _asking_people(
    house: House, people: SlackDirectory, channels: SlackChannels, addressees: Addressees, *, bot: str
) -> Sequence[Surface]:
    zone = house.settings.timezone
    router = Router(
        channels, people, addressees=addressees, owners=house.owners, escalation=partial(_escalation, house)
    )
    return (
        HumanReplies(house.database, people, owners=house.owners, mask=personal.masked, bot=bot),
        AskHuman(
            house.database, house.library, people, router, people=house.directory, mask=personal.masked, zone=zone
        ),
        PageProposals(
            house.database,
            house.library,
            people,
            house.editor,
            people=house.directory,
            owners=house.owners,
            mask=personal.masked,
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
    )
