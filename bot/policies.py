"""Which clause holds for a customer: whose facts a question is judged by, and every look at them written down."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import audit
from bot.audit import Purpose, View
from bot.customers.identity.lookup import look_up
from bot.customers.permission import must_be_permitted
from bot.customers.story.facts import Fact, facts_of
from bot.errors import IdentityError
from bot.people import Person
from bot.retrieval.documents import Answer


@dataclass(frozen=True, slots=True)
class Whose:
    """The customer whom a question is about."""

    alias: str
    name: str
    facts: Mapping[str, Fact]


def whose(session: Session, words: str, *, audiences: AbstractSet[str], country: str, today: date) -> Whose:
    """The one customer whom these words name.

    Raises `NotAllowed`, or `IdentityError` where they name nobody, or several: nothing of those is told.
    """
    must_be_permitted(audiences)
    found = look_up(session, words, audiences=audiences, country=country)
    if found.customer is None:
        raise IdentityError(
            f"{words!r} does not lead to one customer: {found.reason}. Give an e-mail address, a phone, order or "
            "account number, or choose among those whom `throughline customer` shows."
        )
    facts = facts_of(session, found.customer.id, audiences=audiences, today=today)
    return Whose(found.customer.alias, found.customer.name, facts)


def write_down(
    session: Session, about: Whose, answer: Answer, *, by: Person, now: datetime, channel: str = "", reference: str = ""
) -> int:
    """Write down that somebody was answered by a customer's facts, before it is shown: their name, and which facts."""
    judged = [quote.conditions for quote in answer.quotes] + [one.conditions for one in answer.passed_over]
    looked_at = sorted({fact for conditions in judged for one in conditions for fact in one.facts})
    view = View(by.id, about.alias, Purpose.POLICY, ("name", *looked_at), channel, reference)
    return audit.record(session, view, now=now)
