"""Whether what appears together is one problem, as people see it: later scores learn from it (`bot.signals`)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.experience.viewers import Viewer, must_see
from bot.steering.steerers import must_steer
from bot.steering.tables import VerdictRow


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of a theme of friction and a CX touchpoint: one problem seen from two sides, or not."""

    theme: int
    touchpoint: str
    same: bool
    by: str
    at: datetime


def judge(session: Session, theme: int, touchpoint: str, viewer: Viewer, *, same: bool, now: datetime) -> None:
    """The newest of each pair counts. Raises `NotAllowed`."""
    by = must_steer(viewer)
    session.add(VerdictRow(theme=theme, touchpoint=touchpoint, same=same, by=by, at=now))


def take_back(session: Session, theme: int, touchpoint: str, viewer: Viewer) -> None:
    """Forget the newest of a pair: what was said before it counts again. Raises `NotAllowed`."""
    must_steer(viewer)
    pair = (VerdictRow.theme == theme, VerdictRow.touchpoint == touchpoint)
    newest = session.scalar(select(VerdictRow).where(*pair).order_by(VerdictRow.id.desc()).limit(1))
    if newest:  # else somebody else took it back already
        session.delete(newest)


def verdicts(session: Session, viewer: Viewer) -> dict[tuple[int, str], Verdict]:
    """The newest of each pair. Raises `NotAllowed`."""
    must_see(viewer)
    rows = session.scalars(select(VerdictRow).order_by(VerdictRow.id))
    return {(row.theme, row.touchpoint): Verdict(row.theme, row.touchpoint, row.same, row.by, row.at) for row in rows}
