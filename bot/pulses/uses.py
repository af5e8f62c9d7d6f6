"""Who has used Throughline lately, and of whom something was closed: whom it makes sense to ask.

Nobody knows how often somebody uses a tool. What is known is how often they asked a question here or reported
something, by name or in confidence; that is counted in its place.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.exchanges import ExchangeRow
from bot.friction import tickets
from bot.friction.kinds import Privacy
from bot.friction.moves import State
from bot.friction.sealing import Sealer
from bot.friction.tables import EventRow, ReportRow, TicketRow, TicketToolRow
from bot.workspaces import of_session

LATELY = timedelta(weeks=4)
# Since they were last asked, and lately: whoever is seldom here is left alone.
FEWEST_USES = 3
# Longer ago nobody remembers how it was. Not longer than a week, so that nobody is asked twice about one ticket.
CLOSED_WITHIN = timedelta(days=7)


def uses(session: Session, sealer: Sealer, *, now: datetime) -> dict[str, list[datetime]]:
    """Of everybody of the session's workspace who was here lately, by their id at Slack: when."""
    found = defaultdict[str, list[datetime]](list)
    for person, at in session.execute(
        select(ExchangeRow.person, ExchangeRow.asked_at).where(ExchangeRow.asked_at > now - LATELY)
    ):
        found[person].append(at)
    reported = select(ReportRow).where(ReportRow.at > now - LATELY, ReportRow.privacy != Privacy.ANONYMOUS)
    for report in session.scalars(reported):
        if person := _reporter(session, report, sealer):
            found[person].append(report.at)
    return dict(found)


def closed_for(session: Session, sealer: Sealer, *, now: datetime) -> dict[str, list[str]]:
    """Of whoever reported something that was closed lately, by their id at Slack: a tool of each, or "" for none."""
    ended = select(EventRow.ticket).where(EventRow.target == State.CLOSED, EventRow.at > now - CLOSED_WITHIN)
    still = select(TicketRow.id).where(TicketRow.id.in_(ended), TicketRow.state == State.CLOSED).order_by(TicketRow.id)
    found = defaultdict[str, list[str]](list)
    for number in session.scalars(still):
        tool = session.scalar(select(func.min(TicketToolRow.tool)).where(TicketToolRow.ticket == number)) or ""
        for report in tickets.reports(session, number):
            person = _reporter(session, report, sealer)
            if person and tool not in found[person]:
                found[person].append(tool)
    return dict(found)


def _reporter(session: Session, report: ReportRow, sealer: Sealer) -> str:
    """Their id where they can be reached in the session's workspace, else ""."""
    if report.workspace_reached != of_session(session) or not report.reached:
        return ""
    return sealer.person(report.reached, Privacy(report.privacy))
