"""The only module that opens forms. Slack shows one only within three seconds of the press that asks for it.

So it is not work for the inbox; and Bolt's few listener threads, which ack for everybody, do not wait for it either.
"""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import outbox, wording
from bot.database import Database
from bot.errors import ThroughlineError
from bot.handlers import blocks, shapes
from bot.handlers.border import shielded
from bot.handlers.surfaces import Body, Checks, Opens, Shows
from bot.outbox import Destination

log = logging.getLogger(__name__)

THREADS = 4
# A trigger is dead after three seconds, so a longer wait for Slack's answer would be for nothing.
TIMEOUT_SECONDS = 3


class Doors:
    """Acks what people press, and opens the form that it asks for."""

    def __init__(
        self,
        database: Database,
        client: WebClient,
        *,
        opens: Mapping[str, Opens],
        checks: Mapping[str, Checks],
        shows: Mapping[str, Shows],
    ) -> None:
        self._database = database
        self._client = client
        self._opens = opens
        self._checks = checks
        self._shows = shows
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="door")

    def pressed(self, ack: Ack, body: Body) -> None:
        """Bolt listener for commands, buttons and shortcuts."""
        ack()
        opens = next((self._opens[name] for name in _names(body) if name in self._opens), None)
        if opens is not None:
            self._threads.submit(shielded(partial(self._open, body, opens), otherwise=partial(self._refuse, body)))

    def sent(self, ack: Ack, body: Body) -> None:
        """Bolt listener for forms: one with a fault stays open and says what to mend."""
        faults = self.faults(body)
        if faults:
            ack(response_action="errors", errors=faults)
            return
        shows = self._shows.get(str(body["view"].get("callback_id")))
        view = shows(body) if shows else None
        if view is not None:
            ack(response_action="update", view=view)
        else:
            ack()

    def faults(self, body: Body) -> dict[str, str]:
        """What is wrong with a form that was sent; nothing for any other request."""
        if body.get("type") != "view_submission":
            return {}
        check = self._checks.get(str(body["view"].get("callback_id")))
        return check(body) if check else {}

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def _open(self, body: Body, opens: Opens) -> None:
        view = opens(body)
        if view is None:
            return
        inside = body.get("view") or {}
        if inside.get("type") == "modal":  # pressed in a form: this one takes its place
            self._client.views_update(view_id=inside["id"], view=view)
        else:
            self._client.views_open(trigger_id=body["trigger_id"], view=view)

    def _refuse(self, body: Body, fault: Exception) -> None:
        """A press must never look as if nothing had happened."""
        if isinstance(fault, shapes.UNREADABLE):
            log.warning("a form for a %s could not be made: %s", shapes.kind_of(body), shapes.place_of(fault))
        elif not isinstance(fault, ThroughlineError):
            log.error("a form could not be opened", exc_info=fault)
        self._tell(body, str(fault) if isinstance(fault, ThroughlineError) else wording.NO_FORM)

    def _tell(self, body: Body, words: str) -> None:
        person = str(body.get("user_id") or body["user"]["id"])
        channel = body.get("channel_id") or (body.get("channel") or {}).get("id") or ""
        with self._database.writing.begin() as session:
            outbox.owe(
                session,
                key=f"door:{body['trigger_id']}",
                kind=blocks.WORDS,
                to=Destination(channel=str(channel), only=person, response_url=body.get("response_url")),
                value={"text": words},
                now=datetime.now(UTC),
            )


def _names(body: Body) -> list[str]:
    """What was pressed or typed: a command, the action_ids of a click, the callback_id of a shortcut."""
    if "command" in body:
        return [str(body["command"])]
    if body.get("type") == "block_actions":
        return [str(action.get("action_id")) for action in body.get("actions") or ()]
    return [str(body.get("callback_id"))]
