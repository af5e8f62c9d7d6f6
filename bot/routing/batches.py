"""Contacts are routed some hundreds at a time: new ones, corrected ones, and those that a new map may move.

New ones go in the order of their numbers, so what is above the last one that is routed is new, and nobody has to look
for gaps among a million.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session

from bot.customers.tables import InteractionRow
from bot.customers.timeline import interaction_of
from bot.database import Database, insert
from bot.routing.reading import Reader
from bot.routing.router import Verdict
from bot.routing.tables import RouteRow
from bot.touchpoints import Thing, TouchpointMap, versions
from bot.touchpoints.versions.storing import changed_since, mark_routed, routed_up_to

# A transaction of so many takes a tenth of a second: whoever else writes waits for it.
BATCH = 1000


def waiting(session: Session) -> int:
    """How many contacts are not routed yet."""
    return session.scalar(select(func.count()).where(_new())) or 0


def route_new(database: Database, reader: Reader, *, limit: int = BATCH) -> int:
    """Route the next contacts that are not routed yet; how many there were."""
    return _route(database, reader, select(InteractionRow).where(_new()), limit=limit)[0]


def route_all(database: Database, reader: Reader, which: ColumnElement[bool], *, limit: int = BATCH) -> Iterator[int]:
    """Route those contacts anew that were routed before, batch by batch; how many each has.

    What a person routed stays as it is.
    """
    count, last = 1, 0
    while count:
        asked = (
            select(InteractionRow)
            .join(RouteRow, RouteRow.interaction == InteractionRow.id)
            .where(InteractionRow.id > last, RouteRow.routed_by == "", which)
        )
        count, last = _route(database, reader, asked, limit=limit)
        yield count


def corrected() -> ColumnElement[bool]:
    """Which say something else since they were routed."""
    return RouteRow.digest != InteractionRow.digest


def everything() -> ColumnElement[bool]:
    return true()


def some_new() -> Select[int]:
    """Asks for one contact that is not routed yet."""
    return select(InteractionRow.id).where(_new()).limit(1)


def to_bring_up(session: Session) -> bool:
    """Whether there is a version by which not all contacts were routed."""
    return versions.current(session) > routed_up_to(session)


def moved_by(session: Session, map_: TouchpointMap) -> ColumnElement[bool] | None:
    """Which contacts the versions since the last one that all were routed by may move; None where none does.

    Those at a CX touchpoint that is new, changed or gone, those on the channel of one, and what was like nothing.
    """
    changed = changed_since(session, routed_up_to(session))
    touched = [id_ for id_, thing in changed.items() if thing == Thing.CX]
    if not touched or session.scalar(select(RouteRow.interaction).limit(1)) is None:
        return None
    channels = {map_.cx[id_].channel for id_ in touched if id_ in map_.cx}
    return or_(RouteRow.touchpoint.in_([*touched, ""]), InteractionRow.channel.in_(channels))


def route_moved(
    database: Database, reader: Reader, map_: TouchpointMap, *, now: datetime, limit: int = BATCH
) -> Iterator[int]:
    """Bring what was routed before up to the newest map, batch by batch; how many each has. Killed, it begins anew."""
    with database.reading() as session:
        version = versions.current(session)
        done = not to_bring_up(session)
        which = None if done else moved_by(session, map_)
    if which is not None:
        yield from route_all(database, reader, which, limit=limit)
    if not done:
        with database.writing.begin() as session:
            mark_routed(session, version, now=now)


def _new() -> ColumnElement[bool]:
    last = select(func.coalesce(func.max(RouteRow.interaction), 0)).scalar_subquery()
    return InteractionRow.id > last


@dataclass(frozen=True, slots=True)
class _Read:
    interaction: int
    digest: str
    verdict: Verdict


def _route(database: Database, reader: Reader, asked: Select[InteractionRow], *, limit: int) -> tuple[int, int]:
    """The model reads while no transaction is open."""
    with database.reading() as session:
        version = versions.current(session)
        rows = session.scalars(asked.order_by(InteractionRow.id).limit(limit)).all()
        contacts = [interaction_of(row) for row in rows]
        digests = [row.digest for row in rows]
    if not contacts:
        return 0, 0
    verdicts = reader.verdicts(contacts)
    read = [_Read(one.id, digest, said) for one, digest, said in zip(contacts, digests, verdicts, strict=True)]
    with database.writing.begin() as session:
        _write(session, read, version)
    return len(read), read[-1].interaction


def _write(session: Session, read: Sequence[_Read], version: int) -> None:
    """Of those that are still there: one may have been erased meanwhile."""
    there = set(
        session.scalars(select(InteractionRow.id).where(InteractionRow.id.in_([one.interaction for one in read])))
    )
    rows = [
        {
            "interaction": one.interaction,
            "touchpoint": one.verdict.touchpoint,
            "likeness": one.verdict.likeness,
            "complaint": one.verdict.complaint,
            "routed_by": "",
            "map_version": version,
            "digest": one.digest,
        }
        for one in read
        if one.interaction in there
    ]
    if not rows:
        return
    added = insert(session, RouteRow).values(rows)
    names = ("touchpoint", "likeness", "complaint", "map_version", "digest")
    session.execute(
        added.on_conflict_do_update(
            index_elements=["interaction"],
            set_={name: added.excluded[name] for name in names},
            where=RouteRow.routed_by == "",
        )
    )
