"""Every route of the page beside everybody who may ask for it, and every form beside everybody who may forge it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace

import httpx
import pytest
from bot.retrieval.embedding import Embedder
from bot.visits import visiting
from bot.web import Site
from bot.web.pages import Pages
from starlette.routing import BaseRoute, Mount, Route

import knowledge_desks
from knowledge_desks import DANA, FEE, PEOPLE, SCRIPTS, Desk

ROLES = tuple(PEOPLE)
EVERYBODY = (200,) * len(ROLES)
NOBODY = (401,) * len(ROLES)
# What each of ROLES is answered: nobody, outsider, employee, team owner, lead, admin, auditor. An auditor who comes to
# the overview is led to what is theirs; a form that was in order and could not be carried out ends in 400.
MATRIX: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/"): (401, 403, 403, 200, 200, 200, 303),
    ("GET", "/courses"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/annotations"): (401, 403, 403, 403, 303, 303, 403),
    ("POST", "/annotations/remove"): (401, 403, 403, 403, 400, 400, 403),
    ("POST", "/annotations/restore"): (401, 403, 403, 403, 400, 400, 403),
    ("GET", "/fixes"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/targets"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/roadmap"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/roadmap"): (401, 403, 403, 403, 400, 400, 403),
    ("GET", "/scorecard"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/scorecard"): (401, 403, 403, 403, 303, 303, 403),
    ("GET", "/demand"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/partners/notices"): (401, 403, 403, 303, 303, 303, 403),
    ("GET", "/partners/notices.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/partners/notices"): (401, 403, 403, 403, 303, 303, 403),
    ("POST", "/partners/notices/acknowledge"): (401, 403, 403, 403, 400, 400, 403),
    ("GET", "/map"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/map.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/map/heat"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/map/heat.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/map/quadrant"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/map/quadrant.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/shared"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/shared"): (401, 403, 403, 403, 400, 400, 403),
    ("GET", "/signals"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/signals.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/themes"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/themes.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/causes.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/themes/{number}"): (401, 403, 403, 404, 404, 404, 403),
    ("POST", "/themes/roadmap"): (401, 403, 403, 403, 404, 404, 403),
    ("POST", "/themes/effort"): (401, 403, 403, 403, 404, 404, 403),
    ("GET", "/tickets"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/tickets.csv"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/tickets/{key}"): (401, 403, 403, 404, 404, 404, 403),
    ("GET", "/knowledge"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/knowledge/verify"): (401, 403, 403, 303, 403, 303, 403),
    ("POST", "/knowledge/withdraw"): (401, 403, 403, 403, 403, 303, 403),
    ("POST", "/knowledge/restore"): (401, 403, 403, 403, 403, 400, 403),
    ("POST", "/knowledge/notices"): (401, 403, 403, 403, 403, 303, 403),
    ("POST", "/knowledge/notices/end"): (401, 403, 403, 403, 403, 400, 403),
    ("POST", "/knowledge/rollback"): (401, 403, 403, 403, 403, 400, 403),
    ("GET", "/knowledge/reindex"): (401, 403, 403, 403, 403, 200, 403),
    ("POST", "/knowledge/reindex"): (401, 403, 403, 403, 403, 303, 403),
    ("GET", "/knowledge/pages"): (401, 403, 403, 200, 200, 200, 403),
    ("GET", "/knowledge/pages/{source:path}"): (401, 403, 403, 200, 404, 200, 403),
    ("GET", "/knowledge/as"): (401, 403, 403, 403, 403, 200, 403),
    ("POST", "/knowledge/as"): (401, 403, 403, 403, 403, 200, 403),
    ("GET", "/knowledge/access"): (401, 403, 403, 403, 200, 200, 403),
    ("GET", "/knowledge/audit"): (401, 403, 403, 403, 403, 403, 200),
    ("POST", "/knowledge/audit/customer"): (401, 403, 403, 403, 403, 403, 303),
    ("GET", "/knowledge/audit/chain"): (401, 403, 403, 403, 403, 403, 200),
    ("GET", "/enter/{secret}"): NOBODY,
    ("POST", "/enter"): NOBODY,
    ("POST", "/leave"): (403, 200, 200, 200, 200, 200, 200),
    ("GET", "/sign-in"): (303,) * len(ROLES),
    ("GET", "/signed-in"): NOBODY,
    ("GET", "/static"): EVERYBODY,
    ("GET", "/tokens"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/tokens"): (401, 403, 403, 200, 200, 200, 403),
    ("POST", "/tokens/revoke"): (401, 403, 403, 303, 303, 303, 403),
    # Signing in opens none of these: programs show a token (tests/test_api.py has roles).
    ("GET", "/api/v1/metrics"): NOBODY,
    ("GET", "/api/v1/map"): NOBODY,
    ("GET", "/api/v1/themes"): NOBODY,
    ("GET", "/api/v1/tickets"): NOBODY,
    ("GET", "/api/v1/tickets/{key}"): NOBODY,
    ("GET", "/api/v1/touchpoints"): NOBODY,
    ("GET", "/api/v1/targets"): NOBODY,
    ("GET", "/api/v1/signals"): NOBODY,
    ("GET", "/api/v1/openapi.json"): EVERYBODY,
    ("GET", "/api/v1/docs"): EVERYBODY,
}
# A page that Sam's team owns, and that only the phone may read.
EXAMPLES = {"{key}": "FR-1", "{number}": "1", "{source:path}": SCRIPTS, "{secret}": "none"}
FIELDS = {
    "/themes/roadmap": {"theme": "1", "lane": "now", "why": "It hurts."},
    "/themes/effort": {"theme": "1", "days": "2"},
    "/annotations": {"day": "2026-11-16", "words": "New registers"},
    "/annotations/remove": {"note": "999"},
    "/annotations/restore": {"note": "999"},
    "/roadmap": {"item": "theme:999", "lane": "now", "why": "It hurts."},
    "/scorecard": {"quarter": "2026-Q4", "component": "mobile", "score": "3", "why": "It fits a phone."},
    "/partners/notices": {"partner": "FieldPro", "words": "Bring the new box.", "days": "30"},
    "/partners/notices/acknowledge": {"notice": "999", "partner": "FieldPro"},
    "/knowledge/verify": {"page": FEE},
    "/knowledge/withdraw": {"page": "tools/raw.md", "reason": "It is wrong."},
    "/knowledge/restore": {"page": FEE},
    "/knowledge/notices": {"text": "Orion is down", "until": "2h", "audience": "everyone"},
    "/knowledge/notices/end": {"number": "999"},
    "/knowledge/as": {"who": "everyone", "question": "How much is the late fee?"},
    "/knowledge/audit/customer": {"customer": DANA},
    "/shared": {"pair_theme": "999", "pair_at": "cx.store.checkout", "said": "same"},
    "/tokens": {"label": "a wall", "days": "30"},
    "/tokens/revoke": {"number": "999"},
}
# The one form of somebody who is not signed in: a secret of 256 bits stands in the token's place.
WITHOUT_A_SESSION = {"/enter"}
FORMS = sorted(path for method, path in MATRIX if method == "POST")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> Iterator[Desk]:
    opened = knowledge_desks.opened(knowledge_desks.house_in(tmp_path_factory.mktemp("routes"), encoder))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def browsers(desk: Desk) -> Iterator[dict[str, httpx.Client]]:
    clients = {who: desk.browser(who) for who in ROLES}
    yield clients
    for client in clients.values():
        client.close()


def proof(client: httpx.Client) -> str:
    """What this session's page writes into its forms."""
    token = next(iter(client.cookies.values()), "")
    return visiting.form_token(token) if token else ""


def ask(client: httpx.Client, method: str, path: str) -> httpx.Response:
    for name, example in EXAMPLES.items():
        path = path.replace(name, example)
    if method == "GET":
        return client.get("/static/page.css" if path == "/static" else path)
    return client.post(path, data={**FIELDS.get(path, {}), "form": proof(client)})


def routes(site: Site) -> set[tuple[str, str]]:
    return set(under("", Pages(site).routes))


def under(path: str, all_: Sequence[BaseRoute]) -> Iterator[tuple[str, str]]:
    for route in all_:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Mount) and route.routes:
            yield from under(path + route.path, route.routes)
        else:
            methods = (route.methods or {"GET"}) - {"HEAD"} if isinstance(route, Route) else {"GET"}
            yield from ((method, path + route.path) for method in methods)


def test_every_route_has_a_row(desk: Desk) -> None:
    assert routes(desk.site) == set(MATRIX)


@pytest.mark.parametrize(("method", "path"), MATRIX)
def test_everybody_is_answered_as_their_role_allows(
    desk: Desk, browsers: dict[str, httpx.Client], method: str, path: str
) -> None:
    with ExitStack() as stack:
        if path == "/leave":  # which ends the session
            browsers = {who: stack.enter_context(closing(desk.browser(who))) for who in ROLES}
        told = {who: ask(browsers[who], method, path).status_code for who in ROLES}
    assert told == dict(zip(ROLES, MATRIX[method, path], strict=True))


@pytest.mark.parametrize("path", [path for path in FORMS if path not in WITHOUT_A_SESSION])
def test_a_form_without_the_token_of_its_session_is_refused(browsers: dict[str, httpx.Client], path: str) -> None:
    for who in ("admin", "auditor"):
        other = visiting.form_token("another session")
        for forged in ({}, {"form": ""}, {"form": "x"}, {"form": other}, {"form": proof(browsers["lead"])}):
            sent = browsers[who].post(path, data={**FIELDS.get(path, {}), **forged})
            assert sent.status_code == 403, (who, forged)


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_another_site_sends_is_refused(browsers: dict[str, httpx.Client], path: str) -> None:
    for who in ("admin", "auditor"):
        client = browsers[who]
        for origin in ("https://evil.example", "null", "", "http://127.0.0.1:1"):
            data = {**FIELDS.get(path, {}), "form": proof(client)}
            assert client.post(path, data=data, headers={"Origin": origin}).status_code == 403, (who, origin)


def test_the_bar_offers_what_is_open_and_nothing_else(desk: Desk, browsers: dict[str, httpx.Client]) -> None:
    def bar(who: str, path: str) -> list[str]:
        above = browsers[who].get(path).text.partition('aria-label="Pages"')[2].partition("</nav>")[0]
        return re.findall(r"<li><a [^>]*>([^<]+)", above)

    assert bar("admin", "/knowledge") == ["Overview", "Map", "Themes", "Tickets", "Knowledge"]
    assert bar("auditor", "/knowledge/audit") == ["Knowledge"]
    assert bar("employee", "/") == []


def test_without_its_rooms_the_knowledge_has_no_entry(desk: Desk) -> None:
    assert not [path for _, path in routes(replace(desk.site, keeping=None)) if path.startswith("/knowledge")]
