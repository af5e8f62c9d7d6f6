"""What took long to count is kept for minutes: never for other rights, never past a decision or an erasure, and counted
anew before it is stale. What is counted quickly is counted at each look."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from bot.customers.erased import ErasedKeyRow
from bot.database import Database
from bot.errors import NotAllowed
from bot.experience.aims import aims
from bot.experience.cells import EVERYTHING
from bot.experience.courses import backlog, control, time_to_resolve
from bot.experience.figures import Figure
from bot.experience.fixes import fixes
from bot.experience.mapped import mapped, places
from bot.experience.overview import WEEKS as OVERVIEW_WEEKS
from bot.experience.overview import overview
from bot.experience.partners import partner_lane
from bot.experience.peaks import peaks
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.snapshot import Snapshot
from bot.experience.stages import stages
from bot.experience.strip import strip
from bot.experience.themes import themes
from bot.experience.touchpoints import heat, spots
from bot.experience.viewers import THE_COMPANY, Viewer
from bot.experience.weeks import last_weeks, week_at
from bot.experience.world import Pulses, World
from bot.noticing import snapshots
from bot.noticing.noticed import Noticed, noticed
from bot.noticing.renewing import EVERY_SECONDS, Renewing
from bot.noticing.snapshots import ASKED_LATELY, FRESH, Snapshots
from bot.signals.signal import Kind
from bot.steering.measured import measured
from bot.steering.verdicts import judge, take_back
from sqlalchemy.orm import Session

from noticing.planted_company import LEAD, TODAY, WHO_SERVES, Company, when

BILL, WORK = "cx.phone.billing_question", "ex.phone.billing_question"
WEEKS = 26
SHARED = frozenset({Kind.SHARED_ISSUE})
MINUTE = timedelta(minutes=1)


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        company = Company(session)
        theme = company.theme("Typed twice")
        for back in range(WEEKS):
            company.contacts(BILL, when(back), many=3)
        company.ticket(theme, WORK, when(1), tools=["orion"], people=15)
    with database.writing.begin() as session:
        yield Company(session)


def keeping() -> Snapshots:
    """For which everything takes long."""
    return Snapshots(heavy_seconds=0.0, too_heavy_seconds=0.0)


def reading(company: Company, kept: Snapshots, *, viewer: Viewer = LEAD, now: datetime = TODAY) -> Reading:
    world = company.reading(WEEKS).world
    weeks = last_weeks(WEEKS, until=week_at(now, world.zone))
    return kept.reading(company.session, weeks, world, viewer=viewer, now=now)


def looked(company: Company, kept: Snapshots, *, viewer: Viewer = LEAD, now: datetime = TODAY) -> Noticed:
    return noticed(reading(company, kept, viewer=viewer, now=now), SHARED)


def filed(company: Company, kept: Snapshots, *, now: datetime = TODAY) -> int:
    return sum(one.created for one in backlog(reading(company, kept, now=now), EVERYTHING))


def test_it_is_the_same_for_some_minutes_and_then_looked_at_anew(company: Company) -> None:
    kept = keeping()
    first = looked(company, kept)
    assert first.signals
    assert looked(company, kept, now=TODAY + FRESH) is first
    later = looked(company, kept, now=TODAY + FRESH + MINUTE)
    assert (later.as_of, later.signals) == (TODAY + FRESH + MINUTE, first.signals)


def test_what_is_counted_quickly_is_of_this_very_moment_and_what_takes_long_of_minutes_ago(company: Company) -> None:
    quick, slow = Snapshots(heavy_seconds=60.0), keeping()
    before = [filed(company, one) for one in (quick, slow)]
    company.ticket(company.theme("Another"), WORK, TODAY - MINUTE, people=5)
    company.session.flush()
    after = [filed(company, one, now=TODAY + MINUTE) for one in (quick, slow)]
    assert (before, after) == ([1, 1], [2, 1])
    assert reading(company, slow, now=TODAY + MINUTE).now == TODAY
    assert reading(company, quick, now=TODAY + MINUTE).now == TODAY + MINUTE


def test_what_takes_a_moment_to_count_is_kept_until_something_comes_in(company: Company) -> None:
    kept = Snapshots(heavy_seconds=0.0, too_heavy_seconds=60.0)
    assert filed(company, kept) == 1
    later = reading(company, kept, now=TODAY + MINUTE)
    assert later.now == TODAY
    company.ticket(company.theme("Another"), WORK, TODAY - MINUTE, people=5)
    company.session.flush()
    assert filed(company, kept, now=TODAY + 2 * MINUTE) == 2
    company.contacts(BILL, TODAY)
    assert reading(company, kept, now=TODAY + 3 * MINUTE).now == TODAY + 3 * MINUTE


def test_all_of_a_page_is_of_one_moment(company: Company) -> None:
    kept = keeping()
    filed(company, kept)
    company.ticket(company.theme("Another"), WORK, TODAY - MINUTE, people=5)
    company.session.flush()
    later = overview(reading(company, kept, now=TODAY + MINUTE))
    assert later is overview(reading(company, kept, now=TODAY + 2 * MINUTE))
    assert filed(company, kept, now=TODAY + 2 * MINUTE) == 1


def test_people_with_the_same_rights_read_the_same_and_others_never(company: Company) -> None:
    kept = keeping()
    first = looked(company, kept)
    beside = replace(LEAD, name="Another lead", id="U2", audiences=LEAD.audiences | {"person:U2"})
    assert looked(company, kept, viewer=beside) is first
    serving = looked(company, kept, viewer=WHO_SERVES)
    assert {rows.kind for rows in serving.signals[0].evidence} > {rows.kind for rows in first.signals[0].evidence}
    assert looked(company, kept) is first
    with pytest.raises(NotAllowed):
        looked(company, kept, viewer=Viewer("Nobody"))


OF_EVERYBODY: dict[str, Callable[[Reading], object]] = {
    "overview": overview,
    "strip": strip,
    "stages": lambda reading: stages(reading, 4),
    "map": mapped,
    "places": places,
    "heat": heat,
    "spots": spots,
    "aims": aims,
    "peaks": peaks,
    "partners": partner_lane,
    "measured": measured,
    "themes": lambda reading: themes(reading, ()),
    "fixes": lambda reading: fixes(reading, ()),
    **{
        figure.__name__: lambda reading, figure=figure: figure(reading, EVERYTHING)
        for figure in (control, time_to_resolve, backlog, scorecard)
    },
}


@pytest.mark.parametrize("name", OF_EVERYBODY)
def test_whoever_may_read_the_page_reads_the_same_numbers_counted_once(company: Company, name: str) -> None:
    kept, owner = keeping(), Viewer("Sam", frozenset({"everyone"}), frozenset({"customer-care"}))
    first = OF_EVERYBODY[name](reading(company, kept, viewer=owner))
    for other in (LEAD, WHO_SERVES, replace(LEAD, audiences=LEAD.audiences | {"role:admin", "group:night"})):
        assert OF_EVERYBODY[name](reading(company, kept, viewer=other)) is first
        assert OF_EVERYBODY[name](reading(company, keeping(), viewer=other)) == first
    with pytest.raises(NotAllowed):
        OF_EVERYBODY[name](reading(company, kept, viewer=Viewer("Nobody", frozenset({"everyone"}))))


def test_a_large_company_is_counted_before_anybody_looks_and_a_small_one_is_not(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, large = keeping(), keeping()
    world = company.reading(WEEKS).world
    small.warm_up(company.session, world, now=TODAY)
    monkeypatch.setattr(snapshots, "LARGE", 1)
    large.warm_up(company.session, world, now=TODAY)
    assert (small.kept, large.kept) == (0, 3)
    weeks = last_weeks(OVERVIEW_WEEKS, until=week_at(TODAY, world.zone))
    at_once = large.reading(company.session, weeks, world, viewer=LEAD, now=TODAY + MINUTE)
    assert at_once.now == TODAY
    assert at_once.snapshot.has(Figure(overview.__wrapped__, THE_COMPANY.rights, ()))


def test_what_people_decide_and_a_changed_world_are_seen_at_once(company: Company) -> None:
    kept = keeping()
    first = looked(company, kept)
    judge(company.session, 1, BILL, LEAD, same=False, now=TODAY)
    company.session.flush()
    assert looked(company, kept).signals != first.signals
    take_back(company.session, 1, BILL, LEAD)
    company.session.flush()
    assert looked(company, kept).signals == first.signals
    weeks = reading(company, kept).weeks
    other = replace(company.reading(WEEKS).world, routes=None)
    assert not noticed(kept.reading(company.session, weeks, other, viewer=LEAD, now=TODAY), SHARED).signals


def test_after_an_erasure_nothing_is_told_of_what_was_counted_before(company: Company) -> None:
    kept = keeping()
    first = looked(company, kept)
    company.session.add(ErasedKeyRow(digest="d" * 64, erasure="e1", at=TODAY))
    company.session.flush()
    assert looked(company, kept) is not first


def test_an_answer_of_a_pulse_alone_is_no_reason_to_count_anew(company: Company) -> None:
    kept, world = keeping(), company.reading(WEEKS).world
    weeks = reading(company, kept).weeks
    first = looked(company, kept)
    answered = replace(world, pulses=Pulses(recommend=(9,), people_recommending=1))
    assert noticed(kept.reading(company.session, weeks, answered, viewer=LEAD, now=TODAY), SHARED) is first


def test_two_who_look_at_once_are_given_one_result(company: Company, database: Database) -> None:
    kept, world, weeks = keeping(), company.reading(WEEKS).world, company.reading(WEEKS).weeks

    def look(_: int) -> Noticed:
        with database.reading() as session:
            return noticed(kept.reading(session, weeks, world, viewer=LEAD, now=TODAY), SHARED)

    with ThreadPoolExecutor(4) as threads:
        assert len({id(one) for one in threads.map(look, range(8))}) == 1


def test_two_who_look_first_at_the_same_moment_share_what_is_counted(company: Company) -> None:
    kept = Snapshots(heavy_seconds=60.0)
    first, second = reading(company, kept), reading(company, kept, now=TODAY + timedelta(seconds=1))
    assert first.snapshot is second.snapshot
    assert reading(company, kept, now=TODAY + MINUTE).snapshot is not first.snapshot


def test_what_fails_is_tried_again_and_told_nobody_as_counted() -> None:
    snapshot = Snapshot(TODAY)

    def fail() -> int:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        snapshot.once("it", fail)
    assert not snapshot.has("it")
    assert not snapshot.busy
    assert snapshot.once("it", lambda: 3) == 3


def test_in_the_bot_what_was_asked_for_lately_is_made_anew_before_it_is_stale(
    company: Company, database: Database
) -> None:
    kept, world, now = keeping(), company.reading(WEEKS).world, [TODAY]

    def same_world(_: Session) -> World:
        return world

    renewing = Renewing(database, kept, same_world, clock=lambda: now[0])
    assert renewing() == EVERY_SECONDS
    looked(company, kept)
    filed(company, kept)
    assert renewing() == EVERY_SECONDS
    begun = now[0] = TODAY + FRESH / 2 + MINUTE
    assert [renewing() < EVERY_SECONDS for _ in range(3)] == [True, True, False]  # one figure at a time
    now[0] = TODAY + FRESH + MINUTE
    assert looked(company, kept, now=now[0]).as_of == begun
    counted = Figure(backlog.__wrapped__, THE_COMPANY.rights, (EVERYTHING,))
    assert reading(company, kept, now=now[0]).snapshot.has(counted)
    now[0] += ASKED_LATELY + FRESH
    assert (renewing(), kept.kept) == (EVERY_SECONDS, 0)
