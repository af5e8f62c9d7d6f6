"""[Ask a human] under an answer or a refusal -> a form -> a request, shown to the team that owns the pages."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from sqlalchemy.orm import Session

from bot import inbox, outbox, requests, tried
from bot import request_wording as wording
from bot.database import Database
from bot.errors import RequestRefused, ThroughlineError
from bot.handlers import blocks, modals
from bot.handlers.masking import Mask
from bot.handlers.presses import press_in
from bot.handlers.replying import owe_words
from bot.handlers.requests import cards, forms
from bot.handlers.requests.told import owe_team, own_eyes
from bot.handlers.routing import Recipient, Route, Router
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Directory
from bot.requests import Asking, Place, Request
from bot.retrieval.library import Library
from bot.tried import Tried

REQUEST = "human_request"


class AskHuman:
    """What leaves to the team is masked; the names of pages are those that everybody there may read."""

    def __init__(
        self,
        database: Database,
        library: Library,
        directory: SlackDirectory,
        router: Router,
        *,
        people: Directory,
        mask: Mask,
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._directory = directory
        self._router = router
        self._people = people
        self._mask = mask
        self._zone = zone

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {blocks.ASK_HUMAN_ACTION: self.form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {forms.ASK_FORM: _faults}

    @property
    def work(self) -> Mapping[str, Work]:
        return {REQUEST: self.send}

    def form(self, body: Body) -> View | None:
        """The question as it would leave, to be changed and added to. Raises `RequestRefused` for one not theirs."""
        press = press_in(body, blocks.ASK_HUMAN_ACTION)
        if press is None:
            return None
        found = self._found(press.number, person=press.person, channel=press.channel)
        team, channel = self._router.destination(found.owner, asked_in=found.channel)
        return forms.ask_form(
            team=team,
            question=self._mask(found.question, by=press.person),
            goes_to=wording.goes_to(team, channel),
            context={"exchange": found.exchange, "channel": press.channel, "thread": press.thread},
        )

    def read(self, body: Body) -> Arriving | None:
        if not modals.is_form(body, forms.ASK_FORM):
            return None
        person = body["user"]["id"]
        typed = {"question": modals.typed(body, forms.QUESTION), "added": modals.typed(body, forms.ADDED)}
        return Arriving(
            key=f"form:{body['view']['id']}",
            kind=REQUEST,
            conversation=f"requests of:{person}",
            value={"person": person, "alone": True, **modals.context_of(body), **typed},
        )

    def send(self, event: Accepted) -> None:
        """Make the request, show it to those who can answer, and tell the asker where it went."""
        value = event.value
        now = datetime.now(UTC)
        try:
            person = self._directory.person(value["person"])
            found = self._found(value["exchange"], person=person.id, channel=value["channel"])
            route = self._router.route(found.owner, asked_in=found.channel, asker=person.id)
        except ThroughlineError as fault:
            with self._database.writing.begin() as session:
                owe_words(session, event, str(fault), now=now)
                inbox.finish(session, event)
            return
        asking = Asking(
            exchange=found.exchange,
            asker=person.id,
            asker_name=person.name,
            team=route.team.key if route.team else "",
            question=self._mask(value["question"], by=person.id),
            added=self._mask(value["added"], by=person.id),
            place=self._place(found, person.id),
        )
        who = wording.shown_as(person, self._people.places.get(person.place, person.place))
        shown = {recipient.channel: self._tried(found, recipient, now) for recipient in route.recipients}
        with self._database.writing.begin() as session:
            asked = requests.ask(session, asking, now=now)
            if asked.joined:
                said = self._join(session, event, asked.request, asking, who=who, reached=route.reached, now=now)
            else:
                said = self._show(session, event, asked.request, route, who=who, shown=shown, now=now)
            value = {"text": said, "number": asked.request.number}
            outbox.owe(session, key=f"asked:{event.id}", kind=cards.ASKED, to=own_eyes(event), value=value, now=now)
            inbox.finish(session, event)

    def _found(self, exchange: int, *, person: str, channel: str) -> Tried:
        """What somebody saw in a channel. Raises `RequestRefused` for what they did not see there."""
        with self._database.reading() as session:
            found = tried.seen_by(session, exchange, person=person, channel=channel)
        if found is None:
            raise RequestRefused(wording.UNKNOWN_QUESTION)
        return found

    @staticmethod
    def _join(
        session: Session, event: Accepted, request: Request, asking: Asking, *, who: str, reached: str, now: datetime
    ) -> str:
        """Pass on what is new to the request that waits already; returns what to tell the asker."""
        if asking.added:
            line = {"text": wording.adds(who), "quote": asking.added}
            owe_team(session, request.number, key=f"adds:{event.id}", kind=cards.LINE, value=line, now=now)
        return wording.joined(request.number, reached, added=asking.added)

    @staticmethod
    def _show(
        session: Session,
        event: Accepted,
        request: Request,
        route: Route,
        *,
        who: str,
        shown: Mapping[str, str],
        now: datetime,
    ) -> str:
        """Owe a card to every recipient; returns what to tell the asker."""
        alone = request.place.alone
        for recipient in route.recipients:
            key = f"request:{request.number}:{recipient.channel}"
            card = {
                "number": request.number,
                "title": wording.card_title(request.number, route.team.name if route.team else ""),
                "note": "",
                "asks": wording.asks(who),
                "question": request.question,
                "adds": wording.adds(request.asker_name) if request.added else "",
                "added": request.added,
                "tried": shown[recipient.channel],
                "goes": wording.replies_go(request.asker_name, alone=alone),
                "status": "",
                "free": True,
            }
            requests.add_card(session, request.number, channel=recipient.channel, key=key)
            outbox.owe(session, key=key, kind=cards.CARD, to=Destination(recipient.channel), value=card, now=now)
        comes = wording.comes_back(alone=alone, direct=event.value["channel"] == request.place.direct)
        return wording.asked(request.number, route.reached, comes=comes)

    def _place(self, found: Tried, asker: str) -> Place:
        """Where the answer goes: back to the thread that others read, or to the asker alone."""
        direct = self._directory.direct_with(asker)
        if found.private:
            return Place(direct, thread=found.thread if found.channel == direct else "")
        return Place(direct, channel=found.channel, thread=found.thread)

    def _tried(self, found: Tried, recipient: Recipient, now: datetime) -> str:
        today = now.astimezone(self._zone).date()
        titles = self._library.titles(found.sources, audiences=recipient.readers, day=today) if found.sources else {}
        shown = [titles[source] for source in found.sources if source in titles]
        return wording.tried(shown, hidden=len(found.sources) - len(shown), answered=found.answered)


def _faults(body: Body) -> dict[str, str]:
    return {} if modals.typed(body, forms.QUESTION) else {forms.QUESTION: wording.NO_QUESTION}
