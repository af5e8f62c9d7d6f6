"""The workspace lets anyone be anyone, so only this computer may reach it, and only its own page may post."""

from urllib.parse import urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.simulator.errors import NotLoopback

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_host(host: str) -> None:
    """Raise NotLoopback for an address that others could reach."""
    if host not in LOOPBACK:
        raise NotLoopback(
            f"The local workspace has no passwords, so it will not listen on {host!r}. "
            f"Leave --host out, or give one of {', '.join(LOOPBACK)}; to work with others, use a real Slack."
        )


class OnlyLoopback:
    """Refuses requests whose Host is another name (DNS rebinding) and posts from another page (CSRF).

    The Web API and the response URLs are called by programs, which send no Origin; their token protects them.
    """

    def __init__(self, app: ASGIApp, *, programs: tuple[str, ...]) -> None:
        self.app = app
        self.programs = programs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, or answer 421 or 403 with the reason."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not loopback"})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = HTTPConnection(scope).headers
        host = headers.get("host", "")
        if _name(host) not in LOOPBACK:
            return PlainTextResponse("Open the local workspace as http://127.0.0.1 or http://localhost.", 421)
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if reads or scope["path"].startswith(self.programs):
            return None
        if urlsplit(headers.get("origin", "")).netloc != host:
            return PlainTextResponse("Only the workspace's own page may post here.", 403)
        return None


def _name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
