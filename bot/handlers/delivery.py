"""The only module that posts. Renders what the outbox owes, sends it, and sorts out what became of it."""

import http.client
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot import outbox
from bot.assistant import reply_from
from bot.database import Database
from bot.handlers import blocks, cards
from bot.handlers.blocks import Message
from bot.outbox import Destination, Owed

log = logging.getLogger(__name__)

# Slack answers posts in a second or two; a hanging connection must not hold a conversation longer.
TIMEOUT_SECONDS = 10
FIRST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(minutes=5)
MAX_ATTEMPTS = 12
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500
OK = 200
# Slack's own code for one person: the channel or the address cannot show it to them, a direct message can.
_UNREACHABLE_HERE = frozenset(
    {"not_in_channel", "user_not_in_channel", "channel_not_found", "is_archived", "restricted_action"}
)
_PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
_HOOKS = "hooks.slack.com"


class Outcome(Enum):
    SENT = auto()
    LATER = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one attempt; `wait` is what Slack asked for."""

    outcome: Outcome
    ts: str = ""
    fault: str = ""
    wait: timedelta | None = None


class Delivery:
    """Sends one owed message at a time; called by the courier, in order within a conversation."""

    def __init__(self, database: Database, client: WebClient) -> None:
        self._database = database
        self._client = client
        self._hosts = {_HOOKS, urlsplit(client.base_url).netloc}

    def deliver(self, owed: Owed) -> None:
        """Try once, and write down what became of it."""
        result = self._send(owed, _rendered(owed))
        now = datetime.now(UTC)
        with self._database.writing.begin() as session:
            if result.outcome is Outcome.SENT:
                outbox.sent(session, owed.id, ts=result.ts)
            elif result.outcome is Outcome.NEVER or owed.attempts + 1 >= MAX_ATTEMPTS:
                log.error("message %s cannot be delivered: %s", owed.id, result.fault)
                outbox.bury(session, owed.id, fault=result.fault)
            else:
                wait = result.wait or min(FIRST_WAIT * 2**owed.attempts, LONGEST_WAIT)
                outbox.try_again(session, owed.id, at=now + wait, fault=result.fault)

    def _send(self, owed: Owed, message: Message) -> Result:
        to = owed.destination
        if to.only is None:
            return self._tried(lambda: self._post(to.channel, to.thread, message, owed.id))
        if to.response_url and self._trusted(to.response_url):
            result = self._respond(to.response_url, message)
            if result.outcome is not Outcome.NEVER:
                return result
            to = Destination(channel=to.channel, thread=to.thread, only=to.only)
        result = self._tried(lambda: self._whisper(to, message))
        if result.outcome is Outcome.NEVER and result.fault in _UNREACHABLE_HERE:
            return self._tried(lambda: self._post(self._direct(to.only), None, message, owed.id))
        return result

    def _post(self, channel: str, thread: str | None, message: Message, owed: int) -> str:
        answer = self._client.chat_postMessage(
            channel=channel,
            thread_ts=thread,
            text=message.text,
            blocks=list(message.blocks),
            unfurl_links=False,
            unfurl_media=False,
            metadata={"event_type": "throughline_reply", "event_payload": {"outbox_id": owed}},
        )
        return str(answer["ts"])

    def _whisper(self, to: Destination, message: Message) -> str:
        answer = self._client.chat_postEphemeral(
            channel=to.channel, user=to.only or "", thread_ts=to.thread, text=message.text, blocks=list(message.blocks)
        )
        return str(answer["message_ts"])

    def _direct(self, person: str | None) -> str:
        return str(self._client.conversations_open(users=[person or ""])["channel"]["id"])

    def _trusted(self, url: str) -> bool:
        """Only Slack itself is posted to, whatever address a payload names."""
        return urlsplit(url).netloc in self._hosts

    def _respond(self, url: str, message: Message) -> Result:
        hook = WebhookClient(url, timeout=TIMEOUT_SECONDS)
        try:
            response = hook.send(
                text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=False
            )
        except (OSError, http.client.HTTPException, SlackClientError) as fault:
            return Result(Outcome.LATER, fault=f"{type(fault).__name__}: {fault}")
        if response.status_code == OK:
            return Result(Outcome.SENT)
        if response.status_code == TOO_MANY_REQUESTS or response.status_code >= SERVER_FAULT:
            return Result(
                Outcome.LATER, fault=f"response_url answered {response.status_code}", wait=_asked(response.headers)
            )
        return Result(Outcome.NEVER, fault=f"response_url answered {response.status_code} {response.body}")

    def _tried(self, call: Callable[[], str]) -> Result:
        try:
            return Result(Outcome.SENT, ts=call())
        except SlackApiError as fault:
            code = str(fault.response.get("error", "")) if isinstance(fault.response.data, dict) else ""
            status = fault.response.status_code
            if status == TOO_MANY_REQUESTS or status >= SERVER_FAULT or code in _PASSING or not code:
                return Result(Outcome.LATER, fault=code or f"HTTP {status}", wait=_asked(fault.response.headers))
            return Result(Outcome.NEVER, fault=code)
        except (OSError, http.client.HTTPException, SlackClientError) as fault:
            return Result(Outcome.LATER, fault=f"{type(fault).__name__}: {fault}")


def _asked(headers: object) -> timedelta | None:
    """How long Slack asked to wait, if it did."""
    if not isinstance(headers, dict):
        return None
    value = next((said for name, said in headers.items() if name.lower() == "retry-after"), None)
    value = value[0] if isinstance(value, list) and value else value
    return timedelta(seconds=int(value)) if isinstance(value, str) and value.isdigit() else None


def _rendered(owed: Owed) -> Message:
    match owed.kind:
        case blocks.ANSWER:
            return blocks.answer(reply_from(owed.value["reply"]), exchange=owed.value["exchange"])
        case kind if kind in cards.KINDS:
            return cards.rendered(kind, owed.value)
        case _:
            return blocks.words(owed.value["text"])
