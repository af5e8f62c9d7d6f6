"""Hours, load, cost and what is estimated from them, against numbers worked out by hand."""

from math import exp

import pytest
from bot.metrics import costs, hours, load
from bot.metrics.estimate import estimated
from bot.metrics.measure import FEW_DATA, Measure, Unit
from bot.metrics.rows import Report


def said(person: str, minutes: float | None, problem: str = "boxes", **more: object) -> Report:
    return Report(person, problem, minutes, **more)  # type: ignore[arg-type]


def test_each_person_loses_the_most_that_they_say_of_a_problem_once() -> None:
    # Maya says 150 and 60 of one problem: 150. Femi 60. Sam 30 of another: 150 + 60 + 30 = 240 minutes = 4 h.
    told = hours.hours_lost([said("maya", 150), said("maya", 60), said("femi", 60), said("sam", 30, "tills")])
    assert (told.value, told.n, told.unit) == (4.0, 3, Unit.HOURS_A_WEEK)


def test_five_associates_with_ten_boxes_a_week_of_a_quarter_of_an_hour_lose_twelve_and_a_half_hours() -> None:
    # The worked example of the design: 5 x 10 x 15 = 750 minutes = 12.5 h.
    minutes = hours.minutes_a_week(15, 10)
    assert hours.hours_lost(said(f"associate {number}", minutes) for number in range(5)).value == 12.5


def test_nobody_loses_more_than_a_working_week() -> None:
    assert hours.minutes_a_week(100, 40) == 2400
    assert hours.hours_lost([said("maya", 9999.0)]).value == 40


def test_what_is_over_counts_no_more_and_nobody_who_says_nothing_is_no_zero() -> None:
    assert hours.hours_lost([said("maya", 60, over=True), said("femi", 60)]).value == 1
    for nothing in ([], [said("maya", None)], [said("maya", 60, over=True)]):
        told = hours.hours_lost(nothing)
        assert (told.value, told.why) == (None, FEW_DATA)


def test_load_weighs_severity_and_customers() -> None:
    # S1 x customers: 10 x 3 x 1.5 = 45; S2: 20 x 2 = 40; S4: 30 x 1 = 30; in all 115 minutes over 10 people = 11.5.
    reports = [
        said("a", 10, severity="S1", touches=True),
        said("b", 20, severity="S2"),
        said("c", 30, severity="S4"),
    ]
    weighted = load.weighted_minutes(reports)
    assert weighted == 115
    told = load.friction_load(weighted, 10, 3)
    assert (told.value, told.n) == (11.5, 3)
    assert load.friction_index(told).value == pytest.approx(100 * (1 - exp(-11.5 / 15)))


@pytest.mark.parametrize(("minutes", "index"), [(5, 28.3), (15, 63.2)])
def test_the_index_has_its_bands_at_five_and_fifteen_minutes(minutes: float, index: float) -> None:
    assert load.friction_index(load.friction_load(minutes, 1, 1)).value == pytest.approx(index, abs=0.1)


def test_load_of_nobody_is_not_told() -> None:
    assert load.friction_load(100.0, 0, 5).value is None
    assert load.friction_index(load.friction_load(None, 5, 0)).why == FEW_DATA
    assert load.weighted_minutes([said("a", None)]) is None


def test_cost_is_hours_at_a_rate() -> None:
    # 52,000 a year over 2,080 hours is 25 an hour; 12.5 hours cost 312.5.
    lost = Measure(12.5, Unit.HOURS_A_WEEK, 5, "people")
    assert costs.cost(lost, costs.hourly_rate(52_000, 2_080)).value == 312.5
    assert costs.cost(lost, None).value is None
    assert costs.cost(hours.hours_lost([]), 25.0).why == FEW_DATA


def test_an_estimate_scales_the_mean_and_is_the_same_each_time() -> None:
    # Five respondents lose 1, 2, 3, 4, 5 hours: a mean of 3; forty people do the work: 120.
    told = estimated([1, 2, 3, 4, 5], 40)
    assert told.value == 120
    assert told == estimated([1, 2, 3, 4, 5], 40)
    # The mean of five has a spread of sqrt(2 / 5) = 0.632; 80 % of a normal lie within 1.2816 of it: 120 -+ 32.
    assert told.low == pytest.approx(120 - 40 * 1.2816 * 0.632, abs=6)
    assert told.high == pytest.approx(120 + 40 * 1.2816 * 0.632, abs=6)


def test_where_all_say_the_same_the_interval_has_no_width() -> None:
    told = estimated([2.0] * 6, 12)
    assert (told.value, told.low, told.high) == (24, 24, 24)


def test_of_four_respondents_nothing_is_estimated_nor_of_more_than_there_are() -> None:
    assert estimated([1, 2, 3, 4], 40).why == FEW_DATA
    assert "more people" in estimated([1, 2, 3, 4, 5], 4).why
