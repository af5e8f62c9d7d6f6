"""Complaints by touchpoint: counted from contacts that somebody else routes to the map."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot.asked_metrics.crowds import Crowd, crowds
from bot.asked_metrics.language import CHANGE, COUNT, MOST, any_of
from bot.asked_metrics.language import all_of as all_in
from bot.asked_metrics.measure import Figure, Measure, Request, Row
from bot.asked_metrics.scope import ranked
from bot.asked_metrics.things import Dimension, of
from bot.experience.viewers import must_see

_FEW = "fewer than five customers"


@dataclass(frozen=True, slots=True)
class Complained:
    """One customer at one CX touchpoint, "" where the map has none for it: how often, in that time."""

    touchpoint: str
    customer: int
    times: int


# Since when, until when.
ComplaintsOf = Callable[[Session, datetime, datetime], Iterable[Complained]]


def complaints(routed: ComplaintsOf) -> Measure:
    return Measure(
        key="complaints",
        says="Complaints",
        examples=(
            "what do customers complain about most",
            "did complaints rise last week",
            "how many complaints did we get",
            "top complaint of the month",
            "which stage gets most complaints",
            "complaints about a touchpoint since August",
            "what are customers unhappy about",
        ),
        cues=_CUES,
        narrowed_by=(Dimension.CX, Dimension.STAGE, Dimension.CHANNEL),
        listed_by=(Dimension.TOUCHPOINT, Dimension.STAGE, Dimension.CHANNEL),
        counted=partial(_counted, routed),
        most=Dimension.TOUCHPOINT,
        compares=True,
    )


def _counted(routed: ComplaintsOf, session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    found = list(routed(session, request.since, request.until))
    by = request.by or Dimension.TOUCHPOINT
    narrowed = [one for one in found if _is_asked(one, request)]
    listed = crowds((Crowd(one.customer, _value(one, by, request), (float(one.times),)) for one in narrowed), 1)
    name_of = request.world.map.name_of
    return Figure(
        value=listed.total[0] if listed.total else None,
        unit="complaints",
        n=None,
        of="",
        period=request.period.told,
        how="contacts that were read as a complaint, by the touchpoint they are most like",
        rows=ranked(
            Row(name_of(id_) if id_ else "nothing on the map", each[0] if each else None)
            for id_, each in listed.parts.items()
        )
        if request.by
        else (),
        why="" if listed.total else _FEW,
    )


def _is_asked(one: Complained, request: Request) -> bool:
    return all(
        not of(request.things, dimension) or _value(one, dimension, request) in of(request.things, dimension)
        for dimension in (Dimension.CX, Dimension.STAGE, Dimension.CHANNEL)
    )


def _value(one: Complained, dimension: Dimension, request: Request) -> str:
    touchpoint = request.world.map.cx.get(one.touchpoint)
    match dimension:
        case Dimension.STAGE:
            return touchpoint.stage if touchpoint else ""
        case Dimension.CHANNEL:
            return touchpoint.channel if touchpoint else ""
        case _:
            return one.touchpoint


_UNHAPPY = r"complain\w*|moan\w*|grip(?:e|es|ing)|grumbl\w*|unhappy|upset|angry|annoy\w*"
_CUES = any_of(
    all_in(
        _UNHAPPY,
        (
            rf"{COUNT}|{MOST}|{CHANGE}|what (?:do|are|did) (?:our )?(?:customers|people|they|callers)|"
            rf"trend|per|by (?:touchpoint|stage|channel)"
        ),
    ),
    all_in(r"complaints", none=r"can|how (?:do|are)|who"),
    none_of=(
        r"complaints? (?:desk|team|form|policy|process|procedure)|employees?|supervisor|colleagues|"
        r"formal|how many (?:people|of us|staff)"
    ),
)
