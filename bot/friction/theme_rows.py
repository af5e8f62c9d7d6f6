"""Tickets as themes are made of them: where each stands among the others, and in which theme it is."""

import time
from collections.abc import Iterator, Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.friction import tickets as stand
from bot.friction.choices import chosen_of
from bot.friction.clustering import Ticket
from bot.friction.guessing import Guesses
from bot.friction.intake import Chosen, Intake
from bot.friction.known import STORED
from bot.friction.moves import State
from bot.friction.tables import ReportRow, TicketRow, TicketVectorRow

# What was merged stands for nothing of its own; what was withdrawn or rejected is no pain of the company's.
LEFT_OUT = frozenset({State.MERGED, State.WITHDRAWN, State.REJECTED})
# So many are read and placed at once.
AT_ONCE = 200
# After each of these as long a rest: nobody waits for a theme, and somebody may for a form.
_MOST_REST_SECONDS = 1.0

_Vector = NDArray[np.float32]


def tickets(database: Database, intake: Intake, *, since: datetime) -> Iterator[Ticket]:
    """Those that were filed since then, by their numbers; read some at a time, with a rest after them."""
    last = 0
    while True:
        began = time.perf_counter()
        with database.reading() as session:
            found = _some(session, intake, since=since, after=last)
        time.sleep(min(time.perf_counter() - began, _MOST_REST_SECONDS))
        if not found:
            return
        yield from found
        last = int(found[-1].key)


def _some(session: Session, intake: Intake, *, since: datetime, after: int) -> list[Ticket]:
    rows = session.scalars(
        select(TicketRow)
        .where(TicketRow.id > after, TicketRow.filed_at > since, TicketRow.state.not_in(LEFT_OUT))
        .order_by(TicketRow.id)
        .limit(AT_ONCE)
    ).all()
    chosen = chosen_of(session, rows)
    meant = _meant(session, intake, rows)
    return [
        Ticket(
            str(row.id),
            row.title,
            intake.placed(*meant[row.id], chosen=chosen.get(row.id, Chosen())),
            str(row.theme or ""),
            locked=bool(row.theme and row.placed_by),
        )
        for row in rows
    ]


def _meant(session: Session, intake: Intake, rows: Sequence[TicketRow]) -> dict[int, tuple[_Vector, Guesses]]:
    """What the words of each mean and tell, as it was kept; made anew where another model made it, or nobody."""
    numbers = [row.id for row in rows]
    kept = select(TicketVectorRow).where(TicketVectorRow.ticket.in_(numbers), TicketVectorRow.model == intake.model)
    vectors: dict[int, _Vector] = {}
    guesses: dict[int, Guesses] = {}
    for one in session.scalars(kept):
        vectors[one.ticket] = np.frombuffer(one.vector, STORED).astype(np.float32)
        if one.guessed:
            guesses[one.ticket] = Guesses.remembered(one.guessed)
    untold = [row for row in rows if row.id not in guesses]
    first = _first(session, [row.id for row in untold])
    words = {row.id: first[row.id].words if row.id in first else row.title for row in untold}
    missing = [number for number in words if number not in vectors]
    vectors |= dict(zip(missing, intake.vectors([words[number] for number in missing]), strict=True))
    for number, text in words.items():
        said = first.get(number)
        role, place = (said.role, said.place) if said else ("", "")
        guesses[number] = intake.guessed(text, vectors[number], role=role, place=place)
    return {number: (vectors[number], guesses[number]) for number in numbers}


def _first(session: Session, numbers: Sequence[int]) -> dict[int, ReportRow]:
    """The report that each began with; where that went to another ticket, the oldest that is left."""
    said = stand.reports_of_each(session, numbers)
    return {
        number: next((one for one in reports if one.ticket == number), reports[0]) for number, reports in said.items()
    }
