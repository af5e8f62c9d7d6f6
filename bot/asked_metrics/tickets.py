"""How many tickets were filed and resolved, how many are open, and how old those are; everybody may list tickets."""

from collections import Counter
from statistics import median

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from bot.asked_metrics.language import CHANGE, COUNT, MOST, TICKET, all_of, any_of
from bot.asked_metrics.measure import FEW_DATA, FEWEST_FOR_A_MEAN, Figure, Measure, Request, Row
from bot.asked_metrics.scope import conditions, names_by, of_open, path_to, ranked
from bot.asked_metrics.things import Dimension
from bot.experience.finding import ALL, OPEN_ONES, OVER
from bot.experience.viewers import must_see
from bot.friction.moves import OPEN, State
from bot.friction.tables import TicketRow, TicketToolRow
from bot.metrics.flow import Age, age_of

_NARROWED = (
    Dimension.TOOL,
    Dimension.PARTNER,
    Dimension.TOUCHPOINT,
    Dimension.CX,
    Dimension.TEAM,
    Dimension.THEME,
    Dimension.KIND,
    Dimension.STAGE,
)
_LISTED = (
    Dimension.TOOL,
    Dimension.PARTNER,
    Dimension.TEAM,
    Dimension.TOUCHPOINT,
    Dimension.THEME,
    Dimension.KIND,
)
_SECONDS_A_DAY = 86_400
_COLUMNS = {
    Dimension.PARTNER: TicketRow.partner,
    Dimension.TEAM: TicketRow.team,
    Dimension.TOUCHPOINT: TicketRow.touchpoint,
    Dimension.KIND: TicketRow.kind,
    Dimension.THEME: TicketRow.theme,
}


def _filed(session: Session, request: Request) -> Figure:
    return _counted(
        session,
        request,
        [TicketRow.filed_at >= request.since, TicketRow.filed_at < request.until],
        how="by the day of the first report; a ticket about two tools counts for both",
        state=ALL,
    )


def _resolved(session: Session, request: Request) -> Figure:
    return _counted(
        session,
        request,
        [
            TicketRow.state.in_([State.RESOLVED, State.CLOSED]),
            TicketRow.resolved_at >= request.since,
            TicketRow.resolved_at < request.until,
        ],
        how="resolved in these days and not opened again",
        state=OVER,
    )


def _open(session: Session, request: Request) -> Figure:
    return _counted(
        session, request, [TicketRow.state.in_(OPEN)], how="all that are not resolved, closed or merged", period=True
    )


def _counted(
    session: Session,
    request: Request,
    these: list[ColumnElement[bool]],
    *,
    how: str,
    state: str = OPEN_ONES,
    period: bool = False,
) -> Figure:
    must_see(request.viewer)
    these = [*these, *conditions(request)]
    count = session.scalar(select(func.count()).select_from(TicketRow).where(*these)) or 0
    name_of = names_by(session, request)
    return Figure(
        value=float(count),
        unit="ticket" if count == 1 else "tickets",
        n=None,
        of="",
        period=of_open(request) if period else request.period.told,
        how=how,
        path=path_to(request.things, state=state),
        rows=ranked(Row(name_of(id_), float(number)) for id_, number in session.execute(_by(request.by, these)))
        if request.by
        else (),
    )


def _by(dimension: Dimension, these: list[ColumnElement[bool]]) -> Select[str, int]:
    if dimension is Dimension.TOOL:
        tool = func.coalesce(TicketToolRow.tool, "")
        tools = select(tool, func.count()).select_from(TicketRow).outerjoin(TicketToolRow)
        return tools.where(*these).group_by(tool)
    column = func.coalesce(func.cast(_COLUMNS[dimension], TicketRow.title.type), "")
    return select(column, func.count()).select_from(TicketRow).where(*these).group_by(column)


def _ages(session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    open_ones = select(TicketRow.filed_at).where(TicketRow.state.in_(OPEN), *conditions(request))
    ages = [request.now - filed for filed in session.scalars(open_ones)]
    days = median(age.total_seconds() for age in ages) / _SECONDS_A_DAY if len(ages) >= FEWEST_FOR_A_MEAN else None
    bands = Counter(age_of(age) for age in ages)
    return Figure(
        value=None if days is None else round(days, 1),
        unit="days",
        n=len(ages),
        of="open tickets",
        period=of_open(request),
        how="the middle one by age, from the first report on",
        path=path_to(request.things, state=OPEN_ONES),
        rows=tuple(Row(band.value, float(bands[band])) for band in Age if ages),
        row_unit="tickets",
        why="" if days is not None else FEW_DATA if ages else "none is open",
    )


_OPEN = r"open|unresolved|unsolved|unfixed|still|pending|outstanding|backlog|waiting"
_DONE = r"fix\w*|resolv\w*|solv\w*|clos\w*|mend\w*|sorted"
TICKETS_FILED = Measure(
    key="tickets_filed",
    says="Tickets filed",
    examples=(
        "how many tickets came in this week",
        "number of new reports about a tool",
        "which tool gets the most tickets",
        "did reports go up last month",
        "tickets filed per team",
        "how often was the printer reported",
    ),
    cues=any_of(
        all_of(
            TICKET,
            rf"{COUNT}|{MOST}|{CHANGE}|per|by",
            none=rf"{_OPEN}|{_DONE}|how long|how old|old|oldest|age|people report|of us report",
        ),
        all_of(r"new (?:tickets|reports|issues)|(?:tickets|reports|issues) (?:filed|came in|were filed)", none=_DONE),
    ),
    narrowed_by=_NARROWED,
    listed_by=_LISTED,
    counted=_filed,
    most=Dimension.TOOL,
    compares=True,
)
TICKETS_RESOLVED = Measure(
    key="tickets_resolved",
    says="Tickets resolved",
    examples=(
        "how many tickets have we fixed since May",
        "how much was solved last month",
        "which team resolved most tickets",
        "number of reports closed this year",
        "how many things did we get fixed",
    ),
    cues=all_of(
        rf"{TICKET}|things|problems|how much|how many",
        _DONE,
        rf"{COUNT}|{MOST}|{CHANGE}|per|by",
        none=(
            r"how long|open|unresolved|average time|time to|takes? (?:the )?longest|slowest|until|"
            r"unsolved|a customer|still"
        ),
    ),
    narrowed_by=_NARROWED,
    listed_by=_LISTED,
    counted=_resolved,
    most=Dimension.TOOL,
    compares=True,
)
TICKETS_OPEN = Measure(
    key="tickets_open",
    says="Open tickets",
    examples=(
        "how many tickets are still open",
        "open tickets per team",
        "how big is the backlog",
        "which tool has the most open issues",
        "number of unresolved reports",
    ),
    cues=any_of(
        all_of(
            TICKET, _OPEN, rf"{COUNT}|{MOST}|per|by|how big|how large|size", none=r"how long|how old|age|oldest|old"
        ),
    ),
    narrowed_by=_NARROWED,
    listed_by=_LISTED,
    counted=_open,
    most=Dimension.TOOL,
)
AGE_OF_OPEN = Measure(
    key="age_of_open",
    says="Age of open tickets",
    examples=(
        "how old are our open tickets",
        "how long have tickets been open",
        "age of the backlog",
        "how long have open reports been waiting",
    ),
    cues=all_of(
        TICKET,
        r"open|backlog|unresolved|waiting|sitting|lying",
        r"how old|age|ages|oldest|how long (?:[\w']+ )*(?:been|open|waiting|sitting)",
        none=_DONE,
    ),
    narrowed_by=_NARROWED,
    listed_by=(),
    counted=_ages,
)
