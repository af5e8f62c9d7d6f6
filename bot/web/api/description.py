"""The interface in OpenAPI 3.1, made of the operations and the shapes by which it is checked."""

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.web.api.asked import KEY
from bot.web.api.formats import CSV, JSON
from bot.web.api.operations import OPERATIONS, Listing, Operation
from bot.web.api.problems import KIND
from bot.web.api.shapes import Problem

Json = dict[str, Any]
_REF = "#/components/schemas/{model}"
_PROBLEMS = {
    "400": "A parameter is not as it may be.",
    "401": "No token, or one that opens nothing.",
    "403": "Whoever has the token may not see this now.",
    "404": "There is no such thing.",
    "406": "Not in a form that the header Accept names.",
    "429": "More than a token may ask in a minute.",
    "503": "Slack or the database is away.",
}


@cache
def description(root: str, version: str) -> Json:
    shapes = [(operation.shape, "validation") for operation in OPERATIONS]
    _, known = models_json_schema([*shapes, (Problem, "validation")], ref_template=_REF)  # type: ignore[list-item]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Throughline",
            "version": version,
            "description": "What gets in the way of employees and customers, in numbers. Read only. Groups of fewer "
            "than five people tell no numbers: null is never 0.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root}],
        "security": [{"token": []}],
        "paths": {operation.path: {"get": _operation(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": known["$defs"],
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A personal token, made at /tokens."}
            },
        },
    }


def parameters(operation: Operation) -> list[Json]:
    """Those of the query, as OpenAPI has them."""
    schema = operation.asked.model_json_schema(ref_template=_REF)
    known = schema.get("$defs", {})
    return [_parameter(name, one, known) for name, one in schema.get("properties", {}).items()]


def _operation(operation: Operation) -> Json:
    told: Json = {"schema": {"$ref": _REF.format(model=operation.shape.__name__)}}
    content: Json = {JSON: told}
    asked = parameters(operation)
    if isinstance(operation, Listing):
        content[CSV] = {"schema": {"type": "string"}}
    else:
        asked = [
            {
                "name": "key",
                "in": "path",
                "required": True,
                "description": operation.key,
                "schema": {"type": "string", "pattern": KEY},
            }
        ]
    tag = {"ETag": {"description": "Send it back as If-None-Match.", "schema": {"type": "string"}}}
    refused = {"content": {KIND: {"schema": {"$ref": _REF.format(model=Problem.__name__)}}}}
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": asked,
        "responses": {
            "200": {"description": "What was asked.", "headers": tag, "content": content},
            "304": {"description": "As you have it."},
            **{status: {"description": words, **refused} for status, words in _PROBLEMS.items()},
        },
    }


def _parameter(name: str, one: Json, known: Json) -> Json:
    """A parameter is left out or said: null, which is how a shape says the first, cannot be written in an address."""
    words = one.pop("description", "")
    said: Json = next((each for each in one.pop("anyOf", []) if each.get("type") != "null"), {})
    schema = {**one, **said}
    if reference := schema.pop("$ref", ""):
        schema = {**known[reference.rpartition("/")[2]], **schema}
    schema = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    if schema.get("default", 0) is None:
        del schema["default"]
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}
