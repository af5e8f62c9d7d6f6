"""How often customers contact us, by channel, and how often they have to do so again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.asked_metrics.crowds import Crowd, Crowds, crowds
from bot.asked_metrics.language import CHANGE, COUNT, MOST, SHARE, all_of, any_of
from bot.asked_metrics.measure import FEW_DATA, FEWEST_FOR_A_MEAN, Figure, Measure, Request, Row
from bot.asked_metrics.scope import ranked
from bot.asked_metrics.things import Dimension, of
from bot.customers.kinds import Channel, Direction
from bot.customers.tables import InteractionRow
from bot.experience.viewers import must_see

AGAIN_WITHIN = timedelta(hours=72)
_FEW = "fewer than five customers"
_NONE = "no contact is imported of these days; `throughline import` reads them"
_THEIRS = (InteractionRow.direction == Direction.IN, InteractionRow.channel != Channel.SURVEY)


def _contacts(session: Session, request: Request) -> Figure:
    must_see(request.viewer)
    counted = (
        select(InteractionRow.customer, InteractionRow.channel, func.count())
        .where(*_THEIRS, InteractionRow.at >= request.since, InteractionRow.at < request.until)
        .group_by(InteractionRow.customer, InteractionRow.channel)
    )
    found = crowds(
        (Crowd(customer, channel, (float(count),)) for customer, channel, count in session.execute(counted)), 1
    )
    told = _asked(found, request)
    empty = bool(told) and not found.parts
    return Figure(
        value=told[0] if told and not empty else None,
        unit="contacts",
        n=None,
        of="",
        period=request.period.told,
        how="contacts in which the customer came to us, by when they happened; surveys are none",
        rows=ranked(Row(_name(request, id_), each[0] if each else None) for id_, each in found.parts.items())
        if request.by
        else (),
        why=_NONE if empty else "" if told else _FEW,
    )


def _asked(found: Crowds, request: Request) -> tuple[float, ...] | None:
    """Of the channel that is asked for, else of all; None where it is hidden."""
    channels = of(request.things, Dimension.CHANNEL)
    if len(channels) != 1:
        return found.total
    nothing = (0.0,) * len(found.total or (0.0,))
    return found.parts.get(channels[0], nothing)


def _again(session: Session, request: Request) -> Figure:
    """Contacts of the last 72 hours are left out: whether the customer comes again nobody knows yet."""
    must_see(request.viewer)
    until = min(request.until, request.now - AGAIN_WITHIN)
    found = crowds(_followed(session, request.since, until), 2)
    told = _asked(found, request)
    share = _share(told)
    return Figure(
        value=share,
        unit="%",
        n=int(told[0]) if told else None,
        of="contacts",
        period=request.period.told,
        how="the same customer came to us again within 72 hours, on any channel; the last 72 hours are left out",
        rows=ranked(
            Row(_name(request, id_), _share(each), int(each[0]) if each else None) for id_, each in found.parts.items()
        )
        if request.by
        else (),
        why="" if share is not None else _FEW if told is None else FEW_DATA,
    )


def _followed(session: Session, since: datetime, until: datetime) -> Iterator[Crowd]:
    """Each contact from one moment to the other, with 1 where the same customer came again soon."""
    rows = session.execute(
        select(InteractionRow.customer, InteractionRow.at, InteractionRow.channel)
        .where(*_THEIRS, InteractionRow.at >= since, InteractionRow.at < until + AGAIN_WITHIN)
        .order_by(InteractionRow.customer, InteractionRow.at, InteractionRow.id)
    )
    last: tuple[int, datetime, str] | None = None
    for customer, at, channel in rows:
        one = (customer, at, channel)
        if last is not None and last[1] < until:
            yield _judged(last, one)
        last = one
    if last is not None and last[1] < until:
        yield _judged(last, None)


def _judged(one: tuple[int, datetime, str], following: tuple[int, datetime, str] | None) -> Crowd:
    again = following is not None and following[0] == one[0] and following[1] - one[1] <= AGAIN_WITHIN
    return Crowd(one[0], one[2], (1.0, float(again)))


def _share(amounts: tuple[float, ...] | None) -> float | None:
    if amounts is None or amounts[0] < FEWEST_FOR_A_MEAN:
        return None
    return round(100 * amounts[1] / amounts[0], 1)


def _name(request: Request, channel: str) -> str:
    return request.world.map.name_of(channel)


_MEETING = r"calls?|callers?|chats?|emails?|mails|contacts?|visits?|messages|posts|customers"
CONTACTS = Measure(
    key="contacts",
    says="Contacts",
    examples=(
        "how many calls did we get yesterday",
        "contacts by channel",
        "which channel do customers use most",
        "how many customers wrote to us in chat",
        "number of emails we received",
        "how busy was the chat",
        "how many customers came into the shop",
    ),
    cues=any_of(
        all_of(
            _MEETING,
            COUNT,
            (
                r"we (?:get|got|receive\w*|have|had|take|took|handle\w*)|received|came|come|comes|coming in|"
                r"reach\w* us|to us|us|wrote|called|visited|contacted"
            ),
            none=r"again|back|twice|repeat|complain\w*|survey\w*|tickets?|reports?|parallel|once",
        ),
        all_of(r"contacts|calls|chats|emails|visits", r"per|by (?:channel|team)", none=r"repeat|again"),
        all_of(r"channels?", r"customers?|contacts?|calls?", MOST, none=r"again|back|repeat\w*|complain\w*|twice"),
        all_of(r"how busy", r"phones?|calls?|chat|emails?|stores?|shops?|channels?|we"),
        all_of(
            r"contacts|calls|chats|emails|visits",
            CHANGE,
            r"did|have|has|are|is|do",
            none=r"again|repeat\w*|complain\w*|reports?|tickets?|can",
        ),
    ),
    narrowed_by=(Dimension.CHANNEL,),
    listed_by=(Dimension.CHANNEL,),
    counted=_contacts,
    most=Dimension.CHANNEL,
    compares=True,
)
REPEAT_CONTACTS = Measure(
    key="repeat_contacts",
    says="Contacts that were followed by another",
    examples=(
        "how many customers have to contact us again within three days",
        "repeat call rate on the phone",
        "share of callers who come back within 72 hours",
        "which channel has most repeat contacts",
    ),
    cues=all_of(
        r"customers|callers|contacts?|calls?|people|clients",
        r"again|twice|repeat\w*|com\w+ back|(?:ring|call|write|get) back|second time|more than once",
        rf"{COUNT}|{SHARE}|{MOST}|which|how frequent\w*|how common",
        none=r"complain\w*|reports?|tickets?|how many times",
    ),
    narrowed_by=(Dimension.CHANNEL,),
    listed_by=(Dimension.CHANNEL,),
    counted=_again,
    most=Dimension.CHANNEL,
)
