"""Touchpoint x tool, and friction beside complaints: as worked out by hand, nothing of few people, marks with rows."""

import csv
import io
import re
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
from bot.experience.quadrant import Field
from bot.experience.touchpoints import Spot
from bot.metrics.measure import Unit, untold
from bot.signals.quadrants import Quadrant, Touchpoint, quadrants
from bot.web import quadrant_drawing

import mapped_company
from mapped_company import BROUGHT, CHECKOUT, HELP, RETURN, Company, contacts, report


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("fields"))
    with made.database.writing.begin() as session:
        report(session, "The till hangs", range(6))  # 6 h
        report(session, "Typed twice", range(12), touchpoint=RETURN, tools=("caredesk", "orion"))  # 12 h, for both
        report(session, "Only here", range(20, 22), touchpoint=RETURN, tools=("pos",))
        report(session, "Nowhere named", range(30, 35), touchpoint="", tools=())  # 5 h
        for touchpoint, complaints, others in ((CHECKOUT, 0, 300), (BROUGHT, 60, 240), (HELP, 180, 120)):
            contacts(session, touchpoint, ["It is wrong"] * complaints)
            contacts(session, touchpoint, ["Where are you?"] * others, complaint=False)
    yield made
    made.close()


@pytest.fixture
def lead(company: Company) -> Iterator[httpx.Client]:
    with closing(company.browser("lead")) as client:
        yield client


def table(client: httpx.Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).text)))


def test_hours_stand_where_work_and_tool_meet_and_lead_to_their_tickets(lead: httpx.Client) -> None:
    told = {(row["touchpoint"], row["tool"]): row["hours_a_week"] for row in table(lead, "/map/heat.csv")}
    assert told == {
        ("Selling at the register", "PointPost"): "6.0",
        ("Taking equipment back", "CareDesk"): "12.0",
        ("Taking equipment back", "Orion"): "12.0",
        ("Taking equipment back", "PointPost"): "few people",
        ("", ""): "5.0",
    }
    shown = lead.get("/map/heat").text
    marks = re.findall(r'<a class="(shade\d[ few]*)" href="([^"]+)" aria-label="([^"]+)"', shown)
    assert len(marks) == 5
    # 12 h is the most: 6 of it is half, so the third of five shades.
    by_label = {label: shade for shade, _, label in marks}
    assert by_label["Selling at the register, PointPost: 6 hours a week, 1 open ticket"] == "shade3"
    assert by_label["Taking equipment back, PointPost: few people, 1 open ticket"] == "shade0 few"
    for _, where, label in marks:
        count = label.rpartition(", ")[2].partition(" ")[0]
        assert f">{count} ticket<" in lead.get(where.replace("&amp;", "&")).text, label


def test_each_touchpoint_is_in_the_field_of_its_friction_and_its_complaints(lead: httpx.Client) -> None:
    rows = {row["touchpoint"]: row for row in table(lead, "/map/quadrant.csv")}
    names = {
        "Paying at the register": CHECKOUT,
        "Bringing equipment back": BROUGHT,
        "Asking for help in a shop": HELP,
    }
    told = {id_: rows[name]["field"] for name, id_ in names.items()}
    # Of 40 people: 6 at the till lose an hour each, x 1.5 for S3, x 1.5 with customers = 810 / 40 = 20 minutes.
    assert rows["Paying at the register"]["weighted_minutes_per_employee"] == "20.25"
    assert rows["Bringing equipment back"]["complaints_per_1000"] == "200.0"
    # Where nobody set a target the cut is twice the middle of 0, 200 and 600.
    assert (rows["Asking for help in a shop"]["cut_per_1000"], told[HELP]) == ("400.0", "blind spot")
    assert told == {CHECKOUT: "silent cost", BROUGHT: "shared issue", HELP: "blind spot"}
    others = {row["field"] for name, row in rows.items() if name not in names}
    assert others == {"not enough data"}


def test_the_fields_are_told_in_words_and_lead_to_the_cells_of_the_map(lead: httpx.Client) -> None:
    shown = lead.get("/map/quadrant?weeks=12").text
    for title, _ in quadrant_drawing.WORDS.values():
        assert f">{title}</h2>" in shown
    mark = re.search(r'<a href="([^"]+)" aria-label="Bringing equipment back: shared issue, ([^"]+)"', shown)
    assert mark is not None
    assert mark[1] == "/map?weeks=12&amp;cell=store.leave#cell"
    assert "200.0 complaints per 1,000" in mark[2]
    assert "shared issue" not in lead.get("/map/quadrant?weeks=1").text.partition("<table")[2]
    assert "causes" not in shown


def test_a_place_that_nobody_came_to_is_told_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    bare = mapped_company.opened(tmp_path_factory.mktemp("bare_fields"))
    with closing(bare), closing(bare.browser("lead")) as client:
        assert "Nothing is open" in client.get("/map/heat").text
        assert "throughline customers route" in client.get("/map/quadrant").text


def test_dots_stand_in_their_field(lead: httpx.Client) -> None:
    shown = lead.get("/map/quadrant").text
    dots = re.findall(r'cx="([\d.]+)%" cy="([\d.]+)%"', shown)
    places = {name: (float(x), float(y)) for name, (x, y) in zip(("shared", "blind", "silent"), dots, strict=True)}
    assert places["shared"][0] > 50 > places["shared"][1]
    assert places["blind"][0] < 50 > places["blind"][1]
    assert places["silent"][0] > 50 < places["silent"][1]


def test_dots_that_would_cover_each_other_stand_in_a_row_that_ends_with_the_field() -> None:
    many = [Touchpoint(str(number), 1.0, 10, 90, 100, target=100.0) for number in range(40)]
    spot = Spot("", 0, None, untold(Unit.LOAD, 0, ""), 0, 0, untold(Unit.PER_1000, 0, ""), None, None)
    placed = [Field(spot, one) for one in quadrants(many)]
    assert {one.placed.quadrant for one in placed} == {Quadrant.BLIND_SPOT}
    dots = quadrant_drawing.drawn(placed).dots
    assert sorted(dot.number for dot in dots) == list(range(1, 41))
    assert [round(dot.x, 1) for dot in dots[:3]] == [10, 12.6, 15.2]
    assert max(dot.x for dot in dots) < 50
