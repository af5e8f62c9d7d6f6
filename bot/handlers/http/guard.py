"""First on every request over HTTP: only what Slack signed, of these minutes and for the first time, goes further.

It writes no body and no header into a log.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from time import monotonic, time

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from bot.handlers.http import bodies, pouring, signatures
from bot.handlers.http.pouring import Gone, Refused
from bot.handlers.http.signatures import Claim, Seen

log = logging.getLogger(__name__)

# Slack's requests are smaller: its largest view has 250 kB.
MOST_BYTES = 1024 * 1024
# Slack gives up after three seconds, so a slower sender is not Slack.
BODY_SECONDS = 5.0
# A wrong secret must be noticed; a stranger who knocks must not fill the disk.
COMPLAIN_EVERY_SECONDS = 60.0
_IF_SLACKS = (
    "If they are Slack's: 401 means that SLACK_SIGNING_SECRET is not this app's, or that the clock of this machine is "
    "off"
)
_RETRY_HEADERS = (b"x-slack-retry-num", b"x-slack-retry-reason")


@dataclass(frozen=True, slots=True)
class Verified:
    """A request that Slack signed. `retries` are its headers about being sent again."""

    body: bytes
    media: str
    retries: Mapping[str, str]


class Guard:
    """An ASGI application for one address; `further` gets what is verified."""

    def __init__(
        self,
        further: Callable[[Verified], Awaitable[Response]],
        *,
        signing_secret: str,
        clock: Callable[[], float] = time,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._further = further
        self._secret = signing_secret.encode()
        self._clock = clock
        self._body_seconds = body_seconds
        self._seen = Seen()
        self._complaints = Complaints()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._answer(scope, receive)
        except Refused as refusal:
            self._complaints.add(refusal.status)
            # The rest of a body that is not wanted is not waited for.
            response = JSONResponse({"error": str(refusal)}, refusal.status, headers={"connection": "close"})
        except Gone:
            return
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        headers = dict(scope["headers"])
        pouring.announced(headers, most_bytes=MOST_BYTES)
        claim = signatures.claimed(scope["headers"], now=self._clock())
        media = bodies.media_type(headers.get(b"content-type", b""))
        if scope["method"] != "POST" or claim is None or media is None:
            await self._pour(receive, into=pouring.spill)
            raise Refused(_fault_of(scope["method"], claim))
        body = bytearray()
        await self._pour(receive, into=body.extend)
        if not signatures.fits(claim, bytes(body), secret=self._secret) or not self._seen.add(claim, now=self._clock()):
            raise Refused(HTTPStatus.UNAUTHORIZED)
        retries = {name.decode(): headers[name].decode("latin-1") for name in _RETRY_HEADERS if name in headers}
        return await self._handed_on(Verified(bytes(body), media, retries), claim)

    async def _handed_on(self, request: Verified, claim: Claim) -> Response:
        taken = False
        try:
            response = await self._further(request)
            taken = response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
            return response
        finally:
            if not taken:
                self._seen.forget(claim)

    async def _pour(self, receive: Receive, into: Callable[[bytes], None]) -> None:
        await pouring.pour(receive, into, most_bytes=MOST_BYTES, seconds=self._body_seconds)


def _fault_of(method: str, claim: Claim | None) -> HTTPStatus:
    if method != "POST":
        return HTTPStatus.METHOD_NOT_ALLOWED
    return HTTPStatus.UNAUTHORIZED if claim is None else HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class Complaints:
    """Says in the log how many requests were refused, and why, at most once a minute."""

    def __init__(self, of: str = _IF_SLACKS) -> None:
        """`of`: what to look at, if it was no stranger."""
        self._of = of
        self._count = 0
        self._silent_until = float("-inf")

    def add(self, status: HTTPStatus) -> None:
        self._count += 1
        now = monotonic()
        if now < self._silent_until:
            return
        log.warning(
            "%s requests over HTTP were refused, the last with %s %s. %s",
            self._count,
            status.value,
            status.phrase,
            self._of,
        )
        self._count = 0
        self._silent_until = now + COMPLAIN_EVERY_SECONDS
