"""The cookies of the page: their names say where they count, and no script reads them."""

from starlette.requests import Request
from starlette.responses import Response

# Where the page is behind TLS, a browser takes this name only from there, only for this host and only if protected.
_PROTECTED = "__Host-"


def secure(request: Request) -> bool:
    """Whether the browser speaks TLS, to a proxy before us."""
    return bool(request.scope.get("protected"))


def read(request: Request, name: str) -> str:
    return request.cookies.get(_name(request, name), "")


def put(request: Request, answer: Response, name: str, value: str, *, seconds: float) -> None:
    """Lax: somebody who follows a link from Slack is signed in where they arrive, and no other site sends forms."""
    answer.set_cookie(
        _name(request, name),
        value,
        max_age=int(seconds),
        httponly=True,
        secure=secure(request),
        samesite="lax",
    )


def drop(request: Request, answer: Response, name: str) -> None:
    answer.delete_cookie(_name(request, name), httponly=True, secure=secure(request), samesite="lax")


def _name(request: Request, name: str) -> str:
    """On loopback with the port: a browser sends the cookies of one port to all others of a machine."""
    return f"{_PROTECTED}{name}" if secure(request) else f"{name}_{request.url.port or 80}"
