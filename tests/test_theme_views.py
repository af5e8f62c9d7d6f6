"""Themes on the page: what costs most first, nothing of few people, each decision on the roadmap with its reason."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from bot.experience.control_charts import out_of
from bot.experience.themes import Themes
from bot.metrics.control import Limits
from bot.metrics.shares import Share
from bot.visits import visiting
from bot.web import pareto_drawing

import mapped_company
from mapped_company import NOW, RETURN, WEEK, Company, report, theme

FORMULA = "=1+2 boxes are typed twice"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("themes"), hour=25)
    with made.database.writing.begin() as session:
        for number, label in ((1, "Tills hang"), (2, FORMULA), (3, "A rare thing"), (4, "Nothing left of it")):
            theme(session, number, label)
        # An hour a week each: 6 h, 12 h, and of two people nothing may be told.
        report(session, "The till hangs", range(6), theme=1)
        report(session, "Typed twice", range(12), theme=2, touchpoint=RETURN, tools=("caredesk", "orion"))
        report(session, "Rarely", range(20, 22), theme=3)
        report(session, "Of no theme", range(30, 35), tools=(), at=NOW - 3 * WEEK)
    yield made
    made.close()


@pytest.fixture
def lead(company: Company) -> Iterator[httpx.Client]:
    with closing(company.browser("lead")) as client:
        yield client


def send(client: httpx.Client, **fields: str) -> httpx.Response:
    token = next(iter(client.cookies.values()))
    return client.post("/themes/roadmap", data={**fields, "form": visiting.form_token(token)})


def estimate(client: httpx.Client, theme: str, days: str) -> httpx.Response:
    token = next(iter(client.cookies.values()))
    fields = {"theme": theme, "days": days, "form": visiting.form_token(token)}
    return client.post("/themes/effort", data=fields)


def test_what_costs_most_comes_first_and_few_people_have_no_number(lead: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(lead.get("/themes.csv").text)))
    told = [
        (row["theme"], row["hours_a_week"], row["people_at_least"], row["cost_of_delay_a_week"], row["share_together"])
        for row in rows
    ]
    # 12, 6 and 5 of 23 hours; an hour costs 25.
    assert told == [
        ("2", "12.0", "12", "300.0", "0.5217"),
        ("1", "6.0", "6", "150.0", "0.7826"),
        ("", "5.0", "5", "125.0", "1.0"),
        ("3", "few people", "few people", "", ""),
    ]
    assert rows[0]["label"] == f"'{FORMULA}"
    shown = lead.get("/themes").text
    assert shown.index("boxes are typed twice") < shown.index("Tills hang") < shown.index("A rare thing")
    assert "52.2 % of all" in shown
    assert "1 theme has too few people" in shown
    assert "Nothing left of it" in shown.partition("Cost nothing now")[2]
    assert lead.get("/themes?weeks=nonsense").text.count("selected") == 1


def test_a_theme_tells_its_tickets_where_they_are_and_how_its_weeks_went(lead: httpx.Client) -> None:
    shown = lead.get("/themes/2").text
    assert "Typed twice" in shown
    assert "12 people or more" in shown
    for link in (
        "/tickets?tool=orion&amp;state=all&amp;theme=2",
        "/map?cell=store.leave#cell",
        "/tickets?state=over&amp;theme=2",
    ):
        assert f'href="{link}"' in shown
    assert "Limits need 8 whole weeks with at least one a week." in shown
    assert "The till hangs" not in shown
    assert "None was filed in these weeks" in lead.get("/themes/4").text
    assert "part of <a" in lead.get("/tickets/FR-1").text


def test_tickets_are_filtered_by_their_theme(lead: httpx.Client) -> None:
    assert "1 ticket<" in lead.get("/tickets?theme=2").text
    assert "Of no theme</a>" in lead.get("/tickets?theme=none").text
    assert lead.get("/tickets?theme=99999999999999999999").headers["location"] == "/tickets"


@pytest.mark.parametrize("number", ["9", "x", "99999999999999999999", "-1", "0"])
def test_a_theme_that_is_not_there_is_no_page(lead: httpx.Client, number: str) -> None:
    assert lead.get(f"/themes/{number}").status_code == 404
    assert send(lead, theme=number, lane="now", why="It hurts").status_code == 404


def test_a_decision_has_a_reason_and_is_taken_back_by_the_next(lead: httpx.Client, company: Company) -> None:
    assert "write a few words" in send(lead, theme="1", lane="now", why=" ").text
    assert "now, next or later" in send(lead, theme="1", lane="soon", why="It hurts").text
    done = send(lead, theme="1", lane="next", why="Six people wait <b>daily</b>")
    shown = lead.get(done.headers["location"]).text
    assert "It is under “next” from now on" in shown
    assert "Six people wait &lt;b&gt;daily&lt;/b&gt;" in shown
    assert 'name="lane" value="dropped"' in shown
    assert "under next already" in send(lead, theme="1", lane="next", why="Again").text
    assert ">next</span>" in lead.get("/themes").text
    send(lead, theme="1", lane="dropped", why="Taken back: next.")
    shown = lead.get("/themes/1").text
    assert shown.index("Taken back: next.") < shown.index("Six people wait"), "the newest comes first"
    with closing(company.browser("owner")) as owner:
        assert send(owner, theme="1", lane="now", why="Mine").status_code == 403
        assert "Leads and admins decide" in owner.get("/themes/1").text


def test_an_estimate_puts_what_a_day_of_work_saves_most_first_until_it_is_taken_back(
    lead: httpx.Client, company: Company
) -> None:
    def order() -> list[tuple[str, str, str]]:
        rows = csv.DictReader(io.StringIO(lead.get("/themes.csv").text))
        return [(row["theme"], row["effort_days"], row["saved_by_a_day"]) for row in rows]

    assert [row[0] for row in order()] == ["2", "1", "", "3"]
    for wrong in ("soon", "-1", "0", "nan", "1e9"):
        assert "days" in estimate(lead, "1", wrong).text, wrong
    done = estimate(lead, "1", "0,5")
    shown = lead.get(done.headers["location"]).text
    assert "It takes 0.5 days of work, by " in shown
    assert "each saves 300 a week" in shown
    estimate(lead, "1", "0.50")
    assert lead.get("/themes/1").text.count("<b>0.5 days</b>") == 1, "pressed twice, it is one estimate"
    estimate(lead, "2", "3")
    # 150 a week in half a day, 300 in three; "" is taken to need the middle of these, 1.75: 71 a day.
    assert order() == [("1", "0.5", "300.0"), ("2", "3.0", "100.0"), ("", "", ""), ("3", "", "")]
    assert lead.get("/themes").text.count("not estimated") == 2
    estimate(lead, "1", "")
    assert [row[0] for row in order()] == ["2", "1", "", "3"]
    shown = lead.get("/themes/1").text
    assert shown.index("<b>None</b>") < shown.index("<b>0.5 days</b>"), "the newest comes first, and nothing is lost"
    estimate(lead, "2", "")
    with closing(company.browser("owner")) as owner:
        assert estimate(owner, "1", "1").status_code == 403
        assert "Leads and admins estimate them" in owner.get("/themes/1").text
    assert estimate(lead, "99", "1").status_code == 404


def test_without_themes_the_page_says_how_they_come(tmp_path_factory: pytest.TempPathFactory) -> None:
    bare = mapped_company.opened(tmp_path_factory.mktemp("bare"))
    with closing(bare), closing(bare.browser("lead")) as client:
        shown = client.get("/themes").text
        assert "There are no themes yet" in shown
        assert "throughline friction themes --propose" in shown
        assert client.get("/themes.csv").text.count("\n") == 1


def test_what_is_smaller_than_a_dozen_is_one_bar() -> None:
    values = [14.0 - number for number in range(14)]  # 14 + 13 + ... + 1 = 105
    found, so_far = [], 0.0
    for number, value in enumerate(values, start=1):
        so_far += value
        found.append(Share(str(number), value, value / 105, so_far / 105))
    bars = pareto_drawing.bars(tuple(found))
    assert [one.hours for one in bars[:2]] == [14, 13]
    assert (bars[-1].id, bars[-1].several, bars[-1].hours, bars[-1].together) == (None, 2, 3, 100)
    # Eight make 84 of 105, which is four fifths.
    assert sum(one.vital for one in bars) == 8
    labels = {str(number): f"Theme {number}" for number in range(1, 15)}
    assert pareto_drawing.headline(Themes((), tuple(found)), labels) == "8 of 14 themes cost 80 % of the time"


def test_a_week_is_out_of_its_limits_beyond_them_and_not_on_them() -> None:
    limits = Limits(5, 2, 8)
    assert [out_of(count, limits) for count in (1, 2, 8, 9)] == [True, False, False, True]
    assert not out_of(99, None)
