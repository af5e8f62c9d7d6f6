"""Whoever runs commands on the machine, and what of the customers they are shown: a row of the audit each."""

import getpass
import os
from collections.abc import Collection, Iterable
from datetime import datetime

from bot import audit
from bot.audiences import CUSTOMERS
from bot.audit import Purpose, View
from bot.curation import OPERATOR
from bot.customers.identity.candidates import Candidate
from bot.customers.identity.lookup import LookUp, look_up
from bot.database import Database
from bot.people import Person

# What is shown of those among whom somebody chooses, and of one who was found.
CHOICE = ("name", "city", "keys", "last_contact")


def operator() -> Person:
    """Whoever runs commands on the machine may read its whole database. Known by their name in the operating system."""
    return Person(
        id=f"{audit.ON_MACHINE}{_user()}",
        name=OPERATOR.name,
        audiences=OPERATOR.audiences | {CUSTOMERS},
        roles=OPERATOR.roles,
    )


def looked_up(database: Database, words: str, *, by: Person, country: str, now: datetime) -> LookUp:
    """Look somebody up; whoever is shown then, also among whom to choose, is written down first."""
    with database.reading() as session:
        found = look_up(session, words, audiences=by.audiences, country=country)
    shown = [found.customer] if found.customer else found.candidates
    note(database, shown, by=by, purpose=Purpose.LOOK_UP, fields=CHOICE, now=now)
    return found


def note(
    database: Database,
    shown: Iterable[Candidate],
    *,
    by: Person,
    purpose: Purpose,
    fields: Collection[str],
    now: datetime,
) -> None:
    """A row for each customer, committed before anybody sees them."""
    note_aliases(database, [one.alias for one in shown], by=by, purpose=purpose, fields=fields, now=now)


def note_aliases(
    database: Database,
    aliases: Iterable[str],
    *,
    by: Person,
    purpose: Purpose,
    fields: Collection[str],
    now: datetime,
) -> None:
    """As `note`, by alias."""
    views = [View(by.id, alias, purpose, tuple(fields)) for alias in dict.fromkeys(aliases)]
    if views:
        with database.writing.begin() as session:
            for view in views:
                audit.record(session, view, now=now)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container knows its user by number only
        return str(os.getuid())
