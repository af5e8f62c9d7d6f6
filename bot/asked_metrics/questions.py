"""What colleagues ask the bot: the pages that answer most of it, and what nothing answered."""

from collections import defaultdict

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.asked_metrics.language import COUNT, MOST, SHARE, all_of, any_of
from bot.asked_metrics.measure import Figure, Measure, Request, Row
from bot.asked_metrics.scope import ranked
from bot.asked_metrics.things import Dimension
from bot.exchanges import ExchangeRow, GapRow
from bot.experience.viewers import must_see
from bot.friction.suppression import FEWEST

_FEW = "fewer than five people asked"
_NOBODY = "nobody asked anything in these days"


def _pages(session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    asked = select(ExchangeRow.person, ExchangeRow.citations).where(*_asked_in(request))
    times: dict[str, int] = defaultdict(int)
    people: dict[str, set[str]] = defaultdict(set)
    for person, citations in session.execute(asked.where(ExchangeRow.reason == "")):
        for source in {citation.get("source", "") for citation in citations} - {""}:
            times[source] += 1
            people[source].add(person)
    often = [source for source in times if len(people[source]) >= FEWEST]
    titles = request.world.titles(often, request.viewer.audiences)
    answered = session.scalar(
        select(func.count()).select_from(ExchangeRow).where(*_asked_in(request), ExchangeRow.reason == "")
    )
    rows = ranked(Row(titles[source], float(times[source])) for source in often if source in titles)
    return Figure(
        value=rows[0].value if rows else None,
        unit="answers",
        n=answered if rows else None,
        of="answered questions",
        period=request.period.told,
        how="answers that quote the page; no page that fewer than five people asked for, or that you may not read",
        rows=rows,
        why="" if rows else "no page was quoted to five people or more" if answered else _NOBODY,
    )


def _unanswered(session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    counted = select(func.count(), func.count(func.distinct(ExchangeRow.person)), func.count(GapRow.exchange))
    total, people, gaps = session.execute(
        counted.select_from(ExchangeRow).outerjoin(GapRow, GapRow.exchange == ExchangeRow.id).where(*_asked_in(request))
    ).one()
    told = people >= FEWEST
    return Figure(
        value=float(gaps) if told else None,
        unit="question" if gaps == 1 else "questions",
        n=total if told else None,
        of="questions asked",
        period=request.period.told,
        how="no page answered them; an admin reads them with `/knowledge gaps`",
        why="" if told else _FEW if total else _NOBODY,
    )


def _asked_in(request: Request) -> tuple[ColumnElement[bool], ...]:
    return (ExchangeRow.asked_at >= request.since, ExchangeRow.asked_at < request.until)


PAGES_USED = Measure(
    key="pages_used",
    says="The page that is quoted most",
    examples=(
        "which policy pages are used most",
        "what do people ask about most",
        "top pages this month",
        "which page is quoted most often",
        "most read articles",
    ),
    cues=any_of(
        all_of(
            r"pages?|polic(?:y|ies)|articles?|documents?",
            MOST,
            r"used?|read|quot\w+|look\w*|open\w*|asked|cited?|popular|consult\w+|visited|viewed|pages",
        ),
        all_of(
            (
                r"what (?:do|are|did) (?:people|colleagues|employees|staff|we|they|everybody|everyone|reps|"
                r"agents) (?:mostly )?ask\w*"
            ),
            r"most\w*|about most",
        ),
        all_of(r"(?:most|commonly|frequently) asked (?:questions?|about)|most common questions?"),
        none_of="explain\\w*|simpl\\w*|answers? best",
    ),
    narrowed_by=(),
    listed_by=(Dimension.PAGE,),
    counted=_pages,
    most=Dimension.PAGE,
)
UNANSWERED = Measure(
    key="unanswered",
    says="Questions that nothing answered",
    examples=(
        "how many questions could you not answer",
        "number of unanswered questions",
        "share of questions without an answer",
        "how many questions went unanswered",
    ),
    cues=all_of(
        r"questions?",
        (
            r"unanswered|without (?:an |any )?answers?|not (?:be )?answer\w*|no answer|couldn't|could not|"
            r"didn't (?:know|answer)|n't answer\w*|you (?:fail\w*|miss\w*)"
        ),
        rf"{COUNT}|{SHARE}",
    ),
    narrowed_by=(),
    listed_by=(),
    counted=_unanswered,
    compares=True,
)
