"""A map that was read becomes the newest version, in the caller's transaction: whole, or not at all.

Writers take turns, so of several replicas that read the same file the first stores it and the others find it there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.touchpoints.identity import Former
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.versions.changes import EDGE, Change, Entry, What, changes, digest_of, entries_of
from bot.touchpoints.versions.tables import MapThingRow, MapVersionRow


@dataclass(frozen=True, slots=True)
class Taken:
    """`version` is the number of the newest one; `changes` are what it brought just now, nothing where it was there."""

    version: int
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    at: datetime
    changes: tuple[str, ...]


def current(session: Session) -> int:
    """The number of the newest version; 0 before there is one."""
    return session.scalar(select(func.max(MapVersionRow.number))) or 0


def former(session: Session) -> dict[str, Former]:
    """What every id there ever was means."""
    asked = select(MapThingRow.id, MapThingRow.thing, MapThingRow.name, MapThingRow.retired)
    return {row.id: Former(row.thing, row.name, row.retired) for row in session.execute(asked) if row.thing != EDGE}


def difference(session: Session, map_: TouchpointMap) -> tuple[Change, ...]:
    """What the map brings that the newest version has not; nothing for an empty one: its file is missing."""
    if not map_:
        return ()
    rows = _rows(session)
    there = {id_: Entry(row.thing, row.name, row.entry) for id_, row in rows.items() if row.retired is None}
    gone = frozenset(id_ for id_, row in rows.items() if row.retired is not None)
    return tuple(changes(there, entries_of(map_), retired=gone))


def take(session: Session, map_: TouchpointMap, *, now: datetime) -> Taken:
    """The map was checked before, with `former`. An empty one is not taken: its file is missing."""
    last = session.scalar(select(MapVersionRow).order_by(MapVersionRow.number.desc()).limit(1))
    number = last.number if last else 0
    entries = entries_of(map_)
    digest = digest_of(entries)
    if not map_ or (last and last.digest == digest):
        return Taken(number)
    brought = difference(session, map_)
    number += 1
    session.add(MapVersionRow(number=number, at=now, digest=digest, changes=[one.told for one in brought]))
    rows = _rows(session)
    for change in brought:
        _write(session, rows, change, entries, number)
    session.flush()
    return Taken(number, brought)


def history(session: Session, *, limit: int = 20) -> list[Version]:
    """The newest first."""
    rows = session.scalars(select(MapVersionRow).order_by(MapVersionRow.number.desc()).limit(limit))
    return [Version(row.number, row.at, tuple(row.changes)) for row in rows]


def changed_since(session: Session, version: int) -> Mapping[str, str]:
    """The ids of what is new, changed or gone since a version, each with what it is."""
    asked = select(MapThingRow.id, MapThingRow.thing).where(
        (MapThingRow.changed > version) | (MapThingRow.retired > version)
    )
    return {row.id: row.thing for row in session.execute(asked)}


def routed_up_to(session: Session) -> int:
    """The newest version by which all contacts were routed; 0 where there is none."""
    asked = select(func.max(MapVersionRow.number)).where(MapVersionRow.routed_at.is_not(None))
    return session.scalar(asked) or 0


def mark_routed(session: Session, version: int, *, now: datetime) -> None:
    session.execute(update(MapVersionRow).where(MapVersionRow.number == version).values(routed_at=now))


def _write(
    session: Session, rows: Mapping[str, MapThingRow], change: Change, entries: Mapping[str, Entry], number: int
) -> None:
    row = rows.get(change.id)
    if row is None:
        row = MapThingRow(id=change.id, since=number)
        session.add(row)
    if change.what is What.REMOVED:
        row.retired = number
        return
    one = entries[change.id]
    row.thing, row.name, row.entry = one.thing, one.name, dict(one.fields)
    row.changed, row.retired = number, None


def _rows(session: Session) -> dict[str, MapThingRow]:
    return {row.id: row for row in session.scalars(select(MapThingRow))}
