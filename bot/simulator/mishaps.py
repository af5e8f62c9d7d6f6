"""The answers that a client gets when something befell its call."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from bot.simulator.faults import Mishap

Json = dict[str, Any]

# Long enough for the server to notice that the connection under it is gone.
_NOTICE_SECONDS = 0.05
_GATEWAY = "<html><head><title>{status} {reason}</title></head><body><h1>{status} {reason}</h1></body></html>"


def instead(mishap: Mishap, *, retry_after: int, cut: Callable[[], None]) -> Response:
    """What is answered to a call that is not carried out, or whose answer is lost. `cut` ends its connection."""
    match mishap:
        case Mishap.RATE_LIMITED:
            body = {"ok": False, "error": "ratelimited"}
            return JSONResponse(body, status_code=429, headers={"Retry-After": str(retry_after)})
        case Mishap.SERVER_ERROR:
            return JSONResponse({"ok": False, "error": "fatal_error"}, status_code=500)
        case Mishap.UNAVAILABLE:
            return JSONResponse({"ok": False, "error": "service_unavailable"}, status_code=503)
        case Mishap.GATEWAY_TIMEOUT:
            return _page(504, "Gateway Time-out")
        case Mishap.DROPPED_BEFORE | Mishap.DROPPED_AFTER:
            cut()
            return Response()
    return _page(502, "Bad Gateway")


def half(answer: Json, *, close: Callable[[], None]) -> Response:
    """The first half of an answer whose length promises the whole; then `close` ends its connection."""
    body = json.dumps(answer).encode()

    async def begun() -> AsyncIterator[bytes]:
        yield body[: len(body) // 2]
        close()
        await asyncio.sleep(_NOTICE_SECONDS)

    headers = {"Content-Length": str(len(body))}
    return StreamingResponse(begun(), media_type="application/json", headers=headers)


def _page(status: int, reason: str) -> Response:
    return HTMLResponse(_GATEWAY.format(status=status, reason=reason), status_code=status)
