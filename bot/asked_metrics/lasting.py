"""How long things take: until tickets are resolved, and while we wait for partners; estimated by somebody else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.orm import Session

from bot.asked_metrics.language import MEAN, all_of, any_of
from bot.asked_metrics.measure import FEW_DATA, FEWEST_FOR_A_MEAN, Figure, Measure, Request, Row
from bot.asked_metrics.scope import path_to, ranked
from bot.asked_metrics.things import Dimension
from bot.experience.finding import ALL
from bot.experience.viewers import must_see

# Of a quarter: in four weeks hardly anything is resolved that was filed in them.
_DAYS = 91


@dataclass(frozen=True, slots=True)
class Lasted:
    """Of one group, `name` as people read it, "" for all: the median in working hours, None where it is not reached.

    `n` are all that were looked at, what still lasts included.
    """

    name: str
    hours: float | None
    n: int


# The first is of all that is asked for, the others of the dimension that it is listed by.
LastingOf = Callable[[Session, Request], Sequence[Lasted]]


def _counted(lasting: LastingOf, how: str, of: str, session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    total, *parts = lasting(session, request)
    told = total.hours is not None and total.n >= FEWEST_FOR_A_MEAN
    return Figure(
        value=total.hours if told else None,
        unit="working hours",
        n=total.n,
        of=of,
        period=request.period.told,
        how=how,
        path=path_to(request.things, state=ALL),
        rows=ranked(Row(one.name, one.hours if one.n >= FEWEST_FOR_A_MEAN else None, one.n) for one in parts),
        why="" if told else FEW_DATA,
    )


def time_to_resolve(lasting: LastingOf) -> Measure:
    how = "by when half are resolved, by Kaplan-Meier: what is still open counts as not resolved so far"
    return Measure(
        key="time_to_resolve",
        says="Time until half are resolved",
        examples=(
            "how long do tickets about a tool take",
            "how long until a report is fixed",
            "average time to resolve a ticket",
            "which team takes longest to close tickets",
            "how fast are tickets solved",
        ),
        cues=any_of(
            all_of(
                r"tickets?|reports?|issues?",
                r"how (?:long|fast|quick\w*)|time|longest|slowest|quickest|fastest",
                r"tak\w+|resolv\w*|fix\w*|clos\w*|solv\w*|handl\w*",
                none=r"open|been|backlog|sitting|how many|costs?|lost|most time|how much",
            ),
        ),
        narrowed_by=(
            Dimension.TOOL,
            Dimension.TOUCHPOINT,
            Dimension.CX,
            Dimension.TEAM,
            Dimension.KIND,
            Dimension.THEME,
            Dimension.PARTNER,
        ),
        listed_by=(Dimension.TOOL, Dimension.TEAM, Dimension.KIND, Dimension.TOUCHPOINT),
        counted=partial(_counted, lasting, how, "tickets"),
        usual_days=_DAYS,
    )


def partner_waiting(lasting: LastingOf) -> Measure:
    how = "by when half of the waits are over, by Kaplan-Meier, while a ticket waits for the partner"
    partners = r"partners?|suppliers?|contractors?|vendors?"
    waiting = (
        r"wait(?:s|ed|ing)? (?:for|on)|keep\w* us|kept us|holds? us|held us|us waiting|we wait\w*|"
        r"make\w* us wait|let\w* us"
    )
    return Measure(
        key="partner_waiting",
        says="Waiting for partners, until half is over",
        examples=(
            "which partner keeps us waiting longest",
            "how long do we wait for the installer company",
            "which supplier holds us up most",
            "how long is the carrier keeping us waiting",
        ),
        cues=any_of(
            all_of(partners, waiting, r"longest|most|how long|which|worst"),
            all_of(
                waiting,
                rf"how long|{MEAN}",
                r"(?:do|did|have|are) we|we wait\w*|keep\w* us|holds? us",
                none=r"customers|approv\w*|reply|answer|before",
            ),
        ),
        narrowed_by=(Dimension.PARTNER,),
        listed_by=(Dimension.PARTNER,),
        counted=partial(_counted, lasting, how, "waits"),
        most=Dimension.PARTNER,
        usual_days=_DAYS,
    )
