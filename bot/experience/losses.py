"""Hours lost to friction, week by week, by tool and by touchpoint.

A week has what was open at its end, the running one what is open now: a report costs from the week in which it was made
until its ticket is over or its reporter said that it happens no more. What happened once is over. A ticket about two
tools counts for both.

What is told follows `friction.sums`: whole tickets of enough people, and bundles of others. The running week is counted
just as `friction.groups` counts what is open, so that both together tell no more than one. Not protected is what
somebody learns who compares two weeks.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.experience.viewers import Viewer, must_see
from bot.experience.weeks import Week, week_at
from bot.friction import groups, sums, tickets
from bot.friction.groups import By
from bot.friction.kinds import Frequency, Privacy
from bot.friction.moves import OPEN, State
from bot.friction.sums import Counted, Part, Unit
from bot.friction.suppression import FEWEST
from bot.friction.tables import ReportRow, TicketRow
from bot.friction.tickets import Ticket
from bot.friction.weights import minutes_a_week, rounded

# Weeks that a week is compared with.
_BEFORE = 4


@dataclass(frozen=True, slots=True)
class Loss:
    """Of one week: so many tickets, and the hours of the `counted` ones; None where those of none can be told."""

    tickets: int
    counted: int
    hours: float | None

    @property
    def hidden(self) -> bool:
        return bool(self.tickets) and self.hours is None


NOTHING = Loss(0, 0, None)


@dataclass(frozen=True, slots=True)
class Series:
    """Of one tool or touchpoint, by its id on the map; "" where none was named. A loss for each week."""

    id: str
    weeks: tuple[Loss, ...]

    @property
    def latest(self) -> Loss:
        return self.weeks[-1]


@dataclass(frozen=True, slots=True)
class Losses:
    """Of these weeks, the oldest first; what costs most lately comes first."""

    weeks: tuple[Week, ...]
    total: tuple[Loss, ...]
    tools: tuple[Series, ...]
    touchpoints: tuple[Series, ...]

    @property
    def any(self) -> bool:
        return any(one.tickets for one in self.total)


def lost(
    session: Session, weeks: Sequence[Week], *, viewer: Viewer, now: datetime, zone: tzinfo | None = None
) -> Losses:
    """Raises `NotAllowed` for whoever may not read it."""
    found = tickets.listed(session, _costing(weeks[0].start(zone)), audiences=must_see(viewer))
    said = tickets.reports_of_each(session, [one.number for one in found])
    themes = {row.id: row.theme for row in session.execute(select(TicketRow.id, TicketRow.theme))}
    ends = [min(week.end(zone), now) for week in weeks]
    counted: list[list[Counted]] = [[] for _ in weeks]
    for one in found:
        reports = [_plain(report, zone) for report in said.get(one.number, ())]
        for of_week, each in zip(counted, _each_week(one, reports, themes.get(one.number), weeks, ends), strict=True):
            if each is not None:
                of_week.append(each)
    units = [sums.units(of_week) for of_week in counted]
    total = tuple(_loss(len(of_week), some) for of_week, some in zip(counted, units, strict=True))
    return Losses(tuple(weeks), total, _series(counted, units, By.TOOL), _series(counted, units, By.TOUCHPOINT))


def mean_before(weeks: Sequence[Loss]) -> float | None:
    """Of the four weeks before the last one, in hours; None where one of them is not told."""
    told = [one.hours for one in weeks[-1 - _BEFORE : -1]]
    known = [hours for hours in told if hours is not None]
    return sum(known) / len(known) if known and len(known) == len(told) else None


def _costing(since: datetime) -> Select[TicketRow]:
    """What is open, or was since then; what was merged counts with the other."""
    over = TicketRow.state.not_in([*OPEN, State.MERGED])
    lately = or_(TicketRow.changed_at >= since, TicketRow.resolved_at >= since)
    return select(TicketRow).where(or_(TicketRow.state.in_(OPEN), over & lately))


class _Said(NamedTuple):
    """A report without the database behind it: each is looked at for each week."""

    ticket: int
    handle: str
    anonymous: bool
    week: Week
    hours: float
    no_longer: bool


def _plain(report: ReportRow, zone: tzinfo | None) -> _Said:
    """What happened once is over."""
    frequency = Frequency(report.frequency) if report.frequency else None
    lasting = 0.0 if frequency is Frequency.ONCE else minutes_a_week(report.minutes, frequency) or 0.0
    anonymous = report.privacy == Privacy.ANONYMOUS
    return _Said(report.ticket, report.handle, anonymous, week_at(report.at, zone), lasting / 60, report.still == "no")


def _each_week(
    one: Ticket, reports: Sequence[_Said], theme: int | None, weeks: Sequence[Week], ends: Sequence[datetime]
) -> Iterator[Counted | None]:
    """As it stood at the end of each week, or stands now; None where it was not open then, or not reported yet."""
    fields = groups.fields_of(one, theme)
    over = None if one.state.open else one.resolved_at or one.changed_at
    known: dict[tuple[int, bool], Counted] = {}
    for week, end in zip(weeks, ends, strict=True):
        by_then = [each for each in reports if each.week <= week]
        if not by_then or (over is not None and over <= end):
            yield None
            continue
        # When somebody said "no longer" is not kept: it was when the ticket was resolved, or from the first on.
        key = len(by_then), one.resolved_at is None or one.resolved_at <= end
        if key not in known:
            known[key] = _counted(one.number, by_then, fields, gone=key[1])
        yield known[key]


def _counted(number: int, reports: Sequence[_Said], fields: Mapping[str, frozenset[str]], *, gone: bool) -> Counted:
    """`gone`: of whoever said that it happens no more nothing counts."""
    lasting: dict[str, float] = {}
    people: set[str] = set()
    for each in reports:
        people.add(Privacy.ANONYMOUS if each.anonymous else each.handle)
        if not (gone and each.no_longer):
            lasting[each.handle] = max(lasting.get(each.handle, 0.0), each.hours)
    told = tickets.sure((each.ticket, each.handle, each.anonymous) for each in reports) >= FEWEST
    return Counted(number, told, fields, {"": Part(tuple(sorted(people)), sum(lasting.values()))})


def _series(counted: Sequence[Sequence[Counted]], units: Sequence[Sequence[Unit]], by: By) -> tuple[Series, ...]:
    ids = sorted({value for of_week in counted for one in of_week for value in one.fields[by]})
    series = [Series(id_, tuple(_losses_of(id_, by, counted, units))) for id_ in ids]
    return tuple(sorted(series, key=lambda one: (-(one.latest.hours or 0.0), -_sum(one.weeks), one.id)))


def _losses_of(
    id_: str, by: By, counted: Sequence[Sequence[Counted]], units: Sequence[Sequence[Unit]]
) -> Iterator[Loss]:
    for of_week, some in zip(counted, units, strict=True):
        yield _loss(_having(id_, by, of_week), [unit for unit in some if id_ in unit.fields[by]])


def _having(id_: str, by: By, counted: Iterable[Counted]) -> int:
    return sum(id_ in one.fields[by] for one in counted)


def _loss(count: int, units: Sequence[Unit]) -> Loss:
    if not units:
        return Loss(count, 0, None)
    return Loss(count, sum(len(unit.tickets) for unit in units), rounded(sum(unit.hours for unit in units)))


def _sum(weeks: Iterable[Loss]) -> float:
    return sum(one.hours or 0.0 for one in weeks)
