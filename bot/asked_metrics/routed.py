"""Complaints out of the database: contacts that were routed to the map and read as a complaint."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asked_metrics.complaints import Complained
from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.routing.tables import RouteRow


def complained(session: Session, since: datetime, until: datetime) -> Iterator[Complained]:
    """Of each customer and touchpoint, as often as they complained from `since` on and before `until`."""
    asked = (
        select(RouteRow.touchpoint, InteractionRow.customer, func.count())
        .join(InteractionRow, InteractionRow.id == RouteRow.interaction)
        .where(RouteRow.complaint.is_(True), InteractionRow.at >= since, InteractionRow.at < until)
        .where(InteractionRow.direction == Direction.IN, InteractionRow.channel != Channel.SURVEY)
        .group_by(RouteRow.touchpoint, InteractionRow.customer)
    )
    for touchpoint, customer, times in session.execute(asked):
        yield Complained(touchpoint, customer, times)
