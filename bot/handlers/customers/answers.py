"""A question about one customer: from their own story, or from the pages by what is known of them. For the asker."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot import customer_wording as wording
from bot import exchanges, inbox
from bot.assistant import Asked, Assistant, Reply
from bot.audit import Purpose
from bot.customers import focus
from bot.customers.entries import EntryKind, entries_of
from bot.customers.focus import Focus, Place
from bot.customers.questions import asking, skipping
from bot.customers.questions.asking import Found
from bot.customers.questions.sources import Text
from bot.customers.questions.vectors import Meanings
from bot.customers.story.facts import Fact, facts_of
from bot.customers.story.sayings import Saying, SayingKind, sayings_in
from bot.customers.timeline import Interaction, interactions_of
from bot.database import Database
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.replies import Shown, owe_answer, owe_shown
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Person
from bot.policies import Whose
from bot.retrieval.documents import BlockKind, Question

# What is older than so many contacts is found by paging.
MOST_READ = 1000
# What happened, and not what holds: "has she sent ...", "what did we promise ...", "when was ...".
_HISTORY = re.compile(
    r"^\W*(?:and |so |but )?(?:(?:what|when|who|whom|why|how|which|where|whose)\b[^?]{0,40}?\b)?"
    r"(?:did|didn't|has|hasn't|have|haven't|had|was|wasn't|were)\b(?! to\b)"
    r"|^\W*(?:is|are)\b[^?]*\b(?:yet|already|overdue)\b"
    r"|\bwhat happened\b|\blast (?:time|call|contact|visit|chat|mail|e-mail)\b|\bso far\b|\bpromised?\b",
    re.IGNORECASE,
)
_KINDS = {EntryKind.PROMISE: SayingKind.PROMISE, EntryKind.TRIED: SayingKind.TRIED}


class Reads(Protocol):
    """What contacts mean, for whoever may read them; made at the first time and kept."""

    def __call__(self, interactions: Sequence[Interaction], person: Person) -> Meanings: ...


@dataclass(frozen=True, slots=True)
class Story:
    """What a question about a customer is answered from."""

    contacts: list[Interaction]
    written: list[Text]
    facts: dict[str, Fact]

    def tried(self, zone: tzinfo | None) -> list[Saying]:
        """What was tried, the newest first."""
        own = [
            Saying(SayingKind.TRIED, one.text, 0, one.at, one.channel, one.id)
            for one in self.written
            if one.kind is SayingKind.TRIED
        ]
        return [*own, *(one for one in sayings_in(self.contacts, zone=zone) if one.kind is SayingKind.TRIED)]


class CustomerAnswers:
    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        directory: SlackDirectory,
        access: CustomerAccess,
        *,
        reads: Reads,
        embed: Callable[[Sequence[str]], NDArray[np.float32]],
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._directory = directory
        self._reads = reads
        self._embed = embed
        self._zone_of = access.zone_of

    def answer(self, event: Accepted, person: Person, about: Focus, question: str, *, now: datetime) -> None:
        """What happened is answered from the customer's story; what holds from the pages, or else from the story.

        Raises `NotAllowed` from every query for who may not see customers.
        """
        story = self._story(person, about, now)
        if _HISTORY.search(question):
            found = self._inside(story, person, question, now)
            return self._tell(event, person, about, found, now=now)
        asked, reply = self._policy(event, person, (about, story), question, now)
        if reply.answer.answered:
            return self._quote(event, person, about, story, (asked, reply), now=now)
        found = self._inside(story, person, question, now)
        return self._tell(event, person, about, found, now=now)

    def _story(self, person: Person, about: Focus, now: datetime) -> Story:
        today = now.astimezone(self._zone_of(person)).date()
        with self._database.reading() as session:
            contacts = interactions_of(session, about.customer, audiences=person.audiences, limit=MOST_READ)
            entries = entries_of(session, about.customer, audiences=person.audiences)
            facts = facts_of(session, about.customer, audiences=person.audiences, today=today)
        written = [
            Text(entry.author_name, entry.at, entry.kind, entry.text, _KINDS.get(entry.kind)) for entry in entries
        ]
        return Story(contacts, written, facts)

    def _inside(self, story: Story, person: Person, question: str, now: datetime) -> Found:
        parts = self._reads(story.contacts, person).parts if story.contacts else None
        return asking.ask(
            question, story.contacts, parts, embed=self._embed, now=now, zone=self._zone_of(person), texts=story.written
        )

    def _policy(
        self, event: Accepted, person: Person, known: tuple[Focus, Story], question: str, now: datetime
    ) -> tuple[Asked, Reply]:
        value, (about, story) = event.value, known
        with self._database.reading() as session:
            history = exchanges.earlier_questions(
                session, channel=value["channel"], thread=value["thread"], person=person.id, now=now
            )
        asked = Asked(
            person=person,
            question=Question(question, history=history, facts=story.facts),
            channel=value["channel"],
            thread=value["thread"],
            readers=None if value.get("only_asker") else self._directory.readers(value["channel"]),
            # In a conversation about them they are called by one name too.
            names=(about.name, *about.name.split()),
        )
        return asked, self._assistant.ask(asked, today=now.astimezone(self._zone_of(person)).date(), now=now)

    def _tell(self, event: Accepted, person: Person, about: Focus, found: Found, *, now: datetime) -> None:
        told = wording.found_inside(about, found, zone=self._zone_of(person))
        with self._database.writing.begin() as session:
            owe_shown(session, event, Shown(told, Purpose.QUESTION, ("timeline", "notes")), now=now)
            focus.put(session, _place(event, person), about.customer, now=now)
            inbox.finish(session, event)

    def _quote(
        self,
        event: Accepted,
        person: Person,
        about: Focus,
        story: Story,
        answered: tuple[Asked, Reply],
        *,
        now: datetime,
    ) -> None:
        asked, reply = answered
        whose = Whose(about.alias, about.name, story.facts)
        remarks = self._not_again(reply, story, person)
        with self._database.writing.begin() as session:
            exchange = self._assistant.remember(session, asked, reply, now=now)
            owe_answer(session, event, person, whose, reply, exchange=exchange, remarks=remarks, now=now)
            focus.put(session, _place(event, person), about.customer, now=now)
            inbox.finish(session, event)

    def _not_again(self, reply: Reply, story: Story, person: Person) -> list[str]:
        """Of quoted steps those that the customer has taken, and where to go on."""
        zone = self._zone_of(person)
        tried = story.tried(zone)
        remarks = []
        for quote in reply.answer.quotes:
            if quote.block.kind is BlockKind.STEPS:
                done = skipping.taken(quote.block.lines, [one.quote for one in tried])
                if done:
                    remarks.append(wording.taken_already(done, tried, steps=len(quote.block.lines), zone=zone))
        return remarks


def _place(event: Accepted, person: Person) -> Place:
    return Place(person.id, event.value["channel"], event.value["thread"])
