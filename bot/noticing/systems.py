"""What systems disagree about, customer by customer, told as sums; and what was open with two teams at once."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import distinct, func, select

from bot.customers.kinds import Channel, Direction
from bot.customers.story.facts import merged
from bot.customers.tables import InteractionRow, RecordRow
from bot.friction.suppression import FEWEST
from bot.noticing.findings import Findings
from bot.noticing.seen import Seen
from bot.signals.data_conflicts import Told, data_conflicts
from bot.signals.double_routing import DoubleRouting, Item, double_routings
from bot.signals.signal import Evidence, Kind, Number, Part, Signal, sentence, thing

_CUSTOMER = "customer"
_FEW = f"fewer than {FEWEST} customers"
# Of older weeks nobody wants to know who had what.
LATELY = 13
# What is written down and passed on; who calls twice was not sent to two teams.
_WRITTEN = (Channel.EMAIL, Channel.WEB, Channel.MOBILE_APP, Channel.SOCIAL)


def disagreements(seen: Seen) -> Findings:
    """As systems tell it now, whatever the weeks; of customers of whom two systems tell at all."""
    found = Findings(Kind.DATA_CONFLICT)
    told = list(_told(seen))
    if not told:
        found.hush("no customer is known to two systems")
    for one in data_conflicts(told):
        if len(one.customers) < FEWEST:
            found.hush(f"facts that two systems tell differently of {_FEW}")
        else:
            signal = one.signal(seen.period())
            rows = signal.evidence if seen.shows_customers else ()
            found.say(len(one.customers) / one.compared, replace(signal, evidence=rows))
    return found


def _told(seen: Seen) -> Iterator[Told]:
    several = (
        select(RecordRow.customer)
        .where(RecordRow.kind == _CUSTOMER)
        .group_by(RecordRow.customer)
        .having(func.count(distinct(RecordRow.source)) > 1)
    )
    asked = select(RecordRow).where(RecordRow.kind == _CUSTOMER, RecordRow.customer.in_(several))
    records: dict[int, list[RecordRow]] = defaultdict(list)
    for record in seen.reading.session.scalars(asked.order_by(RecordRow.id)):
        records[record.customer].append(record)
    for customer, theirs in sorted(records.items()):
        for fact in merged(theirs).values():
            systems = tuple(each.source for each in fact.said)
            yield Told(str(customer), fact.name, systems, fact.disputed)


def routed_twice(seen: Seen) -> Findings:
    """Of the last `LATELY` whole weeks, by the teams that had the same thing at once."""
    found = Findings(Kind.DOUBLE_ROUTING)
    if not seen.weeks:
        return found
    runs: dict[tuple[str, ...], list[DoubleRouting]] = defaultdict(list)
    items = _items(seen)
    for one in double_routings(items):
        runs[tuple(sorted(one.queues))].append(one)
    if not items:
        found.hush("no written contact names its team and its subject")
    most = max(map(len, runs.values()), default=1)
    for teams, several in sorted(runs.items()):
        customers = {item.customer for one in several for item in one.items}
        if len(customers) < FEWEST and not seen.shows_customers:
            found.hush(f"pairs of teams with the same thing of {_FEW}")
        else:
            found.say(len(several) / most, _routed(seen, teams, several, len(customers)))
    return found


def _items(seen: Seen) -> list[Item]:
    """A contact is open with its team until that team says anything to the customer: no system tells more."""
    since = seen.edges[max(0, len(seen.weeks) - LATELY)]
    columns = (InteractionRow.team, InteractionRow.customer, InteractionRow.at)
    lately = (InteractionRow.at >= since, InteractionRow.team != "")
    answered: dict[tuple[str, int], list[datetime]] = defaultdict(list)
    out = select(*columns).where(*lately, InteractionRow.direction == Direction.OUT).order_by(InteractionRow.at)
    for team, customer, at in seen.reading.session.execute(out):
        answered[team, customer].append(at)
    asked = select(InteractionRow.id, *columns, InteractionRow.subject).where(
        *lately,
        InteractionRow.at < seen.edges[-1],
        InteractionRow.direction == Direction.IN,
        InteractionRow.channel.in_(_WRITTEN),
        InteractionRow.subject != "",
    )
    found = []
    for id_, team, customer, at, subject in seen.reading.session.execute(asked.order_by(InteractionRow.id)):
        answers = answered[team, customer]
        place = bisect_left(answers, at)
        closed = answers[place] if place < len(answers) else None
        found.append(Item(str(id_), team, at, closed, customer=str(customer), subject=subject))
    return found


def _routed(seen: Seen, teams: tuple[str, ...], several: list[DoubleRouting], customers: int) -> Signal:
    parts: list[str | Part] = [thing(teams[0])]
    for team in teams[1:]:
        parts += [" and ", thing(team)]
    items = tuple(item.id for one in several for item in one.items)
    times = "once" if len(several) == 1 else f"{len(several)} times"
    return Signal(
        kind=Kind.DOUBLE_ROUTING,
        verdict=f"open with {'two' if len(teams) == 2 else len(teams)} teams",  # noqa: PLR2004 - two
        where=teams,
        parts=sentence(*parts, f" had the same thing at once, {times} in the last {LATELY} weeks"),
        evidence=(Evidence("contact", items),) if seen.shows_customers else (),
        numbers=(
            Number("times", len(several), len(items), "contacts"),
            Number("customers", customers, customers, "customers"),
        ),
        period=seen.period(),
    )
