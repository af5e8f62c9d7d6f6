"""The form of a report as it opens: what its words tell, what they are about, and what is known of it already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.database import Database
from bot.errors import NoSuchTicket, PeopleUnknown
from bot.friction import tickets
from bot.friction.desk import Desk, Form, as_guessed
from bot.friction.kinds import Kind, Privacy
from bot.friction.tickets import Ticket
from bot.handlers.friction import forms
from bot.handlers.friction.attached import AttachedCustomers
from bot.handlers.friction.forms import Opened
from bot.handlers.surfaces import Body, View
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Person


@dataclass(frozen=True, slots=True)
class Start:
    """What somebody brings along. `words` stand in the form; `about` is only guessed from; `kind` goes before a guess.

    What `opened.near` holds is shown before what the words are like.
    """

    opened: Opened
    words: str = ""
    about: str = ""
    kind: Kind | None = None


class Filling:
    def __init__(self, database: Database, desk: Desk, directory: SlackDirectory, attached: AttachedCustomers) -> None:
        self._directory = directory
        self._database = database
        self._desk = desk
        self._attached = attached

    def begun(self, body: Body, start: Start, person: Person, *, now: datetime) -> View:
        """Raises `NotAllowed` for whoever is no employee."""
        names = self._attached.names(start.opened.customer)
        draft = self._desk.read(start.words or start.about, person, now=now, names=names)
        form = as_guessed(draft, Privacy.NAMED)
        if not start.words:
            # What is asked says where somebody was, and nothing of what it cost them.
            bare = Form(start.kind or Kind.OTHER)
            form = replace(bare, tools=form.tools, touchpoint=form.touchpoint) if start.about else bare
        if start.kind:
            form = replace(form, kind=start.kind)
        like = [tickets.number_of(one.key) or 0 for one in draft.likely] if start.words else []
        opened = replace(
            start.opened,
            near=tuple(dict.fromkeys((*start.opened.near, *like)))[: forms.MOST_NEAR],
            touchpoint=form.touchpoint,
            frequency=form.frequency or "",
            effect=form.effect if start.words else "",
        )
        return self._drawn(body, draft.words if start.words else "", form, opened, person, now=now)

    def more(self, body: Body, person: Person, *, now: datetime) -> View:
        """The same form with what the line below it held."""
        words, form, opened = forms.said(body)
        return self._drawn(body, words, form, replace(opened, more=True), person, now=now)

    def without_customer(self, body: Body, person: Person, *, now: datetime) -> View:
        words, form, opened = forms.said(body)
        return self._drawn(body, words, form, replace(opened, customer=0), person, now=now)

    def masked(self, body: Body, words: str) -> str:
        """What was typed into a form, as it may be kept."""
        names = self._attached.names(forms.opened_with(body).customer)
        try:
            audiences = self._directory.person(str(body["user"]["id"])).audiences
        except PeopleUnknown:
            audiences = frozenset()
        return self._desk.mask(words, names, audiences=audiences)

    def _drawn(self, body: Body, words: str, form: Form, opened: Opened, person: Person, *, now: datetime) -> View:
        customer, name = self._attached.named(
            opened.customer, person, channel=opened.channel, trigger=str(body["trigger_id"]), now=now
        )
        opened = replace(opened, customer=customer)
        near = self._near(opened.near, person)
        return forms.report_form(words, form, opened, near=near, map_=self._desk.map, customer=name)

    def _near(self, numbers: Sequence[int], person: Person) -> list[Ticket]:
        found = []
        with self._database.reading() as session:
            for number in numbers:
                try:
                    found.append(tickets.ticket(session, number, audiences=person.audiences))
                except NoSuchTicket:
                    continue
        return found
