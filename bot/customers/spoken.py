"""The names of customers that stand in a text, so that they can be masked where others read it."""

from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import personal
from bot.audiences import CUSTOMERS
from bot.customers.batches import batched
from bot.customers.identity.mentions import mentions_in
from bot.customers.kinds import KeyKind
from bot.customers.permission import permitted
from bot.customers.tables import CustomerRow, KeyRow


def names_in(session: Session, text: str, *, audiences: AbstractSet[str], country: str = "US") -> tuple[str, ...]:
    """First and last names together, as they are kept and as they stand there.

    None for whoever may not see customers: by what is masked of their own words they would learn who is one.
    """
    if CUSTOMERS not in audiences:
        return ()
    pairs = {each.value for each in mentions_in(text, country=country).pairs if " " in each.value}
    found: set[str] = set()
    for values in batched(sorted(pairs)):
        asked = (
            select(CustomerRow.name, KeyRow.value)
            .distinct()
            .join(KeyRow, KeyRow.customer == CustomerRow.id)
            .where(KeyRow.kind == KeyKind.NAME, KeyRow.value.in_(values), permitted(audiences))
        )
        found.update(name for row in session.execute(asked) for name in row)
    return tuple(sorted(found))


def masked(session: Session, text: str, *, audiences: AbstractSet[str]) -> str:
    """What somebody with these audiences wrote, for others to read."""
    return personal.masked(text, names_in(session, text, audiences=audiences))
