"""The body of a request, part by part, as long as it is neither too large nor too slow."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

from starlette.types import Receive


class Refused(Exception):
    """Ends a request with this status, before anybody has read what is in it."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status


class Gone(Exception):
    """Whoever asked has hung up."""


def announced(headers: dict[bytes, bytes], *, most_bytes: int) -> None:
    """Raises `Refused` for a body that is said to be too large, or of no size."""
    size = headers.get(b"content-length", b"0")
    if not size.isdigit() or int(size) > most_bytes:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


async def pour(receive: Receive, into: Callable[[bytes], None], *, most_bytes: int, seconds: float) -> None:
    """Raises `Refused`, or `Gone`."""
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                part = message.get("body", b"")
                size += len(part)
                if size > most_bytes:
                    raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                into(part)
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        raise Refused(HTTPStatus.REQUEST_TIMEOUT) from None


def spill(_part: bytes) -> None:
    """For a body that nobody wants: a sender that is still sending would not learn why it was refused."""
