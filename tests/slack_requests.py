"""Requests as Slack sends them over HTTP: recorded payloads, signed by Slack's own library."""

import json
import time
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
# What may stand in no log: names, an address, an account.
CANARIES = ("Canary family", "DE89370400440532013000", "canary@example.org")
_RECORDED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "data" / "slack_requests.json").read_text(encoding="utf-8")
)
KINDS = tuple(_RECORDED)


def recorded(kind: str) -> dict[str, Any]:
    return deepcopy(_RECORDED[kind])


def encoded(payload: dict[str, Any]) -> tuple[bytes, str]:
    """The body and its content type: events are JSON, commands forms, all else JSON inside a form."""
    if payload.get("type") == "event_callback" or "event" in payload or payload.get("type") == "url_verification":
        return json.dumps(payload).encode(), JSON
    if "command" in payload:
        fields = {name: value for name, value in payload.items() if value is not None}
        return urlencode(fields, errors="surrogatepass").encode(), FORM
    return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def signed(body: bytes, media: str, *, at: float | None = None, secret: str = SECRET) -> dict[str, str | bytes]:
    """Slack's headers for a body."""
    timestamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body.decode("utf-8"))
    assert signature
    return {"Content-Type": media, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
