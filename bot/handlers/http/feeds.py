"""`POST /feeds/SOURCE`: live events of other systems, signed, taken once, and acknowledged when they are safe.

It writes no body, no header and no secret into a log.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from time import time

from anyio import CapacityLimiter, to_thread
from psycopg import Error as ServerError
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.customers.feeds import live
from bot.customers.feeds.feed import Feed
from bot.customers.feeds.mapping import load_feed
from bot.database import Database
from bot.errors import SettingsError
from bot.feed_settings import SIGNED_WITH, FeedSettings
from bot.handlers.http import bodies, health, pouring, signatures
from bot.handlers.http.guard import Complaints
from bot.handlers.http.listening import Listener
from bot.handlers.http.pouring import Gone, Refused
from bot.handlers.http.signatures import Claim, Scheme

PATH = "/feeds"
SCHEME = Scheme(b"x-throughline-timestamp", b"x-throughline-signature", b"v1")
# A thousand conversations of four thousand letters.
MOST_BYTES = 4 * 1024 * 1024
# So much more is read and dropped, so that its sender hears why it was refused.
MOST_DROPPED = 64 * 1024 * 1024
BODY_SECONDS = 15.0
# Writers take turns: more threads would only wait for each other.
THREADS = 2
MOST_WAITING = 32
AGAIN_SECONDS = 5
_TOLD = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON: send one event, or a list of them.",
    HTTPStatus.UNAUTHORIZED: (
        "The signature does not fit, or its time is more than five minutes off. Sign v1:TIMESTAMP:BODY, the body as "
        "it is sent, byte by byte, with the secret of this source."
    ),
    HTTPStatus.NOT_FOUND: "There is no such feed.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Send events with POST.",
    HTTPStatus.REQUEST_TIMEOUT: "The body did not arrive in time. Send it again.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        f"That is too much at once: {MOST_BYTES // 1024 // 1024} MB or {live.MOST_EVENTS} events. Send it in parts."
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "Send Content-Type: application/json.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "No event could be taken; `reasons` says why. Correct them or the mapping.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Nothing was taken just now. Send the same again in a few seconds.",
}


@dataclass(frozen=True, slots=True)
class LiveFeed:
    """A source that may send: how its events are to be read, and the secrets with which they may be signed."""

    feed: Feed
    secrets: tuple[bytes, ...]


def load_feeds(settings: FeedSettings, *, channels: Collection[str] = ()) -> dict[str, LiveFeed]:
    """Every source with a secret; `channels` are those of the map.

    Raises `SettingsError` for one without a mapping file, or with a faulty one.
    """
    found: dict[str, LiveFeed] = {}
    for source, secrets in settings.secrets.items():
        file = settings.mappings / f"{source}.yaml"
        if not file.is_file():
            raise SettingsError(
                f"{SIGNED_WITH}{source.upper()} is set, but there is no mapping file {file}. Write one, as "
                "docs/customer-data.md says, or remove the secret."
            )
        feed = load_feed(file, channels=channels)
        if feed.source != source:
            raise SettingsError(f"{file} says `source: {feed.source}`; it must be {source}, as its file is called.")
        found[source] = LiveFeed(feed, tuple(secret.encode() for secret in secrets))
    return found


def routes(database: Database, feeds: Mapping[str, LiveFeed]) -> list[BaseRoute]:
    """Nothing where no source may send."""
    return [Route(f"{PATH}/{{source}}", FeedDoor(database, feeds))] if feeds else []


def sources_in(folder: Path) -> list[str]:
    """What mapping files are called."""
    return sorted(file.stem for file in folder.glob("*.yaml")) if folder.is_dir() else []


class FeedDoor:
    """An ASGI application for the addresses of all sources."""

    def __init__(self, database: Database, feeds: Mapping[str, LiveFeed], *, clock: Callable[[], float] = time) -> None:
        self._database = database
        self._feeds = feeds
        self._clock = clock
        self._threads = CapacityLimiter(THREADS)
        self._under_way = 0
        self._complaints = Complaints("They were sent to /feeds: 401 means another secret, or a clock that is off")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(scope, receive)
        except Refused as refusal:
            self._complaints.add(refusal.status)
            response = _refusal(refusal.status)
            response.headers["connection"] = "close"  # the rest of a body that is not wanted is not waited for
        except Gone:
            return
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> JSONResponse:
        headers = dict(scope["headers"])
        pouring.announced(headers, most_bytes=MOST_DROPPED)
        if int(headers.get(b"content-length", b"0")) > MOST_BYTES:
            await pouring.pour(receive, pouring.spill, most_bytes=MOST_DROPPED, seconds=BODY_SECONDS)
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        feed = self._feeds.get(scope["path_params"]["source"])
        claim = signatures.claimed(scope["headers"], now=self._clock(), scheme=SCHEME)
        is_json = bodies.media_type(headers.get(b"content-type", b"")) == bodies.JSON
        if feed is None or scope["method"] != "POST" or claim is None or not is_json:
            await self._pour(receive, pouring.spill)
            raise Refused(_fault_of(feed, scope["method"], claim))
        body = bytearray()
        await self._pour(receive, body.extend)
        if not any(signatures.fits(claim, bytes(body), secret=secret, scheme=SCHEME) for secret in feed.secrets):
            raise Refused(HTTPStatus.UNAUTHORIZED)
        return await self._take(feed.feed, bytes(body), claim)

    async def _take(self, feed: Feed, body: bytes, claim: Claim) -> JSONResponse:
        if self._under_way >= THREADS + MOST_WAITING:
            return _later()
        self._under_way += 1
        try:
            return await to_thread.run_sync(
                partial(self._taken, feed, body, claim.signature.decode()), limiter=self._threads
            )
        finally:
            self._under_way -= 1

    def _taken(self, feed: Feed, body: bytes, signature: str) -> JSONResponse:
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return _refusal(HTTPStatus.BAD_REQUEST)
        events = told if isinstance(told, list) else [told]
        if len(events) > live.MOST_EVENTS:
            return _refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            taken = live.take(self._database, feed, events, signature=signature, now=datetime.now(UTC))
        except (SQLAlchemyError, ServerError):
            return _later()
        if taken.nothing:
            return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, **taken.as_json())
        return JSONResponse({"source": feed.source, **taken.as_json()}, HTTPStatus.ACCEPTED)

    async def _pour(self, receive: Receive, into: Callable[[bytes], None]) -> None:
        await pouring.pour(receive, into, most_bytes=MOST_BYTES, seconds=BODY_SECONDS)


class FeedListener:
    """A port of its own for live events, from `start()` to `stop()`: Slack's requests may come by a socket."""

    def __init__(self, database: Database, feeds: Mapping[str, LiveFeed], *, host: str, port: int) -> None:
        served = [*routes(database, feeds), Route("/healthz", health.alive)]
        self._listener = Listener(served, host=host, port=port, settings="FEED_PORT (and FEED_HOST)")

    @property
    def address(self) -> str:
        """Where it listens, once started."""
        return self._listener.address

    def start(self) -> None:
        """Return when events are taken. Raises `SettingsError` where it cannot listen."""
        self._listener.start()

    def stop(self) -> None:
        """Take nothing new; return when what is under way is answered."""
        self._listener.stop()


def _fault_of(feed: LiveFeed | None, method: str, claim: Claim | None) -> HTTPStatus:
    if feed is None:
        return HTTPStatus.NOT_FOUND
    if method != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED
    return HTTPStatus.UNAUTHORIZED if claim is None else HTTPStatus.UNSUPPORTED_MEDIA_TYPE


def _later() -> JSONResponse:
    response = _refusal(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["retry-after"] = str(AGAIN_SECONDS)
    return response


def _refusal(status: HTTPStatus, **more: object) -> JSONResponse:
    error = status.phrase.casefold().replace(" ", "_")
    return JSONResponse({"error": error, "message": _TOLD[status], **more}, status)
