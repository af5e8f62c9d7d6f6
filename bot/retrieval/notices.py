"""Live notices: what is true just now and stands on no page. At once, for whom they are meant, until they expire."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String, Text, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.database import Base, UtcDateTime
from bot.retrieval.documents import Notice

# A year and a month, as what was asked under it: whoever looks into an old answer sees what stood on top of it.
KEPT = timedelta(days=400)


class NoticeRow(Base):
    """`said` is `until` as whoever posted it was told it, in their zone."""

    __tablename__ = "knowledge_notices"

    number: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    said: Mapped[str] = mapped_column(String(255))
    by: Mapped[str] = mapped_column(String(255))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeAudienceRow(Base):
    """Who may see a notice; a notice always has at least one."""

    __tablename__ = "knowledge_notice_audiences"

    notice: Mapped[int] = mapped_column(ForeignKey("knowledge_notices.number", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(255), primary_key=True)


# Asked with every question: putting it together takes longer than asking it.
_LIVE = (
    select(NoticeRow)
    .where(
        NoticeRow.until > bindparam("now", type_=UtcDateTime),
        NoticeRow.ended_at.is_(None),
        exists().where(
            NoticeAudienceRow.notice == NoticeRow.number,
            NoticeAudienceRow.audience.in_(bindparam("audiences", expanding=True)),
        ),
    )
    .order_by(NoticeRow.number.desc())
)


def post(
    session: Session, text: str, *, until: datetime, said: str, audiences: Iterable[str], by: str, now: datetime
) -> Notice:
    row = NoticeRow(text=text, until=until, said=said, by=by, at=now, ended_at=None)
    session.add(row)
    session.flush()
    session.add_all(NoticeAudienceRow(notice=row.number, audience=audience) for audience in sorted(set(audiences)))
    return Notice(number=row.number, text=text, until=until, said=said)


def live(session: Session, *, audiences: frozenset[str], now: datetime) -> list[Notice]:
    """The notices that stand at this moment and that these audiences may see, newest first."""
    rows = session.scalars(_LIVE, {"audiences": sorted(audiences), "now": now})
    return [Notice(number=row.number, text=row.text, until=row.until, said=row.said) for row in rows]


def all_live(session: Session, *, now: datetime) -> list[tuple[Notice, tuple[str, ...], str]]:
    """Every notice that stands, whoever it is meant for, with its audiences and who posted it: for admins."""
    rows = session.scalars(
        select(NoticeRow).where(NoticeRow.until > now, NoticeRow.ended_at.is_(None)).order_by(NoticeRow.number.desc())
    ).all()
    meant: dict[int, list[str]] = {}
    for notice, audience in session.execute(
        select(NoticeAudienceRow.notice, NoticeAudienceRow.audience)
        .where(NoticeAudienceRow.notice.in_([row.number for row in rows]))
        .order_by(NoticeAudienceRow.audience)
    ):
        meant.setdefault(notice, []).append(audience)
    return [
        (Notice(row.number, row.text, until=row.until, said=row.said), tuple(meant[row.number]), row.by) for row in rows
    ]


def end(session: Session, number: int, *, now: datetime) -> bool:
    """Take a notice down before its time; False where it does not stand."""
    changed = session.execute(
        update(NoticeRow)
        .where(NoticeRow.number == number, NoticeRow.until > now, NoticeRow.ended_at.is_(None))
        .values(ended_at=now)
        .returning(NoticeRow.number)
    )
    return bool(changed.all())


def forget_old(session: Session, *, now: datetime) -> None:
    """Drop what ended longer ago than it is kept."""
    session.execute(delete(NoticeRow).where(or_(NoticeRow.until < now - KEPT, NoticeRow.ended_at < now - KEPT)))
