"""Tells the frontline of a surge of complaints and what to say, in the channel of whoever owns the touchpoint."""

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from bot import letter_wording as wording
from bot import outbox
from bot.assistant import Asked, Assistant, reply_value
from bot.audiences import EVERYONE
from bot.customers.tracks.rules import Track
from bot.database import Database
from bot.experience.world import World
from bot.handlers.letters import cards
from bot.handlers.workspace.addressees import Addressees
from bot.letters import frontline
from bot.noticing.surges import Surge, surging
from bot.outbox import Destination
from bot.people import ORDINARY_EMPLOYEE, Owners
from bot.retrieval.documents import Question
from bot.touchpoints import CxTouchpoint

log = logging.getLogger(__name__)

# What came in is routed within ten seconds; whoever is at work hears of it within a minute.
EVERY_SECONDS = 15.0


class Surging:
    """One step of a worker: owes a card for each surge that nobody was told of, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        addressees: Addressees,
        assistant: Assistant,
        *,
        owners: Owners,
        world: Callable[[Session], World],
        tracks: Callable[[], Sequence[Track]],
        address: Callable[[], str],
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`address` says where the page is served, "" where nobody serves it."""
        self._database = database
        self._addressees = addressees
        self._assistant = assistant
        self._owners = owners
        self._world = world
        self._tracks = tracks
        self._address = address
        self._zone = zone
        self._clock = clock

    def __call__(self) -> float:
        now = self._clock()
        with self._database.reading() as session:
            world = self._world(session)
            standing = surging(session, world, now=now)
            untold = frontline.untold(session, standing, now=now)
        if standing:
            # Slack and the knowledge are asked before the transaction: others do not wait for them.
            others = len(standing) - 1
            said = {one.touchpoint: self._said(one, world.map.cx[one.touchpoint], others, now) for one in untold}
            self._tell(standing, said, now)
        return EVERY_SECONDS

    def _tell(
        self, standing: Sequence[Surge], said: dict[str, tuple[list[Destination], dict[str, Any]]], now: datetime
    ) -> None:
        with self._database.writing.begin() as session:
            for touchpoint in sorted(frontline.note(session, standing, now=now) & said.keys()):
                destinations, value = said[touchpoint]
                for number, to in enumerate(destinations):
                    key = f"{cards.SURGE}:{touchpoint}:{now.isoformat()}:{number}"
                    outbox.owe(session, key=key, kind=cards.SURGE, to=to, value=value, now=now)

    def _said(
        self, one: Surge, at: CxTouchpoint, others: int, now: datetime
    ) -> tuple[list[Destination], dict[str, Any]]:
        """To whom, and what: the most frequent thing that customers say is asked of the knowledge."""
        phrase = one.said[0][0] if one.said else at.name
        asked = Asked(ORDINARY_EMPLOYEE, Question(phrase))
        reply = self._assistant.ask(asked, today=now.astimezone(self._zone).date(), now=now)
        track = next((each for each in self._tracks() if each.key == at.treatment_track), None)
        approved, do_not = track.wording if track else ((), ())
        return self._destinations(at), {
            "title": wording.surge_title(at.name),
            "count": wording.surge_count(one.burst.count, one.burst.usual, one.since.astimezone(self._zone)),
            "others": wording.elsewhere(others) if others else "",
            "said": [wording.said_by(words, many) for words, many in one.said],
            "asked": phrase,
            "reply": reply_value(reply) if reply.answer.answered else None,
            "approved": list(approved),
            "do_not": list(do_not),
            "address": self._address(),
            "cell": f"{at.channel}.{at.stage}",
        }

    def _destinations(self, at: CxTouchpoint) -> list[Destination]:
        found = self._addressees.of(self._owners.called(at.owner), may_read=lambda audiences: EVERYONE in audiences)
        told = [Destination(one.channel) for one in found if one.reads]
        if not told:
            log.warning(
                "nobody is told of a surge at %s: invite the bot to the channel of the team that owns it (%s in "
                "config/owners.yaml), where only employees read",
                at.id,
                at.owner or "the touchpoint names none",
            )
        return told
