"""Who looked at which customer, for an auditor: to read, which is itself a row, and to check that nothing was changed.

Whatever door they come through, they are told no here if they are not the ones to read it.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot import audit, workspaces
from bot.audiences import CUSTOMERS
from bot.audit import Expected, Head, Verdict
from bot.audit.chain import append
from bot.audit.reading import Asked, Look, Reader, Told, looks, readers, unusual_told
from bot.audit.rows import Entry, Purpose
from bot.customers.identity.lookup import look_up
from bot.customers.tables import CustomerRow
from bot.database import Database
from bot.errors import AuditRefused
from bot.people import Directory, Person, must_be_auditor

# Single looks are told where somebody asks for one customer or one person; who wants all of them has the database.
MOST_LOOKS = 10_000
_ALIAS = re.compile(r"[0-9a-f]{32}")
_HEAD = re.compile(r"(?:(\d{1,10}):)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Report:
    """Who looked, and the single looks, newest first, where one customer or one person was asked about.

    `cut`: there are older looks than those. `unusual` is what the admins were told of, newest first.
    """

    readers: tuple[Reader, ...]
    looks: tuple[Look, ...]
    cut: bool = False
    unusual: tuple[Told, ...] = ()


class Oversight:
    """What an auditor can do. `people` are those of `config/people.yaml`."""

    def __init__(self, database: Database, people: Directory, *, country: str = "US") -> None:
        self._database = database
        self._people = people
        self._country = country

    def report(
        self, *, by: Person, now: datetime, customer: str = "", person: str = "", since: datetime | None = None
    ) -> Report:
        """Who looked at whom: at one customer, by alias or by what they are known by; or one person, by id, or by name
        or address of the roster.

        Raises `NotAllowed`, or `AuditRefused` for what leads to no one customer.
        """
        must_be_auditor(by)
        if customer and not _ALIAS.fullmatch(customer):
            customer = self._alias_of(customer)
        people = self._ids(person) if person else None
        # Committed before anything is read: nobody sees the audit without a row of it.
        with self._database.writing.begin() as session:
            append(session, _read_by(session, by, customer, now))
        with self._database.reading() as session:
            asked = Asked(_aliases(session, customer) if customer else None, people, since)
            single = looks(session, asked, limit=MOST_LOOKS + 1) if customer or person else []
            told = unusual_told(session, asked)
            cut = len(single) > MOST_LOOKS
            return Report(tuple(readers(session, asked)), tuple(single[:MOST_LOOKS]), cut, tuple(told))

    def alias(self, words: str, *, by: Person) -> str:
        """The alias of the customer whom these words mean, so that no address of a page names them.

        Raises `NotAllowed`, or `AuditRefused` for what leads to no one customer.
        """
        must_be_auditor(by)
        return words if _ALIAS.fullmatch(words) else self._alias_of(words)

    def verify(self, kept: str = "") -> Verdict:
        """Whether every row is as it was written. It shows nobody, so anybody who comes here may ask.

        `kept`: what `head` gave earlier. Raises `AuditRefused` for anything else.
        """
        expected = _expected(kept) if kept else None
        with self._database.reading() as session:
            return audit.verify(session, expected=expected)

    def head(self) -> Head | None:
        """The newest row, to be kept where nobody who can change the database can change it."""
        with self._database.reading() as session:
            return audit.head(session)

    def name(self, person: str) -> str:
        """Who somebody is, for people: of the roster by name, else the id."""
        if not person:
            return "the command line"
        if person.startswith(audit.ON_MACHINE):
            return f"{person.removeprefix(audit.ON_MACHINE)}, on the machine"
        return next((one.name for one in self._people.roster if one.email == person.casefold()), person)

    def _alias_of(self, words: str) -> str:
        """An auditor needs no right to see customers for that, and is shown none: not whom else the words may mean."""
        with self._database.reading() as session:
            found = look_up(session, words, audiences={CUSTOMERS}, country=self._country)
        if found.customer is None:
            raise AuditRefused(
                f"{words!r} leads to no one customer: {len(found.candidates) or 'none'} may be meant. Give an e-mail "
                "address, a number, or name and postcode; whoever was erased is found by an alias of a report only."
            )
        return found.customer.alias

    def _ids(self, words: str) -> tuple[str, ...]:
        """The ids by which these words mean somebody: themselves, and the address of who is called so."""
        folded = words.casefold()
        return (words, *(one.email for one in self._people.roster if folded in {one.email, one.name.casefold()}))


def _read_by(session: Session, by: Person, customer: str, now: datetime) -> Entry:
    return Entry(
        at=now,
        workspace=workspaces.of_session(session),
        person=by.id,
        purpose=Purpose.REPORT,
        reference=f"customer {customer}" if customer else "",
    )


def _expected(kept: str) -> Expected:
    found = _HEAD.fullmatch(kept.strip())
    if found is None:
        raise AuditRefused(
            f"{kept!r} is nothing that `throughline audit head` prints. Write it as it was printed: 1234:9f2c..., or "
            "its 64 digits behind the colon."
        )
    return Expected(found[2], int(found[1]) if found[1] else None)


def _aliases(session: Session, alias: str) -> set[str]:
    """All aliases of the customer who has this one: somebody who was merged into another keeps their own."""
    found = {alias}
    ids = set(session.scalars(select(CustomerRow.id).where(CustomerRow.alias == alias)))
    new = ids
    while new:
        into = select(CustomerRow.merged_into).where(CustomerRow.id.in_(new), CustomerRow.merged_into.is_not(None))
        rows = session.execute(
            select(CustomerRow.id, CustomerRow.alias).where(
                or_(CustomerRow.merged_into.in_(new), CustomerRow.id.in_(into)), CustomerRow.id.not_in(ids)
            )
        ).all()
        new = {number for number, _ in rows}
        ids |= new
        found |= {alias for _, alias in rows}
    return found
