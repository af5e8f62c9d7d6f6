"""The interface for programs: the same numbers as the page and as plain SQL, for whoever may see them now."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from bot.experience.cells import EVERYTHING
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.viewers import Viewer
from bot.experience.weeks import last_weeks, week_at
from bot.visits import tokens
from bot.visits.tokens import BEGINNING, DAYS, MOST
from bot.web.api.bearers import A_MINUTE
from bot.web.api.formats import NotAcceptable, chosen
from bot.web.api.operations import OPERATIONS, checked
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.orm import Session

import api_worlds
from api_worlds import FORMULA, LEAD, LEAVE, NOW, SHOP, Company

# Of each list the address; `{key}` is tried by itself.
LISTS = tuple(one.path for one in OPERATIONS if "{" not in one.path)
# What weighs enough people to be told: five who are known by their handles.
TOLD = """
    SELECT r.ticket, t.touchpoint, COUNT(DISTINCT r.handle) AS people, SUM(r.minutes) / 60.0 AS hours
    FROM friction_reports r JOIN friction_tickets t ON t.id = r.ticket
    GROUP BY r.ticket, t.touchpoint HAVING COUNT(DISTINCT r.handle) >= 5
"""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with api_worlds.opened(tmp_path_factory.mktemp("api")) as opened:
        yield opened


@pytest.fixture
def program(company: Company) -> Iterator[httpx.Client]:
    with company.program() as client:
        yield client


@pytest.fixture
def session(company: Company) -> Iterator[Session]:
    with company.database.reading() as opened:
        yield opened


def rows(client: httpx.Client, address: str) -> list[dict[str, str]]:
    told = client.get(address, headers={"Accept": "text/csv"})
    assert told.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(told.text)))


def items(client: httpx.Client, address: str) -> list[dict[str, Any]]:
    return client.get(address).raise_for_status().json()["items"]


def test_hours_are_those_of_the_page_and_of_sql(company: Company, program: httpx.Client, session: Session) -> None:
    by_touchpoint: dict[str, float] = {}
    for _, touchpoint, _, hours in session.execute(text(TOLD)):
        by_touchpoint[touchpoint] = by_touchpoint.get(touchpoint, 0) + hours
    assert by_touchpoint == {"ex.store.checkout": 6, "ex.store.equipment_return": 10}
    whole = {one["name"]: one["value"] for one in items(program, "/metrics")[0]["metrics"]}
    assert whole["hours lost"] == sum(by_touchpoint.values()) == 16
    for touchpoint, hours in by_touchpoint.items():
        (card,) = items(program, f"/metrics?by=touchpoint&only={touchpoint}")
        assert {one["name"]: one["value"] for one in card["metrics"]}["hours lost"] == hours
    cells = {one["key"]: one["hours_a_week"] for one in items(program, "/map") if one["hours_a_week"]}
    # Returns serve customers in the shop and on the web: half of their hours each.
    assert cells == {"store.buy": 6, "store.leave": 5, "web.leave": 5}
    with company.browser() as browser:
        assert '<p class="big">16<small> h</small></p>' in browser.get("/").text
        drawn = {(one["channel"], one["stage"]): one["hours_a_week"] for one in csv.DictReader(
            io.StringIO(browser.get("/map.csv").text)
        )}  # fmt: skip
        assert "and 16 h a week" in browser.get("/map").text
    assert sorted(float(value) for value in drawn.values() if value not in {"", "few people"}) == [5, 5, 6]


def test_what_customers_said_is_that_of_the_page_and_of_sql(
    company: Company, program: httpx.Client, session: Session
) -> None:
    since = week_at(NOW, company.site.zone).monday - 3 * timedelta(weeks=1)
    asked = text(
        "SELECT r.touchpoint, COUNT(*), SUM(r.complaint) FROM interactions i "
        "JOIN interaction_routes r ON r.interaction = i.id "
        "WHERE i.direction = 'in' AND i.channel != 'survey' AND i.at >= :since GROUP BY r.touchpoint"
    )
    counted = {at: (contacts, complaints) for at, contacts, complaints in session.execute(asked, {"since": str(since)})}
    assert counted == {SHOP: (12, 3), LEAVE: (4, 1)}
    told = {one["id"]: one for one in items(program, "/touchpoints?weeks=4")}
    assert {at: (told[at]["contacts"], told[at]["complaints"]) for at in counted} == counted
    assert told[SHOP]["rate"]["value"] == 250
    assert (told[SHOP]["share_of_complaints"], told[SHOP]["hours_a_week"]) == (0.75, 6)
    assert sum(one["complaints"] for one in items(program, "/map")) == 4
    with company.browser() as browser:
        assert "Placed here: 4 complaints" in browser.get("/map").text
    scores = session.scalars(text("SELECT outcome FROM interactions WHERE channel = 'survey'")).all()
    mean = sum(int(one[0]) for one in scores) / len(scores)
    aimed = next(one for one in items(program, "/targets") if (one["touchpoint"], one["target"]) == (SHOP, "csat"))
    assert aimed["actual"]["value"] == pytest.approx(mean)
    assert aimed["variance"]["value"] == pytest.approx(mean - 4.5)
    assert (aimed["actual"]["n"], aimed["weeks_missed"]) == (6, 1)


def test_tickets_are_those_of_the_page_and_of_sql(company: Company, program: httpx.Client, session: Session) -> None:
    people = {f"FR-{ticket}": count for ticket, _, count, _ in session.execute(text(TOLD))}
    listed = items(program, "/tickets")
    assert {one["key"]: one["people"] for one in listed if one["people"]} == people
    with company.browser() as browser:
        shown = list(csv.DictReader(io.StringIO(browser.get("/tickets.csv").text)))
        assert f"{len(listed)} tickets" in browser.get("/tickets").text
    assert shown == rows(program, "/tickets")
    assert [one["key"] for one in shown] == [one["key"] for one in listed]
    whole = session.scalar(text("SELECT COUNT(*) FROM friction_tickets WHERE touchpoint = 'ex.store.checkout'"))
    assert len(items(program, "/tickets?touchpoint=ex.store.checkout&state=all")) == whole == 1
    one = program.get("/tickets/FR-1").json()
    assert {name: one[name] for name in listed[0]} == next(each for each in listed if each["key"] == "FR-1")
    assert one["theme"] == "Slow tills"


def test_themes_have_the_hours_of_their_tickets(program: httpx.Client) -> None:
    told = {one["label"]: one for one in items(program, "/themes")}
    assert (told["Slow tills"]["hours_a_week"], told["Slow tills"]["tickets"]) == (6, 1)
    assert told["Slow tills"]["share_of_hours"] == pytest.approx(6 / 16)


def test_metrics_are_what_the_command_prints(company: Company, program: httpx.Client) -> None:
    with company.database.reading() as session:
        weeks = last_weeks(12, until=week_at(NOW, company.site.zone))
        reading = Reading(session, weeks, company.site.world_in(session), viewer=LEAD, now=NOW)
        printed = scorecard(reading, EVERYTHING).as_json()
    assert items(program, "/metrics") == [printed]
    lines = rows(program, "/metrics")
    assert [(one["number"], one["name"], one["by"]) for one in lines] == [
        (str(one["number"]), one["name"], "all") for one in printed["metrics"]
    ]


def test_of_few_people_nothing_is_told_here_either(program: httpx.Client) -> None:
    few = next(one for one in items(program, "/tickets") if one["title"] == "A window stays white")
    assert (few["people"], few["hours_a_week"], few["customers"]) == (None, None, None)
    (card,) = items(program, "/metrics?by=tool&only=caredesk")
    hours = next(one for one in card["metrics"] if one["name"] == "hours lost")
    assert (hours["value"], hours["n"], hours["why"]) == (None, None, "fewer than five people")
    leave = next(one for one in items(program, "/map") if one["key"] == "store.leave")
    assert leave["hours_a_week"] == 5
    assert "Person 2" not in program.get(f"/tickets/{few['key']}").text


@pytest.mark.parametrize("path", LISTS)
def test_every_list_comes_as_csv_with_the_same_rows(program: httpx.Client, path: str) -> None:
    told = program.get(path).json()
    lines = rows(program, path)
    assert len(lines) == sum(len(one.get("metrics", [0])) for one in told["items"])


def test_no_spreadsheet_runs_a_formula_and_a_negative_number_stays_one(program: httpx.Client) -> None:
    assert next(one for one in rows(program, "/tickets") if one["key"] == "FR-1")["title"] == f"'{FORMULA}"
    assert program.get("/tickets/FR-1").json()["title"] == FORMULA
    variance = next(one["variance.value"] for one in rows(program, "/targets") if one["touchpoint"] == SHOP)
    csat = next(one for one in rows(program, "/targets") if (one["touchpoint"], one["target"]) == (SHOP, "csat"))
    assert float(csat["variance.value"]) == pytest.approx(11 / 6 - 4.5)
    assert not variance.startswith("'")


def test_a_list_goes_on_where_it_says_until_nothing_is_left(program: httpx.Client) -> None:
    whole = [one["id"] for one in items(program, "/touchpoints?limit=500")]
    found, address = [], "/touchpoints?limit=20&weeks=2"
    while address:
        told = program.get(address.removeprefix("/api/v1"))
        found += [one["id"] for one in told.json()["items"]]
        address = told.json()["next"]
        assert told.headers.get("link") == (f'<{address}>; rel="next"' if address else None)
    assert found == whole
    assert len(whole) > 20
    assert program.get("/touchpoints?offset=5000").json() == {"items": [], "total": len(whole), "next": None}


def test_who_has_it_already_is_told_so(program: httpx.Client) -> None:
    first = program.get("/tickets")
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = program.get("/tickets", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert program.get("/tickets?limit=1", headers={"If-None-Match": tag}).status_code == 200
    assert program.get("/tickets", headers={"If-None-Match": tag, "Accept": "text/csv"}).status_code == 200
    assert first.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "accept", ["", "*/*", "application/json", "text/csv;q=0.5, application/json", "application/*", "a"]
)
def test_json_is_what_most_ask_for(accept: str) -> None:
    assert chosen(accept, ["application/json", "text/csv"]) == "application/json"


def test_csv_is_for_whoever_prefers_it_and_nothing_else_is_made_up() -> None:
    for accept in ("text/csv", "text/*", "application/json;q=0.1, text/csv;q=0.9", "application/json;q=0, */*"):
        assert chosen(accept, ["application/json", "text/csv"]) == "text/csv"
    for accept in ("image/png", "text/csv", "application/json;q=0"):
        with pytest.raises(NotAcceptable):
            chosen(accept, ["application/json"])


WRONG = [
    ("/tickets?weeks=4", 400, "weeks: there is no such parameter"),
    ("/tickets?state=lost", 400, "state: say one of open, over, all, new"),
    ("/tickets?limit=0", 400, "limit: Input should be greater than or equal to 1"),
    ("/tickets?limit=1_0", 400, "limit: write it in digits"),
    ("/tickets?limit=1&limit=2", 400, "twice"),
    ("/metrics?only=orion", 404, "say `by` too"),
    ("/metrics?by=tool&only=typewriter", 404, "There are: orion"),
    ("/tickets/FR-999", 404, "There is no FR-999"),
    ("/tickets/nonsense", 404, "There is no nonsense"),
    ("/nothing", 404, "Nothing is served here"),
]


@pytest.mark.parametrize(("address", "status", "words"), WRONG)
def test_what_is_asked_wrongly_says_what_is_wrong_and_what_to_do(
    program: httpx.Client, address: str, status: int, words: str
) -> None:
    told = program.get(address)
    assert told.headers["content-type"] == "application/problem+json"
    problem = told.json()
    assert (told.status_code, problem["status"]) == (status, status)
    assert words in problem["detail"]
    assert problem["next"]


def test_it_is_read_only_and_of_no_other_site(company: Company, program: httpx.Client) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        told = program.request(method, "/tickets", headers={"Origin": "https://evil.example"})
        assert (told.status_code, told.headers["content-type"]) == (405, "application/problem+json")
        assert "GET" in told.headers["allow"]
    told = program.get("/tickets", headers={"Origin": "https://evil.example"})
    assert not [name for name in told.headers if name.startswith("access-control")]
    assert program.get("/tickets", headers={"Host": "evil.example"}).status_code == 421


def test_without_a_token_nothing_opens_whoever_is_signed_in(company: Company) -> None:
    with company.browser() as browser, company.program("nonsense") as stranger:
        for path in (*LISTS, "/tickets/FR-1"):
            told = browser.get(f"/api/v1{path}")
            assert (told.status_code, told.headers["www-authenticate"]) == (401, 'Bearer realm="throughline"')
            assert "error=" in stranger.get(path).headers["www-authenticate"]
        told = browser.get("/api/v1/tickets", headers={"Authorization": "Basic bGVlOmxlZQ=="})
        assert told.json()["next"].startswith("Make a token")


def test_a_token_opens_what_its_person_may_see_at_that_moment(company: Company) -> None:
    with company.program() as program:
        assert program.get("/tickets").status_code == 200
        company.viewers[LEAD.id] = replace(LEAD, audiences=frozenset({"everyone"}))
        try:
            for path in (*LISTS, "/tickets/FR-1"):
                told = program.get(path)
                assert (told.status_code, told.headers["content-type"]) == (403, "application/problem+json")
                assert "admin" in told.json()["detail"]
            company.viewers[LEAD.id] = Viewer("Partner", frozenset({"partner:fieldpro", "role:lead"}))
            assert program.get("/tickets").status_code == 403
        finally:
            company.viewers[LEAD.id] = LEAD
        assert program.get("/tickets").status_code == 200


def test_a_token_is_kept_as_a_hash_and_ends(company: Company) -> None:
    secret = company.token(days=min(DAYS))
    assert secret.startswith(BEGINNING)
    raw = company.database.engine.raw_connection()
    stored = "".join(raw.driver_connection.iterdump())  # type: ignore[union-attr]
    raw.close()
    assert secret not in stored
    assert secret.removeprefix(BEGINNING) not in stored
    with company.program(secret) as program:
        assert program.get("/targets").status_code == 200
        with company.database.reading() as session:
            (one,) = tokens.every(session, now=NOW)
        assert one.seen_at == NOW
        try:
            company.now = NOW + timedelta(days=min(DAYS))
            assert program.get("/targets").status_code == 401
        finally:
            company.now = NOW


def test_a_token_asks_sixty_times_a_minute_and_each_has_its_own(company: Company) -> None:
    with company.program() as program:
        answers = [program.get("/tickets/FR-1").status_code for _ in range(A_MINUTE)]
        assert answers == [200] * A_MINUTE
        refused = program.get("/tickets/FR-1")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "61")
        try:
            company.now = NOW + timedelta(seconds=61)
            assert program.get("/tickets/FR-1").status_code == 200
        finally:
            company.now = NOW
    with company.program() as another:
        assert another.get("/tickets/FR-1").status_code == 200


def test_nothing_leaves_that_the_description_does_not_name(program: httpx.Client) -> None:
    operation = next(one for one in OPERATIONS if one.path == "/tickets")
    item = items(program, "/tickets?limit=1")[0]
    assert checked(operation, {"items": [item], "total": 1, "next": None})
    for wrong in ({**item, "reporter": "Sam"}, {**item, "people": "five"}, {**item, "hours_a_week": float("nan")}):
        with pytest.raises(ValidationError):
            checked(operation, {"items": [wrong], "total": 1, "next": None})


def test_the_description_and_its_page_are_for_everybody_and_load_nothing_from_elsewhere(company: Company) -> None:
    with httpx.Client(base_url=company.page.address) as anybody:
        told = anybody.get("/api/v1/openapi.json").json()
        shown = anybody.get("/api/v1/docs")
    assert set(told["paths"]) == {one.path for one in OPERATIONS}
    assert shown.status_code == 200
    assert not re.findall(r"""(?:src|href|action)=["']?(?:https?:)?//""", shown.text)
    for operation in OPERATIONS:
        assert f"GET /api/v1{operation.path}" in shown.text
        assert all(f"<code>{name}</code>" in shown.text for name in operation.asked.model_fields)
    for name, schema in told["components"]["schemas"].items():
        assert name.endswith("List") or all(f"<code>{field}</code>" in shown.text for field in schema["properties"])


def test_a_token_is_made_on_the_page_shown_once_and_revoked_there(company: Company) -> None:
    other = "sam@tidewater.example"
    company.viewers[other] = replace(LEAD, name="Sam", id=other)
    company.token(other)  # nobody has another
    with company.browser() as browser, company.browser(other) as sam:
        form = re.search(r'name="form" value="([^"]+)"', browser.get("/tokens").text)[1]  # type: ignore[index]
        made = browser.post("/tokens", data={"form": form, "label": "the <b>wall</b>", "days": "30"})
        (secret,) = set(re.findall(rf"{BEGINNING}[\w-]{{43}}", made.text))
        again = browser.get("/tokens").text
        assert secret not in again
        assert "the &lt;b&gt;wall&lt;/b&gt;" in again
        assert "20 Dec 2026" in again
        number = re.search(r'name="number" value="(\d+)"', again)[1]  # type: ignore[index]
        with company.program(secret) as program:
            assert program.get("/targets").status_code == 200
            hers = re.search(r'name="form" value="([^"]+)"', sam.get("/tokens").text)[1]  # type: ignore[index]
            assert sam.post("/tokens/revoke", data={"form": hers, "number": number}).status_code == 303
            assert program.get("/targets").status_code == 200
            assert browser.post("/tokens/revoke", data={"form": form, "number": number}).status_code == 303
            assert program.get("/targets").status_code == 401
        for wrong in ({"label": "", "days": "30"}, {"label": "x", "days": "36500"}, {"label": "x" * 81, "days": "30"}):
            assert browser.post("/tokens", data={"form": form, **wrong}).status_code == 400
        for _ in range(MOST):
            assert browser.post("/tokens", data={"form": form, "label": "one more", "days": "30"}).status_code == 200
        refused = browser.post("/tokens", data={"form": form, "label": "too many", "days": "30"})
        assert (refused.status_code, "Revoke one" in refused.text) == (400, True)
