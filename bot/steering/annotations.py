"""Notes on days: "new registers on 3 May". Charts show them, so that whoever looks later need not ask."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import SteeringRefused
from bot.experience.viewers import Viewer, must_see
from bot.steering.steerers import kept, must_steer
from bot.steering.tables import AnnotationRow


@dataclass(frozen=True, slots=True)
class Annotation:
    """`about` is an id of the map, "" for the whole company."""

    number: int
    day: date
    about: str
    words: str
    by: str


def annotate(
    session: Session, day: date, words: str, viewer: Viewer, *, about: str = "", today: date, now: datetime
) -> int:
    """Gives its number. Raises `NotAllowed`, and `SteeringRefused` for a day that is more than a year ahead."""
    by = must_steer(viewer)
    if (day - today).days > 366:  # noqa: PLR2004 - a year
        raise SteeringRefused(f"{day} is more than a year ahead; write the day on which it happened or will happen.")
    row = AnnotationRow(day=day, about=about, words=kept(words, "What happened"), by=by, at=now, removed=False)
    session.add(row)
    session.flush()
    return row.id


def remove(session: Session, number: int, viewer: Viewer, *, removed: bool = True) -> bool:
    """Take a note away, or put it back; False where there is none. Raises `NotAllowed`."""
    must_steer(viewer)
    row = session.get(AnnotationRow, number)
    if row is None:
        return False
    row.removed = removed
    return True


def between(session: Session, first: date, last: date, viewer: Viewer) -> list[Annotation]:
    """Of these days, both counted, the earliest first. Raises `NotAllowed`."""
    must_see(viewer)
    rows = session.scalars(
        select(AnnotationRow)
        .where(AnnotationRow.day >= first, AnnotationRow.day <= last, AnnotationRow.removed.is_(False))
        .order_by(AnnotationRow.day, AnnotationRow.id)
    )
    return [Annotation(row.id, row.day, row.about, row.words, row.by) for row in rows]
