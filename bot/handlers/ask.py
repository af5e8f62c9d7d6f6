"""A question that somebody asked, or that the bot may answer unasked -> its answer in the outbox."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from bot import channels, exchanges, inbox, outbox, wording
from bot.assistant import Asked, Assistant, Reply, reply_value
from bot.audiences import EVERYONE
from bot.channels import ChannelSettings
from bot.database import Database
from bot.handlers import blocks, smalltalk
from bot.handlers.presence import Presence
from bot.handlers.questions import QUESTION, Questions
from bot.handlers.replying import reply_destination
from bot.handlers.smalltalk import Talk, talk_in
from bot.handlers.surfaces import Arriving, Body, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Person
from bot.retrieval.documents import Question

_SMALL_TALK = {
    Talk.GREETING: wording.HOW_TO_ASK,
    Talk.HELP: wording.HOW_TO_ASK,
    Talk.THANKS: wording.GLAD,
    Talk.NEWS: wording.WHERE_NEWS,
}


class Ask:
    """Mentions, direct messages, follow-ups, `/ask`, the shortcut on a message, and questions put to a whole channel.

    What it saves, owes and finishes is one transaction.
    """

    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        directory: SlackDirectory,
        *,
        bot: str,
        names_a_customer: Callable[[str], str],
        welcome: Callable[[Session, Accepted, Person, datetime], object],
        presence: Presence,
        about_a_customer: Callable[[Accepted, Person], bool],
        asks_for_a_number: Callable[[Accepted, Person], bool],
        zone: tzinfo | None = None,
    ) -> None:
        """`names_a_customer` says by what a text names one, "" where it does not. `welcome` greets who is new.

        `about_a_customer` answers what is asked about one whom we know, and says whether it did; `asks_for_a_number`
        what no page answers but a count.
        """
        self._database = database
        self._assistant = assistant
        self._directory = directory
        self._questions = Questions(database, bot=bot)
        self._names_a_customer = names_a_customer
        self._welcome = welcome
        self._presence = presence
        self._elsewhere = (about_a_customer, asks_for_a_number)
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {QUESTION: self.answer}

    def read(self, body: Body) -> Arriving | None:
        return self._questions.read(body)

    def answer(self, event: Accepted) -> None:
        """Answer one question where it was asked."""
        now = datetime.now(UTC)
        value = event.value
        person = self._directory.person(value["person"])
        if not value["channel"]:  # pressed on the App Home, which is no place to answer in
            value["channel"] = self._directory.direct_with(person.id)
        if words := self._instead_of_an_answer(value):
            return self._say(event, person, words, now=now)
        awaited = value["addressed"] and value.get("ts") and not value.get("response_url")
        if awaited:
            self._presence.looking_up(value["channel"], value["thread"] or value["ts"])
        if any(answered(event, person) for answered in self._elsewhere):
            if awaited:
                self._presence.looked_up(value["channel"], value["thread"] or value["ts"])
            return None
        with self._database.reading() as session:
            history = exchanges.earlier_questions(
                session, channel=value["channel"], thread=value["thread"], person=person.id, now=now
            )
            told = exchanges.answered_before(
                session, channel=value["channel"], thread=value["thread"], person=person.id
            )
            set_here = channels.settings_of(session, value["channel"])
        asked = Asked(
            person=person,
            question=Question(value["text"], history=history),
            channel=value["channel"],
            thread=value["thread"],
            readers=None if value["only_asker"] else self._directory.readers(value["channel"]),
            told=told,
            folders=set_here.folders,
            confidential="" if value["only_asker"] else self._names_a_customer(value["text"]),
        )
        reply = self._assistant.ask(asked, today=now.astimezone(self._zone).date(), now=now)
        with self._database.writing.begin() as session:
            if not self._butts_in(session, value, reply):
                exchange = self._assistant.remember(session, asked, reply, now=now)
                outbox.owe(
                    session,
                    key=f"answer:{event.id}",
                    kind=blocks.ANSWER,
                    to=reply_destination(value, private=reply.private),
                    value={
                        "reply": reply_value(reply),
                        "exchange": exchange,
                        "remarks": _remarks(value, set_here),
                        "tried": value["text"] if value.get("tried") else "",
                        "share": _share(value, reply),
                        "reports": EVERYONE in person.audiences,
                    },
                    now=now,
                )
                self._welcome(session, event, person, now)
            inbox.finish(session, event)
        if awaited and (reply.private or not value["thread"]):
            self._presence.looked_up(value["channel"], value["thread"] or value["ts"])
        return None

    def _say(self, event: Accepted, person: Person, words: str, *, now: datetime) -> None:
        """What is no question gets a word too: nobody who speaks to the bot is left without one."""
        with self._database.writing.begin() as session:
            to = reply_destination(event.value, private=not event.value["only_asker"])
            outbox.owe(session, key=f"words:{event.id}", kind=blocks.WORDS, to=to, value={"text": words}, now=now)
            self._welcome(session, event, person, now)
            inbox.finish(session, event)

    def _instead_of_an_answer(self, value: Mapping[str, Any]) -> str:
        """What to say to somebody who asked nothing; "" where there is a question."""
        if not value["addressed"]:
            return ""
        pictures = value.get("pictures") or ()
        if not value["text"]:
            if pictures:
                return wording.only_pictures(pictures)
            return wording.ASK_USAGE if value.get("response_url") else ""
        return _SMALL_TALK.get(talk_in(value["text"]), "")

    def _butts_in(self, session: Session, value: Mapping[str, Any], reply: Reply) -> bool:
        """Whether a reply that nobody asked for would disturb people who talk to each other."""
        if value["addressed"]:
            return False
        if value["opens_thread"]:  # a question to the whole channel: answered for all, or not at all
            return reply.private or not reply.answer.answered or reply.answer.contradiction is not None
        if talk_in(value["text"]) is Talk.THANKS or not value["text"]:
            return True
        if smalltalk.asks(value["text"]):
            return False
        asker = exchanges.last_asker(session, channel=value["channel"], thread=value["thread"])
        # Whoever asked may go on in half sentences; others say things to each other.
        return asker != value["person"] or not reply.answer.answered


def _share(value: Mapping[str, Any], reply: Reply) -> str:
    """The offer to show an answer that is hidden from others of a channel who might like to read it; "" for none."""
    hidden = reply.private or value.get("response_url")
    if not hidden or not reply.answer.answered or str(value["channel"]).startswith("D"):
        return ""
    return wording.SHARE if value["thread"] else wording.SHARE_IN_CHANNEL


def _remarks(value: Mapping[str, Any], set_here: ChannelSettings) -> list[str]:
    """Small lines below an answer."""
    unasked = not value["addressed"] and value["opens_thread"]
    return [
        *([wording.UNASKED] if unasked else []),
        *([wording.only_from(set_here.folders)] if set_here.folders else []),
        *([wording.cannot_see(value["pictures"])] if value.get("pictures") else []),
    ]
