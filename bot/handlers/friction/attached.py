"""The customer whom a report is about: shown, and kept, only for who may see customers, and among ourselves."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.audiences import CUSTOMERS
from bot.audit import Purpose
from bot.customers import focus
from bot.customers.focus import Place
from bot.customers.identity.candidates import candidates, the_one
from bot.database import Database
from bot.errors import NoSuchCustomer
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.replies import note_form
from bot.handlers.surfaces import Arriving
from bot.people import Person

NOBODY_NAMED = "a customer without a name"


class AttachedCustomers:
    def __init__(self, database: Database, access: CustomerAccess) -> None:
        self._database = database
        self._access = access

    def named(self, customer: int, person: Person, *, channel: str, trigger: str, now: datetime) -> tuple[int, str]:
        """Who they are today and what they are called, written down as a look; 0 and "" for who may not see them.

        The audit says that a form about them was opened and not that it was this one: else whoever reads it could tell
        whose an anonymous report is.
        """
        if not customer or not self._may_see(person, channel):
            return 0, ""
        look = Arriving(f"form:{trigger}", "", "", {"person": person.id, "channel": channel})
        with self._database.writing.begin() as session:
            try:
                known = the_one(session, customer, audiences=person.audiences)
            except NoSuchCustomer:
                return 0, ""
            note_form(session, look, known, Purpose.ENTRY, now=now)
        return known.id, known.name or NOBODY_NAMED

    def in_focus(self, person: Person, *, channel: str, thread: str, now: datetime) -> int:
        """The customer whom somebody talks about in a thread; 0 for none."""
        if not thread or not self._may_see(person, channel):
            return 0
        with self._database.reading() as session:
            there = focus.current(session, Place(person.id, channel, thread), audiences=person.audiences, now=now)
        return there.customer if there else 0

    def names(self, customer: int) -> tuple[str, ...]:
        """What is masked in words about them, whoever wrote those."""
        if not customer:
            return ()
        with self._database.reading() as session:
            found = candidates(session, [customer], audiences=frozenset({CUSTOMERS}))
        return tuple(one.name for one in found if one.name)

    def _may_see(self, person: Person, channel: str) -> bool:
        return person.serves_customers and (not channel or self._access.is_private(person, channel))


def still_there(session: Session, customer: int | None, person: Person) -> int | None:
    """The customer, where whoever reports may see them still; the report counts without them too."""
    if customer is None:
        return None
    try:
        return the_one(session, customer, audiences=person.audiences).id
    except NoSuchCustomer:
        return None
