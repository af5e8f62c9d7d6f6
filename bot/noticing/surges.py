"""Complaints at a touchpoint that come in within an hour as they hardly ever do: for the frontline, at once.

Counts, and phrases of the map: nothing of any customer, and nothing of fewer than five.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, FromClause, distinct, func, select
from sqlalchemy.orm import Session

from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.experience.phrases import MOST, counted
from bot.experience.world import World
from bot.signals.bursts import DAYS, LEAST, LEAST_PEOPLE, Burst, burst

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# So many customers said it at least, for it to be told.
FEWEST_SAYING = 5


@dataclass(frozen=True, slots=True)
class Surge:
    """`since`: the first of this hour's came in. `said`: phrases of the map with how many said so, most first."""

    touchpoint: str
    burst: Burst
    since: datetime
    said: tuple[tuple[str, int], ...]


def surging(session: Session, world: World, *, now: datetime) -> list[Surge]:
    """As of now, the most complaints first; nothing where nothing is routed."""
    if world.routes is None:
        return []
    routes = world.routes
    people = func.count(distinct(InteractionRow.customer))
    came = (
        select(routes.c.touchpoint, func.count(), people, func.min(InteractionRow.at))
        .join(InteractionRow, InteractionRow.id == routes.c.interaction)
        .where(*_complained(routes), *_within(now - HOUR, now))
        .group_by(routes.c.touchpoint)
        .having(func.count() >= LEAST, people >= LEAST_PEOPLE)
    )
    found = []
    for touchpoint, count, customers, since in session.execute(came).all():
        if touchpoint in world.map.cx:
            own = burst(count, customers, _before(session, routes, touchpoint, now))
            if own:
                found.append(Surge(touchpoint, own, since, _said(session, world, routes, touchpoint, now)))
    return sorted(found, key=lambda one: (-one.burst.count, one.touchpoint))


def _before(session: Session, routes: FromClause, touchpoint: str, now: datetime) -> list[int]:
    """What came within the same hour of each of the days before, yesterday first; summer time may move it by one."""
    asked = (
        select(InteractionRow.at)
        .join(routes, routes.c.interaction == InteractionRow.id)
        .where(*_complained(routes), routes.c.touchpoint == touchpoint)
        .where(*_within(now - DAYS * DAY - HOUR, now - HOUR))
    )
    counts = [0] * DAYS
    for at in session.scalars(asked):
        days, into = divmod(now - at, DAY)
        if into < HOUR and 1 <= days <= DAYS:
            counts[days - 1] += 1
    return counts


def _said(
    session: Session, world: World, routes: FromClause, touchpoint: str, now: datetime
) -> tuple[tuple[str, int], ...]:
    asked = (
        select(InteractionRow.subject, InteractionRow.text)
        .join(routes, routes.c.interaction == InteractionRow.id)
        .where(*_complained(routes), routes.c.touchpoint == touchpoint, *_within(now - HOUR, now))
        .limit(MOST)
    )
    texts = (f"{subject} {text}" for subject, text in session.execute(asked))
    said = counted(texts, [touchpoint], world.map).counts
    return tuple((words, many) for words, many in said if many >= FEWEST_SAYING)


def _complained(routes: FromClause) -> tuple[ColumnElement[bool], ...]:
    return routes.c.complaint, InteractionRow.direction == Direction.IN, InteractionRow.channel != Channel.SURVEY


def _within(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return InteractionRow.at > since, InteractionRow.at <= until
