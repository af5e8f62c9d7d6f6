"""The routes of the interface, its description, and the page that shows that to people."""

from collections.abc import Callable
from importlib.metadata import version
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route

from bot.web import rendering
from bot.web.api import formats, problems
from bot.web.api.answers import Asking, Row
from bot.web.api.bearers import A_MINUTE, Bearers
from bot.web.api.description import description, parameters
from bot.web.api.formats import CSV, JSON
from bot.web.api.operations import OPERATIONS, Listing, Operation, checked
from bot.web.api.problems import AskedWrongly
from bot.web.site import Site

# Everything below it is read with tokens; nothing below it looks at a cookie.
ROOT = "/api/v1"
DOCS = f"{ROOT}/docs"


class Interface:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._bearers = Bearers(site)

    @property
    def mounted(self) -> Mount:
        inside = Starlette(
            routes=[
                Route("/openapi.json", self._description, methods=["GET"]),
                Route("/docs", self._docs, methods=["GET"]),
                *(Route(one.path, self._answering(one), methods=["GET"]) for one in OPERATIONS),
            ],
            exception_handlers=problems.told_by(DOCS),
        )
        inside.router.redirect_slashes = False
        return Mount(ROOT, app=inside)

    def _answering(self, operation: Operation) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            """Starlette runs it in a thread."""
            viewer = self._bearers.viewer(request)
            offered = [JSON, CSV] if isinstance(operation, Listing) else [JSON]
            kind = formats.chosen(request.headers.get("accept", ""), offered)
            asked = _asked(operation.asked, request)
            with self._site.database.reading() as session:
                asking = Asking(session, self._site, viewer, self._site.clock())
                if isinstance(operation, Listing):
                    return _listed(request, operation, asking, asked, kind=kind)
                found = operation.found(asking, asked, request.path_params["key"])
            return formats.answer(request, checked(operation, found), kind=kind, headers={})

        return answer

    def _description(self, _request: Request) -> Response:
        return JSONResponse(description(ROOT, version("throughline")))

    def _docs(self, _request: Request) -> Response:
        shown = rendering.page(
            "api.html", operations=OPERATIONS, parameters=parameters, root=ROOT, a_minute=A_MINUTE, shapes=_shapes()
        )
        return HTMLResponse(shown)


def _asked(shape: type[BaseModel], request: Request) -> BaseModel:
    said = request.query_params.multi_items()
    if len({name for name, _ in said}) < len(said):
        raise AskedWrongly("A parameter stands there twice.")
    try:
        return shape.model_validate(dict(said))
    except ValidationError as fault:
        raise problems.wrong(fault) from fault


def _listed(request: Request, operation: Listing, asking: Asking, asked: BaseModel, *, kind: str) -> Response:
    found = operation.found(asking, asked)
    told = asked.model_dump(mode="json", exclude_unset=True)
    first = told.get("offset", 0)
    after = first + len(found.items)
    more = bool(found.items) and after < found.total
    next_ = f"{ROOT}{operation.path}?{urlencode({**told, 'offset': after})}" if more else None
    value: Row = {"items": found.items, "total": found.total, "next": next_}
    body = checked(operation, value)
    if kind == CSV:
        body = formats.csv(operation.line, (line for item in found.items for line in operation.lines(item)))
    headers = {"Link": f'<{next_}>; rel="next"'} if next_ else {}
    return formats.answer(request, body, kind=kind, headers=headers)


def _shapes() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Name, words, and of each field its name, its type in words and what it means."""
    known = description(ROOT, version("throughline"))["components"]["schemas"]
    return [
        (
            name,
            " ".join(one.get("description", "").split()),
            [(field, _type(each), each.get("description", "")) for field, each in one["properties"].items()],
        )
        for name, one in known.items()
        if not name.endswith("List")
    ]


def _type(schema: dict[str, object]) -> str:
    if isinstance(several := schema.get("anyOf"), list):
        return " or ".join(_type(one) for one in several)
    if isinstance(reference := schema.get("$ref"), str):
        return reference.rpartition("/")[2]
    if isinstance(inner := schema.get("items"), dict):
        return f"list of {_type(inner)}"
    return str(schema.get("format") or schema.get("type"))
