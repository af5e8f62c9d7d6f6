"""What somebody sees in place of a page: who they are is not known, it is not theirs, or there is none."""

from collections.abc import Callable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.errors import NoSuchPage, NoSuchTicket, NotAllowed, PeopleUnknown, ThroughlineError, UnknownPerson
from bot.visits.visiting import LINK_LASTS
from bot.web import rendering

_LINK = (
    "Type /friction page in Slack: you get a link that opens this page once, within "
    f"{LINK_LASTS.seconds // 60} minutes. Or ask whoever runs Throughline for “throughline pages link --as” with your "
    "name."
)
_UNAUTHORIZED = 401


class SignedOut(Exception):
    """Nobody is signed in here."""


class LinkUseless(Exception):
    """A link that was used, is too old, or never was."""


class FormStale(Exception):
    """A form of another session, or of none."""


class SignInBroken(Exception):
    """Somebody came back from Slack and is not signed in; the message says why."""


def told_by(
    around: Callable[[Request], Mapping[str, object]], way_in: Callable[[Request], str]
) -> Mapping[type[Exception], Callable[[Request, Exception], Response]]:
    """How each fault is answered, for Starlette. `around`: the frame; `way_in`: where somebody signs in."""

    def answer(status: int, title: str, words: str | None = None) -> Callable[[Request, Exception], Response]:
        def told(request: Request, fault: Exception) -> Response:
            out = status == _UNAUTHORIZED
            shown = rendering.page(
                "message.html",
                title=title,
                words=str(fault) if words is None else words,
                sign_in=way_in(request) if out else "",
                **({} if out else around(request)),
            )
            return HTMLResponse(shown, status)

        return told

    def of_http(request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 404
        return answer(status, "There is no such page", "What there is stands in the bar above.")(request, fault)

    return {
        SignedOut: answer(_UNAUTHORIZED, "Sign in", _LINK),
        SignInBroken: answer(_UNAUTHORIZED, "You are not signed in"),
        LinkUseless: answer(_UNAUTHORIZED, "This link opens nothing any more", f"A link works once. {_LINK}"),
        FormStale: answer(403, "This form is from another sign-in", "Open the page anew and press the button again."),
        NotAllowed: answer(403, "This page is not for you yet"),
        UnknownPerson: answer(
            403, "Nobody knows you here any more", "Ask an admin to list you in config/people.yaml, then sign in again."
        ),
        PeopleUnknown: answer(
            503, "Slack does not say who you are just now", "Load the page again in a minute; nothing is lost."
        ),
        NoSuchTicket: answer(404, "There is no such ticket", "Look for it in the list of tickets, in the bar above."),
        NoSuchPage: answer(404, "There is no such page"),
        ThroughlineError: answer(400, "That did not work"),
        HTTPException: of_http,
    }
