"""Who reported a ticket, for whoever works on it; whoever is named may see who looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import NotAllowed
from bot.friction import tickets
from bot.friction.kinds import Privacy
from bot.friction.moves import Role
from bot.friction.roles import Actor, roles_of
from bot.friction.sealing import Sealer
from bot.friction.tables import ReportRow
from bot.friction.telling_tables import SightRow


@dataclass(frozen=True, slots=True)
class Reporters:
    """`named` with what they said; of the others only how many there are."""

    named: tuple[ReportRow, ...]
    others: int


def look(session: Session, number: int, viewer: Actor, *, sealer: Sealer, now: datetime) -> Reporters:
    """Raises `NotAllowed` for whoever does not work on it, and `NoSuchTicket`."""
    row = tickets.standing(session, number)
    if not roles_of(session, row, viewer, sealer=sealer) & {Role.OWNER, Role.TRIAGER}:
        raise NotAllowed("Who reported it is shown to its owner, to whoever was assigned, and to triagers.")
    reports = tickets.reports(session, row.id)
    named = tuple(one for one in reports if one.privacy == Privacy.NAMED and one.name)
    session.add_all(SightRow(report=one.id, viewer=viewer.id, viewer_name=viewer.name, at=now) for one in named)
    return Reporters(named, len({one.handle for one in reports} - {one.handle for one in named}))


def seen_by(session: Session, reports: Sequence[int]) -> dict[int, list[str]]:
    """Report -> the names of those who looked, each once, the first first."""
    found: dict[int, list[str]] = {}
    rows = select(SightRow.report, SightRow.viewer_name).where(SightRow.report.in_(reports)).order_by(SightRow.id)
    for report, name in session.execute(rows):
        if name not in found.setdefault(report, []):
            found[report].append(name)
    return found
