"""What a program is told in place of an answer: RFC 9457, with what to do next."""

from collections.abc import Callable, Mapping

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.errors import DatabaseUnavailable, NoSuchTicket, NotAllowed, PeopleUnknown, ThroughlineError, UnknownPerson
from bot.web.api.answers import NotThere
from bot.web.api.bearers import A_MINUTE, NoToken, TooOften
from bot.web.api.formats import NotAcceptable
from bot.web.api.shapes import Problem

KIND = "application/problem+json"
Handler = Callable[[Request, Exception], Response]
_NOT_ALLOWED = 405
_SOON = {"Retry-After": "60"}


class AskedWrongly(Exception):
    """A parameter is not as it may be; the message says which and how."""


def wrong(fault: ValidationError) -> AskedWrongly:
    """In words; what was sent is not repeated."""
    told = []
    for one in fault.errors(include_url=False, include_context=False, include_input=False):
        name = ".".join(map(str, one["loc"]))
        said = "there is no such parameter" if one["type"] == "extra_forbidden" else one["msg"].partition("error, ")[2]
        told.append(f"{name}: {said or one['msg']}" if name else said or one["msg"])
    return AskedWrongly("; ".join(told))


def told_by(docs: str) -> Mapping[type[Exception], Handler]:
    """How each fault is answered, for Starlette. `docs` is the path of the page that says what there is."""
    look = f"See what this address takes at {docs}."
    make = f"Make a token on the page, at /tokens, and send it in a header: Authorization: Bearer TOKEN. See {docs}."

    def no_token(_request: Request, fault: Exception) -> Response:
        shown = isinstance(fault, NoToken) and fault.shown
        detail = "This token is over, revoked, or never was one." if shown else "No token was sent."
        challenge = 'Bearer realm="throughline"' + (', error="invalid_token"' if shown else "")
        return problem(401, "Who are you?", detail, make, {"WWW-Authenticate": challenge})

    def too_often(_request: Request, fault: Exception) -> Response:
        seconds = fault.seconds if isinstance(fault, TooOften) else 60
        detail = f"A token asks {A_MINUTE} times a minute at most."
        return problem(
            429, "Too many requests", detail, f"Ask again in {seconds} seconds.", {"Retry-After": str(seconds)}
        )

    def of_http(_request: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 404
        headers = fault.headers if isinstance(fault, HTTPException) else None
        if status == _NOT_ALLOWED:
            return problem(status, "It is read only", "Nothing is changed here.", "Ask with GET.", headers)
        return problem(status, "There is no such address", "Nothing is served here.", look, headers)

    return {
        NoToken: no_token,
        TooOften: too_often,
        HTTPException: of_http,
        AskedWrongly: said(400, "That cannot be asked", look),
        NotThere: said(404, "There is no such thing", look),
        NoSuchTicket: said(404, "There is no such ticket", "Ask /api/v1/tickets?state=all for those there are."),
        NotAcceptable: said(406, "Not in this form", "Ask with one of these in the header Accept, or with */*."),
        NotAllowed: said(403, "This is not for you", "Ask an admin, who keeps config/people.yaml."),
        UnknownPerson: said(403, "Nobody knows you here any more", "Ask an admin to list you in config/people.yaml."),
        PeopleUnknown: said(503, "Slack does not say who you are just now", "Ask again in a minute.", _SOON),
        DatabaseUnavailable: said(503, "The database is away", "Ask again in a minute.", _SOON),
        ThroughlineError: said(500, "Something is set up wrongly", "Tell whoever runs Throughline."),
        Exception: lambda _request, _fault: problem(
            500, "Something went wrong", "It is in the log.", "Tell whoever runs Throughline."
        ),
    }


def said(status: int, title: str, next_: str, headers: Mapping[str, str] | None = None) -> Handler:
    """In the words of the fault itself."""
    return lambda _request, fault: problem(status, title, str(fault), next_, headers)


def problem(status: int, title: str, detail: str, next_: str, headers: Mapping[str, str] | None = None) -> Response:
    told = Problem(title=title, status=status, detail=detail, next=next_)
    return Response(told.model_dump_json(), status, media_type=KIND, headers=dict(headers or {}))
