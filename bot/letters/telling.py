"""Who is told of an alert, once: not again while the same thing goes on, again where it comes back after being over."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.database import insert
from bot.experience.weeks import Week
from bot.letters.alerts import Alert
from bot.letters.tables import AlertRow

# Messages to one person in a day; what comes after them is joined into the first of the next day.
MOST_A_DAY = 3
# Each look says what goes on. What nobody looked at for so long was told to somebody who is told nothing any more.
KEPT = timedelta(days=60)


def to_tell(
    session: Session, person: str, standing: Sequence[Alert], *, week: Week, now: datetime, zone: tzinfo | None
) -> list[Alert]:
    """What to tell somebody now, in one message; it counts as told, so the message is owed in the same transaction.

    `standing` is what concerns them as of `week`, the last whole one. What does not stand any more in a later week than
    it stood in is over; what comes and goes within a week, as rows are corrected, is one.
    """
    known = {row.thing: row for row in session.scalars(select(AlertRow).where(AlertRow.person == person))}
    things = {one.thing for one in standing}
    over = [thing for thing, row in known.items() if thing not in things and row.week < week.monday]
    theirs = AlertRow.person == person
    if over:
        session.execute(delete(AlertRow).where(theirs, AlertRow.thing.in_(over)))
    if things & known.keys():
        goes_on = update(AlertRow).where(theirs, AlertRow.thing.in_(sorted(things & known.keys())))
        session.execute(goes_on.where(AlertRow.week < week.monday).values(week=week.monday))
    today = datetime.combine(now.astimezone(zone).date(), time(), now.astimezone(zone).tzinfo)
    if len({row.told_at for row in known.values() if row.told_at >= today}) >= MOST_A_DAY:
        return []
    return [one for one in standing if one.thing not in known and _told(session, person, one, week, now)]


def forget_old(session: Session, *, now: datetime) -> None:
    session.execute(delete(AlertRow).where(AlertRow.week < (now - KEPT).date()))


def _told(session: Session, person: str, one: Alert, week: Week, now: datetime) -> bool:
    """Whether nobody was first."""
    row = insert(session, AlertRow).values(person=person, thing=one.thing, week=week.monday, told_at=now)
    told = row.on_conflict_do_nothing(index_elements=["workspace", "person", "thing"]).returning(AlertRow.thing)
    return session.scalars(told).one_or_none() is not None
