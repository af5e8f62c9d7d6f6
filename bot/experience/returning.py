"""Customers who come again on another channel: what one did not settle, the next has to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, distinct, extract, func, select
from sqlalchemy.orm import Session

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
    who, order = InteractionRow.customer, (InteractionRow.at, InteractionRow.id)
    contacts = (
        select(
            InteractionRow.customer,
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


def share(some: Sequence[Returns]) -> Measure:
    """In percent of the contacts of these weeks; of fewer than five customers nothing is told."""
    if any(one.contacts for one in some) and max(one.customers for one in some) < FEWEST:
        return untold(Unit.PERCENT, None, "contacts", FEW_CUSTOMERS)
    return percent(sum(one.elsewhere for one in some), sum(one.contacts for one in some), "contacts")


def _seconds(session: Session, earlier: ColumnElement[Any], later: ColumnElement[Any]) -> ColumnElement[Any]:
    """From one moment to the other."""
    if session.get_bind().dialect.name == "postgresql":
        return extract("epoch", later - earlier)
    return func.round((func.julianday(later) - func.julianday(earlier)) * 86400)
