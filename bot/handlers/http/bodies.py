"""The body of a verified request -> what Slack tells. Parsed once, here: Bolt reads some bodies in another way."""

import json
from typing import Any
from urllib.parse import parse_qsl

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
# A slash command has about fifteen.
_MOST_FIELDS = 100


def media_type(header: bytes) -> str | None:
    """JSON or FORM, whatever parameters follow; None for all others."""
    told = header.partition(b";")[0].strip().lower().decode("latin-1")
    return told if told in {JSON, FORM} else None


def parsed(body: bytes, media: str) -> dict[str, Any] | None:
    """None for what is no JSON object, no command and no form with a JSON object as its `payload`."""
    try:
        read = json.loads(body) if media == JSON else _form(body)
    except (ValueError, RecursionError):  # RecursionError: a thousand brackets, one in the other
        return None
    return read if isinstance(read, dict) else None


def _form(body: bytes) -> object:
    fields = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    if "payload" in fields:
        return json.loads(fields["payload"])
    return fields if fields.keys() & {"command", "ssl_check"} else None
