"""Friction to take elsewhere: tickets without whoever reported them; what is summed up is in `groups`."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction import tickets
from bot.friction.moves import OPEN
from bot.friction.parts import parts
from bot.friction.tables import ThemeRow, TicketRow
from bot.friction.tickets import Ticket

COLUMNS = (
    "key", "title", "state", "kind", "severity", "tools", "touchpoint", "partner", "owner", "theme", "people",
    "hours_a_week", "customers", "effect", "filed_on", "resolved_on", "resolution", "resolved_with", "root_cause",
    "cause_shown_by", "workaround", "merged_into",
)  # fmt: skip


def ticket_rows(session: Session, *, everything: bool, audiences: AbstractSet[str]) -> list[dict[str, Any]]:
    """Tickets by their numbers; `everything`: also what is over. Raises `NotAllowed` for whoever is no employee."""
    asked = select(TicketRow) if everything else select(TicketRow).where(TicketRow.state.in_(OPEN))
    return rows_of(session, tickets.listed(session, asked.order_by(TicketRow.id), audiences=audiences))


def rows_of(session: Session, found: Sequence[Ticket]) -> list[dict[str, Any]]:
    """Of tickets that were read with a reader's audiences, in their order."""
    labels = select(TicketRow.id, ThemeRow.label).join(ThemeRow, ThemeRow.id == TicketRow.theme)
    of_theme: dict[int, str] = {}
    for part in parts(one.number for one in found):
        of_theme |= {row.id: row.label for row in session.execute(labels.where(TicketRow.id.in_(part)))}
    return [_row(one, of_theme.get(one.number, "")) for one in found]


def _row(one: Ticket, theme: str) -> dict[str, Any]:
    return {
        "key": one.key,
        "title": one.title,
        "state": one.state.value,
        "kind": one.kind.value,
        "severity": one.severity.value,
        "tools": list(one.tools),
        "touchpoint": one.touchpoint,
        "partner": one.partner,
        "owner": one.team,
        "theme": theme,
        # None: fewer than five people.
        "people": one.weight.people,
        "hours_a_week": one.weight.hours,
        "customers": one.weight.customers,
        "effect": one.effect.value,
        # A day: whoever knows when somebody typed knows who it was.
        "filed_on": one.filed_at.date().isoformat(),
        "resolved_on": one.resolved_at.date().isoformat() if one.resolved_at else "",
        "resolution": one.resolution,
        "resolved_with": one.resolved_with,
        "root_cause": one.root_cause,
        "cause_shown_by": one.cause_shown_by,
        "workaround": one.workaround,
        "merged_into": tickets.key(one.merged_into) if one.merged_into else "",
    }
