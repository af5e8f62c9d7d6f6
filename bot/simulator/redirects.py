"""What the pages share that ask somebody and lead back to the app."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

from bot.simulator.oauth import NotAskedRight
from bot.simulator.pages import HEADERS
from bot.simulator.rendering import whole_page


def not_asked_right(fault: NotAskedRight) -> Response:
    """What is said to whoever followed a link that is wrong; the app hears nothing of it."""
    page = whole_page("not_asked_right.html", words=str(fault), code=fault.code)
    return HTMLResponse(page, status_code=400, headers=HEADERS)


def answering(goes_to: str) -> Mapping[str, str]:
    """The form's answer leads to the app, which a browser would stop otherwise."""
    policy = HEADERS["Content-Security-Policy"]
    allowed = policy.replace("form-action 'self'", f"form-action 'self' {origin(goes_to)}")
    return {**HEADERS, "Content-Security-Policy": allowed}


def origin(url: str) -> str:
    """ "http://127.0.0.1:8023"."""
    where = urlsplit(url)
    return f"{where.scheme}://{where.netloc}"
