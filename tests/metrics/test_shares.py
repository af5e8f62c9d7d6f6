"""Shares, counts and scores, against numbers worked out by hand."""

from datetime import UTC, datetime, timedelta

import pytest
from bot.metrics import (
    answers,
    control,
    flow,
    handoffs,
    joining,
    loops,
    priority,
    pulses,
    satisfaction,
    touching,
    voices,
)
from bot.metrics.flow import Age, Flow
from bot.metrics.measure import FEW_DATA, Measure, Unit
from bot.metrics.recurrence import rate_ratio
from bot.metrics.rows import Answer, Loop, Score
from bot.metrics.shares import pareto
from bot.metrics.targets import Aim, variance
from scipy.stats import binomtest

NOW = datetime(2026, 11, 16, 12, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_reports_a_week_of_a_hundred_employees() -> None:
    # 12 reports of 40 people in 3 weeks: 12 / 40 / 3 x 100 = 10.
    told = voices.report_rate(12, 40, 3)
    assert (told.value, told.n) == (10, 12)
    assert voices.report_rate(12, 0, 3).value is None


def test_voices_are_of_those_who_could_report() -> None:
    assert voices.coverage(6, 24).value == 25
    assert voices.coverage(0, 24).value == 0  # that nobody of 24 said anything is a fact
    assert voices.coverage(0, 0).value is None
    assert "more people" in voices.coverage(25, 24).why


def test_me_too_is_what_was_said_again() -> None:
    # 10 reports of 4 tickets: 6 of them are me-too.
    assert joining.me_too_rate(10, 4).value == 60
    assert joining.me_too_rate(0, 0).why == FEW_DATA
    assert joining.deflection(3, 1).value == 75
    assert joining.deflection(0, 0).value is None


def test_what_touches_customers() -> None:
    assert touching.customer_touching([True, False, False, True, True]).value == 60
    assert touching.customer_touching([]).value is None


def test_a_loop_is_closed_for_who_was_told_and_does_not_say_still() -> None:
    # Told and silent, told and "no longer", told and "still", never told but "no longer": 2 of 4, confirmed 2 of 4.
    reporters = [
        Loop(told=True),
        Loop(told=True, still="no"),
        Loop(told=True, still="yes"),
        Loop(told=False, still="no"),
    ]
    assert (loops.loop_closed(reporters).value, loops.confirmed_fixed(reporters).value) == (50, 50)
    assert loops.loop_closed([]).value is None


def test_answers_after_which_the_same_person_reports_within_half_an_hour() -> None:
    given = [
        Answer("maya", NOW),  # reports 30 minutes later: counts
        Answer("maya", NOW - 31 * MINUTE),  # 61 minutes before: does not
        Answer("femi", NOW),  # reported before
        Answer("sam", NOW, "till"),  # reported elsewhere
        Answer("ruth", NOW, "till"),
    ]
    reports = [
        Answer("maya", NOW + 30 * MINUTE),
        Answer("femi", NOW - MINUTE),
        Answer("sam", NOW + MINUTE, "phone"),
        Answer("ruth", NOW + MINUTE, "till"),
    ]
    told = answers.answer_to_friction(given, reports)
    assert (told.value, told.n) == (40, 5)
    assert answers.answer_to_friction([], reports).value is None
    assert answers.no_answer_rate(3, 12).value == 25


def test_the_flow_of_weeks_and_what_stays_open() -> None:
    edges = [NOW - 14 * DAY, NOW - 7 * DAY, NOW]
    spans = [
        (NOW - 20 * DAY, None),  # open before
        (NOW - 20 * DAY, NOW - 15 * DAY),  # over before
        (NOW - 20 * DAY, NOW - 14 * DAY),  # over at the first moment
        (NOW - 10 * DAY, NOW - 3 * DAY),
        (NOW - 7 * DAY, None),  # on the edge: of the later week
        (NOW + DAY, None),  # after all of it
    ]
    assert flow.flow(spans, edges) == (Flow(1, 1, 2), Flow(1, 1, 2))
    assert flow.flow([], edges) == (Flow(0, 0, 0), Flow(0, 0, 0))


@pytest.mark.parametrize(
    ("days", "age"), [(0, Age.WEEK), (6.9, Age.WEEK), (7, Age.MONTH), (28, Age.QUARTER), (91, Age.OLDER)]
)
def test_ages(days: float, age: Age) -> None:
    assert flow.age_of(timedelta(days=days)) is age


def test_handoffs() -> None:
    # 0, 1, 2, 3, 4: a mean of 2; more than two times 2 of 5.
    assert handoffs.mean_handoffs(range(5)).value == 2
    assert handoffs.passed_around(range(5)).value == 40
    assert handoffs.mean_handoffs([]).value is None


@pytest.mark.parametrize(("before", "after"), [(20, 5), (5, 20), (7, 0), (1, 4), (300, 280)])
def test_the_interval_of_a_ratio_is_the_exact_one_of_the_binomial(before: int, after: int) -> None:
    told = rate_ratio(before, after)
    exact = binomtest(after, before + after).proportion_ci(0.90, method="exact")
    assert told.value == pytest.approx(after / before)
    assert told.low == pytest.approx(exact.low / (1 - exact.low))
    assert told.high == pytest.approx(exact.high / (1 - exact.high))


def test_weeks_that_are_not_as_many_are_made_up_for() -> None:
    # 20 reports in 4 weeks are 5 a week, 5 in 2 weeks 2.5 a week: half.
    assert rate_ratio(20, 5, weeks_before=4, weeks_after=2).value == 0.5
    assert rate_ratio(2, 2).why == FEW_DATA
    assert rate_ratio(0, 9).value is None


def test_pulses() -> None:
    # 10, 9 promote; 8, 7 neither; 6, 0 detract, and 3: (2 - 3) / 7.
    assert pulses.enps([10, 9, 8, 7, 6, 0, 3]).value == pytest.approx(-100 / 7)
    assert pulses.enps([]).why == FEW_DATA
    assert pulses.ease([1, 5, 6]).value == 4
    assert pulses.easy([1, 4, 5, 7]).value == 50
    assert pulses.ease([]).value is None


def test_satisfied_are_the_top_two_boxes_with_an_interval() -> None:
    # Wilson for 8 of 10 at 95 %: 49.0 to 94.3 (E. B. Wilson 1927).
    told = satisfaction.csat(8, 10)
    assert (told.value, told.n) == (80, 10)
    assert (round(told.low or 0, 1), round(told.high or 0, 1)) == (49.0, 94.3)
    assert satisfaction.csat(0, 0).why == FEW_DATA


def test_a_journey_may_be_fine_everywhere_and_not_as_a_whole() -> None:
    def journey(*scores: tuple[str, float]) -> satisfaction.Journey:
        return satisfaction.journey([Score(at, value, NOW + DAY * day) for day, (at, value) in enumerate(scores)])

    found = [
        journey(("shop", 4), ("phone", 5), ("", 2)),  # fine everywhere, and not
        journey(("shop", 5), ("", 4)),
        journey(("shop", 2), ("phone", 4), ("", 3)),  # not fine everywhere
        journey(("phone", 5), ("shop", 3)),  # nobody was asked of the whole
    ]
    told = satisfaction.journeys(found)
    assert (told.fine_but_not.value, told.fine_but_not.n) == (pytest.approx(100 / 3), 3)
    assert told.worst.value == (4 + 5 + 2 + 3) / 4
    assert told.last.value == (5 + 5 + 4 + 3) / 4
    assert told.own.value == 3
    assert satisfaction.journeys([]).fine_but_not.why == FEW_DATA


def test_priority_is_cost_of_delay_over_effort() -> None:
    # 300 a week for hours + 10 customers x 6 = 360; in 4 days: 90 a day.
    delay = priority.cost_of_delay(300, 10, 6)
    assert delay == 360
    assert priority.priority(delay, 4, 9).value == 90
    assert priority.cost_of_delay(300, None, 6) == 300
    assert priority.cost_of_delay(None, 10, 6) is None
    assert "how many days" in priority.priority(delay, None, 9).why
    # 40 x 2 x 3/5 / 4 = 12; with 9 people nobody doubts it: 20.
    assert priority.rice(40, 2, 3, 4).value == pytest.approx(12)
    assert priority.rice(40, 2, 9, 4).value == 20


def of_five(value: float | None) -> Measure:
    return Measure(value, Unit.OF_FIVE, 0 if value is None else 50, "answers")


def test_three_weeks_in_a_row_below_the_target_are_told() -> None:
    told = variance(Aim(4.3), [of_five(one) for one in (4.0, 4.4, 4.2, None, 4.2, 4.1)])
    assert told.variance.value == pytest.approx(-0.2)
    assert told.weeks_missed == 3
    assert variance(Aim(4.3), [of_five(4.0), of_five(4.3)]).weeks_missed == 0
    assert variance(Aim(2, more_is_better=False), [of_five(3.0)]).weeks_missed == 1
    assert variance(Aim(4.3), [of_five(None)]).variance.value is None


def test_limits_of_a_control_chart() -> None:
    # 2, 4 in turns: a mean of 3, ranges of 2: 3 -+ 5.32, and not below 0.
    found = control.limits([2, 4] * 5)
    assert found is not None
    assert (found.center, found.low, found.high) == (3, 0, pytest.approx(8.32))
    assert control.limits([2] * 7) is None
    assert control.limits([2] * 8) == control.Limits(2, 2, 2)


def test_most_of_the_whole_comes_first() -> None:
    found = pareto([("b", 1), ("a", 6), ("nothing", 0), ("c", 1)])
    assert [(one.id, one.share, one.cumulative) for one in found] == [
        ("a", 0.75, 0.75),
        ("b", 0.125, 0.875),
        ("c", 0.125, 1),
    ]
    assert pareto([]) == ()
