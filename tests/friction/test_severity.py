"""How bad a report is follows from what it says."""

from itertools import product

import pytest
from bot.friction.kinds import CustomerEffect, Frequency, Kind, Severity
from bot.friction.severity import severity_of, worst
from bot.friction.weights import minutes_a_week


@pytest.mark.parametrize(
    ("kind", "effect", "minutes", "frequency", "severity"),
    [
        pytest.param("outage", "none", 2, "once", "S1", id="work stopped"),
        pytest.param("slow", "left", 1, "once", "S1", id="a customer left"),
        pytest.param("wrong_data", "charged_wrong", None, None, "S1", id="money"),
        pytest.param("hardware", "safety", None, "once", "S1", id="safety"),
        pytest.param("duplicate_entry", "waited", 0, "monthly", "S2", id="a customer waited"),
        pytest.param("slow", "none", 30, "daily", "S2", id="half an hour a day"),
        pytest.param("slow", "none", 29.9, "daily", "S3", id="not quite half an hour a day"),
        pytest.param(
            "duplicate_entry", "none", 15, "per_customer", "S2", id="ten customers a week, a quarter of an hour"
        ),
        pytest.param("slow", "none", 3.75, "hourly", "S2", id="eight times a day"),
        pytest.param("login", "none", 150, "once", "S2", id="two and a half hours at once"),
        pytest.param("login", "none", 20, "weekly", "S3", id="slows"),
        pytest.param("slow", "none", 1, "daily", "S3", id="five minutes a week"),
        pytest.param("slow", "none", 0.9, "daily", "S4", id="less than five minutes a week"),
        pytest.param("other", "none", 10, "monthly", "S4", id="irritates"),
        pytest.param("slow", "none", None, "hourly", "S3", id="how long is not said"),
        pytest.param("slow", "none", 1, None, "S3", id="how often is not said"),
    ],
)
def test_a_report_is_as_bad_as_it_says(
    kind: str, effect: str, minutes: float | None, frequency: str | None, severity: str
) -> None:
    often = Frequency(frequency) if frequency else None
    assert severity_of(Kind(kind), CustomerEffect(effect), minutes=minutes, frequency=often) == severity


def test_whatever_is_said_there_is_a_severity_and_losing_more_never_makes_it_milder() -> None:
    for kind, effect, frequency in product(Kind, CustomerEffect, Frequency):
        found = [severity_of(kind, effect, minutes=minutes, frequency=frequency) for minutes in (0, 1, 5, 20, 60, 500)]
        assert found == sorted(found, reverse=True)


def test_a_ticket_is_as_bad_as_the_worst_of_its_reports() -> None:
    assert worst([Severity.S3, Severity.S2, Severity.S4]) is Severity.S2
    with pytest.raises(ValueError, match="empty"):
        worst([])


def test_what_is_lost_in_a_week_is_known_where_both_are_said() -> None:
    assert minutes_a_week(12, Frequency.DAILY) == 60
    assert minutes_a_week(None, Frequency.DAILY) is None
    assert minutes_a_week(12, None) is None
