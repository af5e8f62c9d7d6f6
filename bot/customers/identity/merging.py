"""Two customers become one, one becomes two, and back again; each change is kept with who made it and why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.customers.batches import batched
from bot.customers.entries import EntryRow
from bot.customers.kinds import Change, ProposalState
from bot.customers.records import BELONGS_TO
from bot.customers.tables import CustomerRow, InteractionRow, KeyRow, MergeRow, ProposalRow, RecordRow
from bot.customers.tracks.tables import AssignmentRow
from bot.errors import IdentityError

RULE = "rule"
# Ids of records, of interactions, of what people wrote down, and of stays on tracks.
Moved = dict[str, list[int]]
_Movable = type[RecordRow] | type[InteractionRow] | type[EntryRow] | type[AssignmentRow]
_MOVED: dict[str, _Movable] = {
    "records": RecordRow,
    "interactions": InteractionRow,
    "entries": EntryRow,
    "tracks": AssignmentRow,
}


def merge(session: Session, kept: int, gone: int, *, by: str, reason: str, now: datetime) -> int:
    """Everything of `gone` goes to `kept`; gives the number by which it can be undone. Raises `IdentityError`."""
    for customer in (kept, gone):
        _must_stand(session, customer)
    if kept == gone:
        raise IdentityError("That is one customer already. Nothing was changed.")
    moved = {
        "records": _move(session, RecordRow, RecordRow.customer == gone, kept),
        "interactions": _move(session, InteractionRow, InteractionRow.customer == gone, kept),
        "entries": _move(session, EntryRow, EntryRow.customer == gone, kept),
        "tracks": _move(session, AssignmentRow, AssignmentRow.customer == gone, kept),
    }
    session.execute(update(KeyRow).where(KeyRow.customer == gone).values(customer=kept))
    session.execute(update(CustomerRow).where(CustomerRow.id == gone).values(merged_into=kept))
    decide(session, kept, gone, state=ProposalState.ACCEPTED, by=by, now=now)
    name(session, [kept])
    return _noted(session, Change.MERGE, kept, gone, by=by, reason=reason, now=now, moved=moved)


def split(session: Session, customer: int, records: Collection[int], *, by: str, reason: str, now: datetime) -> int:
    """These records become a customer of their own, with the interactions that their keys alone led to.

    Gives the number by which it can be undone. No rule merges the two again. Raises `IdentityError`.
    """
    _must_stand(session, customer)
    own = set(session.scalars(select(RecordRow.id).where(RecordRow.customer == customer)))
    if not records or not set(records) < own:
        raise IdentityError(
            "Name some of this customer's records, and not all of them: at least one must stay. Nothing was changed."
        )
    fresh = CustomerRow(name="", first_seen=now)
    session.add(fresh)
    session.flush()
    own_keys = _known_by(session, KeyRow.customer == customer, KeyRow.record.not_in(records))
    records = sorted(
        {*records, *_belonging(session, customer, _known_by(session, KeyRow.record.in_(records)) - own_keys)}
    )
    theirs = _known_by(session, KeyRow.record.in_(records))
    staying = _known_by(session, KeyRow.customer == customer, KeyRow.record.not_in(records))
    by_them_alone = and_(InteractionRow.customer == customer, InteractionRow.known_by.in_(theirs - staying))
    moved = {
        "records": _move(session, RecordRow, RecordRow.id.in_(records), fresh.id),
        "interactions": _move(session, InteractionRow, by_them_alone, fresh.id),
    }
    found_there = EntryRow.interaction.in_(select(InteractionRow.id).where(InteractionRow.customer == fresh.id))
    moved["entries"] = _move(session, EntryRow, and_(EntryRow.customer == customer, found_there), fresh.id)
    session.execute(update(KeyRow).where(KeyRow.record.in_(records)).values(customer=fresh.id))
    decide(session, customer, fresh.id, state=ProposalState.REFUSED, by=by, now=now, reason=reason)
    name(session, [customer, fresh.id])
    return _noted(session, Change.SPLIT, customer, fresh.id, by=by, reason=reason, now=now, moved=moved)


def undo(session: Session, number: int, *, by: str, now: datetime) -> tuple[int, int]:
    """What a merge or split moved goes back, as far as it is still there; gives both customers.

    Raises `IdentityError` where it was undone before, or where a later change stands in the way.
    """
    done = session.get(MergeRow, number)
    if done is None or done.undone_at is not None:
        raise IdentityError(f"No merge or split {number} can be undone. `throughline customers merges` lists them.")
    _refuse_later(session, done)
    merged = Change(done.change) is Change.MERGE
    source, target = (done.kept, done.gone) if merged else (done.gone, done.kept)
    for what, table in _MOVED.items():
        for ids in batched(done.moved.get(what, ())):
            _move(session, table, and_(table.id.in_(ids), table.customer == source), target)
    for ids in batched(done.moved["records"]):
        session.execute(update(KeyRow).where(KeyRow.record.in_(ids), KeyRow.customer == source).values(customer=target))
    session.execute(
        update(CustomerRow).where(CustomerRow.id == done.gone).values(merged_into=None if merged else done.kept)
    )
    state = ProposalState.REFUSED if merged else ProposalState.ACCEPTED
    decide(session, done.kept, done.gone, state=state, by=by, now=now, reason=done.reason)
    done.undone_at, done.undone_by = now, by
    name(session, [done.kept, done.gone])
    return done.kept, done.gone


def decide(
    session: Session, one: int, other: int, *, state: ProposalState, by: str, now: datetime, reason: str = ""
) -> None:
    """Remember what was decided about two customers; a rule or a later comparison does not ask again."""
    first, second = sorted((one, other))
    row = session.scalar(select(ProposalRow).where(ProposalRow.one == first, ProposalRow.other == second))
    if row is None:
        row = ProposalRow(one=first, other=second, score=1.0, reason=reason, proposed_at=now)
        session.add(row)
    row.state, row.decided_by, row.decided_at = state, by, now
    session.flush()


def refused_pairs(session: Session, customers: Collection[int]) -> set[tuple[int, int]]:
    """The pairs among these, the smaller id first, whom somebody said to be two."""
    asked = select(ProposalRow.one, ProposalRow.other).where(
        ProposalRow.state == ProposalState.REFUSED,
        ProposalRow.one.in_(customers),
        ProposalRow.other.in_(customers),
    )
    return {(one, other) for one, other in session.execute(asked)}


def name(session: Session, customers: Collection[int]) -> None:
    """Give customers the name that their oldest record has now."""
    session.flush()
    for customer in customers:
        asked = (
            select(RecordRow.fields)
            .where(RecordRow.customer == customer, RecordRow.kind == "customer")
            .order_by(RecordRow.id)
        )
        named = next((fields["name"] for fields in session.scalars(asked) if fields.get("name")), "")
        session.execute(update(CustomerRow).where(CustomerRow.id == customer).values(name=named))


def drop_the_empty(session: Session, customers: Collection[int]) -> None:
    """Remove those of these customers of whom nothing is left: no record, no interaction, no history."""
    merged, kept = aliased(CustomerRow), CustomerRow.id
    for ids in batched(sorted(customers)):
        left = (
            exists().where(RecordRow.customer == kept),
            exists().where(InteractionRow.customer == kept),
            exists().where(or_(MergeRow.kept == kept, MergeRow.gone == kept)),
            exists().where(merged.merged_into == kept),
        )
        empty = list(session.scalars(select(kept).where(kept.in_(ids), *(~there for there in left))))
        session.execute(delete(ProposalRow).where(or_(ProposalRow.one.in_(empty), ProposalRow.other.in_(empty))))
        session.execute(delete(CustomerRow).where(kept.in_(empty)))


def _must_stand(session: Session, customer: int) -> None:
    row = session.get(CustomerRow, customer, populate_existing=True)
    if row is None or row.merged_into is not None:
        raise IdentityError(f"There is no customer {customer}, or they were merged into another. Look them up again.")


def _refuse_later(session: Session, done: MergeRow) -> None:
    later = session.scalar(
        select(MergeRow.id)
        .where(
            MergeRow.id > done.id,
            MergeRow.undone_at.is_(None),
            or_(MergeRow.gone.in_((done.kept, done.gone)), MergeRow.kept == done.gone),
        )
        .order_by(MergeRow.id.desc())
    )
    if later is not None:
        raise IdentityError(f"The later change {later} is about the same customers. Undo that one first.")


def _move(session: Session, table: _Movable, which: ColumnElement[bool], to: int) -> list[int]:
    ids = list(session.scalars(select(table.id).where(which).order_by(table.id)))
    for some in batched(ids):
        session.execute(update(table).where(table.id.in_(some)).values(customer=to))
    return ids


def _belonging(session: Session, customer: int, keys: set[str]) -> list[int]:
    """The orders and accounts of whoever has these keys."""
    asked = select(RecordRow.id, RecordRow.fields).where(RecordRow.customer == customer)
    return [number for number, fields in session.execute(asked) if fields.get(BELONGS_TO) in keys]


def _known_by(session: Session, *which: ColumnElement[bool]) -> set[str]:
    asked = select(KeyRow.kind, KeyRow.issuer, KeyRow.value).where(*which)
    return {f"{kind}:{issuer}:{value}" for kind, issuer, value in session.execute(asked)}


def _noted(
    session: Session, change: Change, kept: int, gone: int, *, by: str, reason: str, now: datetime, moved: Moved
) -> int:
    row = MergeRow(
        change=change, kept=kept, gone=gone, by=by, reason=reason, at=now, moved=moved, undone_at=None, undone_by=""
    )
    session.add(row)
    session.flush()
    return row.id
