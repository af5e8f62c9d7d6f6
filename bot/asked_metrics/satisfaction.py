"""How satisfied customers are, by what they answered to surveys."""

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asked_metrics.language import all_of, any_of
from bot.asked_metrics.measure import FEW_DATA, FEWEST_FOR_A_MEAN, Figure, Measure, Request
from bot.customers.kinds import Channel
from bot.customers.surveys import Answered, scores
from bot.customers.tables import InteractionRow
from bot.experience.viewers import must_see
from bot.friction.suppression import FEWEST

_OF = 5
# Surveys are few: what is asked of no time is told of a quarter.
_DAYS = 91


def _mean(session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    columns = (
        InteractionRow.customer,
        InteractionRow.at,
        InteractionRow.channel,
        InteractionRow.outcome,
        InteractionRow.source,
    )
    rows = session.execute(
        select(*columns).where(
            InteractionRow.channel == Channel.SURVEY,
            InteractionRow.at >= request.since,
            InteractionRow.at < request.until,
        )
    ).all()
    by_customer: dict[int, list[Answered]] = defaultdict(list)
    for row in rows:
        by_customer[row.customer].append(row)
    given = scores(rows)
    customers = sum(bool(scores(own)) for own in by_customer.values())
    told = customers >= FEWEST and len(given) >= FEWEST_FOR_A_MEAN
    return Figure(
        value=round(_OF * sum(one.share for one in given) / len(given), 2) if told else None,
        unit=f"of {_OF}",
        n=len(given) if told else None,
        of="survey answers",
        period=request.period.told,
        how="the mean of all surveys, those of ten taken by half; no survey is tied to a journey or a touchpoint here",
        why=""
        if told
        else FEW_DATA
        if rows
        else "no survey is imported of these days; `throughline import` reads them",
    )


SATISFACTION = Measure(
    key="satisfaction",
    says="Satisfaction of customers",
    examples=(
        "how satisfied are our customers",
        "what is our journey satisfaction",
        "average survey score last month",
        "how happy were customers in surveys",
        "what is our CSAT",
        "what score did customers give us",
    ),
    cues=any_of(
        all_of(
            r"satisf\w+|csat|nps|happ(?:y|ier|iness)",
            r"our|customers|average|mean|journey|how|trend",
            none=r"guarantee|employees?",
        ),
        all_of(
            r"survey\w*|feedback",
            r"scores?|ratings?|results?|average",
            r"our|average|mean|what|how|customers",
            none=r"low|bad|of [0-9]",
        ),
        all_of(r"scores?|ratings?|rate", r"customers (?:give|gave|rate)|do customers|did customers"),
    ),
    narrowed_by=(),
    listed_by=(),
    counted=_mean,
    compares=False,
    usual_days=_DAYS,
)
