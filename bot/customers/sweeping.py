"""Everybody's track, also of those whose card nobody opens: with them a track is compared."""

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.conditions import Facts
from bot.customers.batches import batched
from bot.customers.permission import permitted
from bot.customers.tables import CustomerRow
from bot.customers.tracks.assigning import settle, track_for
from bot.customers.tracks.rules import Track
from bot.database import Database
from bot.errors import NoSuchCustomer

# Looked at between two commits.
AT_ONCE = 200

Progress = Callable[[str, int, int], None]
# What is known of a customer, by id.
Known = Callable[[Session, int], Facts]


def assign_all(
    database: Database,
    tracks: Sequence[Track],
    known: Known,
    *,
    audiences: AbstractSet[str],
    now: datetime,
    progress: Progress = lambda _what, _done, _total: None,
) -> tuple[int, int]:
    """Write down every customer's track; gives how many were looked at, and how many came onto one or left one."""
    asked = select(CustomerRow.id).where(CustomerRow.merged_into.is_(None), permitted(audiences))
    with database.reading() as session:
        customers = sorted(session.scalars(asked))
    changed = 0
    for place, some in enumerate(batched(customers, AT_ONCE)):
        progress("assigning", place * AT_ONCE, len(customers))
        # Read beside the writers: most stay where they are, and a turn is taken for the others only.
        with database.reading() as session:
            facts = dict(_known(session, some, known))
            moving = [
                one
                for one in facts
                if track_for(session, one, facts[one], tracks=tracks, audiences=audiences, now=now).choice.changes
            ]
        with database.writing.begin() as session:
            for one in moving:
                settle(session, one, facts[one], tracks=tracks, audiences=audiences, now=now)
        changed += len(moving)
    progress("assigning", len(customers), len(customers))
    return len(customers), changed


def _known(session: Session, customers: Sequence[int], known: Known) -> Iterator[tuple[int, Facts]]:
    """Without those who were erased or merged meanwhile, or of whom no system tells."""
    for one in customers:
        with suppress(NoSuchCustomer):
            yield one, known(session, one)
