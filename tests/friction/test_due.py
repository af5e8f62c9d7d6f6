"""Until when something is promised, by hand and by counting; what waits for somebody else is not late."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bot.errors import SettingsError
from bot.friction.due import (
    Allowance,
    Due,
    Priority,
    Reach,
    Standing,
    breached,
    due_times,
    moved_by_hold,
    reporters_lately,
    sooner,
    standing,
    warned_at,
)
from bot.friction.kinds import Severity
from bot.friction.promised import DEFAULT, FILE, load_promises
from bot.working_time import ALWAYS, OFFICE_HOURS, Calendar, Shift
from hypothesis import given, settings
from hypothesis import strategies as st

CONFIG = Path(__file__).parents[2] / "config"
NEW_YORK = ZoneInfo("America/New_York")
OFFICE = Calendar(OFFICE_HOURS, zone=NEW_YORK)
NIGHTS = Calendar(((Shift(22 * 60, 30 * 60),),) * 7, zone=NEW_YORK)
HOUR = timedelta(hours=1)


def at(written: str) -> datetime:
    """A day of November 2026, of which the 23rd is a Monday, with a time in New York."""
    return datetime.fromisoformat(f"2026-11-{written}").replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("people", "reach"),
    [(0, "1"), (1, "1"), (2, "2-4"), (4, "2-4"), (5, "5-14"), (14, "5-14"), (15, "15+"), (999, "15+")],
)
def test_reach_is_how_many_people_have_it(people: int, reach: str) -> None:
    assert Reach.of(people) == reach


def test_whoever_reported_it_more_than_a_week_ago_does_not_count() -> None:
    now = at("30T12:00")
    reports = [
        ("ann", now),
        ("ann", now - timedelta(days=2)),
        ("bob", now - timedelta(days=7) + timedelta(seconds=1)),
        ("cem", now - timedelta(days=7)),
        ("dee", now + timedelta(seconds=1)),
    ]
    assert reporters_lately(reports, now=now) == 2
    assert reporters_lately([], now=now) == 0


def test_a_ticket_is_due_in_working_hours_of_its_owners() -> None:
    p2 = DEFAULT.allowances[Priority.P2]
    assert due_times(p2, filed=at("20T16:00"), calendar=OFFICE) == Due(at("23T12:00"), at("25T16:00"))
    assert due_times(p2, filed=at("20T16:00"), calendar=OFFICE, held=4 * HOUR) == Due(at("23T12:00"), at("26T12:00"))
    assert due_times(p2, filed=at("20T16:00"), calendar=Calendar(ALWAYS)) == Due(at("20T20:00"), at("21T16:00"))


def test_an_hour_on_hold_is_an_hour_later_and_a_weekend_on_hold_is_none() -> None:
    due = at("23T12:00")
    assert moved_by_hold(due, since=at("23T10:00"), until=at("23T11:00"), calendar=OFFICE) == at("23T13:00")
    assert moved_by_hold(due, since=at("20T18:00"), until=at("23T08:00"), calendar=OFFICE) == due
    assert moved_by_hold(due, since=at("20T16:00"), until=at("24T10:00"), calendar=OFFICE) == at("24T14:00")
    assert moved_by_hold(due, since=at("23T10:00"), until=at("26T20:00"), calendar=OFFICE) == at("27T11:00")


def test_what_was_late_before_it_was_held_stays_late() -> None:
    due = at("23T12:00")
    assert moved_by_hold(due, since=at("23T12:00"), until=at("25T12:00"), calendar=OFFICE) == due
    assert breached(due, now=at("25T12:00"), held_since=at("23T12:01"))
    assert not breached(due, now=at("25T12:00"), held_since=at("23T11:59"))
    assert not breached(due, now=due)
    assert breached(due, now=due + timedelta(seconds=1))


def test_the_owner_is_warned_when_four_fifths_of_the_working_time_are_over() -> None:
    filed, due = at("20T16:00"), at("25T16:00")  # 24 hours; 19.2 of them end on Wednesday at 11:12
    assert warned_at(due, start=filed, calendar=OFFICE) == at("25T11:12")
    # Held for eight hours meanwhile: what is left then is the fifth of 24 hours as before.
    assert warned_at(at("26T16:00"), start=filed, calendar=OFFICE, held=8 * HOUR) == at("26T11:12")


@pytest.mark.parametrize(
    ("now", "held_since", "stands"),
    [
        ("25T11:11", None, Standing.IN_TIME),
        ("25T11:12", None, Standing.WARNED),
        ("25T16:00", None, Standing.WARNED),
        ("25T16:01", None, Standing.BREACHED),
        ("25T11:30", "25T11:00", Standing.PAUSED),
        ("29T11:30", "25T11:00", Standing.PAUSED),
        ("29T11:30", "25T17:00", Standing.BREACHED),
    ],
)
def test_how_a_promise_stands(now: str, held_since: str | None, stands: Standing) -> None:
    held = at(held_since) if held_since else None
    found = standing(at("25T16:00"), start=at("20T16:00"), now=at(now), calendar=OFFICE, held_since=held)
    assert found is stands


def test_a_me_too_makes_it_more_urgent_and_nobody_late_at_once() -> None:
    filed = at("16T09:00")
    slow, fast = DEFAULT.allowances[Priority.P3], DEFAULT.allowances[Priority.P1]
    due = due_times(slow, filed=filed, calendar=OFFICE).resolve_by
    now = at("24T10:00")
    assert due == at("27T17:00")
    assert sooner(due, fast.resolve, now=now, calendar=OFFICE) == at("25T10:00")
    assert sooner(at("24T11:00"), fast.resolve, now=now, calendar=OFFICE) == at("24T11:00")


@settings(max_examples=150, deadline=None)
@given(
    calendar=st.sampled_from([OFFICE, NIGHTS, Calendar(ALWAYS)]),
    filed=st.integers(0, 10**6),
    allowed=st.integers(1, 200 * 3600),
    waits=st.lists(st.tuples(st.integers(0, 4 * 10**5), st.integers(0, 4 * 10**5)), max_size=4),
)
def test_a_ticket_has_its_working_time_however_often_it_waits(
    calendar: Calendar, filed: int, allowed: int, waits: list[tuple[int, int]]
) -> None:
    """From the end of October on, when the clocks are put back."""
    start = datetime(2026, 10, 28, tzinfo=UTC) + timedelta(seconds=filed)
    allowance = Allowance(timedelta(seconds=allowed), timedelta(seconds=allowed))
    due, held, now = due_times(allowance, filed=start, calendar=calendar).resolve_by, timedelta(), start
    for before, lasting in waits:
        since = now + timedelta(seconds=before)
        if since >= due:
            break
        now = since + timedelta(seconds=lasting)
        due = moved_by_hold(due, since=since, until=now, calendar=calendar)
        held += calendar.between(since, now)
    assert calendar.between(start, due) - held == allowance.resolve
    assert due_times(allowance, filed=start, calendar=calendar, held=held).resolve_by <= due
    warned = warned_at(due, start=start, calendar=calendar, held=held)
    assert warned <= due
    left = calendar.between(warned, due)
    assert abs(left - allowance.resolve * 0.2) <= timedelta(microseconds=2)


def test_the_shipped_file_says_what_counts_without_it(tmp_path: Path) -> None:
    assert load_promises(CONFIG / FILE) == DEFAULT == load_promises(tmp_path / "none.yaml")
    (tmp_path / FILE).write_text("# nothing yet\n")
    assert load_promises(tmp_path / FILE) == DEFAULT
    assert DEFAULT.priority(Severity.S2, Reach.FEW) is Priority.P2


def test_a_company_changes_what_it_wants_and_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("priority:\n  S4: [P4, P4, P4, P4]\ndue:\n  P1: { acknowledge: 15m, resolve: 1h 30m }\n")
    promises = load_promises(file)
    assert {promises.priority(Severity.S4, reach) for reach in Reach} == {Priority.P4}
    assert promises.priorities[Severity.S3] == DEFAULT.priorities[Severity.S3]
    assert promises.allowances[Priority.P1] == Allowance(timedelta(minutes=15), timedelta(minutes=90))
    assert promises.allowances[Priority.P2] == DEFAULT.allowances[Priority.P2]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- a\n", 1, "expected `name: value` lines"),
        ("priority: {}\nde: {}\n", 2, "`de` says nothing here; this file has priority and due"),
        ("priority:\n  S1: [P1, P1, P1, P1]\n  S5: []\n", 3, "'S5' is none of S1, S2, S3, S4; mend the spelling"),
        ("due:\n  P0: {}\n", 2, "'P0' is none of P1, P2, P3, P4"),
        ("priority:\n  S2: [P2, P1]\n", 2, "S2 needs a priority, P1 to P4, for each reach of 1, 2-4, 5-14, 15+ people"),
        ("priority:\n  S2: P2\n", 2, "S2 needs a priority"),
        ("priority:\n  S2: [P2, P2, P2, high]\n", 2, "S2 needs a priority"),
        ("priority:\n  S2: [P2, P3, P2, P1]\n", 2, "with more people S2 gets less urgent; let the priorities rise"),
        ("priority:\n  S1: [P3, P2, P1, P1]\n  S2: [P3, P3, P2, P1]\n  S3: [P2, P2, P2, P2]\n", 4, "S3 would be more"),
        ("priority:\n\n  S1: [P4, P4, P4, P4]\n", 3, "S2 would be more urgent than S1; mend one of them"),
        ("priority:\n  S2: [P3, P2, P2, P1]\n  S2: [P3, P2, P2, P1]\n", 3, "S2 stands there twice; keep one"),
        ("due:\n  P1: 8h\n", 2, "expected `name: value` lines"),
        ("due:\n  P1: { resolve: 8h }\n", 2, "P1 says two times: { acknowledge: 1h, resolve: 8h }"),
        ("due:\n  P1: { acknowledge: 1h, resolve: 8h, close: 9h }\n", 2, "P1 says two times"),
        ("due:\n  P1: { acknowledge: 9h, resolve: 8h }\n", 2, "P1 would be resolved before it is acknowledged"),
        ("due:\n  P1: { acknowledge: 1h,\n    resolve: 3d }\n", 3, "'3d' is no working time; write 30m, 8h or 1h 30m"),
        ("due:\n  P1: { acknowledge: 0h, resolve: 8h }\n", 2, "'0h' is no working time"),
        ("due:\n  P1: { acknowledge: , resolve: 8h }\n", 2, "'' is no working time"),
        ("due:\n  P4: { acknowledge: 8h, resolve: 2001h }\n", 2, "'2001h' is no working time; write 30m, 8h"),
        ("due:\n  P1: { acknowledge: 1h, resolve: 25h }\n", 2, "P2 would be dealt with sooner than P1"),
        ("due:\n  P3: { acknowledge: 1h, resolve: 25h }\n", 2, "P3 would be dealt with sooner than P2"),
        ("due: { P1: \n", 2, "mend the YAML"),
    ],
)  # fmt: skip
def test_a_malformed_file_names_the_line_at_fault_and_the_remedy(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    file = tmp_path / FILE
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load_promises(file)
    assert str(refused.value).startswith(f"{file}, line {line}: ")
    assert said in str(refused.value)
