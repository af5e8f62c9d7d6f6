"""One answer of one person in one week, kept without them; and the end of a week, after which nobody can find it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.database import insert
from bot.friction.sealing import Sealer, new_secret
from bot.friction.suppression import FEWEST
from bot.pulses.asking import opened
from bot.pulses.crowds import Where, kept
from bot.pulses.questions import monday_of
from bot.pulses.tables import AnswerRow, AskedRow, WeekRow

# The last question of a week is asked on its Sunday and open for a week; a day more for every clock on earth.
OVER_AFTER = timedelta(days=15)
# Long enough to compare a quarter with the same one of two years before.
KEPT = timedelta(days=3 * 366)
# A quarter and a week: so long it matters when somebody was asked what.
ASKED_KEPT = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class _Same:
    """What was asked of several people in one week."""

    question: str
    tool: str
    monday: date


def answer(session: Session, number: int, score: int, *, sealer: Sealer, now: datetime) -> bool:
    """Keep what somebody said to a question, in place of what they said to it before; False where it is over.

    Raises `ValueError` for a score that is not on its scale.
    """
    found = opened(session, number, now=now)
    if found is None:
        return False
    if score not in found.choice.question.scale:
        raise ValueError(f"{score} is no answer to a question of the kind {found.choice.question}")
    row = session.get_one(AskedRow, number)
    week = session.get_one(WeekRow, row.monday)
    role, place = _where(_asked(session, _same(row)), row)
    statement = insert(session, AnswerRow).values(
        mark=sealer.handle(row.handle, "", secret=week.secret),
        question=row.question,
        tool=row.tool,
        score=score,
        role=role,
        place=place,
        monday=row.monday,
    )
    session.execute(statement.on_conflict_do_update(index_elements=["mark"], set_={"score": score}))
    return True


def end_weeks(session: Session, *, now: datetime) -> None:
    """Of every week that is over the secret goes, and with it whatever leads from a person to an answer.

    Its answers get random marks and are written anew, in the order of these, so that not even the pages of the
    database tell in which they came.
    """
    over = now.astimezone(UTC).date() - OVER_AFTER
    for week in session.scalars(select(WeekRow).where(WeekRow.monday <= over).order_by(WeekRow.monday)).all():
        if session.get_bind().dialect.name == "sqlite":  # what is deleted is overwritten, not only given up
            session.connection().exec_driver_sql("PRAGMA secure_delete = ON")
        rows = session.scalars(select(AnswerRow).where(AnswerRow.monday == week.monday)).all()
        anew = sorted((one for same in _grouped(rows) for one in _unlinked(session, same)), key=_by_mark)
        session.execute(delete(AnswerRow).where(AnswerRow.monday == week.monday))
        for one in anew:
            session.execute(insert(session, AnswerRow).values(**one))
        session.delete(week)
        session.flush()


def forget_old(session: Session, *, now: datetime) -> None:
    """End the weeks that are over, and drop what is kept no longer."""
    end_weeks(session, now=now)
    session.execute(delete(AskedRow).where(AskedRow.at < now - ASKED_KEPT))
    # By whole quarters: of one that loses a week, two looks would tell what that week said.
    oldest = (now - KEPT).date()
    quarter = date(oldest.year, (oldest.month - 1) // 3 * 3 + 1, 1)
    session.execute(delete(AnswerRow).where(AnswerRow.monday < quarter))


def _same(row: AskedRow | AnswerRow) -> _Same:
    return _Same(row.question, row.tool, row.monday)


def _asked(session: Session, same: _Same) -> list[AskedRow]:
    asked = select(AskedRow).where(
        AskedRow.question == same.question, AskedRow.tool == same.tool, AskedRow.monday == same.monday
    )
    return list(session.scalars(asked.order_by(AskedRow.id)))


def _where(asked: Sequence[AskedRow], row: AskedRow) -> Where:
    of_each = kept([(one.role, one.place) for one in asked])
    return next(where for one, where in zip(asked, of_each, strict=True) if one.id == row.id)


def _grouped(rows: Sequence[AnswerRow]) -> list[list[AnswerRow]]:
    def by(row: AnswerRow) -> tuple[str, str]:
        return row.question, row.tool

    return [list(each) for _, each in groupby(sorted(rows, key=by), key=by)]


def _unlinked(session: Session, rows: Sequence[AnswerRow]) -> list[dict[str, Any]]:
    """With nothing beside an answer that could be of fewer than five, now that all of the week were asked.

    Where fewer were asked the same, the answers are of their month and of no week.
    """
    asked = [(one.role, one.place) for one in _asked(session, _same(rows[0]))]
    crowds = kept(asked)
    monday = rows[0].monday if len(asked) >= FEWEST else _first_of_month(rows[0].monday)
    return [
        {
            "mark": new_secret(),
            "question": row.question,
            "tool": row.tool,
            "score": row.score,
            "role": row.role if crowds.count((row.role, row.place)) >= FEWEST else "",
            "place": row.place if crowds.count((row.role, row.place)) >= FEWEST else "",
            "monday": monday,
        }
        for row in rows
    ]


def _by_mark(values: dict[str, Any]) -> str:
    return str(values["mark"])


def _first_of_month(monday: date) -> date:
    """The first Monday in it."""
    return monday_of(monday.replace(day=7))
