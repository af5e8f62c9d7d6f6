"""[Did it], [Could not]: what becomes of the steps of a customer's track; and taken back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy.orm import Session

from bot import customer_wording as wording
from bot import inbox
from bot.audit import Purpose
from bot.customer_wording import Told
from bot.customers.entries import Author
from bot.customers.identity.candidates import Candidate, the_one
from bot.customers.tracks import steps
from bot.customers.tracks.rules import Track
from bot.customers.tracks.steps import Taken
from bot.database import Database
from bot.friction.intake import Draft
from bot.handlers import modals
from bot.handlers.customers import forms
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.blocks import ACTION
from bot.handlers.customers.replies import Shown, note_form, owe_shown
from bot.handlers.customers.requests import filled_in, press_of
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work, pressed
from bot.inbox import Accepted
from bot.people import Person

DID, COULD_NOT, BACK = "customer_step_did", "customer_step_could_not", "customer_step_back"
ACTIONS = tuple(f"{ACTION}{name}" for name in ("did", "could_not", "step_back"))


class Reports(Protocol):
    """What a step that could not be done is reported by."""

    def draft(self, why: str, name: str, person: Person, *, now: datetime) -> Draft | None: ...

    def report(
        self, session: Session, event: Accepted, taken: Taken, draft: Draft, known: Candidate, person: Person
    ) -> str: ...

    def withdrawn(self, session: Session, step: int, person: Person, *, now: datetime) -> str: ...


class CustomerSteps:
    def __init__(
        self, database: Database, access: CustomerAccess, *, tracks: Callable[[], Sequence[Track]], reports: Reports
    ) -> None:
        self._reports = reports
        self._database = database
        self._access = access
        self._tracks = tracks

    @property
    def work(self) -> Mapping[str, Work]:
        return {DID: self.did, COULD_NOT: self.could_not, BACK: self.take_back}

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {f"{ACTION}could_not": self._form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {forms.STEP_FORM: forms.nothing_typed}

    def read(self, body: Body) -> Arriving | None:
        if modals.is_form(body, forms.STEP_FORM):
            return filled_in(body, COULD_NOT)
        for name, kind, count in (("did", DID, 2), ("step_back", BACK, 1)):
            if (action := pressed(body, f"{ACTION}{name}")) is not None:
                return press_of(body, action, kind, count=count)
        return None

    def did(self, event: Accepted) -> None:
        person, now = self._access.asker(event), datetime.now(UTC)
        number, mark = event.value["numbers"]
        with self._database.writing.begin() as session:
            step = steps.step_called(mark, self._tracks())
            taken = steps.did(session, number, step, by=_author(person), audiences=person.audiences, now=now)
            self._settle(session, event, person, taken, wording.step_taken)

    def could_not(self, event: Accepted) -> None:
        person, now = self._access.asker(event), datetime.now(UTC)
        number, mark = event.value["numbers"]
        why = event.value["text"]
        with self._database.reading() as session:
            name = _whose(session, number, person).name
        draft = self._reports.draft(why, name, person, now=now)
        with self._database.writing.begin() as session:
            step = steps.step_called(mark, self._tracks())
            taken = steps.could_not(session, number, step, why, by=_author(person), audiences=person.audiences, now=now)
            new = taken.at == now  # else it was said before, and reported
            known = _whose(session, number, person)
            foot = self._reports.report(session, event, taken, draft, known, person) if draft and new else ""
            self._settle(session, event, person, taken, wording.step_taken, foot=foot)

    def take_back(self, event: Accepted) -> None:
        person, now = self._access.asker(event), datetime.now(UTC)
        (number,) = event.value["numbers"]
        with self._database.writing.begin() as session:
            taken = steps.take_back(session, number, by=_author(person), audiences=person.audiences, now=now)
            foot = self._reports.withdrawn(session, number, person, now=now)
            self._settle(session, event, person, taken, wording.step_back, foot=foot)

    @staticmethod
    def _settle(
        session: Session,
        event: Accepted,
        person: Person,
        taken: Taken,
        told: Callable[[Candidate, Taken], Told],
        *,
        foot: str = "",
    ) -> None:
        """`foot` says what became of it beside."""
        known = _whose(session, taken.assignment, person)
        shown = Shown(replace(told(known, taken), foot=foot), Purpose.TRACK, ("step",))
        owe_shown(session, event, shown, now=datetime.now(UTC))
        inbox.finish(session, event)

    def _form(self, body: Body) -> View | None:
        action = pressed(body, f"{ACTION}could_not")
        arriving = press_of(body, action, COULD_NOT, count=2) if action else None
        if arriving is None:
            return None
        person = self._access.presser(arriving)
        number, mark = arriving.value["numbers"]
        with self._database.writing.begin() as session:
            step = steps.step_called(mark, self._tracks())
            known = _whose(session, number, person)
            note_form(session, arriving, known, Purpose.TRACK, now=datetime.now(UTC))
        kept = {key: arriving.value[key] for key in ("channel", "thread", "response_url", "numbers")}
        return forms.could_not_form(step, name=known.name, context=kept)


def _whose(session: Session, assignment: int, person: Person) -> Candidate:
    customer = steps.customer_on(session, assignment, audiences=person.audiences)
    return the_one(session, customer or 0, audiences=person.audiences)


def _author(person: Person) -> Author:
    return Author(person.id, person.name, person.place)
