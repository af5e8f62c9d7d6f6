"""[Save as a page] under a request -> a proposal -> published or refused by somebody else, and whoever asked hears."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo

from bot import inbox, outbox, proposals, requests
from bot import request_wording as wording
from bot.audiences import EVERYONE, PUBLIC
from bot.database import Database
from bot.editorial import Editor
from bot.errors import NotAllowed, PeopleUnknown, RequestRefused, ThroughlineError
from bot.handlers import blocks, modals
from bot.handlers.masking import Mask
from bot.handlers.presses import press_in
from bot.handlers.replying import owe_words, reply_destination
from bot.handlers.requests import cards, forms
from bot.handlers.requests.told import owe_asker_alone, owe_team
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Directory, Owners, Person
from bot.proposals import NEWS, Draft, Proposal, Reviewer
from bot.requests import Request
from bot.retrieval.library import Library

PROPOSE = "page_propose"
PUBLISH = "page_publish"
REFUSE = "page_refuse"


class PageProposals:
    """A person's answer becomes knowledge only after a review; everybody who asked hears of the page they may read."""

    def __init__(
        self,
        database: Database,
        library: Library,
        directory: SlackDirectory,
        editor: Editor,
        *,
        people: Directory,
        owners: Owners,
        mask: Mask,
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._library = library
        self._directory = directory
        self._editor = editor
        self._people = people
        self._owners = owners
        self._mask = mask
        self._zone = zone

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {cards.SAVE_ACTION: self.page_form, cards.REFUSE_ACTION: self.refuse_form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {forms.PAGE_FORM: _page_faults, forms.REFUSE_FORM: _refusal_faults}

    @property
    def work(self) -> Mapping[str, Work]:
        return {PROPOSE: self.propose, PUBLISH: self.publish, REFUSE: self.refuse, NEWS: self.tell}

    def read(self, body: Body) -> Arriving | None:
        press = press_in(body, cards.PUBLISH_ACTION)
        if press is not None:
            return press.arriving(PUBLISH, f"proposal:{press.number}")
        if modals.is_form(body, forms.PAGE_FORM):
            typed = {name: modals.typed(body, name) for name in (forms.TITLE, forms.TEXT, forms.AUDIENCE)}
            return _form(body, PROPOSE, "request", typed)
        if modals.is_form(body, forms.REFUSE_FORM):
            return _form(body, REFUSE, "proposal", {forms.REASON: modals.typed(body, forms.REASON)})
        return None

    def page_form(self, body: Body) -> View | None:
        """The answer as a page to be, with personal data masked. Raises `ThroughlineError` for who may not propose."""
        press = press_in(body, cards.SAVE_ACTION)
        if press is None:
            return None
        request, person = self._request(press.number, press.channel), self._directory.person(press.person)
        with self._database.reading() as session:
            answer = "\n\n".join(requests.replies(session, press.number))
        return forms.page_form(
            title=" ".join(request.question.split()),
            text=self._mask(answer, by=press.person),
            audiences=self._grantable(person),
            review=wording.who_reviews(self._owners.name(request.team)),
            context={"number": press.number, "channel": press.channel, "thread": press.thread},
        )

    def refuse_form(self, body: Body) -> View | None:
        """Why not. Raises `NotAllowed` for who may not decide."""
        press = press_in(body, cards.REFUSE_ACTION)
        if press is None:
            return None
        with self._database.reading() as session:
            may = proposals.refusable_by(self._reviewer(press.person))
            proposal = proposals.the_one(session, press.number, may)
        if proposal is None:
            raise NotAllowed(wording.none_to_decide(press.number))
        context = {"number": press.number, "channel": press.channel, "thread": press.thread}
        return forms.refuse_form(title=proposal.draft.title, context=context)

    def propose(self, event: Accepted) -> None:
        """Save a draft, and show it to those who saw the request."""
        value = event.value
        now = datetime.now(UTC)
        try:
            request, person = self._request(value["number"], value["channel"]), self._directory.person(value["person"])
            if value["audience"] not in self._grantable(person):
                raise NotAllowed(wording.NO_CHOICE)
        except ThroughlineError as fault:
            self._say(event, str(fault), now=now)
            return
        draft = Draft(
            request=request.number,
            title=value["title"],
            text=value["text"],
            audience=value["audience"],
            owner=request.team,
            author=self._directory.address(person.id),
            author_name=person.name,
        )
        team = self._owners.name(request.team)
        with self._database.writing.begin() as session:
            number = proposals.propose(session, draft, now=now)
            card = {
                "number": number,
                "said": wording.proposed(person.name),
                "title": draft.title,
                "text": draft.text,
                "seen_by": f"{wording.AUDIENCE_LABEL}: {wording.seen_by(draft.audience)}",
                "review": wording.who_reviews(team),
            }
            owe_team(session, request.number, key=f"proposal:{number}", kind=cards.PROPOSAL, value=card, now=now)
            owe_words(session, event, wording.proposal_sent(number, team), now=now)
            inbox.finish(session, event)

    def publish(self, event: Accepted) -> None:
        """Try it, which takes as long as a reindex, so that whoever pressed hears at once that it is under way."""
        value = event.value
        now = datetime.now(UTC)
        reviewer = self._reviewer(value["person"])
        self._announce(event, reviewer, now=now)
        try:
            self._editor.publish(value["number"], by=reviewer, today=self._today(now), now=now)
        except ThroughlineError as fault:
            self._say(event, str(fault), now=now)
            return
        with self._database.writing.begin() as session:  # what came of it, everybody in the thread is told by NEWS
            inbox.finish(session, event)

    def refuse(self, event: Accepted) -> None:
        value = event.value
        now = datetime.now(UTC)
        try:
            done = self._editor.refuse(
                value["number"], by=self._reviewer(value["person"]), reason=value["reason"], now=now
            )
        except ThroughlineError as fault:
            self._say(event, str(fault), now=now)
            return
        with self._database.writing.begin() as session:
            said = wording.refused(done.decided_by, done.draft.title, done.reason)
            line = {"text": said, "quote": ""}
            owe_team(session, done.draft.request, key=f"refused:{done.number}", kind=cards.LINE, value=line, now=now)
            inbox.finish(session, event)

    def tell(self, event: Accepted) -> None:
        """A page was published, from wherever: the team hears, and of those who asked everybody who may read it."""
        now = datetime.now(UTC)
        with self._database.reading() as session:
            done = proposals.published(session, event.value["proposal"])
            asked = requests.asked_alike(session, done.draft.request)
        readers = [(request, title) for request in asked if (title := self._readable(done, request, now))]
        with self._database.writing.begin() as session:
            said = wording.published(done.decided_by, done.draft.title, done.path)
            line = {"text": said, "quote": ""}
            owe_team(session, done.draft.request, key=f"published:{done.number}", kind=cards.LINE, value=line, now=now)
            for request, title in readers:
                news = wording.page_news(title, request.question)
                key = f"published:{done.number}:{request.number}"
                owe_asker_alone(session, request, key=key, words=news, now=now)
            inbox.finish(session, event)

    def _readable(self, done: Proposal, request: Request, now: datetime) -> str:
        """The page's title as one of the askers may read it; "" where they may not, or nobody knows."""
        try:
            audiences = self._directory.person(request.asker).audiences
        except PeopleUnknown:
            return ""
        return self._library.titles([done.path], audiences=audiences, day=self._today(now)).get(done.path, "")

    def _request(self, number: int, channel: str) -> Request:
        """The request that has a card where the button was pressed. Raises `RequestRefused`."""
        with self._database.reading() as session:
            found = requests.shown_in(session, number, channel=channel)
        if found is None:
            raise RequestRefused(wording.UNKNOWN_REQUEST)
        return found

    def _grantable(self, person: Person) -> list[str]:
        """Who somebody may open a page to: an admin to anybody, an employee to those they belong to themselves.

        Raises `NotAllowed` for somebody from outside.
        """
        if EVERYONE not in person.audiences:
            raise NotAllowed(wording.ONLY_EMPLOYEES)
        roles, partners = self._people.roles, set(self._people.partners.values())
        everybody = {f"role:{name}" for name in roles} | {f"partner:{name}" for name in partners}
        others = everybody if person.admin else everybody & person.audiences
        return [EVERYONE, *sorted(others), PUBLIC]

    def _announce(self, event: Accepted, reviewer: Reviewer, *, now: datetime) -> None:
        with self._database.writing.begin() as session:
            if proposals.the_one(session, event.value["number"], proposals.publishable_by(reviewer)):
                outbox.owe(
                    session,
                    key=f"publishing:{event.id}",
                    kind=blocks.WORDS,
                    to=reply_destination(event.value, private=True),
                    value={"text": wording.PUBLISHING},
                    now=now,
                )

    def _say(self, event: Accepted, words: str, *, now: datetime) -> None:
        with self._database.writing.begin() as session:
            owe_words(session, event, words, now=now)
            inbox.finish(session, event)

    def _reviewer(self, user: str) -> Reviewer:
        return self._editor.reviewer(self._directory.person(user), self._directory.address(user))

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()


def _form(body: Body, kind: str, what: str, typed: Mapping[str, str]) -> Arriving:
    context = modals.context_of(body)
    return Arriving(
        key=f"form:{body['view']['id']}",
        kind=kind,
        conversation=f"{what}:{context['number']}",
        value={"person": body["user"]["id"], "alone": True, **context, **typed},
    )


def _page_faults(body: Body) -> dict[str, str]:
    needed = {
        forms.TITLE: wording.NO_TITLE,
        forms.TEXT: wording.NO_TEXT,
        forms.AUDIENCE: wording.NO_CHOICE,
    }
    return {field: words for field, words in needed.items() if not modals.typed(body, field)}


def _refusal_faults(body: Body) -> dict[str, str]:
    return {} if modals.typed(body, forms.REASON) else {forms.REASON: wording.NO_REASON}
