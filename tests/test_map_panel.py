"""The map of a place and of a partner, and what stands beside it: in whose words, and for whom."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from bot.exchanges import ExchangeRow, GapRow
from bot.experience.mapped import Part, touchpoints_of
from bot.experience.phrases import nearest, rarity
from bot.words import stems

import mapped_company
from mapped_company import BROUGHT, CHECKOUT, NOW, RETURN, WEEK, Company, contacts, report, theme

CELL = "store.leave"
BILLED, WAITED = "billed for equipment I have returned", "I waited at the counter while they typed everything twice"
ASKED = "Which of the two lists is right?"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("panel"))
    with made.database.writing.begin() as session:
        theme(session, 1, "Boxes are typed twice")
        # Every third works at Harbour Street: five of fifteen, two of six.
        report(session, "Typed into both", range(15), touchpoint=RETURN, tools=("caredesk", "orion"), theme=1)
        report(session, "The till hangs", range(20, 26))
        report(session, "Secret of two", range(30, 32), touchpoint=RETURN, tools=("orion",))
        report(session, "The carrier is late", range(40, 46), touchpoint=RETURN, tools=(), partner="parcel_carrier")
        said = [f"{BILLED}, says Dana"] * 3 + ["I waited at the counter, typed twice"] * 2 + ["It smells odd"]
        contacts(session, BROUGHT, said, place="harbour-street")
        contacts(session, CHECKOUT, ["They could not take my card"] * 4, place="mill-road")
        contacts(session, BROUGHT, ["Billed for returned equipment?"] * 20, complaint=False, place="harbour-street")
        for number, question in enumerate((ASKED, f"  {ASKED.upper()} ", "Who prints it?"), start=1):
            session.add(
                ExchangeRow(
                    id=number, asked_at=NOW - WEEK, person="U1", channel="C1", thread="", question=question,
                    reason="nothing", private=False, confidence=0.1, citations=[], milliseconds=1.0,
                )
            )  # fmt: skip
            session.flush()
            closest = [{"source": "tools/device-entry-both-systems.md"}]
            session.add(GapRow(exchange=number, owner="", audiences=["everyone"], closest=closest))
    yield made
    made.close()


@pytest.fixture
def browsers(company: Company) -> Iterator[dict[str, httpx.Client]]:
    clients = {who: company.browser(who) for who in ("lead", "serves", "admin", "owner")}
    yield clients
    for client in clients.values():
        client.close()


def cells(client: httpx.Client, query: str = "") -> dict[tuple[str, str], tuple[str, str]]:
    rows = csv.DictReader(io.StringIO(client.get(f"/map.csv{query}").text))
    told = {(row["channel"], row["stage"]): (row["complaints"], row["hours_a_week"]) for row in rows}
    return {where: numbers for where, numbers in told.items() if numbers not in {("0", ""), ("0", "0.0")}}


def test_a_place_has_what_five_of_its_people_have_and_the_complaints_that_came_in_there(
    browsers: dict[str, httpx.Client],
) -> None:
    shown = cells(browsers["lead"])
    # The work of taking back serves the shop and the website: 15 + 6 of 21 hours, half for each.
    assert shown["Shop", "Return or leave"] == ("6", "10.5")
    assert shown["Shop", "Buy"] == ("4", "6.0")
    harbour = cells(browsers["lead"], "?place=harbour-street")
    assert harbour["Shop", "Return or leave"] == ("6", "2.5")
    # Two of the six at the till work there, which is as hidden as if nobody did.
    assert harbour["Shop", "Buy"] == ("0", "few people")
    text = browsers["lead"].get("/map?place=harbour-street").text
    assert "Questions are not counted by place" in text
    assert 'value="harbour-street" selected' in text


def test_a_place_of_too_few_people_is_not_offered_and_is_no_filter(browsers: dict[str, httpx.Client]) -> None:
    text = browsers["lead"].get("/map").text
    assert 'value="mill-road"' in text
    assert 'value="head-office"' not in text
    for query in ("?place=head-office", "?place=nowhere", "?partner=nobody"):
        assert cells(browsers["lead"], query) == cells(browsers["lead"])


def test_a_partner_has_its_tickets_and_the_touchpoints_where_it_has_a_part(
    browsers: dict[str, httpx.Client], company: Company
) -> None:
    shown = cells(browsers["lead"], "?partner=parcel_carrier")
    assert shown["Shop", "Return or leave"][1] == "3.0"
    assert ("Shop", "Buy") not in shown
    here = touchpoints_of(company.site.map(), Part(partner="parcel_carrier"))
    having = [id_ for id_ in company.site.map().cx if here(id_)]
    assert having
    assert all("parcel_carrier" in [one.id for one in company.site.map().partners_at(id_)] for id_ in having)
    panel = browsers["lead"].get(f"/map?partner=parcel_carrier&cell={CELL}").text.partition("<aside")[2]
    assert "The carrier is late" in panel
    assert "Typed into both" not in panel


def test_customers_words_are_counted_by_phrase_for_whoever_may_read_them(browsers: dict[str, httpx.Client]) -> None:
    panel = browsers["serves"].get(f"/map?cell={CELL}").text.partition("<aside")[2].partition("</aside>")[0]
    assert f'<q>{BILLED}</q><span class="num">3</span>' in panel
    assert f'<q>{WAITED}</q><span class="num">2</span>' in panel
    assert "6 complaints read" in panel
    assert "1 say it in other words" in panel
    assert "Dana" not in panel
    assert "smells" not in panel
    for who in ("lead", "admin", "owner"):
        assert "In customers" not in browsers[who].get(f"/map?cell={CELL}").text
    elsewhere = browsers["serves"].get(f"/map?cell={CELL}&place=mill-road").text
    assert "In customers" not in elsewhere, "none of them came in there"


def test_employees_words_are_quoted_from_five_people_on(browsers: dict[str, httpx.Client]) -> None:
    panel = browsers["lead"].get(f"/map?cell={CELL}").text.partition("<aside")[2]
    assert "Typed into both" in panel
    assert "Secret of two" not in panel
    assert "3 open tickets in all" in panel


def test_questions_are_read_by_admins_and_counted_for_others(browsers: dict[str, httpx.Client]) -> None:
    panel = browsers["admin"].get(f"/map?cell={CELL}").text.partition("<aside")[2]
    assert f'<q>{ASKED}</q><span class="num">2 times</span>' in panel
    assert "Who prints it?" in panel
    for who in ("lead", "serves", "owner"):
        shown = browsers[who].get(f"/map?cell={CELL}").text
        assert "2 questions nothing answered" in shown
        assert "Who prints it?" not in shown


def test_a_theme_goes_on_the_roadmap_from_the_panel(browsers: dict[str, httpx.Client]) -> None:
    lead = browsers["lead"].get(f"/map?cell={CELL}").text.partition("<aside")[2]
    assert '<a href="/themes/1">Boxes are typed twice</a>' in lead
    assert 'action="/themes/roadmap"' in lead
    assert 'action="/themes/roadmap"' not in browsers["owner"].get(f"/map?cell={CELL}").text


def test_without_contacts_there_are_no_words_and_nothing_fails(tmp_path_factory: pytest.TempPathFactory) -> None:
    bare = mapped_company.opened(tmp_path_factory.mktemp("bare_panel"))
    with closing(bare), closing(bare.browser("serves")) as client:
        shown = client.get(f"/map?cell={CELL}&weeks=26")
        assert shown.status_code == 200
        assert "In customers" not in shown.text


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("I am billed for equipment that was returned weeks ago", BILLED),
        ("They typed everything twice, so I waited", WAITED),
        ("Equipment", ""),
        ("Hello", ""),
        ("", ""),
    ],
)
def test_a_complaint_counts_under_the_phrase_that_it_shares_most_of(text: str, phrase: str) -> None:
    known = {one: stems(one) for one in (BILLED, WAITED)}
    assert nearest(text, known, rarity(list(known.values()))) == phrase
    assert nearest(text, {}, {}) == ""
