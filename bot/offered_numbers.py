"""Asking for numbers in Slack, put together once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import friction_wording
from bot.app import House
from bot.asked_metrics.catalogue import Sources, measures
from bot.asked_metrics.lasted import resolved, waited
from bot.asked_metrics.measure import World
from bot.asked_metrics.routed import complained
from bot.asked_metrics.things import Vocabulary
from bot.asked_metrics.understanding import Understanding, Understood
from bot.experience.world import World as Timed
from bot.friction.tables import ThemeRow
from bot.handlers.numbers import Numbers
from bot.handlers.workspace.directory import SlackDirectory
from bot.number_questions import Judged, judged
from bot.retrieval.documents import Question
from bot.visits import whereabouts


def sources_of(house: House) -> Sources:
    """What is counted of contacts that were routed, and by the clocks of teams."""
    clocks = house.friction.clocks
    timed = partial(Timed, clocks=clocks.calendars, usual=clocks.usual, zone=house.settings.timezone)
    return Sources(
        complaints=complained,
        resolving=lambda session, request: resolved(timed(house.touchpoints.map), session, request),
        waiting=lambda session, request: waited(timed(house.touchpoints.map), session, request),
    )


def asking_for_numbers(house: House, people: SlackDirectory) -> Numbers:
    return Numbers(
        house.database,
        people,
        owners=house.owners,
        understands=reading_of(house),
        world=partial(_world, house),
        address=partial(whereabouts.noted, house.settings.data_dir),
        zone_of=lambda person: house.directory.zones.get(person.place, house.settings.timezone),
    )


def reading_of(house: House, sources: Sources | None = None) -> Callable[[Session, str, datetime], Understood | None]:
    """What a question counts, by the map, teams and places of the house."""
    understanding = Understanding(measures(sources or sources_of(house)), house.library.meanings)

    def understands(session: Session, question: str, now: datetime) -> Understood | None:
        return understanding.understood(
            question,
            vocabulary=lambda: _vocabulary(house, _themes(session)),
            # The same vector that the pages are searched with, if no number is meant after all.
            meaning=lambda: house.library.meaning(Question(question)),
            now=now,
        )

    return understands


def judging(house: House, sources: Sources | None = None) -> Callable[[Sequence[str]], Judged | None]:
    """How well that goes on the knowledge's own questions; to be given others, which ask for no number."""
    sources = sources or sources_of(house)
    understands = reading_of(house, sources)

    def reads(question: str, now: datetime) -> Understood | None:
        with house.database.reading() as session:
            return understands(session, question, now)

    measured = {one.key for one in measures(sources)}
    return partial(judged, house.settings.knowledge, reads=reads, measured=measured)


def _themes(session: Session) -> dict[str, str]:
    return {str(row.id): row.label for row in session.execute(select(ThemeRow.id, ThemeRow.label))}


def _vocabulary(house: House, themes: Mapping[str, str]) -> Vocabulary:
    world = _world(house)
    return Vocabulary(world.map, teams=world.teams, places=world.places, kinds=friction_wording.KINDS, themes=themes)


def _world(house: House) -> World:
    return World(
        map=house.touchpoints.map,
        teams={key: house.owners.name(key) for key in house.owners.teams},
        places=house.directory.places,
        kinds={kind.value: name for kind, name in friction_wording.KINDS.items()},
        titles=partial(_titles, house),
    )


def _titles(house: House, sources: Sequence[str], audiences: frozenset[str]) -> Mapping[str, str]:
    today = datetime.now(house.settings.timezone).date()
    return house.library.titles(sources, audiences=audiences, day=today)
