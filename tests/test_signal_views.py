"""What is worth a look on the page and in the interface: the same as on the command line, by the same rules."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from bot.experience.reading import Reading
from bot.experience.weeks import last_weeks, week_at
from bot.noticing.noticed import WEEKS, noticed
from bot.visits import tokens
from bot.visits.visiting import Visitor

import mapped_company
from mapped_company import BROUGHT, CHECKOUT, NOW, RETURN, WHO, Company, contacts, report, theme


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("signals"))
    with made.database.writing.begin() as session:
        theme(session, 1, "Boxes are typed twice")
        theme(session, 2, "Secret of two")
        report(session, "Typed into both", range(15), touchpoint=RETURN, tools=("caredesk", "orion"), theme=1)
        report(session, "Secret of two", range(30, 32), touchpoint=RETURN, tools=("orion",), theme=2)
        contacts(session, BROUGHT, ["billed for the equipment I returned"] * 6)
        contacts(session, CHECKOUT, ["Where are you?"] * 30, complaint=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def browsers(company: Company) -> Iterator[dict[str, httpx.Client]]:
    clients = {who: company.browser(who) for who in ("lead", "serves", "owner")}
    yield clients
    for client in clients.values():
        client.close()


def file_of(client: httpx.Client, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/signals.csv{query}").text)))


def test_the_page_has_each_signal_with_its_numbers_its_tickets_and_its_silences(
    company: Company, browsers: dict[str, httpx.Client]
) -> None:
    shown = browsers["lead"].get("/signals").text
    with company.database.reading() as session:
        weeks = last_weeks(WEEKS, until=week_at(NOW, company.site.zone))
        reading = Reading(session, weeks, company.site.world_in(session), viewer=WHO["lead"], now=NOW)
        found = noticed(reading)
    assert [one.kind.value for one in found.signals] == [one["kind"] for one in file_of(browsers["lead"])]
    assert {"spike", "shared issue"} <= {one.kind.value for one in found.signals}
    assert 'href="/themes/1"' in shown
    assert 'href="/tickets/FR-1"' in shown
    assert "appears together with complaints at" in shown
    for silence in found.silences:
        assert silence.why in shown.replace("&#39;", "'")
    assert "Secret of two" not in shown


def test_rows_of_customers_are_named_to_whoever_may_read_them(browsers: dict[str, httpx.Client]) -> None:
    rows = {who: file_of(client, "?kind=shared+issue")[0]["evidence"] for who, client in browsers.items()}
    assert rows["lead"] == rows["owner"] == "ticket 1"
    assert rows["serves"].count("complaint ") == 6


def test_one_kind_is_shown_alone_and_where_nothing_is_the_page_says_what_to_do(
    browsers: dict[str, httpx.Client],
) -> None:
    shown = browsers["lead"].get("/signals?kind=partner+delay").text
    assert "No signal of this kind" in shown
    assert "throughline customers route" in shown
    assert browsers["lead"].get("/signals?kind=weather").text == browsers["lead"].get("/signals").text


def test_map_and_overview_lead_there(browsers: dict[str, httpx.Client]) -> None:
    for path in ("/", "/map"):
        assert 'href="/signals"' in browsers["lead"].get(path).text.partition('id="main"')[2]


def test_programs_read_the_same_signals(company: Company, browsers: dict[str, httpx.Client]) -> None:
    with company.database.writing.begin() as session:
        secret = tokens.make(session, Visitor("lead", "lead"), "a wall", days=30, now=NOW)
    shown = {"Authorization": f"Bearer {secret}"}
    with closing(httpx.Client(base_url=f"{company.page.address}/api/v1", headers=shown, timeout=60)) as program:
        items = program.get("/signals").raise_for_status().json()["items"]
        lines = list(csv.DictReader(io.StringIO(program.get("/signals", headers={"Accept": "text/csv"}).text)))
        only = program.get("/signals?kind=partner+delay").json()
    kept = file_of(browsers["lead"])
    assert [one["sentence"] for one in items] == [one["sentence"] for one in kept]
    assert [(one["sentence"], one["numbers"], one["evidence"]) for one in lines] == [
        (one["sentence"], one["numbers"], one["evidence"]) for one in kept
    ]
    assert only == {"items": [], "total": 0, "next": None}


def judged(company: Company, client: httpx.Client, said: str, **part: str) -> httpx.Response:
    page = client.get("/shared", params=part).text
    proof = page.partition('name="form" value="')[2].partition('"')[0]
    return client.post("/shared", data={"form": proof, "pair_theme": "1", "pair_at": BROUGHT, "said": said, **part})


def test_what_somebody_says_of_a_shared_issue_counts_at_once_and_is_taken_back(
    company: Company, browsers: dict[str, httpx.Client]
) -> None:
    lead = browsers["lead"]
    before = file_of(lead, "?kind=shared+issue")
    assert BROUGHT in before[0]["where"]
    sent = judged(company, lead, "different", theme="1")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/themes/1#shared")
    scores = [
        float(file[0]["numbers"].split()[1].rstrip(",")) for file in (before, file_of(lead, "?kind=shared+issue"))
    ]
    assert scores[0] > scores[1]
    for part in ("", "?theme=1", "?cell=store.leave"):
        shown = lead.get(f"/shared{part}").text
        assert "Not the same thing</b>, says Lee Ortiz, 20 Nov 2026." in shown
    assert judged(company, lead, "nothing", cell="store.leave").headers["Location"] == "/map?cell=store.leave#shared"
    assert file_of(lead, "?kind=shared+issue") == before


def test_shared_issues_are_those_of_a_theme_or_of_a_cell(browsers: dict[str, httpx.Client]) -> None:
    for part, there in (("theme=1", True), ("theme=2", False), ("cell=store.leave", True), ("cell=web.buy", False)):
        shown = browsers["owner"].get(f"/shared?{part}").text
        assert ("appears together with complaints at" in shown) is there, part
        assert "Looks right</button>" not in shown, "owners read, and do not decide"
        assert there or "Nothing of this" in shown


def test_a_verdict_on_what_is_no_more_says_what_to_do(company: Company, browsers: dict[str, httpx.Client]) -> None:
    lead = browsers["lead"]
    proof = lead.get("/shared").text.partition('name="form" value="')[2].partition('"')[0]
    gone = {"form": proof, "pair_theme": "99", "pair_at": BROUGHT, "said": "same"}
    assert "Open the page again" in lead.post("/shared", data=gone).text
    assert "press one of the buttons" in lead.post("/shared", data={**gone, "pair_theme": "1", "said": "maybe"}).text
