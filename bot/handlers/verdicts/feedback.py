"""A click on the feedback pair under an answer -> a verdict, and thanks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot import inbox, wording
from bot.database import Database
from bot.handlers import blocks
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Work
from bot.inbox import Accepted
from bot.verdicts import Verdicts

FEEDBACK = "feedback"


class Feedback:
    def __init__(self, database: Database, verdicts: Verdicts) -> None:
        self._database = database
        self._verdicts = verdicts

    @property
    def work(self) -> Mapping[str, Work]:
        return {FEEDBACK: self.save}

    def read(self, body: Body) -> Arriving | None:
        press = pressed(body)
        if press is None:
            return None
        return Arriving(
            key=press.pop("key"),
            kind=FEEDBACK,
            conversation=conversation(press["exchange"], press["person"]),
            value=press,
        )

    def save(self, event: Accepted) -> None:
        """Save a verdict and thank whoever gave it, where only they see it."""
        value = event.value
        now = datetime.now(UTC)
        judged = self._verdicts.judged(value["exchange"])
        with self._database.writing.begin() as session:
            known = judged is not None and self._verdicts.give(
                session, judged, person=value["person"], helpful=value["helpful"], now=now
            )
            thanks = wording.STEP_HELPFUL if value["helpful"] else wording.STEP_NOT_HELPFUL
            owe_words(session, event, thanks if known else wording.FEEDBACK_LOST, now=now)
            inbox.finish(session, event)


def pressed(body: Body) -> dict[str, Any] | None:
    """The click on one of the two buttons: who, which answer, which verdict, and where a reply can go."""
    if body.get("type") != "block_actions":
        return None
    for action in body.get("actions") or ():
        exchange, _, verdict = str(action.get("value", "")).partition(":")
        if action.get("action_id") == blocks.FEEDBACK_ACTION and exchange.isdigit():
            person, channel = body["user"]["id"], (body.get("channel") or body.get("container") or {})
            return {
                "key": f"action:{action['action_ts']}:{person}:{action['value']}",
                "person": person,
                "exchange": int(exchange),
                "helpful": verdict == blocks.YES,
                "channel": channel.get("id") or channel.get("channel_id"),
                "thread": (body.get("message") or {}).get("thread_ts")
                or (body.get("container") or {}).get("thread_ts"),
                "response_url": body.get("response_url"),
            }
    return None


def conversation(exchange: int, person: str) -> str:
    """What one person says of one answer is worked on in order."""
    return f"feedback:{exchange}:{person}"
