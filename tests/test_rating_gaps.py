"""Gaps between how we rate ourselves and what is measured, and the trend over all quarters, against numbers by hand."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from bot.customers.tables import CustomerRow, InteractionRow
from bot.experience.lines import Line
from bot.metrics.measure import Measure, Unit, untold
from bot.routing.tables import RouteRow
from bot.steering import rating_gaps, ratings
from bot.steering.rating_gaps import Gap, Lack
from bot.steering.ratings import Component, Quarter, Rating
from sqlalchemy.orm import Session

import mapped_company
from mapped_company import CHECKOUT, NOW, Company
from test_steering_views import section

OF_SHARE = dict.fromkeys(Component, (Line(0, "share", Measure(50.0, Unit.PERCENT, 40, "contacts")),))


def rating(component: Component, score: int) -> Rating:
    return Rating(component, score, "x", "Ruth", NOW, None)


def customer(session: Session) -> int:
    dana = CustomerRow(name="Dana Customer", first_seen=NOW)
    session.add(dana)
    session.flush()
    return dana.id


def came(session: Session, who: int, channel: str, *, days: int) -> int:
    """So many days ago."""
    row = InteractionRow(
        source="crm", source_id=f"{who}{channel}", customer=who, known_by="", channel=channel, direction="in",
        device="", at=NOW - timedelta(days=days), subject="", text="hello", outcome="", agent="", team="", place="",
        transfers=None, refs={}, digest="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


def put(session: Session, interaction: int, touchpoint: str) -> None:
    """Somebody put it there, as a complaint."""
    route = {"interaction": interaction, "touchpoint": touchpoint, "complaint": True, "likeness": 1.0}
    session.add(RouteRow(**route, routed_by="U0LEE", map_version=0, digest=""))


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path)
    yield made
    made.close()


def test_a_rating_a_step_from_what_is_measured_is_a_gap_and_the_furthest_comes_first() -> None:
    scores = {
        Component.MOBILE: 4,  # 75: 25 above what is measured
        Component.LISTENING: 3,  # 50: as measured
        Component.CHANNELS: 1,  # 0: 50 below
        Component.REAL_TIME: 2,
    }
    found = OF_SHARE | {Component.REAL_TIME: (Line(9, "kept", Measure(49.9, Unit.PERCENT, 40, "promises")),)}
    told = rating_gaps.gaps({one: rating(one, score) for one, score in scores.items()}, found)
    assert [(one.component, one.lack, one.points) for one in told] == [
        (Component.CHANNELS, Lack.DIFFERS, 50),
        (Component.MOBILE, Lack.DIFFERS, -25),
        (Component.ANALYTICS, Lack.UNRATED, None),
    ]


def test_where_ten_are_not_measured_there_is_nothing_to_compare_with() -> None:
    few = Line(0, "share", Measure(0.0, Unit.PERCENT, 9, "contacts"))
    none = Line(0, "other", untold(Unit.PERCENT, 0, "contacts"))
    found = OF_SHARE | {Component.MOBILE: (none, few)}
    told = rating_gaps.gaps({Component.MOBILE: rating(Component.MOBILE, 5)}, found)
    assert told[0] == Gap(Component.MOBILE, Lack.UNMEASURED, 5, few)


def test_of_two_shares_the_one_that_doubts_the_rating_most_is_told() -> None:
    near, far = (Line(0, name, Measure(value, Unit.PERCENT, 20, "x")) for name, value in (("a", 80.0), ("b", 10.0)))
    found = OF_SHARE | {Component.ANALYTICS: (near, far)}
    told = rating_gaps.gaps({Component.ANALYTICS: rating(Component.ANALYTICS, 5)}, found)
    assert told[0] == Gap(Component.ANALYTICS, Lack.DIFFERS, 5, far, -90)


def test_shares_are_those_counted_by_hand_and_the_page_says_the_same(company: Company) -> None:
    with company.database.writing.begin() as session:
        for number in range(12):  # each by the app; three of them by phone a day later
            dana = customer(session)
            came(session, dana, "mobile_app", days=10)
            if number < 3:
                came(session, dana, "phone", days=9)
        for number in range(20):  # five of twenty mentions are put at a touchpoint
            put(session, came(session, customer(session), "social", days=8), CHECKOUT if number < 5 else "")
        for component, score in ((Component.MOBILE, 1), (Component.LISTENING, 5), (Component.CHANNELS, 5)):
            ratings.rate(session, Quarter(2026, 4), component, score, "x", mapped_company.WHO["lead"], now=NOW)
    with closing(company.browser("lead")) as lead:
        page = lead.get("/scorecard?quarter=2026-Q4").text
    told = section(page, "gaps")
    # 9 of 12 by the app settled: 75 where 0 was said. Of mentions 25 where 100 was said.
    assert "Mobile devices : measured 75 points above our rating" in told
    assert "app contacts that needed no other channel within 72 h: 75 % n 12 contacts" in told
    assert "Social listening : measured 75 points below our rating" in told
    assert "mentions that were put at a touchpoint: 25 % n 20 mentions" in told
    # 3 of 35 came back elsewhere: 91 of 100, within a step of what was said.
    assert "Service channels" not in told
    assert "In real time : not rated for 2026-Q4" in told
    gap = page.partition('aria-labelledby="gaps"')[2]
    assert 'href="/courses?cell=channel:mobile_app"' in gap
    assert gap.index("channel:mobile_app") < gap.index("/courses#resolve")


def test_the_trend_holds_every_quarter_since_the_first_and_a_hole_is_no_line(company: Company) -> None:
    with closing(company.browser("lead")) as lead:
        assert "Nothing was rated yet" in section(lead.get("/scorecard").text, "trend")
        with company.database.writing.begin() as session:
            for quarter, score in ((Quarter(2024, 2), 2), (Quarter(2024, 3), 3), (Quarter(2026, 3), 4)):
                ratings.rate(session, quarter, Component.MOBILE, score, "x", mapped_company.WHO["lead"], now=NOW)
        page = lead.get("/scorecard").text.partition('aria-labelledby="trend"')[2].partition("</section>")[0]
        earliest = lead.get("/scorecard?quarter=2024-Q2").text
    assert page.count('scope="col">20') == 11  # 2024-Q2 to 2026-Q4
    assert "4 of 5 in 2026-Q3, 2 more than in 2024-Q2; rated in 3 quarters" in page
    assert page.count('class="s-ink" stroke-width="2" x1') == 1  # 2024-Q2 to Q3; nothing over the hole
    assert page.count('href="/scorecard?quarter=2024-Q2"') == 2  # its point, and its cell in the table
    assert '<option value="2024-Q2" selected>' in earliest
