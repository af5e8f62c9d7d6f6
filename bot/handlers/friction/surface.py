"""`/friction`, the shortcut on a message, and the form: a report is sent in two taps, or a me-too in one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import partial

from sqlalchemy.orm import Session

from bot import friction_wording as wording
from bot import inbox, outbox
from bot.database import Database
from bot.friction import asking_again, tickets
from bot.friction.desk import Desk, Form
from bot.friction.kinds import Privacy
from bot.friction.pages import OF_PAGES
from bot.friction.reporters import Reporter
from bot.handlers.friction import cards, forms, requests
from bot.handlers.friction.attached import still_there
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.entrances import Entrances
from bot.handlers.friction.filling import Filling
from bot.handlers.friction.hot import Hot
from bot.handlers.friction.sealed import owe_sealed
from bot.handlers.modals import is_form
from bot.handlers.presses import press_in
from bot.handlers.replying import owe_words, reply_destination
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, Shows, View, Work, pressed
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Person
from bot.workspaces import of_session


class Friction:
    def __init__(
        self,
        database: Database,
        desk: Desk,
        directory: SlackDirectory,
        *,
        entrances: Entrances,
        filling: Filling,
        callers: Callers,
        hot: Hot,
        own: Opens,
        page: Opens,
        themes: Opens,
        zone: tzinfo | None = None,
    ) -> None:
        """`own` opens somebody's own reports, `page` the way to the page, `themes` all of them."""
        self._database = database
        self._desk = desk
        self._directory = directory
        self._entrances = entrances
        self._filling = filling
        self._callers = callers
        self._owners = callers.owners
        self._hot = hot
        self._own = own
        self._page = page
        self._themes = themes
        self._zone = zone

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {
            **self._entrances.opens,
            requests.COMMAND: self.command,
            forms.CHANGE_ACTION: self.more,
            forms.LEAVE_OUT_ACTION: self.without_customer,
            forms.ME_TOO_ACTION: self.thanks,
        }

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {forms.REPORT_FORM: forms.faults}

    @property
    def shows(self) -> Mapping[str, Shows]:
        return {forms.REPORT_FORM: self.code}

    @property
    def work(self) -> Mapping[str, Work]:
        return {requests.REPORT: self.file, requests.JOIN: self.join, requests.LOOK: self.look}

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == requests.COMMAND and self._looks(requests.words_of(body)):
            return requests.look(body)
        if is_form(body, forms.REPORT_FORM):
            return requests.sent(body, mask=partial(self._filling.masked, body))
        press = press_in(body, forms.ME_TOO_ACTION)
        if press is not None and "view" in body:
            return requests.joining(body, press.number, mask=partial(self._filling.masked, body))
        return None

    def command(self, body: Body) -> View | None:
        words = requests.words_of(body)
        if self._looks(words):
            return None
        if requests.wants_page(words):
            return self._page(body)
        if requests.wants_themes(words):
            return self._themes(body)
        return self._own(body) if requests.asks_for_own(words) else self._entrances.command(body)

    def more(self, body: Body) -> View | None:
        """The same form with what the line below it held."""
        if pressed(body, forms.CHANGE_ACTION) is None:
            return None
        return self._filling.more(body, self._directory.person(str(body["user"]["id"])), now=datetime.now(UTC))

    def without_customer(self, body: Body) -> View | None:
        if pressed(body, forms.LEAVE_OUT_ACTION) is None:
            return None
        person = self._directory.person(str(body["user"]["id"]))
        return self._filling.without_customer(body, person, now=datetime.now(UTC))

    def thanks(self, body: Body) -> View | None:
        press = press_in(body, forms.ME_TOO_ACTION)
        if press is None:
            return None
        thanks = wording.thanks_for_joining(tickets.key(press.number))
        _, form, _ = forms.said(body)
        if form.privacy is Privacy.ANONYMOUS:
            code = self._desk.sealer.code(requests.joined_by(body, press.number))
            return forms.closing(wording.SENT, [thanks, *wording.code_said(code)])
        return forms.closing(wording.SENT, [thanks])

    def code(self, body: Body) -> View | None:
        """What an anonymous reporter sees at once, and nowhere else: no message carries it."""
        _, form, _ = forms.said(body)
        anonymous = form.privacy is Privacy.ANONYMOUS
        return forms.code_form(self._desk.sealer.code(str(body["view"]["id"]))) if anonymous else None

    def file(self, event: Accepted) -> None:
        """The report is filed, and whoever sent it has a number; an anonymous one is named nowhere from then on."""
        now, person = datetime.now(UTC), self._directory.person(event.value["person"])
        form = self._form_in(event, person)
        draft = self._desk.read(event.value["words"], person, now=now)
        with self._database.writing.begin() as session:
            who = self._callers.reporter(person, workspace=of_session(session))
            filed = self._desk.file_in(session, draft, form, who, now=now)
            if form.page and form.kind in OF_PAGES and event.value.get("exchange"):
                asking_again.keep(session, filed.ticket, event.value["exchange"], audiences=person.audiences)
            self._receipt(
                session, event, filed.ticket, person, who, joined=filed.people > 1, privacy=form.privacy, now=now
            )

    def join(self, event: Accepted) -> None:
        now, person = datetime.now(UTC), self._directory.person(event.value["person"])
        tickets.must_be_employee(person.audiences)
        form = self._form_in(event, person)
        with self._database.writing.begin() as session:
            who = self._callers.reporter(person, workspace=of_session(session))
            filed = self._desk.join_in(session, event.value["number"], event.value["words"], form, who, now=now)
            self._receipt(session, event, filed.ticket, person, who, joined=True, privacy=form.privacy, now=now)

    def look(self, event: Accepted) -> None:
        """`hot`, or one ticket."""
        person = self._directory.person(event.value["person"])
        tickets.must_be_employee(person.audiences)
        words = event.value["text"].strip()
        with self._database.writing.begin() as session:
            number = tickets.number_of(words)
            if number is not None:
                self._owe_ticket(session, event, self._told(session, number, person), number)
            else:
                told = self._hot.told(session, words, person) if self._hot.wanted(words) else wording.USAGE
                owe_words(session, event, told, now=datetime.now(UTC))
            inbox.finish(session, event)

    def _form_in(self, event: Accepted, person: Person) -> Form:
        """What was sent, with the code of an anonymous one; with a customer whom its sender may see still."""
        form = requests.form_in(event.value)
        if form.privacy is Privacy.ANONYMOUS:
            return replace(form, code=self._desk.sealer.code(event.value["view"]))
        with self._database.reading() as session:
            return replace(form, customer=still_there(session, form.customer, person))

    def _looks(self, words: str) -> bool:
        return requests.looks(words) or self._hot.wanted(words)

    def _told(self, session: Session, number: int, person: Person) -> str:
        one = tickets.ticket(session, number, audiences=person.audiences)
        return "\n".join(wording.told(one, self._desk.map, owner=self._owners.name(one.team), zone=self._zone))

    def _owe_ticket(self, session: Session, event: Accepted, words: str, number: int) -> None:
        """With what can be done about it."""
        outbox.owe(
            session,
            key=f"words:{event.id}",
            kind=cards.TICKET,
            to=reply_destination(event.value, private=True),
            value={"text": words, "number": number},
            now=datetime.now(UTC),
        )

    def _receipt(
        self,
        session: Session,
        event: Accepted,
        number: int,
        person: Person,
        who: Reporter,
        *,
        joined: bool,
        privacy: Privacy,
        now: datetime,
    ) -> None:
        """To an anonymous reporter nothing is owed, which would name them; to a confidential one it is sealed."""
        if privacy is not Privacy.ANONYMOUS:
            one = tickets.ticket(session, number, audiences=person.audiences)
            owner = self._owners.name(one.team) if one.team else ""
            words = wording.joined(one) if joined else wording.receipt(one, self._desk.map, owner=owner)
            if privacy is Privacy.NAMED:
                owe_words(session, event, words, now=now)
            else:
                owe_sealed(session, event, who, self._desk.sealer, words, now=now)
        inbox.finish(session, event)
        if privacy is not Privacy.NAMED:
            inbox.strip(session, event)
