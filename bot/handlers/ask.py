"""A question that arrived -> its answer in the outbox; a click on the feedback pair -> a verdict."""

from datetime import UTC, datetime, tzinfo

from sqlalchemy.orm import Session

from bot import exchanges, inbox, outbox, wording
from bot.assistant import Asked, Assistant, reply_value
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.arrival import reply_destination
from bot.handlers.directory import SlackDirectory
from bot.inbox import Accepted
from bot.retrieval.documents import Question


class Ask:
    """Works on accepted events. What it saves, owes and finishes is one transaction: done once or not at all."""

    def __init__(
        self, database: Database, assistant: Assistant, directory: SlackDirectory, *, zone: tzinfo | None = None
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._directory = directory
        self._zone = zone

    def question(self, event: Accepted) -> None:
        """Answer one question where it was asked."""
        value = event.value
        now = datetime.now(UTC)
        person = self._directory.person(value["person"])
        if value.get("response_url") and not value["text"]:
            return self._say(event, wording.ASK_USAGE)
        with self._database.reading() as session:
            history = exchanges.earlier_questions(
                session, channel=value["channel"], thread=value["thread"], person=person.id, now=now
            )
        asked = Asked(
            person=person,
            question=Question(value["text"], history=history),
            channel=value["channel"],
            thread=value["thread"],
            readers=None if value["only_asker"] else self._directory.readers(value["channel"]),
        )
        reply = self._assistant.ask(asked, today=now.astimezone(self._zone).date(), now=now)
        with self._database.writing.begin() as session:
            exchange = self._assistant.remember(session, asked, reply, now=now)
            outbox.owe(
                session,
                key=f"answer:{event.id}",
                kind=blocks.ANSWER,
                to=reply_destination(value, private=reply.private),
                value={"reply": reply_value(reply), "exchange": exchange},
                now=now,
            )
            inbox.finish(session, event)
        return None

    def feedback(self, event: Accepted) -> None:
        """Save a verdict and thank whoever gave it, where only they see it."""
        value = event.value
        now = datetime.now(UTC)
        with self._database.writing.begin() as session:
            known = exchanges.give_feedback(
                session, exchange=value["exchange"], person=value["person"], helpful=value["helpful"], now=now
            )
            thanks = wording.STEP_HELPFUL if value["helpful"] else wording.STEP_NOT_HELPFUL
            self._owe(session, event, thanks if known else wording.FEEDBACK_LOST, now=now)
            inbox.finish(session, event)

    def _say(self, event: Accepted, words: str) -> None:
        with self._database.writing.begin() as session:
            self._owe(session, event, words, now=datetime.now(UTC))
            inbox.finish(session, event)

    def _owe(self, session: Session, event: Accepted, words: str, *, now: datetime) -> None:
        outbox.owe(
            session,
            key=f"words:{event.id}",
            kind=blocks.WORDS,
            to=reply_destination(event.value, private=True),
            value={"text": words},
            now=now,
        )
