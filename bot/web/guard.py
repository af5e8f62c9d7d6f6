"""What every request meets first, and what every answer carries: this page's own names only, and no other site."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.api import ROOT

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
    """Refuses a host that is not this page's (DNS rebinding), and whatever another site makes a browser send.

    `url` is the address behind a proxy with TLS, "" where there is none. A request for it is marked as `protected`.
    """

    def __init__(self, app: ASGIApp, *, url: str = "") -> None:
        self._app = app
        self._outside = urlsplit(url).netloc

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope.get("protected"):
                    headers["Strict-Transport-Security"] = "max-age=31536000"
            await send(message)

        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self._app)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = HTTPConnection(scope).headers
        host = headers.get("host", "").casefold()
        outside = bool(self._outside) and host == self._outside
        if not outside and _name(host) not in LOOPBACK:
            where = f"https://{self._outside}" if self._outside else "http://127.0.0.1 on the machine that serves it"
            return PlainTextResponse(f"Open this page as {where}.", 421)
        scope["protected"] = outside
        # Below it no cookie counts, so that no site can use one; it says itself what it takes.
        if scope["method"] in {"GET", "HEAD"} or scope["path"].startswith(f"{ROOT}/"):
            return None
        if scope["method"] != "POST":
            return PlainTextResponse("This page is read, and answers to its own forms.", 405)
        origin = urlsplit(headers.get("origin", ""))
        if origin.scheme != ("https" if outside else "http") or origin.netloc.casefold() != host:
            return PlainTextResponse("Only the page's own forms are taken. Open the page and press its button.", 403)
        return None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
