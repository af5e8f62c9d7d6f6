"""Which partners know what changed for them: a notice is meant for a partner, and somebody there says they read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.audiences import PARTNER
from bot.database import insert
from bot.errors import SteeringRefused
from bot.experience.viewers import Viewer, may_see, must_see
from bot.retrieval import notices as live_notices
from bot.retrieval.notices import NoticeAudienceRow, NoticeRow
from bot.steering.steerers import kept, may_steer, must_steer
from bot.steering.tables import AcknowledgementRow
from bot.working_time import Calendar

# After so many working days it is time to ask.
LATE_AFTER_DAYS = 3


@dataclass(frozen=True, slots=True)
class PartnerNotice:
    """`partner` is their key in config/people.yaml. `late`: nobody there said so for three working days."""

    number: int
    text: str
    partner: str
    at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str
    late: bool
    until: datetime


def notices(session: Session, viewer: Viewer, *, calendar: Calendar, now: datetime) -> list[PartnerNotice]:
    """Those that are meant for partners and not taken down, the newest first. Raises `NotAllowed`."""
    must_see(viewer)
    known: Mapping[tuple[int, str], AcknowledgementRow] = {
        (row.notice, row.partner): row for row in session.scalars(select(AcknowledgementRow))
    }
    meant = session.execute(
        select(NoticeRow, NoticeAudienceRow.audience)
        .join(NoticeAudienceRow, NoticeAudienceRow.notice == NoticeRow.number)
        .where(NoticeAudienceRow.audience.startswith(PARTNER), NoticeRow.ended_at.is_(None))
        .order_by(NoticeRow.number.desc(), NoticeAudienceRow.audience)
    )
    found = []
    for row, audience in meant:
        partner = audience.removeprefix(PARTNER)
        said = known.get((row.number, partner))
        late = said is None and calendar.days_after(row.at, LATE_AFTER_DAYS) < now
        found.append(
            PartnerNotice(
                row.number,
                row.text,
                partner,
                row.at,
                said.at if said else None,
                said.by if said else "",
                late,
                row.until,
            )
        )
    return found


def write(
    session: Session, words: str, partner: str, viewer: Viewer, *, until: datetime, said: str, now: datetime
) -> int:
    """A notice for one partner, whose people are shown it until then. Gives its number.

    Raises `NotAllowed`, and `SteeringRefused` without words.
    """
    by = must_steer(viewer)
    text = kept(words, "What changed for them")
    meant = [f"{PARTNER}{partner}"]
    return live_notices.post(session, text, until=until, said=said, audiences=meant, by=by, now=now).number


def may_acknowledge(viewer: Viewer, owner: str) -> bool:
    """Who steers, and the team that answers for the partner: it is they whom the partner tells."""
    return may_steer(viewer) or (may_see(viewer) and bool(owner) and owner in viewer.teams)


def acknowledge(session: Session, number: int, partner: str, viewer: Viewer, *, owner: str = "", now: datetime) -> bool:
    """Write down that a partner knows; False where they said so before. `owner` is the team that answers for them.

    Raises `NotAllowed` and `SteeringRefused`.
    """
    by = viewer.name if may_acknowledge(viewer, owner) else must_steer(viewer)
    meant = session.get(NoticeAudienceRow, (number, f"{PARTNER}{partner}"))
    if meant is None:
        raise SteeringRefused(f"Notice {number} is not meant for {partner}.")
    added = session.scalars(
        insert(session, AcknowledgementRow)
        .values(notice=number, partner=partner, by=by, at=now)
        .on_conflict_do_nothing(index_elements=["notice", "partner"])
        .returning(AcknowledgementRow.notice)
    )
    return added.one_or_none() is not None
