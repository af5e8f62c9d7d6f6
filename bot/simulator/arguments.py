"""The arguments of one call of the Web API, however they came: query, form or JSON."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from bot.simulator.errors import SlackError

# What may be written for true in a form.
_TRUE = (True, 1, "1", "true", "True")
_SECRET = ("client_secret", "code", "code_verifier")


class Arguments:
    """Named values. A form carries lists and objects as JSON text, a JSON body carries them as they are."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = {name: value for name, value in values.items() if name != "token"}

    @property
    def shown(self) -> Mapping[str, Any]:
        """What was given, without what nobody else may read."""
        return {name: value for name, value in self.values.items() if name not in _SECRET}

    def text(self, name: str) -> str:
        """A string, empty where it was not given."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str) -> str:
        """A string. Raises SlackError `invalid_arguments` where it was not given."""
        if not self.text(name):
            raise SlackError("invalid_arguments", messages=(f"[ERROR] missing required field: {name}",))
        return self.text(name)

    def flag(self, name: str) -> bool:
        """True where it was given and means true."""
        return self.values.get(name) in _TRUE

    def number(self, name: str, *, default: int, most: int) -> int:
        """A whole number from 1 to `most`. Raises SlackError `invalid_limit`."""
        try:
            value = int(self.text(name) or default)
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def structure(self, name: str, *, broken: str) -> object:
        """A list or an object, or None where it was not given. Raises SlackError `broken` for text that is not JSON."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except json.JSONDecodeError:
            raise SlackError(broken) from None


async def read_arguments(request: Request) -> tuple[Arguments, str]:
    """What a request carries, and its token: from the Authorization header or, as an argument, `token`."""
    values: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            body = json.loads(await request.body() or b"{}")
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        values |= body
    elif request.method == "POST":
        values |= {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else str(values.get("token", ""))
    return Arguments(values), token


def credentials(request: Request, arguments: Arguments) -> tuple[str, str]:
    """An app's client id and secret: by HTTP Basic, as Slack prefers, or as arguments."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return client_id, secret
    return arguments.text("client_id"), arguments.text("client_secret")
