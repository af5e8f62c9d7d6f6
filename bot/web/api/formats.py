"""How an answer goes out: as JSON or CSV, as asked; with a tag by which who has it already is told so."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from bot.csv_cells import csv_of
from bot.web.api.answers import Row
from bot.web.api.shapes import Measured

JSON, CSV = "application/json", "text/csv"
# Kept by whoever asked, and asked about again each time: what somebody may see can change.
_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}


class NotAcceptable(Exception):
    """Somebody asks for a form in which there is no answer; the message says which there are."""


def chosen(accept: str, offered: Sequence[str]) -> str:
    """What of `offered` an `Accept` prefers, the first where it does not say. Raises `NotAcceptable`."""
    weights = dict(_weights(accept)) or {"*/*": 1.0}

    def weight(kind: str) -> float:
        main = kind.partition("/")[0]
        return next((weights[one] for one in (kind, f"{main}/*", "*/*") if one in weights), 0.0)

    best = max(offered, key=weight)
    if weight(best) <= 0:
        raise NotAcceptable(f"This is told as {' or '.join(offered)}.")
    return best


def answer(request: Request, body: bytes, *, kind: str, headers: Mapping[str, str]) -> Response:
    """304 without a body where `If-None-Match` has it (RFC 9110, 13.1.2)."""
    tag = f'"{hashlib.sha256(kind.encode() + body).hexdigest()[:32]}"'
    told = {**_HEADERS, **headers, "ETag": tag}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=told)
    return Response(body, media_type=f"{kind}; charset=utf-8" if kind == CSV else kind, headers=told)


def csv(shape: type[BaseModel], rows: Iterable[Row]) -> bytes:
    """A column for each field of a shape; of a measured one a column for each part, as `load.value`."""
    columns = list(_columns(shape))
    return csv_of(columns, ({column: _cell(_at(row, column)) for column in columns} for row in rows)).encode()


def _columns(shape: type[BaseModel]) -> Iterable[str]:
    for name, field in shape.model_fields.items():
        called = field.alias or name
        if field.annotation is Measured:
            yield from (f"{called}.{part}" for part in Measured.model_fields)
        else:
            yield called


def _at(row: Row, column: str) -> object:
    name, _, part = column.partition(".")
    return row[name].get(part) if part else row.get(name)


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _weights(accept: str) -> Iterable[tuple[str, float]]:
    """RFC 9110, 12.5.1; what is written in another way is left out."""
    for one in accept.split(","):
        kind, *parameters = (part.strip().casefold() for part in one.split(";"))
        said = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        try:
            weight = float(said)
        except ValueError:
            continue
        if "/" in kind and 0 <= weight <= 1:
            yield kind, weight
