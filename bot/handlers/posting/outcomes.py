"""What became of a call to Slack: sent, not sent, perhaps sent, or never to be. Decides nothing about what follows."""

import errno
import http.client
import re
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookResponse

OK = 200
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500
# Slack always says how long; where something in between answers 429 in its place, this is waited.
UNSAID_WAIT = timedelta(seconds=30)
LONGEST_ASKED = timedelta(hours=1)
MOST_CHARACTERS = 200

_LIMITED = frozenset({"ratelimited", "rate_limited"})
# Slack's own words for some of these: "it's possible some aspect of the operation succeeded".
_DOUBTFUL = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"})
_LOCKED_OUT = frozenset({"invalid_auth", "account_inactive", "token_revoked", "token_expired", "not_authed"})
_CODE = re.compile(r"[a-z][a-z0-9_]*")
# Nothing reached Slack where no connection came about.
_NO_CONNECTION = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)
_NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETDOWN})


class Outcome(Enum):
    """`UNKNOWN`: Slack may have done it. `LOCKED_OUT`: it does not accept the bot's token, whatever is sent."""

    SENT = auto()
    NOT_SENT = auto()
    LIMITED = auto()
    LOCKED_OUT = auto()
    UNKNOWN = auto()
    NEVER = auto()


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one attempt. `channel` and `ts` say where others can find it; `wait` is what Slack asked for."""

    outcome: Outcome
    channel: str = ""
    ts: str = ""
    fault: str = ""
    wait: timedelta = timedelta(0)


def tried(call: Callable[[], Result]) -> Result:
    """What a call says of itself, or what its failure means."""
    try:
        return call()
    except SlackApiError as fault:
        return _refused(fault)
    except URLError as fault:
        return Result(Outcome.UNKNOWN if _may_have_arrived(fault.reason) else Outcome.NOT_SENT, fault=_named(fault))
    except SlackClientError as fault:  # the client itself refused to send it
        return Result(Outcome.NEVER, fault=_named(fault))
    except (OSError, http.client.HTTPException, UnicodeDecodeError) as fault:
        return Result(Outcome.UNKNOWN, fault=_named(fault))


def of_response_url(response: WebhookResponse) -> Result:
    """What Slack's answer to a post to a response_url means."""
    if response.status_code == OK:
        return Result(Outcome.SENT)
    said = f"response_url answered {response.status_code}"
    if response.status_code == TOO_MANY_REQUESTS:
        return Result(Outcome.LIMITED, fault=said, wait=_asked(response.headers))
    if response.status_code >= SERVER_FAULT:
        return Result(Outcome.UNKNOWN, fault=said)
    return Result(Outcome.NEVER, fault=said)


def _refused(fault: SlackApiError) -> Result:
    response, status = fault.response, fault.response.status_code
    said = response.data if isinstance(response.data, dict) else {}
    code = str(said.get("error", ""))
    if not _CODE.fullmatch(code):  # a page of a gateway, or half an answer
        code = ""
    if status == TOO_MANY_REQUESTS or code in _LIMITED:
        return Result(Outcome.LIMITED, fault=code or f"HTTP {status}", wait=_asked(response.headers))
    if status >= SERVER_FAULT or code in _DOUBTFUL or not code:
        return Result(Outcome.UNKNOWN, fault=code or f"HTTP {status}, not an answer of Slack's")
    if code in _LOCKED_OUT:
        return Result(Outcome.LOCKED_OUT, fault=code)
    return Result(Outcome.NEVER, fault=" ".join([code, *_details(said)]))


def _details(said: dict[str, object]) -> list[str]:
    """What Slack says of a block it does not take: which rule, at which place; never its text."""
    metadata = said.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return [str(one)[:MOST_CHARACTERS] for one in messages[:3]] if isinstance(messages, list) else []


def _may_have_arrived(reason: object) -> bool:
    return not (isinstance(reason, _NO_CONNECTION) or (isinstance(reason, OSError) and reason.errno in _NO_ROUTE))


def _named(fault: Exception) -> str:
    """A fault in decoding repeats what it could not decode, so only its name is kept."""
    return type(fault).__name__ if isinstance(fault, ValueError) else f"{type(fault).__name__}: {fault}"


def _asked(headers: object) -> timedelta:
    """How long Slack asked to wait."""
    if not isinstance(headers, dict):
        return UNSAID_WAIT
    value = next((said for name, said in headers.items() if name.lower() == "retry-after"), None)
    value = value[0] if isinstance(value, list) and value else value
    if not (isinstance(value, str) and value.isdecimal() and len(value) < 10):  # noqa: PLR2004 - years
        return UNSAID_WAIT
    return min(timedelta(seconds=int(value)), LONGEST_ASKED)
