"""Shared issues: themes of friction, walked over the map to touchpoints where customers complain."""

from collections import defaultdict
from collections.abc import Iterable
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
from bot.noticing.seen import FEW_PEOPLE, NOT_ROUTED, Counts, Seen, named, tickets_of
from bot.signals import lags
from bot.signals.companions import Companions, Event, companions
from bot.signals.lags import Correlation
from bot.signals.recalibration import Precision
from bot.signals.shared import Matched, SharedIssue, Standing, shared_issue
from bot.signals.signal import Kind, Signal
from bot.signals.walk import SERVES, Edge, majority, ways
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

    @property
    def place(self) -> Cell:
        return Cell(Across.THEME, self.id)


def shared_issues(seen: Seen) -> Findings:
    """Of the reports and complaints of all whole weeks."""
    found = Findings(Kind.SHARED_ISSUE)
    if seen.reading.world.routes is None:
        found.hush(NOT_ROUTED)
        return found
    counts = Scores(seen)
    possible = []
    for id_ in seen.reported[Across.THEME]:
        theme = _Theme(id_, seen.told_in(Cell(Across.THEME, id_)))
        if not theme.told:
            found.hush(f"themes: {FEW_PEOPLE}")
            continue
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

    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._edges = [Edge(one.source, one.target, one.kind) for one in seen.map.edges]
        self._verdicts = verdicts(seen.reading.session, seen.reading.viewer)
        self._contacts: dict[str, list[Event]] = {}
        self._matched: dict[str, list[Matched]] = {}
        self._named = _customers_named(seen)

    def issues(self, theme: _Theme) -> Iterable[SharedIssue]:
        """One for each CX touchpoint that the map leads to from where most of the theme is."""
        start = majority(chain.from_iterable(one.fields[By.TOUCHPOINT] or {""} for one in theme.told))
        tools = frozenset(chain.from_iterable(one.fields[By.TOOL] for one in theme.told)) - {""}
        for touchpoint, way in sorted(ways(self._edges, start, tools=tools).items()):
            said = self._verdicts.get((int(theme.id), touchpoint))
            complaints = self._seen.complaints.get(touchpoint)
            yield shared_issue(
                named(Across.THEME, theme.id),
                touchpoint,
                way=way,
                reports=[str(each.ticket) for one in theme.told for each in one.reports],
                complaints=self._complaints_at(touchpoint),
                precision=_WORDS,
                correlation=self._together(theme.id, complaints),
                companions=self._companions(theme, touchpoint),
                weeks=len(self._seen.weeks),
                confirmed=int(said is not None and said.same),
                denied=int(said is not None and not said.same),
            )

    def signal(self, theme: _Theme, issue: SharedIssue) -> Signal:
        """Rows of customers for whoever may look them up; tickets for everybody, and no reports."""
        signal = issue.signal(self._seen.period())
        rows = signal.evidence[1:] if self._seen.shows_customers else ()
        return replace(signal, evidence=(tickets_of(theme.told), *rows))

    def _together(self, theme: str, complaints: Counts | None) -> Correlation | None:
        reports = self._seen.reported[Across.THEME][theme]
        if complaints is None or min(sum(reports.many), sum(complaints.many)) < _LEAST_TO_CORRELATE:
            return None
        return lags.correlation(reports.many, complaints.many)

    def _companions(self, theme: _Theme, touchpoint: str) -> Companions | None:
        """None where fewer than five customers are behind it: it would tell of them, and two may well be chance."""
        reports = [event for one in theme.told for event in self._named.get(one.number, ())]
        contacts = self._contacts_at(touchpoint)
        if len({one.customer for one in reports} & {one.customer for one in contacts}) < FEWEST:
            return None
        found = companions(reports, contacts, by_chance=_BY_CHANCE)
        customers = {one.id: one.customer for one in contacts}
        if found is None or 0 < len({customers[contact] for _, contact in found.pairs}) < FEWEST:
            return None
        return found if found.p < _BY_CHANCE else replace(found, p=1.0)

    def _complaints_at(self, touchpoint: str) -> list[Matched]:
        if touchpoint not in self._matched:
            self._matched[touchpoint] = [Matched(one.id, 1.0) for one in self._contacts_at(touchpoint)]
        return self._matched[touchpoint]

    def _contacts_at(self, touchpoint: str) -> list[Event]:
        """Complaints at a touchpoint, of all customers."""
        if touchpoint not in self._contacts:
            routes = self._seen.reading.world.routes
            assert routes is not None  # noqa: S101 - asked first
            columns = (InteractionRow.id, InteractionRow.customer, InteractionRow.at)
            asked = select(*columns).join(routes, routes.c.interaction == InteractionRow.id)
            here = asked.where(*self._seen.complained(), routes.c.touchpoint == touchpoint)
            rows = self._seen.reading.session.execute(here.order_by(InteractionRow.id))
            zone = self._seen.reading.world.zone
            self._contacts[touchpoint] = [
                Event(str(id_), str(customer), at.astimezone(zone).date()) for id_, customer, at in rows
            ]
        return self._contacts[touchpoint]


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
