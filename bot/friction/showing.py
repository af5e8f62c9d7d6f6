"""A ticket as whoever works on it has it in front of them: a value, to be laid out elsewhere.

Whoever works on it sees exact numbers. Who reported it stands behind a button that writes down who looked.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction import moves, tickets
from bot.friction.kinds import Privacy
from bot.friction.lateness import late
from bot.friction.moves import Role, State
from bot.friction.tables import TicketRow, TicketToolRow
from bot.people import Owners
from bot.touchpoints import TouchpointMap

# What people wrote, of so many reports, the newest first.
QUOTED = 3
_CARE = frozenset({Role.OWNER})


def card(session: Session, row: TicketRow, *, map_: TouchpointMap, owners: Owners, now: datetime) -> dict[str, Any]:
    """What a card shows and which events its buttons offer."""
    reports = tickets.reports(session, row.id)
    of_it = select(TicketToolRow.tool).where(TicketToolRow.ticket == row.id)
    tools = session.scalars(of_it.order_by(TicketToolRow.tool))
    state = State(row.state)
    return {
        "number": row.id,
        "version": row.version,
        "title": row.title,
        "kind": row.kind,
        "severity": row.severity,
        "state": row.state,
        "tools": [map_.name_of(tool) for tool in tools],
        "where": map_.name_of(row.touchpoint) if row.touchpoint else "",
        "owner": owners.name(row.team) if row.team else "",
        "assignee": row.assignee_name,
        "people": len({one.handle for one in reports}),
        "hours": round(tickets.hours_a_week(reports), 1),
        "effect": max((one.effect for one in reports), key=tickets.how_bad, default=""),
        "quotes": list(dict.fromkeys(one.words for one in reversed(reports) if one.words))[:QUOTED],
        "evidence": [link for one in reversed(reports) if one.privacy == Privacy.NAMED for link in one.evidence][
            :QUOTED
        ],
        "workaround": row.workaround,
        "acknowledge_by": _iso(row.acknowledge_by) if row.acknowledged_at is None and state.open else None,
        "resolve_by": _iso(row.resolve_by) if state.open and not state.waits else None,
        "late": list(late(row, now=now)),
        "resolution": row.resolution if not state.open else "",
        "done": row.resolved_with if not state.open else "",
        "cause": row.root_cause if not state.open else "",
        "shown_by": row.cause_shown_by if not state.open else "",
        "other": row.merged_into,
        "events": [event.value for event in moves.possible(state, _CARE)],
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
