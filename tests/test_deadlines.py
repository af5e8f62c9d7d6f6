"""Until when: what people type is read in their zone, and what cannot be meant is refused with an example."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from bot import deadlines
from bot.deadlines import NoDeadline

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)  # 09:30 in New York


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15:00", datetime(2026, 11, 22, 20, 0, tzinfo=UTC)),
        ("9:45", datetime(2026, 11, 22, 14, 45, tzinfo=UTC)),
        ("2026-11-23T15:00", datetime(2026, 11, 23, 20, 0, tzinfo=UTC)),
        ("2026-11-23 15:00", datetime(2026, 11, 23, 20, 0, tzinfo=UTC)),
        ("2026-11-23T15:00+01:00", datetime(2026, 11, 23, 14, 0, tzinfo=UTC)),
        ("2026-11-23T15:00Z", datetime(2026, 11, 23, 15, 0, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 23, 5, 0, tzinfo=UTC)),
        ("2026-07-01T15:00+00:00", None),
        ("2h", datetime(2026, 11, 22, 16, 30, tzinfo=UTC)),
        ("1h30m", datetime(2026, 11, 22, 16, 0, tzinfo=UTC)),
        ("45min", datetime(2026, 11, 22, 15, 15, tzinfo=UTC)),
        ("1d", datetime(2026, 11, 23, 14, 30, tzinfo=UTC)),
        (" 2H ", datetime(2026, 11, 22, 16, 30, tzinfo=UTC)),
        ("9:15", None),
        ("0h", None),
        ("24:00", None),
        ("2026-11-31", None),
        ("9999-12-31", None),
        ("teatime", None),
        ("", None),
        ("2", None),
        ("-2h", None),
    ],
)
def test_a_moment_is_read_in_its_zone_or_refused_with_an_example(written: str, meant: datetime | None) -> None:
    if meant is not None:
        assert deadlines.until(written, now=NOW, zone=NEW_YORK) == meant
        return
    with pytest.raises(NoDeadline, match=r"Write 15:00 for today, 2026-11-22T15:00 for another day, or 30m, 2h or 1d"):
        deadlines.until(written, now=NOW, zone=NEW_YORK)


def test_today_is_the_day_it_is_in_the_zone() -> None:
    late = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # still the 22nd in New York
    assert deadlines.until("23:00", now=late, zone=NEW_YORK) == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def test_without_a_zone_the_machine_s_own_counts() -> None:
    local = NOW.astimezone().replace(hour=23, minute=59)
    assert deadlines.until("23:59", now=NOW, zone=None) == local


def test_a_moment_is_said_with_its_day_and_its_zone() -> None:
    summer = datetime(2026, 7, 1, 19, 0, tzinfo=UTC)
    assert deadlines.said(NOW, zone=NEW_YORK) == "Sunday 22 November 2026, 09:30 EST (UTC-05:00)"
    assert deadlines.said(summer, zone=NEW_YORK) == "Wednesday 1 July 2026, 15:00 EDT (UTC-04:00)"
    assert deadlines.said(NOW, zone=ZoneInfo("UTC")) == "Sunday 22 November 2026, 14:30 UTC"
    assert deadlines.said(NOW, zone=ZoneInfo("Asia/Kathmandu")) == "Sunday 22 November 2026, 20:15 UTC+05:45"


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        pytest.param("2026-11-19T15:00", "2026-11-20T15:00", id="Thursday to Friday"),
        pytest.param("2026-11-20T15:00", "2026-11-23T15:00", id="Friday to Monday"),
        pytest.param("2026-11-21T10:00", "2026-11-24T10:00", id="Saturday counts as Monday"),
        pytest.param("2026-11-22T10:00", "2026-11-24T10:00", id="Sunday counts as Monday"),
        pytest.param("2026-10-30T15:00", "2026-11-02T15:00", id="over the end of summer time"),
    ],
)
def test_a_working_day_is_over_at_the_same_time_of_the_next(asked: str, due: str) -> None:
    moment, expected = (datetime.fromisoformat(written).replace(tzinfo=NEW_YORK) for written in (asked, due))
    assert deadlines.working_day_after(moment.astimezone(UTC), zone=NEW_YORK) == expected
