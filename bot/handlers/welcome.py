"""First contact: a short welcome with things to try, once for a person and once for a channel."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import acquaintances, inbox, outbox
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.presence import Presence
from bot.handlers.replying import reply_destination
from bot.handlers.surfaces import Arriving, Body, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Person

OPENED = "opened"
JOINED = "joined"

# What somebody may ask, worked out for whoever asks.
Suggest = Callable[[Person], Sequence[str]]


class Welcome:
    """Somebody opens the direct message, or the bot comes into a channel."""

    def __init__(
        self, database: Database, directory: SlackDirectory, presence: Presence, *, bot: str, suggest: Suggest
    ) -> None:
        self._database = database
        self._directory = directory
        self._presence = presence
        self._bot = bot
        self._suggest = suggest

    @property
    def work(self) -> Mapping[str, Work]:
        return {OPENED: self.greet_person, JOINED: self.greet_channel}

    def read(self, body: Body) -> Arriving | None:
        event = body.get("event")
        if not isinstance(event, dict):
            return None
        if event.get("type") == "app_home_opened" and event.get("tab") == "messages":
            return self._arriving(OPENED, event, key=f"opened:{event['user']}:{event['event_ts']}")
        if event.get("type") == "member_joined_channel" and event.get("user") == self._bot:
            return self._arriving(JOINED, event, key=f"joined:{event['channel']}:{event['event_ts']}")
        return None

    def greet_person(self, event: Accepted) -> None:
        """Whoever is new is welcomed with questions to press; everybody else sees some beside the conversation."""
        now = datetime.now(UTC)
        person = self._directory.person(event.value["person"])
        with self._database.writing.begin() as session:
            welcomed = self.greet(session, event, person, now)
            inbox.finish(session, event)
        if not welcomed:
            self._presence.suggest(event.value["channel"], self._suggest(person))

    def greet_channel(self, event: Accepted) -> None:
        """Say hello where the bot was invited, with questions that anybody there may ask."""
        now = datetime.now(UTC)
        anybody = Person(id="", name="", audiences=self._directory.readers(event.value["channel"]))
        with self._database.writing.begin() as session:
            self._owe(session, event, anybody, Destination(channel=event.value["channel"]), now=now)
            inbox.finish(session, event)

    def greet(self, session: Session, event: Accepted, person: Person, now: datetime) -> bool:
        """Welcome somebody who is met for the first time, where only they see it. Returns whether they are new."""
        if not acquaintances.meet(session, person.id, now=now):
            return False
        direct = str(event.value["channel"]).startswith("D")
        self._owe(session, event, person, reply_destination(event.value, private=not direct), now=now)
        return True

    def _owe(self, session: Session, event: Accepted, person: Person, to: Destination, *, now: datetime) -> None:
        outbox.owe(
            session,
            key=f"welcome:{event.id}",
            kind=blocks.WELCOME,
            to=to,
            value={"name": person.name, "examples": list(self._suggest(person))},
            now=now,
        )

    @staticmethod
    def _arriving(kind: str, event: Mapping[str, Any], *, key: str) -> Arriving:
        return Arriving(
            key=key,
            kind=kind,
            conversation=f"{event['channel']}:",
            value={"person": event["user"], "channel": event["channel"], "thread": ""},
        )
