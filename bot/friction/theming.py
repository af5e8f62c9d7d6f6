"""Each night's themes: what is proposed is written down, and what people chose, also meanwhile, is left as it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from bot.database import Database
from bot.friction import clustering, theme_rows
from bot.friction.clustering import Proposal, Ticket
from bot.friction.intake import Intake
from bot.friction.parts import parts
from bot.friction.tables import ThemeRow, TicketRow
from bot.friction.theme_rows import LEFT_OUT

# What hurt longer ago hurts otherwise by now.
WITHIN = timedelta(days=180)
# So many tickets change in one transaction, or as many as are in one theme: a report that is sent meanwhile waits.
AT_ONCE = 500

Cluster = Callable[[Iterable[Ticket]], Sequence[Proposal]]


@dataclass(frozen=True, slots=True)
class Night:
    """What became of the tickets that were looked at: counts of themes, and how many tickets are in none."""

    looked_at: int
    made: int
    kept: int
    ended: int
    alone: int


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a ticket was when it was looked at; 0 for no theme."""

    theme: int
    locked: bool


def propose(
    database: Database,
    intake: Intake,
    *,
    now: datetime,
    within: timedelta = WITHIN,
    cluster: Cluster = clustering.proposals,
) -> Night:
    """Put what was filed lately into themes. A theme keeps its number, and a ticket stays where a person placed it.

    Raises what `cluster` raises; then nothing was changed.
    """
    since, seen = now - within, dict[int, _Seen]()

    def looked_at() -> Iterator[Ticket]:
        for one in theme_rows.tickets(database, intake, since=since):
            seen[int(one.key)] = _Seen(int(one.theme or 0), one.locked)
            yield one

    proposed = cluster(looked_at())
    with database.reading() as session:
        there = {row.id: row.named_by for row in session.scalars(select(ThemeRow))}
    numbers = _numbers(seen, proposed, there)
    for some in _together(list(zip(proposed, numbers, strict=True))):
        with database.writing.begin() as session:
            for one, number in some:
                _place(session, one, number, seen, now=now)
    _leave(database, seen.keys() - {int(key) for one in proposed for key in one.members}, seen, since=since)
    with database.writing.begin() as session:
        ended = _drop_empty(session)
    with database.reading() as session:
        alone = sum(_alone(session, part) for part in parts(seen))
    return Night(
        looked_at=len(seen),
        made=numbers.count(0),
        kept=len(numbers) - numbers.count(0),
        ended=ended,
        alone=alone,
    )


def _together(proposed: Sequence[tuple[Proposal, int]]) -> Iterator[list[tuple[Proposal, int]]]:
    """In order, as many as have `AT_ONCE` members together."""
    before = 0

    def part(one: tuple[Proposal, int]) -> int:
        nonlocal before
        before += len(one[0].members)
        return (before - 1) // AT_ONCE

    for _, some in groupby(proposed, key=part):
        yield list(some)


def _numbers(seen: Mapping[int, _Seen], proposed: Sequence[Proposal], there: Mapping[int, str]) -> list[int]:
    """The number of each, 0 for a new one. Where a theme that a person named was drawn into another, its name stays.

    `there`: who named each theme that there is.
    """
    numbers = [int(one.theme) if one.theme and int(one.theme) in there else 0 for one in proposed]
    taken = set(numbers)
    for place, one in enumerate(proposed):
        members = [seen[int(key)] for key in one.members]
        if any(each.locked for each in members) or (numbers[place] and there[numbers[place]]):
            continue
        before = Counter(each.theme for each in members if each.theme)
        named = (number for number, _ in before.most_common() if there.get(number) and number not in taken)
        numbers[place] = next(named, numbers[place])
        taken.add(numbers[place])
    return numbers


def _place(session: Session, one: Proposal, number: int, seen: Mapping[int, _Seen], *, now: datetime) -> None:
    row = session.get(ThemeRow, number) if number else None
    if number and row is None:
        return  # a person merged it into another meanwhile: the next night goes by that
    if row is None:
        row = ThemeRow(label=one.label, named_by="", outcome="", changed_at=now)
        session.add(row)
        session.flush()
    elif not row.named_by and row.label != one.label:
        row.label, row.changed_at = one.label, now
    _move(session, [int(key) for key in one.members], row.id, seen)


def _move(session: Session, numbers: Iterable[int], theme: int | None, seen: Mapping[int, _Seen]) -> None:
    """Where nobody moved them meanwhile."""
    of_theme: dict[int, list[int]] = {}
    for number in numbers:
        if seen[number].theme != (theme or 0):
            of_theme.setdefault(seen[number].theme, []).append(number)
    for before, moved in of_theme.items():
        as_it_was = TicketRow.theme == before if before else TicketRow.theme.is_(None)
        for part in parts(moved):
            session.execute(
                update(TicketRow)
                .where(TicketRow.id.in_(part), as_it_was, TicketRow.placed_by == "")
                .values(theme=theme)
            )


def _leave(database: Database, alone: Iterable[int], seen: Mapping[int, _Seen], *, since: datetime) -> None:
    """What is like no other is in no theme, unless that has a name or older tickets; nor is what is left out."""
    with database.reading() as session:
        older = select(TicketRow.theme).where(or_(TicketRow.filed_at <= since, TicketRow.state.in_(LEFT_OUT)))
        held = {
            *session.scalars(older.distinct()),
            *session.scalars(select(ThemeRow.id).where(ThemeRow.named_by != "")),
        }
    for part in parts((number for number in alone if seen[number].theme not in held), at_once=AT_ONCE):
        with database.writing.begin() as session:
            _move(session, part, None, seen)
    over = (TicketRow.state.in_(LEFT_OUT), TicketRow.placed_by == "", TicketRow.theme.is_not(None))
    with database.writing.begin() as session:
        session.execute(update(TicketRow).where(*over).values(theme=None))


def _drop_empty(session: Session) -> int:
    """Themes that nothing is in any more go, but for those with a name or an outcome. Gives how many."""
    full = select(TicketRow.theme).where(TicketRow.theme.is_not(None))
    empty = session.scalars(
        select(ThemeRow).where(ThemeRow.id.not_in(full), ThemeRow.named_by == "", ThemeRow.outcome == "")
    ).all()
    for row in empty:
        session.delete(row)
    return len(empty)


def _alone(session: Session, numbers: Sequence[int]) -> int:
    return session.scalar(select(func.count()).where(TicketRow.id.in_(numbers), TicketRow.theme.is_(None))) or 0
