"""First on every request: record it once. Last: a fault becomes a polite reply. Nothing is answered here."""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from bot import exchanges, inbox, outbox, postgresql, sqlite_faults, wording
from bot.database import Database
from bot.errors import ThroughlineError
from bot.handlers import blocks, text
from bot.inbox import Accepted, Superseded

log = logging.getLogger(__name__)

QUESTION = "question"
FEEDBACK = "feedback"
ASK_COMMAND = "/ask"

# In seconds. A reply in a thread this young may have overtaken the question above it; an ack has three seconds.
YOUNG_THREAD = 10.0
LONGEST_OVERTAKING = 1.0
LOOK_AGAIN = 0.05

# Messages of these kinds are written by a person; Slack's other subtypes tell of edits, joins, bots and the like.
_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})


@dataclass(frozen=True, slots=True)
class Arriving:
    """One event as the inbox keeps it."""

    key: str
    kind: str
    conversation: str
    value: dict[str, Any]


class Arrival:
    """The border between Slack and the house, on the way in."""

    def __init__(self, database: Database, *, bot: str, wake: Callable[[], None]) -> None:
        self._database = database
        self._bot = bot
        self._wake = wake

    def record(self, body: dict[str, Any], next: Callable[[], Any]) -> Any:  # noqa: A002, ANN401 - Bolt's names and types
        """Bolt middleware: written before the ack, once per key.

        A fault here leaves the event without an ack, so that Slack delivers it again.
        """
        arriving = self.read(body)
        if arriving is not None and self._ours(arriving):
            with self._database.writing.begin() as session:
                new = inbox.accept(
                    session,
                    key=arriving.key,
                    kind=arriving.kind,
                    conversation=arriving.conversation,
                    value=arriving.value,
                    now=datetime.now(UTC),
                )
            if new:
                self._wake()
        return next()

    def read(self, body: dict[str, Any]) -> Arriving | None:
        """What there is to do about a request, or None: not every message is for us."""
        if body.get("command") == ASK_COMMAND:
            return _command(body)
        if body.get("type") == "block_actions":
            return _feedback(body)
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") in {"app_mention", "message"}:
            return self._message(event)
        return None

    def _message(self, event: dict[str, Any]) -> Arriving | None:
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

    def _ours(self, arriving: Arriving) -> bool:
        """A reply in a thread is for us where we were asked before, even if that question is still being worked on."""
        if arriving.kind != QUESTION or arriving.value["addressed"]:
            return True
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


def _command(body: Mapping[str, Any]) -> Arriving:
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


def _feedback(body: Mapping[str, Any]) -> Arriving | None:
    for action in body.get("actions") or ():
        exchange, _, verdict = str(action.get("value", "")).partition(":")
        if action.get("action_id") == blocks.FEEDBACK_ACTION and exchange.isdigit():
            person, channel = body["user"]["id"], (body.get("channel") or body.get("container") or {})
            return Arriving(
                key=f"action:{action['action_ts']}:{person}:{action['value']}",
                kind=FEEDBACK,
                conversation=f"feedback:{exchange}:{person}",
                value={
                    "person": person,
                    "exchange": int(exchange),
                    "helpful": verdict == blocks.YES,
                    "channel": channel.get("id") or channel.get("channel_id"),
                    "thread": (body.get("message") or {}).get("thread_ts")
                    or (body.get("container") or {}).get("thread_ts"),
                    "response_url": body.get("response_url"),
                },
            )
    return None


class Border:
    """Runs the work on an event; whatever goes wrong ends here."""

    def __init__(
        self, database: Database, work: Mapping[str, Callable[[Accepted], None]], *, wake: Callable[[], None]
    ) -> None:
        self._database = database
        self._work = work
        self._wake = wake

    def __call__(self, event: Accepted) -> None:
        """Never raises: work that fails is tried again, and in the end its asker is told."""
        try:
            self._work[event.kind](event)
        except Superseded as fault:
            log.warning("%s; what this attempt did is undone", fault)
        except Exception as fault:
            again = event.attempts < inbox.MAX_ATTEMPTS and not isinstance(fault, ThroughlineError)
            log.exception("work on event %s failed, attempt %s", event.id, event.attempts)
            self._settle(event, fault, again=again)
        self._wake()

    def _settle(self, event: Accepted, fault: Exception, *, again: bool) -> None:
        with self._database.writing.begin() as session:
            ours = inbox.fail(session, event, fault=f"{type(fault).__name__}: {fault}", again=again)
            if ours and not again and "channel" in event.value:
                outbox.owe(
                    session,
                    key=f"fault:{event.id}",
                    kind=blocks.WORDS,
                    to=reply_destination(event.value),
                    value={"text": str(fault) if isinstance(fault, ThroughlineError) else wording.FAULT},
                    now=datetime.now(UTC),
                )


def guarded(step: Callable[[], float | None], *, wait: float) -> Callable[[], float | None]:
    """A worker's step that never raises: a full disk or a locked database is logged, waited out and tried again."""

    def attempt() -> float | None:
        try:
            return step()
        except Exception as fault:
            # A server that is away is met by every worker every second: a line says it, a traceback would bury it.
            known = postgresql.explained(fault) or sqlite_faults.explained(fault)
            if known:
                log.warning("a worker could not go on; it tries again in %s s: %s", wait, known)
            else:
                log.exception("a worker could not go on; it tries again in %s s", wait)
            time.sleep(wait)
            return wait

    return attempt


def reply_destination(value: Mapping[str, Any], *, private: bool = False) -> outbox.Destination:
    """Where the reply to an event goes. A reply in a direct message needs no `only`: just the asker reads there."""
    hidden = private or bool(value.get("response_url"))
    # Slack shows a message for one person in a thread only if that thread has replies already.
    unseen = hidden and value.get("opens_thread")
    return outbox.Destination(
        channel=value["channel"],
        thread=None if unseen else value["thread"] or None,
        only=value["person"] if hidden else None,
        response_url=value.get("response_url"),
    )
