"""Tickets about a page of the knowledge: of one page and one kind there is one that is open."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.friction.kinds import Kind
from bot.friction.moves import OPEN
from bot.friction.tables import TicketRow

# What is the matter with a page, and not with a tool.
OF_PAGES = frozenset({Kind.UNCLEAR_POLICY, Kind.MISSING_POLICY})


def open_about(session: Session, page: str) -> list[tuple[int, Kind]]:
    """The open tickets about a page, the oldest first."""
    asked = select(TicketRow.id, TicketRow.kind).where(
        TicketRow.page == page, TicketRow.kind.in_(OF_PAGES), TicketRow.state.in_(OPEN)
    )
    return [(number, Kind(kind)) for number, kind in session.execute(asked.order_by(TicketRow.id))] if page else []


def unclear(session: Session, page: str) -> int | None:
    """The open ticket that a page is unclear. What is missing on a page may be many things, so that joins none."""
    return next((number for number, kind in open_about(session, page) if kind is Kind.UNCLEAR_POLICY), None)
