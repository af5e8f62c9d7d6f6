"""Where numbers take long to count the page shows those of minutes ago and says so; tickets are always of now."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bot.noticing.snapshots import FRESH, Snapshots
from bot.web.rendering import clock

import mapped_company
from mapped_company import NOW, Company, report

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now() -> list[datetime]:
    return [NOW]


@pytest.fixture
def large(tmp_path: Path, now: list[datetime]) -> Iterator[Company]:
    """For which everything takes long."""
    made = mapped_company.opened(
        tmp_path, snapshots=Snapshots(heavy_seconds=0.0, too_heavy_seconds=0.0), clock=lambda: now[0]
    )
    with made.database.writing.begin() as session:
        report(session, "The till hangs", range(6))
    yield made
    made.close()


def test_the_page_says_as_of_when_its_numbers_are_until_they_are_counted_anew(
    large: Company, now: list[datetime]
) -> None:
    said = f"Numbers as of {clock(NOW, large.site.zone)}."
    with closing(large.browser("lead")) as lead:
        first = lead.get("/").text
        assert "1 open" in first
        assert said not in first
        with large.database.writing.begin() as session:
            report(session, "The printer is out of paper", range(5))
        now[0] = NOW + 3 * MINUTE
        later = lead.get("/").text
        assert "1 open" in later
        assert said in later
        tickets = lead.get("/tickets").text
        assert "The printer is out of paper" in tickets
        assert said not in tickets
        now[0] = NOW + FRESH + MINUTE
        assert "2 open" in lead.get("/").text


def test_in_a_small_company_nothing_is_of_another_moment(tmp_path: Path, now: list[datetime]) -> None:
    small = mapped_company.opened(tmp_path, clock=lambda: now[0])
    with closing(small.browser("lead")) as lead:
        for number in (1, 2, 3):
            with small.database.writing.begin() as session:
                report(session, f"Trouble {number}", range(5))
            now[0] += MINUTE
            told = lead.get("/").text
            assert f"{number} open" in told
            assert "Numbers as of" not in told
    small.close()
