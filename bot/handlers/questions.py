"""What reaches the bot as a question: mentions, direct messages, follow-ups, `/ask`, a shortcut, the room at large."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from bot import channels, exchanges, inbox
from bot.database import Database
from bot.handlers import blocks, smalltalk, text
from bot.handlers.surfaces import Arriving, Body, pressed

QUESTION = "question"
ASK_COMMAND = "/ask"
ASK_SHORTCUT = "ask_about_this"

# In seconds. A reply in a thread this young may have overtaken the question above it; an ack has three seconds.
YOUNG_THREAD = 10.0
LONGEST_OVERTAKING = 1.0
LOOK_AGAIN = 0.05

# Messages of these kinds are written by a person; Slack's other subtypes tell of edits, joins, bots and the like.
_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})


class Questions:
    """Reads them; `bot` is the bot's own user."""

    def __init__(self, database: Database, *, bot: str) -> None:
        self._database = database
        self._bot = bot

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == ASK_COMMAND:
            return _command(body)
        if body.get("type") == "message_action" and body.get("callback_id") == ASK_SHORTCUT:
            return _shortcut(body, bot=self._bot)
        if (tried := pressed(body, blocks.TRY_ACTION)) is not None:
            return _tried(body, tried)
        event = body.get("event")
        if isinstance(event, dict) and event.get("type") in {"app_mention", "message"}:
            arriving = self._message(event)
            return arriving if arriving is not None and self._ours(arriving) else None
        return None

    def _ours(self, arriving: Arriving) -> bool:
        """Of what people write only what is put to us, continues what was, or may be answered by anybody."""
        if arriving.value["addressed"]:
            return True
        return self._for_anybody(arriving) if arriving.value["opens_thread"] else self._follows_up(arriving)

    def _message(self, event: Mapping[str, Any]) -> Arriving | None:
        written = event.get("subtype") in _WRITTEN and event.get("user") and not event.get("bot_id")
        if not written or event["user"] == self._bot:
            return None
        said, channel, ts = event.get("text") or "", event["channel"], event["ts"]
        direct = event.get("channel_type") == "im"
        addressed = direct or event["type"] == "app_mention" or text.mentions(said, self._bot)
        thread = event.get("thread_ts")
        if not addressed and text.meant_for_others(said):
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
                "ts": ts,
                "thread": place,
                "opens_thread": place == ts,
                "only_asker": direct,
                "addressed": addressed,
                "pictures": [str(file.get("name") or "") for file in event.get("files") or () if _is_picture(file)],
            },
        )

    def _for_anybody(self, arriving: Arriving) -> bool:
        """A message in a channel is for us where an admin switched that on, and it reads as a question to anybody."""
        if not smalltalk.asks_the_room(arriving.value["text"]):
            return False
        with self._database.reading() as session:
            return channels.is_unasked(session, arriving.value["channel"])

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
        value=_for_the_asker(body["user_id"], body["channel_id"], body.get("text") or "", body["response_url"], bot=""),
    )


def _shortcut(body: Body, *, bot: str) -> Arriving:
    """The words of the message on which somebody chose "Ask about this", asked by whoever chose it."""
    message, person, channel = body["message"], body["user"]["id"], body["channel"]["id"]
    said = str(message.get("text") or "")
    return Arriving(
        key=f"shortcut:{body['trigger_id']}",
        kind=QUESTION,
        conversation=f"{channel}:{person}",
        value=_for_the_asker(person, channel, said, body.get("response_url"), bot=bot)
        | {
            "pictures": [str(file.get("name") or "") for file in message.get("files") or () if _is_picture(file)],
            "tried": True,  # said above the answer, which stands far from that message
        },
    )


def _tried(body: Body, action: Mapping[str, Any]) -> Arriving:
    """A suggested question that somebody pressed, wherever it was suggested."""
    person, channel = str(body["user"]["id"]), str((body.get("channel") or {}).get("id") or "")
    direct = channel.startswith("D") or not channel
    value = _for_the_asker(person, channel, str(action["value"]), None if direct else body.get("response_url"), bot="")
    value["hidden"] = not direct  # there just the asker reads
    return Arriving(
        key=f"tried:{action['action_ts']}:{person}",
        kind=QUESTION,
        conversation=f"{channel}:{person}",
        value=value | {"tried": True},
    )


def _for_the_asker(person: str, channel: str, said: str, response_url: str | None, *, bot: str) -> dict[str, Any]:
    return {
        "person": person,
        "text": text.question_in(said, bot=bot),
        "channel": channel,
        "thread": "",
        "opens_thread": False,
        "only_asker": True,
        "hidden": True,
        "addressed": True,
        "response_url": response_url,
    }


def _is_picture(file: Mapping[str, Any]) -> bool:
    return str(file.get("mimetype") or "").startswith("image/")
