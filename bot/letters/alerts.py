"""What is told at once: a spike of a thing's own, and a target missed three weeks in a row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import select

from bot.experience.aims import CSAT, Aimed, aims
from bot.experience.reading import Reading
from bot.friction.moves import OPEN
from bot.friction.suppression import FEWEST
from bot.friction.tables import TicketRow
from bot.noticing.names import names, path_of
from bot.noticing.noticed import noticed
from bot.signals.signal import Kind, Signal
from bot.signals.spikes import Verdict

# Of fewer contacts or answers than five in the last week a miss is chance, or one customer.
WEEKS_MISSED = 3
_TARGETS = "/targets"


@dataclass(frozen=True, slots=True)
class Alert:
    """`thing` is the same for as long as it goes on; `path` leads to its rows on the page. `teams` are concerned."""

    thing: str
    words: str
    path: str
    teams: frozenset[str]


def alerts(reading: Reading) -> tuple[Alert, ...]:
    """As of the last week of a reading, which is over; spikes are judged by the year before it."""
    name_of = names(reading)
    own = [
        one
        for one in noticed(reading, frozenset({Kind.SPIKE})).signals
        if one.verdict == Verdict.THEME_SPIKE and one.where
    ]
    missed = [one for one in aims(reading) if one.variance.weeks_missed >= WEEKS_MISSED and _enough(one)]
    return (*(_spike(reading, one, name_of) for one in own), *(_target(reading, one, name_of) for one in missed))


def _enough(one: Aimed) -> bool:
    return (one.variance.actual.n or 0) >= FEWEST


def _spike(reading: Reading, one: Signal, name_of: Callable[[str], str]) -> Alert:
    (id_,) = one.where
    words = f"{one.sentence(name_of)}. It rose by itself, while others did not."
    return Alert(f"spike:{id_}", words, path_of(id_, reading.world.map), frozenset(filter(None, _teams(reading, id_))))


def _teams(reading: Reading, id_: str) -> Iterator[str]:
    """Whoever answers for the thing; of a theme, for one of its open tickets."""
    map_ = reading.world.map
    kind, _, number = id_.partition(":")
    if kind == "theme":
        asked = select(TicketRow.team).where(TicketRow.theme == int(number), TicketRow.state.in_(OPEN)).distinct()
        yield from reading.session.scalars(asked)
    elif id_ in map_.tools:
        yield map_.tools[id_].owner
    elif id_ in map_.cx:
        yield map_.cx[id_].owner
        yield from (tool.owner for tool in map_.tools_at(id_))


def _target(reading: Reading, one: Aimed, name_of: Callable[[str], str]) -> Alert:
    what, unit = ("satisfaction", "of 5") if one.target == CSAT else ("complaints", "in a thousand contacts")
    aim, last = one.variance.aim.target, one.variance.actual
    words = (
        f"{name_of(one.touchpoint)} missed its target {one.variance.weeks_missed} weeks in a row: {what} "
        f"{last.value or 0.0:.1f} {unit} in the last one (n = {last.n} {last.of}), aimed for {aim:g}."
    )
    owner = reading.world.map.cx[one.touchpoint].owner
    return Alert(f"target:{one.touchpoint}:{one.target}", words, _TARGETS, frozenset(filter(None, [owner])))
