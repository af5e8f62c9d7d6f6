"""`/customer`, the shortcut on a message that holds one, and what is pressed on a card: for the asker's eyes only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot import customer_wording as wording
from bot import inbox
from bot.audit import Purpose
from bot.customer_wording import Told
from bot.customers import focus, timeline
from bot.customers.circumstances import circumstances_on
from bot.customers.focus import Focus, Place
from bot.customers.identity import naming
from bot.customers.identity.candidates import Candidate, the_one
from bot.customers.identity.lookup import LookUp, look_up
from bot.customers.permission import permitted
from bot.customers.story.card import PAGE, Meaning, card_of
from bot.customers.tables import CustomerRow
from bot.customers.tracks import assigning as tracking
from bot.customers.tracks.assigning import track_for
from bot.customers.tracks.rules import Track
from bot.database import Database
from bot.handlers import smalltalk
from bot.handlers.customers import requests
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.answers import CustomerAnswers
from bot.handlers.customers.blocks import ACTION
from bot.handlers.customers.replies import Shown, owe_shown
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Work, pressed
from bot.inbox import Accepted
from bot.people import Person
from bot.serving import CHOICE

CHOOSE, OLDER, DROP = "choose", "older", "drop"

SHOW, PAGE_BACK, LET_GO = "customer_show", "customer_older", "customer_drop"
_HANDOVER = frozenset({"handover", "hand-over", "hand over"})
HANDOVER_FIELDS = ("name", "promises", "chains", "last contact")
_PRESSES = {CHOOSE: SHOW, OLDER: PAGE_BACK, DROP: LET_GO}
# A page is of a customer, goes on from a contact, and counts on from how many were shown.
_NUMBERS = {CHOOSE: 1, OLDER: 3, DROP: 1}


ACTIONS = tuple(f"{ACTION}{name}" for name in _PRESSES)


class Customers:
    def __init__(
        self,
        database: Database,
        access: CustomerAccess,
        answers: CustomerAnswers,
        *,
        bot: str,
        handover: Callable[[Person, datetime], Told],
        meaning: Callable[[Person], Meaning],
        tracks: Callable[[], Sequence[Track]],
        country: str,
    ) -> None:
        """`handover` tells who waits for somebody's shop or team; `meaning` reads contacts for somebody."""
        self._database = database
        self._access = access
        self._answers = answers
        self._bot = bot
        self._handover = handover
        self._meaning = meaning
        self._tracks = tracks
        self._country = country

    @property
    def work(self) -> Mapping[str, Work]:
        return {requests.LOOK_UP: self.look_up, SHOW: self.show, PAGE_BACK: self.older, LET_GO: self.drop}

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == requests.CUSTOMER_COMMAND:
            return requests.typed(body)
        if body.get("type") == "message_action" and body.get("callback_id") == requests.CUSTOMER_SHORTCUT:
            return requests.shortcut(body, bot=self._bot)
        for name, kind in _PRESSES.items():
            if (action := pressed(body, f"{ACTION}{name}")) is not None:
                return requests.press_of(body, action, kind, count=_NUMBERS[name])
        return None

    def look_up(self, event: Accepted) -> None:
        """One customer's card, those to choose from, or why there is neither."""
        person = self._access.asker(event)
        words = event.value["text"].strip()
        if not words or words.casefold() == "help":
            return self._say(event, wording.USAGE)
        if words.casefold() in _HANDOVER:
            return self._hand_over(event, person)
        if words.casefold() == "drop":
            return self.drop(event)
        with self._database.reading() as session:
            found = look_up(session, words, audiences=person.audiences, country=self._country)
        if found.customer is not None:
            return self._about(event, person, found.customer, words)
        if found.candidates:
            return self._offer(event, found)
        return self._say(event, wording.not_found(found.reason) if self._has_any(person) else wording.EMPTY)

    def takes(self, event: Accepted, person: Person) -> bool:
        """Whether a message is about a customer, named in it or in focus; then it is answered here.

        Of who may not see customers, and where people of other companies may be, it never is.
        """
        value = event.value
        asked = value["addressed"] or smalltalk.asks(value["text"])
        if not (asked and value["text"] and person.serves_customers):
            return False
        now = datetime.now(UTC)
        with self._database.reading() as session:
            found = look_up(session, value["text"], audiences=person.audiences, country=self._country)
            there = focus.current(session, _place(value), audiences=person.audiences, now=now)
        meant = bool(found.candidates) and naming.names_somebody(value["text"], country=self._country)
        named = (found.customer is not None or meant) and (value["addressed"] or there is not None)
        in_focus = there is not None and (bool(value["thread"]) or naming.refers(value["text"], there.name))
        if not (named or in_focus) or not self._access.is_private(person, value["channel"]):
            return False
        if named and found.customer is not None:
            self._about(event, person, found.customer, value["text"])
        elif named:
            self._offer(event, found)
        elif there is not None:
            question = naming.question_without(value["text"], there.name, country=self._country) or value["text"]
            self._answers.answer(event, person, there, question, now=now)
        return True

    def _about(self, event: Accepted, person: Person, one: Candidate, words: str) -> None:
        """The card, or the answer where more was said than who it is."""
        question = "" if event.value.get("whole") else naming.question_without(words, one.name, country=self._country)
        if not question:
            return self._show(event, person, one.id)
        about = Focus(one.id, one.alias, one.name)
        return self._answers.answer(event, person, about, question, now=datetime.now(UTC))

    def show(self, event: Accepted) -> None:
        """The one who was chosen."""
        person = self._access.asker(event)
        self._show(event, person, event.value["numbers"][0])

    def older(self, event: Accepted) -> None:
        """The next page of the timeline."""
        person = self._access.asker(event)
        customer, last, count = event.value["numbers"]
        zone = self._access.zone_of(person)
        with self._database.reading() as session:
            known = the_one(session, customer, audiences=person.audiences)
            shown = timeline.interactions_of(session, known.id, audiences=person.audiences, limit=2 * PAGE, before=last)
            total = timeline.count_of(session, known.id, audiences=person.audiences)
        told = wording.page(known, shown, shown_before=count, total=total, zone=zone)
        with self._database.writing.begin() as session:
            owe_shown(session, event, Shown(told, Purpose.CARD, ("timeline",)), now=datetime.now(UTC))
            inbox.finish(session, event)

    def drop(self, event: Accepted) -> None:
        """The conversation is no longer about that customer."""
        person, value = self._access.asker(event), event.value
        with self._database.writing.begin() as session:
            there = focus.drop(session, Place(person.id, value["channel"], value["thread"]))
            owe_words(session, event, wording.DROPPED if there else wording.NONE_IN_FOCUS, now=datetime.now(UTC))
            inbox.finish(session, event)

    def _show(self, event: Accepted, person: Person, customer: int) -> None:
        now, zone = datetime.now(UTC), self._access.zone_of(person)
        with self._database.reading() as session:
            card = card_of(
                session,
                customer,
                audiences=person.audiences,
                now=now,
                zone=zone,
                meaning=self._meaning(person),
            )
            facts, local = circumstances_on(card, now=now), now.astimezone(zone)
            tracks = self._tracks()
            track = track_for(session, card.id, facts, tracks=tracks, audiences=person.audiences, now=local)
        with self._database.writing.begin() as session:
            assignment = tracking.show(
                session,
                card.id,
                facts,
                tracks=tracks,
                person=person.id,
                audiences=person.audiences,
                now=local,
                channel=event.value["channel"],
            )
            told = wording.card(card, now=now, zone=zone, track=track, assignment=assignment)
            shown = (*card.shown, *(("track",) if track.track else ()))
            owe_shown(session, event, Shown(told, Purpose.CARD, shown), now=now)
            focus.put(session, _place(event.value), card.id, now=now)
            inbox.finish(session, event)

    def _offer(self, event: Accepted, found: LookUp) -> None:
        told = wording.choice(found.candidates, found.reason)
        with self._database.writing.begin() as session:
            shown = Shown(told, Purpose.LOOK_UP, CHOICE)
            owe_shown(session, event, shown, now=datetime.now(UTC))
            inbox.finish(session, event)

    def _hand_over(self, event: Accepted, person: Person) -> None:
        now = datetime.now(UTC)
        told = self._handover(person, now)
        with self._database.writing.begin() as session:
            owe_shown(session, event, Shown(told, Purpose.HANDOVER, HANDOVER_FIELDS), now=now)
            inbox.finish(session, event)

    def _has_any(self, person: Person) -> bool:
        with self._database.reading() as session:
            return session.scalar(select(CustomerRow.id).where(permitted(person.audiences)).limit(1)) is not None

    def _say(self, event: Accepted, words: str) -> None:
        with self._database.writing.begin() as session:
            owe_words(session, event, words, now=datetime.now(UTC))
            inbox.finish(session, event)


def _place(value: Mapping[str, Any]) -> Place:
    return Place(value["person"], value["channel"], value["thread"])
