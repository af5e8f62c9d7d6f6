"""What people can do about customers, put together once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial

from bot import customer_wording
from bot.app import House
from bot.customer_wording import Told
from bot.customers.handover import Scope, waiting
from bot.customers.questions.vectors import Meanings, meanings_of, vectors_of
from bot.customers.story.card import Meaning
from bot.customers.timeline import Interaction
from bot.customers.tracks.rules import Track
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.answers import CustomerAnswers
from bot.handlers.customers.asks import CustomerAsks
from bot.handlers.customers.entries import CustomerEntries
from bot.handlers.customers.steps import CustomerSteps
from bot.handlers.customers.surface import Customers
from bot.handlers.friction.obstacles import Obstacles
from bot.handlers.surfaces import Surface
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Person


@dataclass(frozen=True, slots=True)
class ServingCustomers:
    """`customers` answers what is asked about one; `more` are the other surfaces; `access` says who may, and where."""

    access: CustomerAccess
    customers: Customers
    more: tuple[Surface, ...]


def serving_customers(house: House, people: SlackDirectory, channels: SlackChannels, *, bot: str) -> ServingCustomers:
    access = CustomerAccess(
        people, among_ourselves=partial(SlackChannels.among_ourselves, channels), zone_of=partial(_zone_of, house)
    )

    def tracks() -> Sequence[Track]:
        return house.tracks.tracks

    answers = CustomerAnswers(
        house.database,
        house.assistant,
        people,
        access,
        reads=partial(_meanings, house),
        embed=house.library.meanings,
    )
    customers = Customers(
        house.database,
        access,
        answers,
        bot=bot,
        handover=partial(_handed_over, house, people),
        meaning=partial(_meaning_for, house),
        tracks=tracks,
        country=house.settings.country,
    )
    obstacles = Obstacles(house.database, house.friction, people, tracks=tracks, owners=house.owners)
    more = (
        CustomerAsks(house.database, access, answers),
        CustomerEntries(house.database, access),
        CustomerSteps(house.database, access, tracks=tracks, reports=obstacles),
        obstacles,
    )
    return ServingCustomers(access, customers, more)


def handover_at_home(house: House, people: SlackDirectory, person: Person, now: datetime) -> Told | None:
    """Who waits for somebody's shop or teams; None where nobody does, and for who may see no customers."""
    if not person.serves_customers:
        return None
    told = _handed_over(house, people, person, now)
    return told if told.customers else None


def _zone_of(house: House, person: Person) -> tzinfo | None:
    """That of the place where somebody works, else the house's."""
    return house.directory.zones.get(person.place, house.settings.timezone)


def _handed_over(house: House, people: SlackDirectory, person: Person, now: datetime) -> Told:
    zone = _zone_of(house, person)
    place = house.directory.places.get(person.place, "")
    teams = sorted(house.owners.teams_of(people.address(person.id)))
    names = {team.casefold() for key in teams for team in (key, house.owners.name(key))}
    places = frozenset(filter(None, {person.place.casefold(), place.casefold()}))
    scope = Scope(places, frozenset(names), person.id, person.name)
    with house.database.reading() as session:
        found = waiting(session, scope, audiences=person.audiences, now=now, zone=zone)
    return customer_wording.handover(found, place or person.name, now=now, zone=zone)


def _meaning_for(house: House, person: Person) -> Meaning:
    """What contacts mean, from the model, for whoever may read them."""
    return partial(vectors_of, house.database, embedder=house.library.encoder, audiences=person.audiences)


def _meanings(house: House, interactions: Sequence[Interaction], person: Person) -> Meanings:
    return meanings_of(house.database, interactions, embedder=house.library.encoder, audiences=person.audiences)
