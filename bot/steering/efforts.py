"""How many days of work it takes to mend a theme, as whoever steers estimates it. The newest estimate counts."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.errors import SteeringRefused
from bot.experience.viewers import Viewer, must_see
from bot.steering.steerers import must_steer
from bot.steering.tables import EffortRow

# Half an hour, about; more than three years of one person are a programme, and no theme.
LEAST, MOST = 0.05, 1000.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """`days` None: somebody took back what was estimated before."""

    theme: int
    days: float | None
    by: str
    at: datetime


def estimate(session: Session, theme: int, days: str, viewer: Viewer, *, now: datetime) -> float | None:
    """What is written in the form, "" to take it back; what stands so already, as after a double click, is kept.

    Raises `NotAllowed`, and `SteeringRefused` for no number.
    """
    by = must_steer(viewer)
    read = _read(days)
    if read != dict(days_by_theme(session, viewer)).get(theme):
        session.add(EffortRow(theme=theme, days=read, by=by, at=now))
    return read


def estimates(session: Session, theme: int, viewer: Viewer) -> list[Estimate]:
    """Every one of a theme, the newest first. Raises `NotAllowed`."""
    must_see(viewer)
    rows = session.scalars(select(EffortRow).where(EffortRow.theme == theme).order_by(EffortRow.id.desc()))
    return [Estimate(row.theme, row.days, row.by, row.at) for row in rows]


def days_by_theme(session: Session, viewer: Viewer) -> tuple[tuple[int, float], ...]:
    """What counts now, themes with their days; a theme that nobody estimated is not in it. Raises `NotAllowed`."""
    must_see(viewer)
    newest = select(func.max(EffortRow.id)).group_by(EffortRow.theme)
    asked = select(EffortRow.theme, EffortRow.days).where(EffortRow.id.in_(newest), EffortRow.days.is_not(None))
    found = session.execute(asked.order_by(EffortRow.theme))
    return tuple((theme, days) for theme, days in found if days is not None)


def _read(days: str) -> float | None:
    said = days.strip().replace(",", ".")
    if not said:
        return None
    try:
        read = float(said)
    except ValueError:
        raise SteeringRefused(f"“{days.strip()[:40]}” is no number of days. Write it as 3 or 0.5.") from None
    if not (isfinite(read) and LEAST <= read <= MOST):
        raise SteeringRefused(f"Say it in days of one person's work, from {LEAST} to {MOST:.0f}.")
    return read
