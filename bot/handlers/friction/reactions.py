"""An emoji on a message: whoever gives it is offered the form, for a reaction itself can open none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot import friction_wording as wording
from bot import inbox, outbox
from bot.audiences import EVERYONE
from bot.database import Database
from bot.handlers.blocks import Message, escaped
from bot.handlers.friction import requests
from bot.handlers.modals import plain
from bot.handlers.surfaces import Arriving, Body, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination

EVENT = "reaction_added"
OFFER = "friction_offer"


class Reactions:
    """Once for each person and message; taking the emoji away again changes nothing."""

    def __init__(self, database: Database, directory: SlackDirectory, *, emoji: str) -> None:
        """`emoji` is its name, "" for none."""
        self._database = database
        self._directory = directory
        self._emoji = emoji

    @property
    def work(self) -> Mapping[str, Work]:
        return {OFFER: self.offer}

    def read(self, body: Body) -> Arriving | None:
        event = body.get("event")
        if not isinstance(event, dict) or event.get("type") != EVENT or not self._emoji:
            return None
        item = event.get("item") or {}
        if event.get("reaction") != self._emoji or item.get("type") != "message":
            return None
        person, channel, ts = (str(one) for one in (event["user"], item["channel"], item["ts"]))
        return Arriving(
            key=f"{OFFER}:{person}:{channel}:{ts}",
            kind=OFFER,
            conversation=f"friction:{person}",
            value={"person": person, "channel": channel, "thread": "", "ts": ts, "alone": True},
        )

    def offer(self, event: Accepted) -> None:
        """For their eyes only. Whoever is no employee meant something else by it."""
        value, now = event.value, datetime.now(UTC)
        person = self._directory.person(value["person"])
        with self._database.writing.begin() as session:
            if EVERYONE in person.audiences:
                outbox.owe(
                    session,
                    key=f"{OFFER}:{person.id}:{value['channel']}:{value['ts']}",
                    kind=OFFER,
                    to=Destination(value["channel"], only=person.id),
                    value={"channel": value["channel"], "ts": value["ts"]},
                    now=now,
                )
            inbox.finish(session, event)


def card(value: Mapping[str, Any]) -> Message:
    button = {
        "type": "button",
        "action_id": requests.OFFERED_ACTION,
        "text": plain(wording.OPEN_FORM),
        "value": f"{value['channel']}:{value['ts']}",
    }
    return Message(escaped(wording.OFFER), ({"type": "section", "text": plain(wording.OFFER), "accessory": button},))
