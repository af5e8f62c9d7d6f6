"""What every request meets first, and what every answer carries: this machine's names only, and no other site."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guarded:
    """Refuses a host that is not this machine (DNS rebinding), and whatever another site makes a browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = _refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, sending)


def _refusal(scope: Scope) -> PlainTextResponse | None:
    headers = HTTPConnection(scope).headers
    host = headers.get("host", "")
    if _name(host) not in LOOPBACK:
        return PlainTextResponse("Open this page as http://127.0.0.1 on the machine that serves it.", 421)
    if scope["method"] in {"GET", "HEAD"}:
        return None
    if scope["method"] != "POST":
        return PlainTextResponse("This page is read, and answers to its own forms.", 405)
    origin = urlsplit(headers.get("origin", ""))
    if origin.scheme != "http" or origin.netloc != host:
        return PlainTextResponse("Only the page's own forms are taken. Open the page and press its button.", 403)
    return None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
