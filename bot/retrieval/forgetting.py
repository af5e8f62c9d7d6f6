"""What no kept generation shows any more, dropped: documents and their rows, generations, vectors that nothing uses."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, true
from sqlalchemy.orm import Session

from bot.retrieval import catalogue, successions
from bot.retrieval.catalogue import DocumentRow, Generation, PassageRow, VectorRow

# A reindex that was killed before it wrote its candidate leaves vectors that no row tells of. So each publication looks
# through the keys that begin with one of these, in turn: keys are hash sums, so that is a sixteenth of all.
DIGITS = "0123456789abcdef"


def forget_before(session: Session, oldest: int, *, swept: int) -> None:
    """Drop what only generations before `oldest` showed.

    A candidate that was refused and a state that was left keep their vectors until then, for pages that come back.
    `swept` numbers the turn of looking for vectors that nobody knows of; after sixteen in a row none is left.
    """
    dead = DocumentRow.died <= oldest
    # Not a join: SQLite would begin it with all passages.
    uses = select(PassageRow.vector).where(PassageRow.document.in_(select(DocumentRow.id).where(dead)))
    dropped = set(session.scalars(uses))
    undone = session.scalars(select(Generation.number).where(Generation.state.in_(catalogue.UNDONE)).limit(1)).first()
    session.execute(delete(DocumentRow).where(dead))
    session.execute(delete(Generation).where(or_(Generation.number < oldest, Generation.state == catalogue.REFUSED)))
    successions.forget_before(session, oldest)
    for some in catalogue.slices(dropped):
        _drop(session, _unused(session, VectorRow.key.in_(some)))
    _drop(session, _unused(session, true() if undone is not None else _turn(swept)))


def _turn(number: int) -> ColumnElement[bool]:
    place = number % len(DIGITS)
    following = DIGITS[place + 1 : place + 2]
    return and_(VectorRow.key >= DIGITS[place], VectorRow.key < following if following else true())


def _unused(session: Session, these: ColumnElement[bool]) -> list[str]:
    used = exists().where(PassageRow.vector == VectorRow.key)
    return list(session.scalars(select(VectorRow.key).where(these, ~used)))


def _drop(session: Session, keys: Iterable[str]) -> None:
    for some in catalogue.slices(keys):
        session.execute(delete(VectorRow).where(VectorRow.key.in_(some)))
