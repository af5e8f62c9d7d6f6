"""Shared issues: themes of friction, walked over the map to touchpoints where customers complain."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy import select

from bot.customers.tables import InteractionRow
from bot.experience.cells import Across, Cell
from bot.experience.costing import Costing
from bot.friction.groups import By
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportCustomerRow, ReportRow
from bot.noticing.findings import Findings
from bot.noticing.seen import FEW_PEOPLE, NOT_ROUTED, Seen, named, tickets_of
from bot.signals import lags
from bot.signals.companions import Companions, Contacted, Event
from bot.signals.recalibration import Precision
from bot.signals.shared import Matched, SharedIssue, Standing, shared_issue
from bot.signals.signal import Kind, Signal
from bot.signals.walk import SERVES, Edge, Way, mostly, ways
from bot.steering.verdicts import verdicts

# Routing matched the words already (`bot.routing`). How often it puts a contact where it belongs, whatever likeness it
# gives: tests/benchmarks/routing.py, 94 held-out sentences.
_RIGHT = 0.62
_WORDS = Precision((0.0, *[_RIGHT] * 5), 0)
# Fewer reports or complaints than this in all weeks cannot rise and fall together.
_LEAST_TO_CORRELATE = 26
# Hundreds of pairs are looked at, so customers who meet by chance in one of twenty say nothing.
_BY_CHANCE = 0.005
# Of issues that are only possible so many are told, the likeliest.
_POSSIBLE = 10


@dataclass(frozen=True, slots=True)
class _Theme:
    id: str
    told: list[Costing]


def shared_issues(seen: Seen) -> Findings:
    """Of the reports and complaints of all whole weeks."""
    found = Findings(Kind.SHARED_ISSUE)
    if seen.reading.world.routes is None:
        found.hush(NOT_ROUTED)
        return found
    told = [_Theme(id_, seen.told_in(Cell(Across.THEME, id_))) for id_ in seen.reported[Across.THEME]]
    themes = [theme for theme in told if theme.told]
    found.hush(f"themes: {FEW_PEOPLE}", len(told) - len(themes))
    counts = Scores(seen, themes)
    possible = []
    for theme in themes:
        issues = list(counts.issues(theme))
        near = any(issue.standing is Standing.SHARED and issue.way.weight == SERVES for issue in issues)
        for issue in issues:
            signal = counts.signal(theme, issue)
            if issue.standing is Standing.SHARED and near and issue.way.weight < SERVES:
                found.hush("touchpoints farther on the map than one where the theme is a shared issue")
            elif issue.standing is Standing.SHARED:
                found.say(issue.score, signal)
            elif issue.standing is Standing.POSSIBLE:
                possible.append((issue.score, signal))
            else:
                found.hush("pairs of a theme and a touchpoint with a score under .3")
    possible.sort(key=lambda one: -one[0])
    for score, signal in possible[:_POSSIBLE]:
        found.say(score, signal)
    found.hush(f"pairs that are possible, beyond the {_POSSIBLE} likeliest", len(possible[_POSSIBLE:]))
    return found


class Scores:
    """What all pairs of a theme and a touchpoint are scored by, read once."""

    def __init__(self, seen: Seen, themes: Iterable[_Theme]) -> None:
        self._seen = seen
        self._verdicts = verdicts(seen.reading.session, seen.reading.viewer)
        once = seen.reading.snapshot.once
        self._contacts = once("complaints of customers", lambda: _contacts(seen))
        edges = [Edge(one.source, one.target, one.kind) for one in seen.map.edges]
        self._ways = {theme.id: _ways(theme, edges) for theme in themes}
        self._companions = once("companions", lambda: dict(self._meet(themes)))

    def issues(self, theme: _Theme) -> Iterable[SharedIssue]:
        """One for each CX touchpoint that the map leads to from where much of the theme is."""
        reports = self._seen.reported[Across.THEME][theme.id]
        lagged = lags.Lagged(reports.many)
        for touchpoint, way in sorted(self._ways[theme.id].items()):
            said = self._verdicts.get((int(theme.id), touchpoint))
            complaints = self._seen.complaints.get(touchpoint)
            enough = complaints and min(sum(reports.many), sum(complaints.many)) >= _LEAST_TO_CORRELATE
            yield shared_issue(
                named(Across.THEME, theme.id),
                touchpoint,
                way=way,
                reports=[str(each.ticket) for one in theme.told for each in one.reports],
                complaints=[Matched(one.id, 1.0) for one in self._contacts.get(touchpoint, ())],
                precision=_WORDS,
                correlation=lagged.correlation(complaints.many) if complaints and enough else None,
                companions=self._companions.get((theme.id, touchpoint)),
                weeks=len(self._seen.weeks),
                confirmed=int(said is not None and said.same),
                denied=int(said is not None and not said.same),
            )

    def signal(self, theme: _Theme, issue: SharedIssue) -> Signal:
        """Rows of customers for whoever may look them up; tickets for everybody, and no reports."""
        signal = issue.signal(self._seen.period())
        rows = signal.evidence[1:] if self._seen.shows_customers else ()
        return replace(signal, evidence=(tickets_of(theme.told), *rows))

    def _meet(self, themes: Iterable[_Theme]) -> Iterator[tuple[tuple[str, str], Companions]]:
        """Of a theme and a touchpoint; touchpoint by touchpoint, for the shuffles of one take much memory.

        Nothing where fewer than five customers are behind it: it would tell of them, and two may well be chance.
        """
        named_by = _customers_named(self._seen)
        reports: dict[tuple[str, str], list[Event]] = defaultdict(list)
        for theme in themes:
            for one in theme.told:
                for work in one.fields[By.TOUCHPOINT]:
                    reports[theme.id, work] += named_by.get(one.number, ())
        about = {where: {one.customer for one in events} for where, events in reports.items()}
        for touchpoint, contacts in self._contacts.items():
            contacted = Contacted(contacts)
            customers = {one.id: one.customer for one in contacts}
            for id_, leads_to in self._ways.items():
                if touchpoint not in leads_to:
                    continue
                # Whoever stood there while somebody did this work: of a theme of two works the other proves nothing.
                at = id_, leads_to[touchpoint].passed[0]
                if len(about[at] & contacted.customers) < FEWEST:
                    continue
                found = contacted.companions(reports[at], by_chance=_BY_CHANCE)
                if found is not None and not 0 < len({customers[contact] for _, contact in found.pairs}) < FEWEST:
                    yield (id_, touchpoint), found


def _ways(theme: _Theme, edges: Sequence[Edge]) -> dict[str, Way]:
    start = mostly(chain.from_iterable(one.fields[By.TOUCHPOINT] or {""} for one in theme.told))
    tools = frozenset(chain.from_iterable(one.fields[By.TOOL] for one in theme.told)) - {""}
    return ways(edges, start, tools=tools)


def _contacts(seen: Seen) -> dict[str, list[Event]]:
    """Touchpoint -> complaints there, of all customers."""
    found: dict[str, list[Event]] = defaultdict(list)
    routes = seen.reading.world.routes
    assert routes is not None  # noqa: S101 - asked first
    zone = seen.reading.world.zone
    columns = (routes.c.touchpoint, InteractionRow.id, InteractionRow.customer, InteractionRow.at)
    asked = select(*columns).join(routes, routes.c.interaction == InteractionRow.id)
    asked = asked.where(*seen.complained(), routes.c.touchpoint != "")
    for touchpoint, id_, customer, at in seen.reading.session.connection().execute(asked.order_by(InteractionRow.id)):
        found[touchpoint].append(Event(str(id_), str(customer), at.astimezone(zone).date()))
    return found


def _customers_named(seen: Seen) -> dict[int, list[Event]]:
    """Ticket -> its reports of these weeks that name a customer."""
    found: dict[int, list[Event]] = defaultdict(list)
    zone = seen.reading.world.zone
    asked = (
        select(ReportRow.ticket, ReportRow.id, ReportCustomerRow.customer, ReportRow.at)
        .join(ReportCustomerRow, ReportCustomerRow.report == ReportRow.id)
        .where(ReportRow.at >= seen.edges[0], ReportRow.at < seen.edges[-1])
    )
    for ticket, report, customer, at in seen.reading.session.execute(asked):
        found[ticket].append(Event(str(report), str(customer), at.astimezone(zone).date()))
    return found
