"""One theme: what it costs, what is in it and where, how it went over weeks, how long such tickets take."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from bot.experience import courses
from bot.experience.cells import Across, Cell
from bot.experience.courses import Control
from bot.experience.finding import ALL, Wanted, found
from bot.experience.reading import Reading
from bot.experience.themes import Theme, themes
from bot.friction.moves import OPEN
from bot.friction.tables import ThemeRow
from bot.friction.theme_rows import LEFT_OUT
from bot.friction.tickets import Ticket
from bot.metrics.times import Times

# Each with how many of the tickets name it, most first.
Named = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ThemeStory:
    """`cost` is None where none of its tickets costs time now; `tools` and `touchpoints` are ids of the map.

    `named_by` is "" where the machine named it, `outcome` what was told to those who reported it.
    """

    number: int
    label: str
    named_by: str
    outcome: str
    cost: Theme | None
    open: tuple[Ticket, ...]
    over: tuple[Ticket, ...]
    tools: Named
    touchpoints: Named
    control: Control
    times: Times


def theme_story(
    reading: Reading, course: Reading, number: int, efforts: tuple[tuple[int, float], ...]
) -> ThemeStory | None:
    """What it costs by `reading`, how it went by the weeks of `course`; None where there is no such theme.

    What was withdrawn, rejected or merged is no part of it.
    """
    row = reading.session.execute(
        select(ThemeRow.label, ThemeRow.named_by, ThemeRow.outcome).where(ThemeRow.id == number)
    ).one_or_none()
    if row is None:
        return None
    every = found(reading.session, Wanted(theme=str(number), state=ALL), viewer=reading.viewer)
    tickets = [one for one in every if one.state not in LEFT_OUT]
    cell = Cell(Across.THEME, str(number))
    return ThemeStory(
        number=number,
        label=row.label,
        named_by=row.named_by,
        outcome=row.outcome,
        cost=next((one for one in themes(reading, efforts).roadmap if one.id == str(number)), None),
        open=tuple(one for one in tickets if one.state in OPEN),
        over=tuple(one for one in tickets if one.state not in OPEN),
        tools=_counted(tool for one in tickets for tool in one.tools),
        touchpoints=_counted(one.touchpoint for one in tickets if one.touchpoint),
        control=courses.control(course, cell),
        times=courses.time_to_resolve(course, cell),
    )


def _counted(ids: Iterable[str]) -> Named:
    return tuple(sorted(Counter(ids).items(), key=lambda one: (-one[1], one[0])))
