"""Working time agrees with counting it minute by minute, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from bot.public_holidays import NoRegion, checked_region, public_holidays
from bot.working_time import ALWAYS, DAY, OFFICE_HOURS, Calendar, Shift, Week
from hypothesis import example, given, settings
from hypothesis import strategies as st

NEW_YORK = ZoneInfo("America/New_York")
SHOP: Week = (*((Shift(8 * 60, 18 * 60),),) * 5, (Shift(9 * 60, 14 * 60),), ())
NIGHTS: Week = ((Shift(22 * 60, 30 * 60),),) * 7
CLOSED = frozenset({date(2026, 11, 26)})
MINUTE = timedelta(minutes=1)
# The days before the clocks of each zone are changed: by an hour or by half of one, at night or at midnight itself, and
# once by a whole day.
CHANGES = [
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("America/Havana", date(2026, 3, 7)),
    ("America/Havana", date(2026, 10, 31)),
    ("America/Santiago", date(2026, 9, 5)),
    ("America/Santiago", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 4)),
    ("Australia/Lord_Howe", date(2026, 10, 3)),
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
]


def at(written: str, zone: ZoneInfo = NEW_YORK) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        pytest.param("2026-11-23T10:00", 4, "2026-11-23T14:00", id="on the same day"),
        pytest.param("2026-11-23T10:00", 8, "2026-11-23T18:00", id="until it closes, and not until it opens again"),
        pytest.param("2026-11-23T10:00", 9, "2026-11-24T09:00", id="overnight"),
        pytest.param("2026-11-21T13:00", 4, "2026-11-23T11:00", id="Saturday's last hour, then Monday"),
        pytest.param("2026-11-22T15:00", 1, "2026-11-23T09:00", id="Sunday is nobody's"),
        pytest.param("2026-11-23T03:00", 1, "2026-11-23T09:00", id="before it opens"),
        pytest.param("2026-11-25T17:00", 2, "2026-11-27T09:00", id="a closed Thursday between"),
        pytest.param("2026-11-21T09:00", 0, "2026-11-21T09:00", id="no time at all"),
        pytest.param("2026-11-23T08:00", 55, "2026-11-30T18:00", id="a week has 55 hours, this one 45"),
    ],
)
def test_what_is_due_in_so_many_working_hours_is_due_then(start: str, hours: int, due: str) -> None:
    shop = Calendar(SHOP, closed=CLOSED, zone=NEW_YORK)
    found = shop.after(at(start), timedelta(hours=hours))
    assert (found, found.tzinfo) == (at(due), UTC)
    assert shop.between(at(start), at(due)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "days", "again"),
    [
        pytest.param("2026-11-23T10:00", 2, "2026-11-25T10:00", id="at the same time of the day"),
        pytest.param("2026-11-21T10:00", 2, "2026-11-24T10:00", id="Saturday is worked, Sunday is not"),
        pytest.param("2026-11-22T10:00", 1, "2026-11-23T10:00", id="from a day on which nobody works"),
        pytest.param("2026-11-24T10:00", 2, "2026-11-27T10:00", id="a closed Thursday between"),
        pytest.param("2026-11-23T03:00", 1, "2026-11-24T08:00", id="when it opens"),
        pytest.param("2026-11-23T22:00", 1, "2026-11-25T08:00", id="after it has closed: the morning after"),
        pytest.param("2026-10-30T10:00", 2, "2026-11-02T10:00", id="by the clocks there, which are changed between"),
    ],
)
def test_working_days_later_people_are_there_at_that_time_of_the_day(start: str, days: int, again: str) -> None:
    assert Calendar(SHOP, closed=CLOSED, zone=NEW_YORK).days_after(at(start), days) == at(again)


def test_a_night_over_a_change_of_the_clocks_is_as_long_as_it_is() -> None:
    nights = Calendar(NIGHTS, zone=NEW_YORK)
    for evening, morning, hours in (
        ("2026-10-30T22:00", "2026-10-31T06:00", 8),
        ("2026-10-31T22:00", "2026-11-01T06:00", 9),
        ("2026-03-07T22:00", "2026-03-08T06:00", 7),
    ):
        assert nights.between(at(evening), at(morning)) == timedelta(hours=hours)
        assert nights.after(at(evening), timedelta(hours=hours)) == at(morning)


def test_a_night_that_began_before_a_closed_day_is_worked_to_its_end() -> None:
    nights = Calendar(NIGHTS, closed=CLOSED, zone=NEW_YORK)
    assert nights.between(at("2026-11-25T12:00"), at("2026-11-26T12:00")) == timedelta(hours=8)
    assert nights.between(at("2026-11-26T12:00"), at("2026-11-27T12:00")) == timedelta()


def test_who_never_closes_counts_every_hour() -> None:
    always = Calendar(ALWAYS, zone=ZoneInfo("America/Havana"))
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, 5, 17, tzinfo=UTC)
    assert always.between(start, end) == end - start
    assert always.after(start, end - start) == end


def test_a_day_that_the_calendar_of_a_place_skips_has_no_hours() -> None:
    apia = Calendar(ALWAYS, zone=ZoneInfo("Pacific/Apia"))
    start = datetime(2011, 12, 29, 12, tzinfo=UTC)
    assert apia.between(start, start + timedelta(days=3)) == timedelta(days=3)


def test_nothing_is_worked_backwards() -> None:
    shop = Calendar(SHOP, zone=NEW_YORK)
    assert shop.between(at("2026-11-24T12:00"), at("2026-11-23T12:00")) == timedelta()
    with pytest.raises(ValueError, match="is no working time; give none or more"):
        shop.after(at("2026-11-24T12:00"), -MINUTE)


def test_without_a_zone_the_machine_s_own_clocks_count() -> None:
    noon = datetime(2026, 11, 23, 12).astimezone()
    assert Calendar().after(noon, timedelta(hours=5)) == datetime(2026, 11, 23, 17).astimezone()
    assert Calendar().between(noon, datetime(2026, 11, 24, 10).astimezone()) == timedelta(hours=6)


@pytest.mark.parametrize(
    ("week", "said"),
    [
        (((),) * 7, "nobody ever works there"),
        (OFFICE_HOURS[:6], "nobody ever works there"),
        (((Shift(0, 600), Shift(540, 660)), *((),) * 6), "one shift begins before the one before it ends"),
        (((Shift(1200, 2640),), (Shift(600, 700),), *((),) * 5), "one shift begins before the one before it ends"),
        (((Shift(300, 600),), *((),) * 5, (Shift(1200, 1800),)), "one shift begins before the one before it ends"),
        (((Shift(1500, 1600),), *((),) * 6), "a shift begins on its day, and lasts at most a day"),
        (((Shift(100, 1541),), *((),) * 6), "a shift begins on its day, and lasts at most a day"),
        (((Shift(100, 100),), *((),) * 6), "a shift begins on its day, and lasts at most a day"),
    ],
)
def test_hours_that_cannot_be_are_refused(week: Week, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Calendar(week)


def counted(calendar: Calendar, first: datetime, minutes: int) -> list[bool]:
    """Whether each minute from `first` is worked: the latest time that the clocks have shown lies within a shift."""
    shown = datetime(1, 1, 1)  # noqa: DTZ001 - as clocks show it, without a zone
    found: list[bool] = []
    for minute in range(-2 * DAY, minutes):
        clocks = (first + minute * MINUTE).astimezone(calendar.zone).replace(tzinfo=None)
        shown = max(shown, clocks)
        if minute >= 0:
            found.append(any(_within(calendar, shown, shown.date() - timedelta(days=back)) for back in (0, 1)))
    return found


def _within(calendar: Calendar, shown: datetime, day: date) -> bool:
    minutes = (shown - datetime.combine(day, time())) / MINUTE
    return day not in calendar.closed and any(
        shift.opens <= minutes < shift.closes for shift in calendar.week[day.weekday()]
    )


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    """Some nights among them, and shifts that begin where others end or in the middle of a change of the clocks."""
    times = draw(st.sets(st.integers(0, 7 * DAY // 15 - 1), min_size=2, max_size=12).map(sorted))
    shifts: list[list[Shift]] = [[] for _ in range(7)]
    for opens, closes in pairwise(times):
        if draw(st.booleans()):
            day, minutes = divmod(opens * 15, DAY)
            shifts[day].append(Shift(minutes, min(minutes + (closes - opens) * 15, minutes + DAY)))
    if not any(shifts):
        shifts[6].append(Shift(22 * 60, 30 * 60))
    return tuple(tuple(each) for each in shifts)


@settings(max_examples=40, deadline=None)
@given(
    week=weeks(), change=st.sampled_from(CHANGES), close=st.booleans(), start=st.integers(0, 2 * DAY), data=st.data()
)
@example(week=NIGHTS, change=CHANGES[0], close=False, start=0, data=None)
@example(week=((Shift(130, 160),),) * 7, change=CHANGES[0], close=False, start=700, data=None)
@example(week=((Shift(45, 90),),) * 7, change=CHANGES[1], close=False, start=700, data=None)
@example(week=ALWAYS, change=CHANGES[2], close=True, start=0, data=None)
def test_working_time_is_what_is_counted_minute_by_minute(
    week: Week, change: tuple[str, date], close: bool, start: int, data: st.DataObject | None
) -> None:
    zone, day = ZoneInfo(change[0]), change[1]
    calendar = Calendar(week, closed=frozenset({day + timedelta(days=1)} if close else ()), zone=zone)
    first = datetime.combine(day, time(), UTC) - timedelta(hours=14) + start * MINUTE
    worked = counted(calendar, first, 4 * DAY)
    minutes = data.draw(st.integers(0, 4 * DAY)) if data else 4 * DAY
    found = calendar.between(first, first + minutes * MINUTE)
    assert found == sum(worked[:minutes]) * MINUTE
    reached = calendar.after(first, found)
    assert reached <= first + minutes * MINUTE
    assert calendar.between(first, reached) == found
    if found:
        assert worked[int((reached - first) / MINUTE) - 1], "no later than when the last minute of it is over"


@settings(max_examples=100, deadline=None)
@given(
    weeks(),
    st.sampled_from(CHANGES),
    *(st.integers(0, 6 * 24 * 3600 * 10**6) for _ in range(3)),
    st.integers(0, 10**12),
)
def test_stretches_add_up_and_time_given_is_time_worked(
    week: Week, change: tuple[str, date], one: int, other: int, third: int, given_time: int
) -> None:
    calendar = Calendar(week, zone=ZoneInfo(change[0]))
    moments = [datetime.combine(change[1], time(), UTC) - timedelta(days=2)] * 3
    a, b, c = sorted(
        moment + timedelta(microseconds=by) for moment, by in zip(moments, (one, other, third), strict=True)
    )
    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    working = timedelta(microseconds=given_time)
    assert calendar.between(a, calendar.after(a, working)) == working
    assert calendar.after(calendar.after(a, working), working) == calendar.after(a, 2 * working)


def test_public_holidays_are_days_off_where_they_are_kept() -> None:
    thanksgiving, pioneer = date(2026, 11, 26), date(2026, 7, 24)
    in_utah, in_all = Calendar(holidays="US-UT"), Calendar(holidays="US")
    assert not in_utah.works_on(thanksgiving)
    assert not in_all.works_on(thanksgiving)
    assert (in_utah.works_on(pioneer), in_all.works_on(pioneer), Calendar().works_on(thanksgiving)) == (
        False,
        True,
        True,
    )
    assert date(2027, 12, 31) in public_holidays("US", 2027), "New Year's Day of 2028 is a Saturday"


def test_a_region_is_taken_however_it_is_typed() -> None:
    assert [checked_region(written) for written in ("US", "us-ny", " DE-BY ", "NO")] == ["US", "US-NY", "DE-BY", "NO"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Utah", "'Utah' is no country; write its two letters, as US, or a region of it, as US-NY"),
        ("", "'' is no country"),
        ("US-ZZ", "US has no region 'ZZ'; write one of its own, as US-AK, or US for all of it"),
        ("NL-ZH", "NL has no region 'ZH'; write"),
        ("-NY", "'-NY' is no country"),
    ],
)
def test_an_unknown_region_is_refused_with_an_example(written: str, said: str) -> None:
    with pytest.raises(NoRegion, match=said):
        checked_region(written)
