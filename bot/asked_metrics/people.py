"""How many people report something: never fewer than five, and of several tickets at least so many."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asked_metrics.language import all_of
from bot.asked_metrics.measure import Figure, Measure, Request, Row
from bot.asked_metrics.scope import conditions, of_open, path_to
from bot.asked_metrics.things import Dimension
from bot.experience.viewers import must_see
from bot.friction import ranking, tickets
from bot.friction.moves import OPEN
from bot.friction.tables import TicketRow


def _counted(session: Session, request: Request) -> Figure:
    """By the ticket of most people: who is on two of them is not told, since that would tell few people apart."""
    rows = select(TicketRow).where(TicketRow.state.in_(OPEN), *conditions(request))
    found = tickets.listed(session, rows, audiences=must_see(request.viewer))
    told = sorted((one for one in found if one.weight.people), key=ranking.hottest_first)
    most = max((one.weight.people or 0 for one in told), default=0)
    return Figure(
        value=float(most) if told else None,
        unit="people",
        n=len(found),
        of="open tickets",
        period=of_open(request),
        how="whoever reported it or said “me too”; of several tickets that with most people",
        path=path_to(request.things),
        rows=tuple(Row(f"{one.key} {one.title}", float(one.weight.people or 0)) for one in told)
        if len(told) > 1
        else (),
        why="" if told else "fewer than five people report it" if found else "nothing of it is reported and open",
        at_least=len(found) > 1,
    )


PEOPLE_REPORTING = Measure(
    key="people_reporting",
    says="People who report it",
    examples=(
        "how many people report the double entry",
        "how many colleagues have trouble with a tool",
        "how many of us say that it is slow",
        "how many people are affected by the problem",
    ),
    cues=all_of(
        (
            r"(?:how many|number of) (?:\w+ )?(?:people|colleagues|of us|employees|staff|reps?|agents|"
            r"coworkers|folks|others|teammates)"
        ),
        (
            r"report\w*|have|having|had|sa(?:y|id)|struggl\w*|affect\w*|suffer\w*|troubles?|hit|run into|"
            r"ran into|complain\w*|face|facing"
        ),
        none=r"have to|credit|account|approve",
    ),
    narrowed_by=(
        Dimension.TOOL,
        Dimension.PARTNER,
        Dimension.KIND,
        Dimension.TOUCHPOINT,
        Dimension.CX,
        Dimension.THEME,
        Dimension.TEAM,
        Dimension.STAGE,
    ),
    listed_by=(),
    counted=_counted,
)
