"""How long what is open has been open, by how bad it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.experience.viewers import Viewer, must_see
from bot.friction.kinds import Severity
from bot.friction.moves import OPEN
from bot.friction.tables import TicketRow
from bot.metrics.flow import Age, age_of


@dataclass(frozen=True, slots=True)
class Ages:
    """How many open tickets there are of each age and severity; only counts of tickets, which everybody may list."""

    counts: tuple[tuple[Age, Severity, int], ...]

    @property
    def open(self) -> int:
        return sum(count for _, _, count in self.counts)

    def of(self, age: Age, severity: Severity | None = None) -> int:
        return sum(count for one, other, count in self.counts if one is age and severity in {None, other})


def ages(session: Session, *, viewer: Viewer, now: datetime) -> Ages:
    """Raises `NotAllowed` for whoever may not read it."""
    must_see(viewer)
    rows = session.execute(select(TicketRow.filed_at, TicketRow.severity).where(TicketRow.state.in_(OPEN)))
    found = Counter((age_of(now - filed), Severity(severity)) for filed, severity in rows)
    return Ages(tuple((age, severity, found[age, severity]) for age in Age for severity in Severity))
