"""Customers who come again on another channel: what one did not settle, the next has to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, extract, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.experience.contacts import FEW_CUSTOMERS, week_column
from bot.experience.reading import Reading
from bot.friction.suppression import FEWEST
from bot.metrics.measure import Measure, Unit, percent, untold

WITHIN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Returns:
    """Contacts of a week, those after which the customer came on another channel, and how many customers there were."""

    contacts: int = 0
    elsewhere: int = 0
    customers: int = 0


def returns(reading: Reading, *, channel: str = "") -> tuple[Returns, ...]:
    """Of each week: contacts whose customer's next one came within `WITHIN`, and on another channel.

    `channel`: only of those that came by that one, whatever came next.

    Those of the last 72 hours are left out: what comes after them nobody knows yet.
    """
    contacts, elsewhere = _followed(reading)
    asked = (
        select(contacts.week, func.count(), func.sum(elsewhere), func.count(distinct(contacts.customer)))
        .where(contacts.at < min(reading.until, reading.now - WITHIN))
        .group_by(contacts.week)
    )
    if channel:
        asked = asked.where(contacts.channel == channel)
    found = [Returns()] * len(reading.weeks)
    for week, *counts in reading.session.execute(asked):
        found[week] = Returns(*map(int, counts))
    return tuple(found)


def by_stage(reading: Reading, touchpoints: Collection[str], *, place: str = "") -> dict[str, Measure]:
    """Stage -> the same share, of contacts put at these CX touchpoints; nothing of a stage where nobody came.

    Of fewer than five customers nothing is told; one that would then follow from the others is not told either.
    """
    if reading.world.routes is None or not touchpoints:
        return {}
    contacts, elsewhere = _followed(reading)
    routes, cx = reading.world.routes.c, reading.world.map.cx
    stage = case({id_: cx[id_].stage for id_ in sorted(touchpoints)}, value=routes.touchpoint, else_="")
    asked = (
        select(stage, func.count(), func.sum(elsewhere), func.count(distinct(contacts.customer)))
        .select_from(reading.world.routes)
        .join(contacts.id.table, contacts.id == routes.interaction)
        .where(contacts.at < min(reading.until, reading.now - WITHIN), routes.touchpoint.in_(sorted(touchpoints)))
        .group_by(stage)
    )
    if place:
        asked = asked.where(contacts.place == place)
    found = {one: Returns(*map(int, counts)) for one, *counts in reading.session.execute(asked)}
    hidden = {one for one, told in found.items() if told.customers < FEWEST}
    others = sorted(found.keys() - hidden, key=lambda one: (found[one].customers, one))
    if len(hidden) == 1 and others:
        hidden.add(others[0])
    return {
        one: untold(Unit.PERCENT, None, "contacts", FEW_CUSTOMERS)
        if one in hidden
        else percent(told.elsewhere, told.contacts, "contacts")
        for one, told in found.items()
    }


def share(some: Sequence[Returns]) -> Measure:
    """In percent of the contacts of these weeks; of fewer than five customers nothing is told."""
    if any(one.contacts for one in some) and max(one.customers for one in some) < FEWEST:
        return untold(Unit.PERCENT, None, "contacts", FEW_CUSTOMERS)
    return percent(sum(one.elsewhere for one in some), sum(one.contacts for one in some), "contacts")


def _followed(reading: Reading) -> tuple[ReadOnlyColumnCollection[str, Any], ColumnElement[int]]:
    """Contacts with when and how the same customer came next, and 1 for each that was followed on another channel."""
    who, order = InteractionRow.customer, (InteractionRow.at, InteractionRow.id)
    contacts = (
        select(
            InteractionRow.id,
            InteractionRow.customer,
            InteractionRow.place,
            InteractionRow.at,
            InteractionRow.channel,
            func.lead(InteractionRow.at).over(partition_by=who, order_by=order).label("next_at"),
            func.lead(InteractionRow.channel).over(partition_by=who, order_by=order).label("next_channel"),
            week_column(reading.weeks, reading.world.zone).label("week"),
        )
        .where(InteractionRow.direction == Direction.IN, InteractionRow.channel != Channel.SURVEY)
        .where(InteractionRow.at >= reading.since, InteractionRow.at < min(reading.until + WITHIN, reading.now))
        .subquery()
    ).c
    soon = _seconds(reading.session, contacts.at, contacts.next_at) <= WITHIN.total_seconds()
    elsewhere = case((soon & (contacts.next_channel != contacts.channel), 1), else_=0)
    return contacts, elsewhere


def _seconds(session: Session, earlier: ColumnElement[Any], later: ColumnElement[Any]) -> ColumnElement[Any]:
    """From one moment to the other."""
    if session.get_bind().dialect.name == "postgresql":
        return extract("epoch", later - earlier)
    return func.round((func.julianday(later) - func.julianday(earlier)) * 86400)
