"""What is read week by week: hours by hand, the rule of few people, and nobody who may not read it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from bot.database import Database
from bot.errors import NotAllowed
from bot.experience import charts, drawing
from bot.experience.ages import ages
from bot.experience.digest import digest
from bot.experience.finding import ALL, OVER, Wanted, found
from bot.experience.losses import Losses, lost
from bot.experience.mapped import places
from bot.experience.overview import WEEKS, overview
from bot.experience.reading import Reading
from bot.experience.telling import story
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.experience.weekly import as_text, headline, post_of
from bot.experience.weeks import Week, last_weeks, week_at, week_of
from bot.experience.world import World
from bot.friction import acting, filing, groups
from bot.friction.acting import Act, Resolution
from bot.friction.filing import Said, Subject
from bot.friction.groups import By
from bot.friction.kinds import Frequency, Kind, Privacy, Severity
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.friction.weights import rounded
from bot.metrics.flow import Age, age_of
from bot.touchpoints import TouchpointMap
from sqlalchemy.orm import Session

from friction import weeks
from friction.desk import NOW, SEALER

RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
STRANGER = Viewer("Sam", frozenset({"everyone"}))
THIS = week_at(NOW, UTC)
EMPLOYEE = frozenset({"everyone"})


def reported(
    session: Session, people: int, *, weeks_ago: int, minutes: float = 60, often: Frequency = Frequency.WEEKLY
) -> int:
    """A ticket about Orion that so many people reported at once, an hour a week each."""
    subject = Subject(Kind.SLOW, Severity.S3, tools=("orion",), touchpoint="till")
    said, at = Said("it hangs", Privacy.NAMED, minutes, often), NOW - timedelta(weeks=weeks_ago)
    number = filing.file(session, subject, said, weeks.person(0), sealer=SEALER, now=at).ticket
    for one in range(1, people):
        filing.me_too(session, number, said, weeks.person(one), sealer=SEALER, now=at)
    return number


def lately(session: Session, count: int = 4, *, until: Week = THIS) -> Losses:
    return lost(session, last_weeks(count, until=until), viewer=THE_COMPANY, now=NOW, zone=UTC)


def hours(losses: Losses) -> list[float | None]:
    return [one.hours for one in losses.total]


def test_a_report_costs_from_its_week_until_its_ticket_is_over(database: Database) -> None:
    with database.writing.begin() as session:
        number = reported(session, 6, weeks_ago=2)
        assert hours(lately(session)) == [None, 6, 6, 6]
        for event, words, resolution in (
            (Event.ACKNOWLEDGE, "", None),
            (Event.RESOLVE, "It is quick", Resolution.FIXED),
        ):
            at = NOW - timedelta(weeks=1)
            acting.act(session, number, Act(event, words, resolution), RUTH, sealer=SEALER, now=at)
        assert hours(lately(session)) == [None, 6, None, None]


def test_who_says_no_longer_costs_nothing_from_then_on(database: Database) -> None:
    with database.writing.begin() as session:
        number = reported(session, 6, weeks_ago=1)
        for report in acting.tickets.reports(session, number)[:2]:
            report.still = "no"
        session.flush()
        assert lately(session).total[-1].hours == 4


def test_what_happened_once_is_over(database: Database) -> None:
    with database.writing.begin() as session:
        reported(session, 6, weeks_ago=0, often=Frequency.ONCE)
        assert lately(session).total[-1].hours == 0


def test_of_four_people_no_hours_are_told_but_that_there_is_something(database: Database) -> None:
    with database.writing.begin() as session:
        reported(session, 4, weeks_ago=1)
        last = lately(session).total[-1]
    assert (last.hidden, last.tickets, last.hours) == (True, 1, None)


@pytest.mark.parametrize("seed", range(6))
def test_the_running_week_tells_what_the_sums_of_open_tickets_tell_and_no_more(database: Database, seed: int) -> None:
    """So the attack on those sums (tests/friction/test_told.py) is one on this page too."""
    with database.writing.begin() as session:
        weeks.furnish(session, SEALER, now=NOW, seed=seed)
        found = lately(session)
        for by, series in ((By.TOOL, found.tools), (By.TOUCHPOINT, found.touchpoints)):
            told = {one.id: (one.tickets, one.hours) for one in groups.groups(session, by, audiences=EMPLOYEE)}
            assert {one.id: (one.latest.tickets, one.latest.hours) for one in series if one.latest.tickets} == told


def test_hours_by_tool_are_those_of_the_tickets_that_are_told(database: Database) -> None:
    with database.writing.begin() as session:
        weeks.furnish(session, SEALER, now=NOW)
        by_tool = {one.id: one.latest.hours for one in lately(session).tools}
        orion = found(session, Wanted(tool="orion"), viewer=THE_COMPANY)
        exact = sum(acting.tickets.exact(session, one.number).hours for one in orion)
    assert by_tool["orion"] == rounded(exact)
    assert by_tool["pos"] is None


def twelve_weeks(session: Session, viewer: Viewer) -> Reading:
    here = World(TouchpointMap.empty(), zone=UTC)
    return Reading(session, last_weeks(WEEKS, until=THIS), here, viewer=viewer, now=NOW)


def test_nobody_else_reads_any_of_it(database: Database) -> None:
    guest = Viewer("Guest", frozenset({"public", "role:lead"}), frozenset({"billing-it"}))
    with database.writing.begin() as session:
        number = reported(session, 6, weeks_ago=1)
        for viewer in (STRANGER, guest, Viewer("Nobody")):
            for query in (
                lambda viewer: overview(twelve_weeks(session, viewer)),
                lambda viewer: lost(session, [THIS], viewer=viewer, now=NOW),
                lambda viewer: ages(session, viewer=viewer, now=NOW),
                lambda viewer: found(session, Wanted(), viewer=viewer),
                lambda viewer: places(twelve_weeks(session, viewer)),
                lambda viewer: story(session, number, viewer=viewer),
                lambda viewer: digest(session, THIS, viewer=viewer, now=NOW),
            ):
                with pytest.raises(NotAllowed):
                    query(viewer)


def test_filters_find_what_they_say_and_places_only_where_five_have_it(database: Database) -> None:
    with database.writing.begin() as session:
        made = weeks.furnish(session, SEALER, now=NOW)
        one = {each.number for each in found(session, Wanted(team="billing-it"), viewer=THE_COMPANY)}
        assert one == {made[0], made[2]}
        assert [each.number for each in found(session, Wanted(kind=Kind.LOGIN), viewer=THE_COMPANY)] == [made[4]]
        assert found(session, Wanted(state=OVER), viewer=THE_COMPANY) == []
        assert len(found(session, Wanted(state=ALL), viewer=THE_COMPANY)) == len(made)
        there_are = places(twelve_weeks(session, THE_COMPANY))
        assert there_are
        for place in there_are:
            there = found(session, Wanted(place=place), viewer=THE_COMPANY)
            assert there
            assert all(each.weight.people for each in there)


def test_ages_count_the_open_ones(database: Database) -> None:
    with database.writing.begin() as session:
        for weeks_ago in (0, 2, 6, 20):
            reported(session, 1, weeks_ago=weeks_ago)
        counted = ages(session, viewer=THE_COMPANY, now=NOW)
    assert [counted.of(age) for age in Age] == [1, 1, 1, 1]
    assert counted.of(Age.WEEK, Severity.S3) == counted.open / 4
    assert age_of(timedelta(days=7)) is Age.MONTH


def test_the_week_in_words_says_what_was_fixed_and_names_nobody(database: Database) -> None:
    with database.writing.begin() as session:
        made = weeks.furnish(session, SEALER, now=NOW)
        for number, resolution, words in (
            (made[0], Resolution.FIXED, "CareDesk tells Orion now"),
            (made[1], Resolution.WONT_FIX, "Nothing is done about this one"),
        ):
            for one in (Act(Event.ACKNOWLEDGE), Act(Event.RESOLVE, words, resolution)):
                acting.act(session, number, one, RUTH, sealer=SEALER, now=NOW)
        week = digest(session, THIS, viewer=THE_COMPANY, now=NOW, zone=UTC)
    told = "\n".join(as_text(post_of(week, str, lambda one: one.key)))
    assert "CareDesk tells Orion now" in told
    assert "Nothing is done" not in told
    assert "Person " not in told
    title = headline(week.week, week.losses, week.counts)
    assert title.startswith(f"Week {THIS.number}: ")
    assert title.endswith(", 1 fixed"), "what was left as it is was not fixed"


def test_charts_are_drawn_without_style_script_or_anything_from_elsewhere(database: Database) -> None:
    with database.writing.begin() as session:
        weeks.furnish(session, SEALER, now=NOW)
        shown = overview(twelve_weeks(session, THE_COMPANY))
    specs = [charts.losses_by_week(shown.losses, shown.losses.tools, lambda _id: "<b>&\"'", charts.WIDE)]
    specs.append(charts.open_by_age(shown.ages, charts.NARROW))
    for spec in specs:
        drawn = drawing.svg(spec)
        assert drawn.startswith("<svg")
        assert "<b>" not in drawn
        assert not any(word in drawn for word in ("style=", "<style", "<script", "<image", "href", "onload"))
    assert drawing.png(specs[0]).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("day", "key"),
    [(date(2026, 11, 22), "2026-W47"), (date(2026, 11, 23), "2026-W48"), (date(2027, 1, 3), "2026-W53")],
)
def test_weeks_begin_on_monday_and_are_called_as_in_iso(day: date, key: str) -> None:
    assert week_of(day).key == key
    assert week_of(day).start(UTC) == datetime.combine(week_of(day).monday, datetime.min.time(), UTC)
