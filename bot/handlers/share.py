"""[Share with the thread]: an answer that only its asker saw, made anew for all from what all of them may read."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from bot import channels, exchanges, inbox, outbox, wording
from bot.assistant import Asked, Assistant, Reply, reply_value
from bot.database import Database
from bot.exchanges import Own
from bot.handlers import blocks
from bot.handlers.masking import Mask
from bot.handlers.presses import press_in
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Person
from bot.retrieval.documents import Question

SHARE = "share"


class Share:
    def __init__(
        self,
        database: Database,
        assistant: Assistant,
        directory: SlackDirectory,
        *,
        mask: Mask,
        zone: tzinfo | None = None,
    ) -> None:
        """`mask` takes personal data out of a text that others will read."""
        self._database = database
        self._assistant = assistant
        self._directory = directory
        self._mask = mask
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {SHARE: self.show_all}

    def read(self, body: Body) -> Arriving | None:
        press = press_in(body, blocks.SHARE_ACTION)
        return press.arriving(SHARE, f"share:{press.number}") if press and press.channel else None

    def show_all(self, event: Accepted) -> None:
        """Answer the question once more, for everybody there; it is shared once, however often that is pressed."""
        now = datetime.now(UTC)
        person = self._directory.person(event.value["person"])
        with self._database.reading() as session:
            own = exchanges.own(session, event.value["number"], person=person.id)
            folders = channels.settings_of(session, event.value["channel"]).folders
        reply = self._for_all(own, person, event.value["channel"], folders, now) if own else None
        with self._database.writing.begin() as session:
            if own is None or reply is None:
                owe_words(session, event, wording.SHARE_LOST if own is None else wording.NOT_SHARED, now=now)
            else:
                outbox.owe(
                    session,
                    key=f"shared:{own.number}",
                    kind=blocks.ANSWER,
                    to=Destination(channel=event.value["channel"], thread=own.thread or None),
                    value=self._value(own, reply, person),
                    now=now,
                )
                owe_words(session, event, wording.SHARED, now=now)
            inbox.finish(session, event)

    def _for_all(self, own: Own, person: Person, channel: str, folders: tuple[str, ...], now: datetime) -> Reply | None:
        """The answer from what everybody who reads the channel may read; None where that is none."""
        asked = Asked(
            person=person,
            question=Question(own.question),
            channel=channel,
            readers=self._directory.readers(channel),
            folders=folders,
            told=True,
        )
        reply = self._assistant.ask(asked, today=now.astimezone(self._zone).date(), now=now)
        return None if reply.private or not reply.answer.answered else reply

    def _value(self, own: Own, reply: Reply, person: Person) -> dict[str, Any]:
        return {
            "reply": reply_value(reply),
            "exchange": own.number,
            "shared_by": person.name,
            "question": self._mask(own.question, by=person.id),
        }
