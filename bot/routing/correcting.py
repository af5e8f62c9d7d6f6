"""People say where a contact belongs, and see what belongs nowhere yet."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from bot.customers.permission import must_be_permitted, permitted
from bot.customers.questions.vectors import Embeds
from bot.customers.tables import InteractionRow
from bot.errors import NotOnTheMap
from bot.people import Person
from bot.retrieval.grouping import groups, most_central
from bot.routing.tables import RouteRow
from bot.touchpoints import Thing, TouchpointMap, telling, versions

# Of so many different wordings, the most frequent, groups are made: the likeness of each to each has to fit.
MOST_WORDINGS = 2000


@dataclass(frozen=True, slots=True)
class Unrouted:
    """Contacts of similar wording that are like nothing on the map; `words` is the wording in their middle, masked."""

    count: int
    complaints: int
    words: str
    channels: tuple[str, ...]
    newest: int


def correct(
    session: Session, interaction: int, touchpoint: str, *, by: Person, map_: TouchpointMap, complaint: bool | None
) -> str:
    """Say where a contact belongs, and whether it is a complaint (None: as it was); the id of the touchpoint.

    `touchpoint` is the id or name of a CX touchpoint, "" for nothing on the map. It stays so whatever the machine
    thinks later. Raises `NotAllowed`, and `NotOnTheMap` for what is not there.
    """
    must_be_permitted(by.audiences)
    id_ = telling.called(touchpoint, map_.cx, Thing.CX) if touchpoint else ""
    row = session.get(RouteRow, interaction)
    if row is None:
        raise NotOnTheMap(
            f"There is no contact {interaction} that is routed. `throughline customers route` routes what came in "
            "since the last time; `throughline customers unrouted` lists numbers."
        )
    row.touchpoint, row.routed_by, row.map_version = id_, by.id, versions.current(session)
    row.likeness = 1.0 if id_ else 0.0
    row.complaint = row.complaint if complaint is None else complaint
    return id_


def unrouted(session: Session, *, embedder: Embeds, audiences: AbstractSet[str], limit: int) -> list[Unrouted]:
    """What belongs nowhere and nobody has looked at, by similar wording, the largest first; nothing for whoever may not
    see customers."""
    words = func.trim(InteractionRow.subject + " " + InteractionRow.text)
    asked = (
        select(
            words.label("words"),
            InteractionRow.channel,
            func.count().label("times"),
            func.sum(case((RouteRow.complaint, 1), else_=0)).label("complaints"),
            func.max(InteractionRow.id).label("newest"),
        )
        .join(RouteRow, RouteRow.interaction == InteractionRow.id)
        .where(RouteRow.touchpoint == "", RouteRow.routed_by == "", words != "", permitted(audiences))
        .group_by(words, InteractionRow.channel)
        .order_by(func.count().desc(), func.max(InteractionRow.id).desc())
        .limit(MOST_WORDINGS)
    )
    rows = session.execute(asked).all()
    if not rows:
        return []
    vectors = embedder.encode_many([row.words for row in rows])
    found = [
        _group([rows[place] for place in group], rows[most_central(vectors, group)].words) for group in groups(vectors)
    ]
    return sorted(found, key=lambda one: (-one.complaints, -one.count, -one.newest))[:limit]


def _group(rows: Sequence[Row[Any]], words: str) -> Unrouted:
    return Unrouted(
        count=sum(row.times for row in rows),
        complaints=sum(row.complaints for row in rows),
        words=words,
        channels=tuple(sorted({row.channel for row in rows})),
        newest=max(row.newest for row in rows),
    )
