"""[Ask about them] on a card: a question typed into a form, answered from the customer's story or from the pages."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.audit import Purpose
from bot.customers.focus import Focus
from bot.customers.identity.candidates import the_one
from bot.database import Database
from bot.handlers import modals
from bot.handlers.customers import forms
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.answers import CustomerAnswers
from bot.handlers.customers.blocks import ACTION
from bot.handlers.customers.replies import note_form
from bot.handlers.customers.requests import filled_in, press_of
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work, pressed
from bot.inbox import Accepted

ASK = "customer_ask"
ACTIONS = (f"{ACTION}ask",)


class CustomerAsks:
    def __init__(self, database: Database, access: CustomerAccess, answers: CustomerAnswers) -> None:
        self._database = database
        self._access = access
        self._answers = answers

    @property
    def work(self) -> Mapping[str, Work]:
        return {ASK: self.answer}

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {ACTIONS[0]: self._form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {forms.ASK_FORM: forms.nothing_typed}

    def read(self, body: Body) -> Arriving | None:
        return filled_in(body, ASK) if modals.is_form(body, forms.ASK_FORM) else None

    def answer(self, event: Accepted) -> None:
        person = self._access.asker(event)
        with self._database.reading() as session:
            known = the_one(session, event.value["numbers"][0], audiences=person.audiences)
        about = Focus(known.id, known.alias, known.name)
        self._answers.answer(event, person, about, event.value["text"], now=datetime.now(UTC))

    def _form(self, body: Body) -> View | None:
        action = pressed(body, ACTIONS[0])
        arriving = press_of(body, action, ASK) if action else None
        if arriving is None:
            return None
        person = self._access.presser(arriving)
        with self._database.writing.begin() as session:
            known = the_one(session, arriving.value["numbers"][0], audiences=person.audiences)
            note_form(session, arriving, known, Purpose.QUESTION, now=datetime.now(UTC))
        kept = {key: arriving.value[key] for key in ("channel", "thread", "response_url", "numbers")}
        return forms.ask_form(name=known.name or "this customer", context=kept)
