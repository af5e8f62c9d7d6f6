"""Delivery by HTTP: what Slack posts to the app's request URL, what it takes for an answer, and when it posts again."""

import asyncio
import http.client
import json
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from bot.simulator.clock import Clock
from bot.simulator.deliveries import ACK_SECONDS, RETRY_AFTER_SECONDS
from bot.simulator.errors import NotLoopback, RequestUrlRefused
from bot.simulator.events import Envelope, EnvelopeType
from bot.simulator.faults import ACK, Faults
from bot.simulator.loopback import LOOPBACK
from bot.simulator.signing import signed

Json = dict[str, Any]

JSON_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
# More posts at once than a busy workspace makes.
THREADS = 32
# Nothing that an app may answer is longer.
MAX_ANSWER = 1_000_000


@dataclass(frozen=True)
class _Outcome:
    """What came of one post: an answer, or Slack's word for why there is none."""

    answer: Json | None = None
    reason: str = ""
    never_again: bool = False


def check_url(url: str) -> None:
    """Raise NotLoopback for an address of another computer."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise NotLoopback(
            f"The local workspace posts to this computer only, not to {url!r}. Give an address on 127.0.0.1."
        )


class RequestUrl:
    """Posts every envelope to one address. Lives in one event loop, its posts in threads."""

    def __init__(self, url: str, *, secret: str, clock: Clock, faults: Faults) -> None:
        check_url(url)
        self.url = url
        self._secret = secret
        self._clock = clock
        self._faults = faults
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request-url")
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def under_way(self) -> int:
        """How many envelopes have neither an answer nor been given up."""
        return len(self._under_way)

    def start(self, envelope: Envelope) -> None:
        """Begin delivering."""
        deliver = self._deliver_event if envelope.type is EnvelopeType.EVENT else self._deliver_once
        task = asyncio.create_task(deliver(envelope))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def stop(self) -> None:
        """Give up on everything that is under way."""
        tasks = tuple(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def verify(self) -> None:
        """Ask whether the app is there, as Slack does before it takes a request URL. Raises RequestUrlRefused."""
        challenge = secrets.token_urlsafe(32)
        body = json.dumps({"token": "local", "challenge": challenge, "type": "url_verification"}).encode()
        outcome = await self._post(body, JSON_TYPE, {})
        said = outcome.answer or {}
        if challenge not in (said.get("challenge"), said.get("text")):
            raise RequestUrlRefused(
                f"{self.url} did not answer Slack's challenge: {outcome.reason or 'another answer came'}. "
                "Start the bot's HTTP mode first, with the same signing secret, and set the URL again."
            )

    async def _deliver_event(self, envelope: Envelope) -> None:
        reason = ""
        for attempt, pause in enumerate((None, *RETRY_AFTER_SECONDS)):
            if pause:
                await asyncio.sleep(self._clock.real_seconds(pause))
            if not envelope.wanted():
                return
            again = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
            outcome = await self._post(json.dumps(envelope.payload).encode(), JSON_TYPE, again)
            if outcome.answer is not None or outcome.never_again:
                return
            reason = outcome.reason

    async def _deliver_once(self, envelope: Envelope) -> None:
        """A command or a pressed button: somebody waits for it, so it is posted once."""
        form = envelope.payload if envelope.type is EnvelopeType.COMMAND else {"payload": json.dumps(envelope.payload)}
        outcome = await self._post(urlencode(form).encode(), FORM_TYPE, {})
        if outcome.answer is not None:
            envelope.acked(outcome.answer)
        else:
            envelope.failed("operation_timeout" if outcome.reason == "http_timeout" else "dispatch_failed")

    async def _post(self, body: bytes, kind: str, more: Mapping[str, str]) -> _Outcome:
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **signed(body, secret=self._secret, at=int(time.time())),
            **more,
        }
        seconds = self._clock.real_seconds_for_the_app(ACK_SECONDS)
        loop, begun = asyncio.get_running_loop(), asyncio.Event()

        def exchange() -> _Outcome:
            loop.call_soon_threadsafe(begun.set)
            return self._exchange(body, headers, seconds)

        posted = loop.run_in_executor(self._threads, exchange)
        # The app's three seconds do not run while a post waits here for a thread: Slack never drops one unposted.
        await begun.wait()
        try:
            async with asyncio.timeout(seconds):
                outcome = await posted
        except TimeoutError:
            return _Outcome(reason="http_timeout")
        return _Outcome(reason="http_timeout") if outcome.answer is not None and self._faults.draw(ACK) else outcome

    def _exchange(self, body: bytes, headers: Mapping[str, str], seconds: float) -> _Outcome:
        """One post and its answer, in a thread."""
        where = urlsplit(self.url)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.hostname or "", where.port, timeout=seconds)
        try:
            connection.request("POST", where.path or "/", body, dict(headers))
            response = connection.getresponse()
            said = response.read(MAX_ANSWER)
        except TimeoutError:
            return _Outcome(reason="http_timeout")
        except (OSError, http.client.HTTPException):
            return _Outcome(reason="connection_failed")
        finally:
            connection.close()
        if response.status != http.HTTPStatus.OK:
            return _Outcome(reason="http_error", never_again=response.getheader("X-Slack-No-Retry") == "1")
        return _Outcome(answer=_read(said, response.getheader("Content-Type") or ""))


def _read(said: bytes, kind: str) -> Json:
    """An answer as the payload of an ack would carry it; plain words are a message's text."""
    words = said.decode(errors="replace")
    if kind.startswith(JSON_TYPE):
        try:
            read = json.loads(words or "{}")
        except json.JSONDecodeError:
            return {"text": words}
        return read if isinstance(read, dict) else {"text": words}
    return {"text": words} if words else {}
