"""Customers whom somebody may have meant, with just enough of each to choose; never a whole address."""

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.customers.batches import batched
from bot.customers.permission import permitted
from bot.customers.tables import CustomerRow, InteractionRow, RecordRow
from bot.customers.timeline import said
from bot.errors import NoSuchCustomer


@dataclass(frozen=True, slots=True)
class Candidate:
    """`source_id` is what the first system that told of them calls them; `keys` are shortened."""

    id: int
    alias: str
    source_id: str
    name: str
    city: str
    keys: tuple[str, ...]
    last_at: datetime | None
    last_channel: str

    @property
    def told(self) -> str:
        """One line, to choose by."""
        last = f"last contact {self.last_at:%d %b %Y} by {said(self.last_channel)}" if self.last_at else ""
        return " · ".join(filter(None, (self.name or "nobody named", self.city, *self.keys[:2], last)))


@dataclass(frozen=True, slots=True)
class Known:
    """What the systems say of one customer together: the first that says anything of a field counts here."""

    id: int
    alias: str
    name: str
    source_id: str
    fields: dict[str, Any]


def known_of(session: Session, customers: Collection[int], *, audiences: AbstractSet[str]) -> dict[int, Known]:
    """By id; who is not there, or may not be seen, is missing."""
    found: dict[int, Known] = {}
    for ids in batched(sorted(customers)):
        asked = (
            select(
                CustomerRow.id,
                CustomerRow.alias,
                CustomerRow.name,
                RecordRow.kind,
                RecordRow.source_id,
                RecordRow.fields,
            )
            .join(RecordRow, RecordRow.customer == CustomerRow.id)
            .where(CustomerRow.id.in_(ids), RecordRow.kind.in_(("customer", "contact")), permitted(audiences))
            .order_by(RecordRow.kind.desc(), RecordRow.id)
        )
        for number, alias, name, _, source_id, fields in session.execute(asked):
            before = found.get(number)
            if before is None:
                found[number] = Known(number, alias, name, source_id, dict(fields))
            else:
                before.fields.update({key: value for key, value in fields.items() if key not in before.fields})
    return found


def candidates(
    session: Session, customers: Collection[int], *, audiences: AbstractSet[str], limit: int = 10
) -> tuple[Candidate, ...]:
    """As many as can be shown, in the order in which they are given."""
    some = list(dict.fromkeys(customers))[:limit]
    known = known_of(session, some, audiences=audiences)
    last = _last(session, some, audiences=audiences)
    return tuple(_candidate(known[one], last.get(one)) for one in some if one in known)


def the_one(session: Session, customer: int, *, audiences: AbstractSet[str]) -> Candidate:
    """The customer of this number; after a merge whoever has everything of theirs.

    Raises `NoSuchCustomer`, also to whoever may not see customers.
    """
    into = select(CustomerRow.merged_into).where(permitted(audiences))
    while (merged := session.scalar(into.where(CustomerRow.id == customer))) is not None:
        customer = merged
    found = candidates(session, [customer], audiences=audiences)
    if not found:
        raise NoSuchCustomer("That customer is not here any more. Look them up again: /customer and what you know.")
    return found[0]


def shortened(text: str) -> str:
    """An e-mail address or number, to recognize and not to copy: "y…9@example.com", "…0147"."""
    local, at, domain = text.partition("@")
    return f"{local[:1]}…{local[-1:]}@{domain}" if at else f"…{text[-4:]}"


def _candidate(known: Known, last: tuple[datetime, str] | None) -> Candidate:
    fields = known.fields
    keys = [text for kind in ("email", "phone") for text in _several(fields.get(kind))]
    at, channel = last or (None, "")
    return Candidate(
        id=known.id,
        alias=known.alias,
        source_id=known.source_id,
        name=known.name,
        city=" ".join(filter(None, (str(fields.get("city", "")), str(fields.get("region", ""))))),
        keys=tuple(map(shortened, keys)),
        last_at=at,
        last_channel=channel,
    )


def _last(
    session: Session, customers: Collection[int], *, audiences: AbstractSet[str]
) -> dict[int, tuple[datetime, str]]:
    newest = (
        select(InteractionRow.customer, func.max(InteractionRow.at).label("at"))
        .where(InteractionRow.customer.in_(customers), permitted(audiences))
        .group_by(InteractionRow.customer)
        .subquery()
    )
    asked = select(InteractionRow.customer, InteractionRow.at, InteractionRow.channel).join(
        newest, (newest.c.customer == InteractionRow.customer) & (newest.c.at == InteractionRow.at)
    )
    return {customer: (at, channel) for customer, at, channel in session.execute(asked)}


def _several(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)] if value else []
