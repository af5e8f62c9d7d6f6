"""A question that somebody asked -> its answer in the outbox."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import select

from bot import exchanges, inbox, outbox, wording
from bot.assistant import Asked, Assistant, reply_value
from bot.database import Database
from bot.handlers import blocks, text
from bot.handlers.directory import SlackDirectory
from bot.handlers.replying import owe_words, reply_destination
from bot.handlers.surfaces import Arriving, Body, Work
from bot.inbox import Accepted
from bot.retrieval.documents import Question

QUESTION = "question"
ASK_COMMAND = "/ask"

# In seconds. A reply in a thread this young may have overtaken the question above it; an ack has three seconds.
YOUNG_THREAD = 10.0
LONGEST_OVERTAKING = 1.0
LOOK_AGAIN = 0.05

# Messages of these kinds are written by a person; Slack's other subtypes tell of edits, joins, bots and the like.
_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})


class Ask:
    """Mentions, direct messages, follow-ups and `/ask`. What it saves, owes and finishes is one transaction."""

    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        directory: SlackDirectory,
        *,
        bot: str,
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._assistant = assistant
        self._directory = directory
        self._bot = bot
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {QUESTION: self.answer}

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == ASK_COMMAND:
            return _command(body)
        event = body.get("event")
        if not isinstance(event, dict) or event.get("type") not in {"app_mention", "message"}:
            return None
        arriving = self._message(event)
        return arriving if arriving and (arriving.value["addressed"] or self._follows_up(arriving)) else None

    def answer(self, event: Accepted) -> None:
        """Answer one question where it was asked."""
        value = event.value
        now = datetime.now(UTC)
        person = self._directory.person(value["person"])
        if value.get("response_url") and not value["text"]:
            with self._database.writing.begin() as session:
                owe_words(session, event, wording.ASK_USAGE, now=now)
                inbox.finish(session, event)
            return
        with self._database.reading() as session:
            history = exchanges.earlier_questions(
                session, channel=value["channel"], thread=value["thread"], person=person.id, now=now
            )
            told = exchanges.answered_before(
                session, channel=value["channel"], thread=value["thread"], person=person.id
            )
        asked = Asked(
            person=person,
            question=Question(value["text"], history=history),
            channel=value["channel"],
            thread=value["thread"],
            readers=None if value["only_asker"] else self._directory.readers(value["channel"]),
            told=told,
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

    def _message(self, event: Mapping[str, Any]) -> Arriving | None:
        written = event.get("subtype") in _WRITTEN and event.get("user") and not event.get("bot_id")
        if not written or event["user"] == self._bot:
            return None
        said, channel, ts = event.get("text") or "", event["channel"], event["ts"]
        direct = event.get("channel_type") == "im"
        addressed = direct or event["type"] == "app_mention" or text.mentions(said, self._bot)
        thread = event.get("thread_ts")
        if not addressed and (thread is None or text.meant_for_others(said)):
            return None
        # A direct message outside a thread is answered beside it; a mention opens a thread under itself.
        place = thread or ("" if direct else ts)
        return Arriving(
            key=f"message:{channel}:{ts}",
            kind=QUESTION,
            conversation=f"{channel}:{place}",
            value={
                "person": event["user"],
                "text": text.question_in(said, bot=self._bot),
                "channel": channel,
                "thread": place,
                "opens_thread": place == ts,
                "only_asker": direct,
                "addressed": addressed,
            },
        )

    def _follows_up(self, arriving: Arriving) -> bool:
        """A reply in a thread is for us where we were asked before, even if that question is still being worked on."""
        waited = 0.0
        while not self._asked_before(arriving):
            # Two connections bring events out of order: the question may be a moment behind the reply to it.
            if waited >= LONGEST_OVERTAKING or time.time() - float(arriving.value["thread"]) > YOUNG_THREAD:
                return False
            time.sleep(LOOK_AGAIN)
            waited += LOOK_AGAIN
        return True

    def _asked_before(self, arriving: Arriving) -> bool:
        with self._database.reading() as session:
            asked = inbox.InboxRow.conversation == arriving.conversation
            return exchanges.answers_in(
                session, channel=arriving.value["channel"], thread=arriving.value["thread"]
            ) or bool(session.scalars(select(inbox.InboxRow.id).where(asked).limit(1)).first())


def _command(body: Body) -> Arriving:
    return Arriving(
        key=f"command:{body['trigger_id']}",
        kind=QUESTION,
        conversation=f"{body['channel_id']}:{body['user_id']}",
        value={
            "person": body["user_id"],
            "text": text.question_in(body.get("text") or "", bot=""),
            "channel": body["channel_id"],
            "thread": "",
            "only_asker": True,
            "addressed": True,
            "response_url": body["response_url"],
        },
    )
