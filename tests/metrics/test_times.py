"""How long things take: Kaplan-Meier against its definition, working time against the calendar's own walk."""

import random
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from bot.metrics.measure import FEW_DATA
from bot.metrics.promises import Promise, attainment, kept
from bot.metrics.reopening import reopen_rate
from bot.metrics.rows import Hold, Leg, Ticket
from bot.metrics.times import STILL_OPEN, Spell, curve, held_for, quantile, times, to_acknowledge, to_resolve
from bot.metrics.working import Worked
from bot.working_time import ALWAYS, Calendar
from hypothesis import given
from hypothesis import strategies as st

# A Monday, nine in the morning.
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
OFFICE = Calendar(zone=UTC)
SPELLS = st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=30)


def worked(calendar: Calendar = OFFICE) -> Worked:
    return Worked(calendar, MONDAY - timedelta(days=30), MONDAY + timedelta(days=60))


def slow_survival(spells: list[Spell], at: float) -> Fraction:
    """By its definition: over all times until then, the product of who was left of those at risk."""
    left = Fraction(1)
    for moment in sorted({one.hours for one in spells if one.over and one.hours <= at}):
        at_risk = sum(one.hours >= moment for one in spells)
        left *= 1 - Fraction(sum(one.over and one.hours == moment for one in spells), at_risk)
    return left


@given(SPELLS)
def test_the_curve_is_the_product_limit_at_every_time(rows: list[tuple[int, bool]]) -> None:
    spells = [Spell(float(hours), over) for hours, over in rows]
    points = curve(spells)
    assert [one.hours for one in points] == sorted({one.hours for one in spells if one.over})
    for point in points:
        assert point.share == pytest.approx(float(slow_survival(spells, point.hours)))
    for part in (Fraction(1, 2), Fraction(3, 4), Fraction(9, 10)):
        slow = next((one.hours for one in points if slow_survival(spells, one.hours) <= 1 - part), None)
        assert quantile(points, float(part)) == slow


def test_open_tickets_count_and_leaving_them_out_would_flatter() -> None:
    # Over after 1, 2, 3; open since 5, 5: after 1 4/5 are left, after 2 3/5, after 3 2/5: the median is 3, and not 2.
    spells = [Spell(1, over=True), Spell(2, over=True), Spell(3, over=True), Spell(5, over=False), Spell(5, over=False)]
    told = times(spells)
    assert [round(one.share, 9) for one in told.points] == [0.8, 0.6, 0.4]
    assert (told.median.value, told.n, told.still_open) == (3, 5, 2)
    assert times([one for one in spells if one.over]).median.value == 2
    assert (told.p75.value, told.p75.why) == (None, STILL_OPEN)


def test_of_nothing_of_one_and_of_all_open() -> None:
    assert times([]).median.why == FEW_DATA
    assert times([Spell(4, over=True)]).p90.value == 4
    assert times([Spell(4, over=False)] * 3).median.why == STILL_OPEN


def test_what_is_censored_at_a_tie_was_still_at_risk() -> None:
    # At 2 three are at risk, the one that is open since 2 among them: 1 - 1/3.
    points = curve([Spell(2, over=True), Spell(2, over=False), Spell(3, over=True)])
    assert points[0].share == pytest.approx(2 / 3)
    assert points[0].at_risk == 3


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_worked_hours_are_those_of_the_calendar_over_the_end_of_summer_time_too(zone: str) -> None:
    calendar, dice = Calendar(zone=ZoneInfo(zone)), random.Random(1)
    start = datetime(2026, 10, 19, tzinfo=UTC)
    quick = Worked(calendar, start, start + timedelta(days=30))
    for _ in range(300):
        one, other = sorted(start + timedelta(minutes=dice.randrange(30 * 1440)) for _ in range(2))
        assert quick.hours(one, other) == pytest.approx(calendar.between(one, other).total_seconds() / 3600)


def test_the_week_in_which_summer_time_ends_is_an_hour_longer() -> None:
    week = datetime(2026, 10, 19, tzinfo=ZoneInfo("Europe/Berlin"))
    clock = Worked(Calendar(ALWAYS, zone=ZoneInfo("Europe/Berlin")), week, week + timedelta(days=14))
    assert clock.hours(week, week + timedelta(days=7)) == 169


def test_what_is_held_over_a_weekend_costs_only_the_working_hours_of_it() -> None:
    # Filed on Friday at 9, held from Friday 15:00 to Monday 11:00 (2 + 2 working hours), resolved on Monday at 17:00:
    # Friday 8 h + Monday 8 h = 16 h, less 4 h held = 12 h. The partner had it for 4 h.
    friday = MONDAY + timedelta(days=4)
    hold = Hold(friday.replace(hour=15), (friday + timedelta(days=3)).replace(hour=11), "fieldpro")
    leg = Leg(friday, ended=(friday + timedelta(days=3)).replace(hour=17), resolved=True, holds=(hold,))
    assert to_resolve(leg, worked(), now=MONDAY + timedelta(days=20)) == Spell(12, over=True)
    assert held_for(hold, worked(), now=MONDAY + timedelta(days=20)) == Spell(4, over=True)


def test_an_open_hold_stops_the_clock_until_now_and_is_censored() -> None:
    leg = Leg(MONDAY, holds=(Hold(MONDAY + timedelta(hours=2), None, "fieldpro"),))
    now = MONDAY + timedelta(hours=6)
    assert to_resolve(leg, worked(), now=now) == Spell(2, over=False)
    assert held_for(leg.holds[0], worked(), now=now) == Spell(4, over=False)


def test_each_leg_of_what_was_opened_again_counts_by_itself() -> None:
    tuesday = MONDAY + timedelta(days=1)
    ticket = Ticket(
        1,
        "billing-it",
        (
            Leg(MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=4), resolved=True),
            Leg(tuesday, MONDAY + timedelta(hours=1), tuesday + timedelta(hours=2), resolved=True),
        ),
    )
    now = MONDAY + timedelta(days=9)
    assert to_acknowledge(ticket, worked(), now=now) == Spell(1, over=True)
    assert [to_resolve(leg, worked(), now=now).hours for leg in ticket.legs] == [4, 2]


def test_what_was_withdrawn_took_longer_than_until_then() -> None:
    leg = Leg(MONDAY, ended=MONDAY + timedelta(hours=3))
    assert to_resolve(leg, worked(), now=MONDAY + timedelta(days=9)) == Spell(3, over=False)
    assert to_acknowledge(Ticket(1, "", (leg,)), worked(), now=MONDAY + timedelta(days=9)) == Spell(3, over=False)


def test_open_and_overdue_is_missed_and_what_is_not_due_yet_is_not_counted() -> None:
    now = MONDAY + timedelta(days=1)
    before, after = MONDAY, MONDAY + timedelta(days=2)
    promises = [
        Promise(before, done=before),  # to the minute: kept
        Promise(before, done=now),  # missed
        Promise(before),  # open and overdue: missed
        Promise(after),  # not due
        Promise(before, held_since=before - timedelta(hours=1)),  # held since before it was due: not due
        Promise(before, held_since=before + timedelta(hours=1)),  # late before it was held: missed
    ]
    assert [kept(one, now=now) for one in promises] == [True, False, False, None, None, False]
    told = attainment(promises, now=now)
    assert (told.value, told.n) == (25, 4)
    assert attainment([], now=now).why == FEW_DATA


def test_reopened_within_thirty_days_of_what_is_that_old() -> None:
    now = MONDAY
    days = timedelta(days=1)
    resolved = [
        (now - 60 * days, now - 50 * days),  # opened again after 10 days
        (now - 60 * days, now - 30 * days),  # on the thirtieth
        (now - 60 * days, now - 29 * days),  # too late to count
        (now - 40 * days, None),
        (now - 10 * days, now - 5 * days),  # too young to count at all
    ]
    told = reopen_rate(resolved, now=now)
    assert (told.value, told.n) == (50, 4)
    assert reopen_rate(resolved[-1:], now=now).value is None
