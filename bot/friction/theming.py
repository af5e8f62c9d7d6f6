"""Each night's themes: what `themes` proposes is written down, and what people chose is left as it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.database import Database
from bot.friction import themes, tickets
from bot.friction.choices import chosen_of
from bot.friction.guessing import Guesses
from bot.friction.intake import Chosen, Intake
from bot.friction.known import STORED
from bot.friction.moves import State
from bot.friction.tables import ReportRow, ThemeRow, TicketRow, TicketVectorRow
from bot.friction.themes import Proposal

# What hurt longer ago hurts otherwise by now.
WITHIN = timedelta(days=180)
# What was merged stands for nothing of its own; what was withdrawn or rejected is no pain of the company's.
LEFT_OUT = frozenset({State.MERGED, State.WITHDRAWN, State.REJECTED})


@dataclass(frozen=True, slots=True)
class Night:
    """What became of the tickets that were looked at: counts of themes, and how many tickets are in none."""

    looked_at: int
    made: int
    kept: int
    ended: int
    alone: int


def propose(database: Database, intake: Intake, *, now: datetime, within: timedelta = WITHIN) -> Night:
    """Put what was filed lately into themes. A theme keeps its number, and a ticket stays where a person placed it."""
    with database.reading() as session:
        found = _tickets(session, intake, since=now - within)
    proposed = themes.proposals(found)
    with database.writing.begin() as session:
        return _write(session, found, proposed, now=now)


def _tickets(session: Session, intake: Intake, *, since: datetime) -> list[themes.Ticket]:
    rows = session.scalars(
        select(TicketRow).where(TicketRow.filed_at > since, TicketRow.state.not_in(LEFT_OUT)).order_by(TicketRow.id)
    ).all()
    numbers = [row.id for row in rows]
    first = _first(session, numbers)
    words = {row.id: first[row.id].words if row.id in first else row.title for row in rows}
    stored = _stored(session, intake, numbers)
    vectors, chosen = _vectors(intake, words, stored), chosen_of(session, rows)

    def guessed(row: TicketRow) -> Guesses:
        if row.id in stored and stored[row.id].guessed:
            return Guesses.remembered(stored[row.id].guessed)
        said = first.get(row.id)
        role, place = (said.role, said.place) if said else ("", "")
        return intake.guessed(words[row.id], vectors[row.id], role=role, place=place)

    return [
        themes.Ticket(
            str(row.id),
            row.title,
            intake.placed(vectors[row.id], guessed(row), chosen=chosen.get(row.id, Chosen())),
            str(row.theme or ""),
            locked=bool(row.theme and row.placed_by),
        )
        for row in rows
    ]


def _first(session: Session, numbers: Sequence[int]) -> dict[int, ReportRow]:
    """The report that each began with; where that went to another ticket, the oldest that is left."""
    said = tickets.reports_of_each(session, numbers)
    return {
        number: next((one for one in reports if one.ticket == number), reports[0]) for number, reports in said.items()
    }


def _stored(session: Session, intake: Intake, numbers: Sequence[int]) -> dict[int, TicketVectorRow]:
    """What the words of each meant and told when it was filed; nothing of what another model made."""
    rows = select(TicketVectorRow).where(TicketVectorRow.ticket.in_(numbers), TicketVectorRow.model == intake.model)
    return {row.ticket: row for row in session.scalars(rows)}


def _vectors(
    intake: Intake, words: Mapping[int, str], stored: Mapping[int, TicketVectorRow]
) -> dict[int, NDArray[np.float32]]:
    """As they were stored; what another model made is made anew."""
    found = {number: np.frombuffer(row.vector, STORED).astype(np.float32) for number, row in stored.items()}
    missing = [number for number in words if number not in found]
    return found | dict(zip(missing, intake.vectors([words[number] for number in missing]), strict=True))


def _write(session: Session, found: Sequence[themes.Ticket], proposed: Sequence[Proposal], *, now: datetime) -> Night:
    there = {row.id: row for row in session.scalars(select(ThemeRow))}
    numbers = _numbers(found, proposed, there)
    placed: dict[int, int] = {}
    for one, number in zip(proposed, numbers, strict=True):
        row = _theme(session, there.get(number), one.label, now=now)
        placed |= {int(key): row.id for key in one.members}
    _place(session, [int(one.key) for one in found], placed, there)
    session.flush()
    alone = select(func.count()).where(TicketRow.id.in_([int(one.key) for one in found]), TicketRow.theme.is_(None))
    return Night(
        looked_at=len(found),
        made=numbers.count(0),
        kept=len(numbers) - numbers.count(0),
        ended=_drop_empty(session),
        alone=session.scalar(alone) or 0,
    )


def _numbers(found: Sequence[themes.Ticket], proposed: Sequence[Proposal], there: Mapping[int, ThemeRow]) -> list[int]:
    """The number of each, 0 for a new one. Where a theme that a person named was drawn into another, its name stays."""
    numbers = [int(one.theme) if one.theme and int(one.theme) in there else 0 for one in proposed]
    of_key = {one.key: one for one in found}
    for place, one in enumerate(proposed):
        members = [of_key[key] for key in one.members]
        if any(each.locked for each in members) or (numbers[place] and there[numbers[place]].named_by):
            continue
        before = Counter(int(each.theme) for each in members if each.theme)
        named = [
            number
            for number, _ in before.most_common()
            if number in there and there[number].named_by and number not in numbers
        ]
        numbers[place] = next(iter(named), numbers[place])
    return numbers


def _theme(session: Session, row: ThemeRow | None, label: str, *, now: datetime) -> ThemeRow:
    if row is None:
        row = ThemeRow(label=label, named_by="", outcome="", changed_at=now)
        session.add(row)
        session.flush()
    elif not row.named_by and row.label != label:
        row.label, row.changed_at = label, now
    return row


def _place(session: Session, numbers: Sequence[int], placed: Mapping[int, int], there: Mapping[int, ThemeRow]) -> None:
    """What a person placed stays, also meanwhile; so does what is alone in a theme with a name or older tickets."""
    older = set(
        session.scalars(select(TicketRow.theme).where(TicketRow.id.not_in(numbers), TicketRow.theme.is_not(None)))
    )
    held = older | {number for number, row in there.items() if row.named_by}
    for row in session.scalars(select(TicketRow).where(TicketRow.id.in_(numbers), TicketRow.placed_by == "")):
        row.theme = placed.get(row.id, row.theme if row.theme in held else None)
    session.execute(
        update(TicketRow).where(TicketRow.state.in_(LEFT_OUT), TicketRow.placed_by == "").values(theme=None)
    )


def _drop_empty(session: Session) -> int:
    """Themes that nothing is in any more go, but for those with a name or an outcome. Gives how many."""
    full = select(TicketRow.theme).where(TicketRow.theme.is_not(None))
    empty = session.scalars(
        select(ThemeRow).where(ThemeRow.id.not_in(full), ThemeRow.named_by == "", ThemeRow.outcome == "")
    ).all()
    for row in empty:
        session.delete(row)
    session.flush()
    return len(empty)
