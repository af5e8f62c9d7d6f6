"""What is written to a customer's story from their card: a note, a promise, what was tried, a No; and taken back."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial

from sqlalchemy.orm import Session

from bot import customer_wording as wording
from bot import inbox
from bot.audit import Purpose
from bot.customer_wording import Told
from bot.customers import entries
from bot.customers.entries import Author, Entry, EntryKind
from bot.customers.identity.candidates import Candidate, the_one
from bot.customers.story import promises
from bot.customers.timeline import interaction
from bot.database import Database
from bot.errors import EntryRefused
from bot.handlers import modals
from bot.handlers.customers import forms
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.blocks import ACTION
from bot.handlers.customers.replies import Shown, note_form, owe_shown
from bot.handlers.customers.requests import filled_in, press_of
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work, pressed
from bot.inbox import Accepted
from bot.people import Person

WRITE, TAKE_BACK, KEPT, KEPT_THERE, NOT_KEPT = (
    "customer_write",
    "customer_take_back",
    "customer_kept",
    "customer_kept_there",
    "customer_not_kept",
)
_FORMS = {
    "note": EntryKind.NOTE,
    "promise": EntryKind.PROMISE,
    "tried": EntryKind.TRIED,
    "contest": EntryKind.CONTESTED,
}
_PRESSES = {"take_back": TAKE_BACK, "kept": KEPT, "kept_there": KEPT_THERE, "not_kept": NOT_KEPT}


ACTIONS = tuple(f"{ACTION}{name}" for name in (*_FORMS, *_PRESSES))


class CustomerEntries:
    def __init__(self, database: Database, access: CustomerAccess) -> None:
        self._database = database
        self._access = access

    @property
    def work(self) -> Mapping[str, Work]:
        return {
            WRITE: self.write,
            TAKE_BACK: self.take_back,
            KEPT: self.kept,
            KEPT_THERE: self.kept_there,
            NOT_KEPT: self.not_kept,
        }

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {f"{ACTION}{name}": partial(self._form, kind, name) for name, kind in _FORMS.items()}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {forms.FORM: _faults}

    def read(self, body: Body) -> Arriving | None:
        if modals.is_form(body, forms.FORM):
            return _written(body)
        for name, kind in _PRESSES.items():
            if (action := pressed(body, f"{ACTION}{name}")) is not None:
                # A promise of an earlier contact is known by the contact and its place there.
                return press_of(body, action, kind, count=2 if kind == KEPT_THERE else 1)
        return None

    def write(self, event: Accepted) -> None:
        value = event.value
        person = self._access.asker(event)
        due = date.fromisoformat(value["due"]) if value["due"] else None
        with self._database.writing.begin() as session:
            entry = entries.write(
                session,
                the_one(session, value["customer"], audiences=person.audiences).id,
                EntryKind(value["entry"]),
                value["text"],
                by=_author(person),
                audiences=person.audiences,
                now=datetime.now(UTC),
                due=due,
            )
            self._settle(session, event, person, entry, wording.written)

    def take_back(self, event: Accepted) -> None:
        person = self._access.asker(event)
        with self._database.writing.begin() as session:
            (number,) = event.value["numbers"]
            entry = entries.undo(session, number, by=_author(person), audiences=person.audiences, now=datetime.now(UTC))
            self._settle(session, event, person, entry, wording.taken_back)

    def kept(self, event: Accepted) -> None:
        """A promise that somebody wrote down."""
        person = self._access.asker(event)
        with self._database.writing.begin() as session:
            (number,) = event.value["numbers"]
            entry = entries.settle(
                session, number, by=_author(person), audiences=person.audiences, now=datetime.now(UTC)
            )
            self._settle(session, event, person, entry, wording.kept)

    def kept_there(self, event: Accepted) -> None:
        """A promise that stands in an earlier contact: it is written down as kept."""
        person, now = self._access.asker(event), datetime.now(UTC)
        number, place = event.value["numbers"]
        with self._database.writing.begin() as session:
            found = interaction(session, number, audiences=person.audiences)
            said = promises.promises_in(found, zone=self._access.zone_of(person)) if found else []
            if found is None or place >= len(said):
                raise EntryRefused(wording.NOT_THERE_NOW)
            customer, one = found.customer, said[place]
            standing = entries.about(session, customer, number, one.quote, audiences=person.audiences)
            entry = standing or entries.write(
                session,
                customer,
                EntryKind.PROMISE,
                one.quote,
                by=_author(person),
                audiences=person.audiences,
                now=now,
                due=one.due,
                interaction=number,
            )
            entry = entries.settle(session, entry.id, by=_author(person), audiences=person.audiences, now=now)
            self._settle(session, event, person, entry, wording.kept)

    def not_kept(self, event: Accepted) -> None:
        """A promise was not kept after all."""
        person = self._access.asker(event)
        with self._database.writing.begin() as session:
            (number,) = event.value["numbers"]
            entry = entries.reopen(session, number, audiences=person.audiences)
            self._settle(session, event, person, entry, wording.not_kept)

    @staticmethod
    def _settle(
        session: Session, event: Accepted, person: Person, entry: Entry, told: Callable[[Candidate, Entry], Told]
    ) -> None:
        """Say what was done, with the way back."""
        known = the_one(session, entry.customer, audiences=person.audiences)
        shown = Shown(told(known, entry), Purpose.ENTRY, (str(entry.kind),))
        owe_shown(session, event, shown, now=datetime.now(UTC))
        inbox.finish(session, event)

    def _form(self, kind: EntryKind, name: str, body: Body) -> View | None:
        action = pressed(body, f"{ACTION}{name}")
        arriving = press_of(body, action, WRITE) if action else None
        if arriving is None:
            return None
        person = self._access.presser(arriving)
        with self._database.writing.begin() as session:
            known = the_one(session, arriving.value["numbers"][0], audiences=person.audiences)
            note_form(session, arriving, known, Purpose.ENTRY, now=datetime.now(UTC))
        place = {key: arriving.value[key] for key in ("channel", "thread", "response_url")}
        return forms.entry_form(kind, name=known.name, context={**place, "customer": known.id, "entry": str(kind)})


def _written(body: Body) -> Arriving:
    arriving = filled_in(body, WRITE)
    due = forms.due_in(body)
    arriving.value["due"] = due.isoformat() if due else ""
    return arriving


def _faults(body: Body) -> dict[str, str]:
    faults = forms.nothing_typed(body)
    try:
        forms.due_in(body)
    except ValueError:
        faults[forms.DUE] = wording.NO_DAY
    return faults


def _author(person: Person) -> Author:
    return Author(person.id, person.name, person.place)
