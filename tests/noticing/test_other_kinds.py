"""Partner delays, fixes, quadrants, correlations, slow rises and front-loading, out of rows by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from bot.database import Database
from bot.experience.headcounts import Headcount, Headcounts
from bot.experience.reading import Reading
from bot.friction.tables import EventRow, TicketRow
from bot.noticing.noticed import noticed
from bot.signals.signal import Kind, Signal

from noticing.planted_company import Company, when

WORK, BILL, CHAT = "ex.phone.billing_question", "cx.phone.billing_question", "cx.chat.support"
COMPLAINT = "ex.phone.complaint"
TILL, STOCK, FIELD = "ex.store.checkout", "ex.store.product_availability", "ex.field.installation"
FIELDPRO = "fieldpro"


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        yield Company(session)


def told(company: Company, kind: Kind, weeks: int) -> tuple[Signal, ...]:
    return noticed(company.reading(weeks), frozenset({kind})).signals


def numbers(signal: Signal) -> dict[str, float | None]:
    return {number.name: number.value for number in signal.numbers}


@pytest.mark.each_engine
def test_a_theme_that_fell_after_many_of_it_were_resolved_on_one_day_is_the_effect_of_a_fix(company: Company) -> None:
    theme = company.theme("Till hangs")
    for back in range(24):
        company.ticket(None, STOCK, when(back), people=6)
        for _ in range(3 if back > 10 else 0):
            ticket = company.ticket(theme, TILL, when(back), resolved=when(10))
            if 10 < back < 15:
                company.resolved(ticket, when(10))
    company.ticket(theme, TILL, when(3), people=5)
    (signal,) = told(company, Kind.EFFECT, 24)
    found = numbers(signal)
    assert (signal.verdict, signal.where) == ("fell", (f"theme:{theme}", TILL))
    assert (found["before"], found["after"], found["tickets resolved that day"]) == (195, 5, 12)
    assert found["ratio of ratios"] == pytest.approx((5 / 10) / (195 / 13) / 1.0)


def test_themes_of_one_work_that_were_resolved_on_the_same_day_are_one_fix(company: Company) -> None:
    """One pain in three people's words: when it is mended some say it this way and some that, and none has many."""
    pains = [company.theme(label) for label in ("Till hangs", "Screen freezes", "Register is stuck")]
    elsewhere = company.theme("No van in the plan")
    for back in range(24):
        company.ticket(None, STOCK, when(back), people=6)
        for theme in (*pains, elsewhere):
            at = FIELD if theme == elsewhere else TILL
            ticket = company.ticket(theme, at, when(back), resolved=when(10), people=2)
            if 10 < back < (14 if theme == elsewhere else 15):
                company.resolved(ticket, when(10))
    (signal,) = told(company, Kind.EFFECT, 24)
    found = numbers(signal)
    assert signal.where == (*(f"theme:{theme}" for theme in pains), TILL)
    assert signal.verdict == "did not change"
    assert (found["before"], found["after"], found["tickets resolved that day"]) == (3 * 2 * 13, 3 * 2 * 10, 12)
    assert " of " + TILL in signal.sentence()


def test_where_eight_are_resolved_each_day_eight_are_no_fix(company: Company) -> None:
    theme = company.theme("Till hangs")
    for back in range(1, 24):
        for day in range(8 * 5):
            at = when(back) + timedelta(days=day % 5)
            company.resolved(company.ticket(theme, TILL, at, resolved=at), at)
        company.ticket(None, STOCK, when(back), people=6)
    found = noticed(company.reading(24), frozenset({Kind.EFFECT}))
    assert (found.signals, found.silences) == ((), ())


def test_what_is_cleared_up_on_one_day_is_no_fix(company: Company) -> None:
    """Nine tickets of two themes at one work, and eleven of two works."""
    themes = [company.theme(label) for label in ("Till hangs", "Screen freezes", "No van in the plan", "Wrong stock")]
    cleared = zip(themes, (TILL, TILL, FIELD, STOCK), (5, 4, 6, 5), strict=True)
    for theme, at, many in cleared:
        for back in range(24):
            ticket = company.ticket(theme, at, when(back), resolved=when(10), people=6)
            if 10 < back <= 10 + many:
                company.resolved(ticket, when(10))
    assert told(company, Kind.EFFECT, 24) == ()


def test_work_that_another_fix_touched_is_not_what_a_fix_is_compared_with(company: Company) -> None:
    """Three more works are the same all the time; the one that another fix mended as well would halve what is usual."""
    quiet = [one for one in company.reading(1).world.map.ex if one not in (TILL, FIELD)][:3]
    ours, other = company.theme("Till hangs"), company.theme("No van in the plan")
    for back in range(24):
        for id_ in quiet:
            company.ticket(None, id_, when(back), people=6)
        for theme, id_, many in ((ours, TILL, 1), (other, FIELD, 12 if back > 10 else 0)):
            for _ in range(many):
                ticket = company.ticket(theme, id_, when(back), resolved=when(10))
                if 10 < back < 20:
                    company.resolved(ticket, when(10))
    by_theme = {one.where[0]: one for one in told(company, Kind.EFFECT, 24)}
    found = numbers(by_theme[f"theme:{ours}"])
    assert by_theme[f"theme:{other}"].verdict == "fell"
    assert found["ratio of ratios"] == pytest.approx(1.0)


def test_a_fix_of_last_week_is_too_young_and_that_is_said(company: Company) -> None:
    theme = company.theme("Till hangs")
    for _ in range(9):
        company.resolved(company.ticket(theme, TILL, when(3), resolved=when(1)), when(1))
    found = noticed(company.reading(20), frozenset({Kind.EFFECT}))
    assert found.signals == ()
    assert [one.why for one in found.silences] == ["fixes: fewer than 4 whole weeks after it"]


@pytest.mark.each_engine
def test_a_partner_for_whom_far_more_waits_than_before_is_told_with_its_days(company: Company) -> None:
    for back in range(30):
        for _ in range(3 if back < 6 else 1 if back % 8 == 0 else 0):
            ticket = company.ticket(None, FIELD, when(back), partner=FIELDPRO, people=1, resolved=when(back, 6))
            _waits(company, ticket, back)
    (signal,) = told(company, Kind.PARTNER_DELAY, 30)
    assert (signal.where, signal.verdict) == ((FIELDPRO,), "waits more")
    assert (numbers(signal)["waits"], numbers(signal)["days, median"]) == (18, 4.0)
    assert len(signal.evidence[0].ids) == 18


def _waits(company: Company, ticket: int, back: int) -> None:
    """From the second day to the sixth."""
    row = company.session.get_one(TicketRow, ticket)
    row.held_seconds = 1.0
    moves = ((1, "triaged", "waiting_partner"), (5, "waiting_partner", "triaged"), (6, "triaged", "resolved"))
    for day, source, target in moves:
        company.session.add(
            EventRow(ticket=ticket, at=when(back, day), event="wait", source=source, target=target, actor="",
                     actor_name="", words="", changed={})
        )  # fmt: skip


def test_quadrants_tell_a_silent_cost_from_a_blind_spot_and_hide_what_four_people_lose(company: Company) -> None:
    company.ticket(company.theme("Slow"), WORK, when(20), people=20, minutes=60)
    for one in ("cx.store.checkout", "cx.web.order", "cx.phone.order", BILL, "cx.store.help"):
        company.contacts(one, when(3), many=10 if one != BILL else 5)
    company.contacts(CHAT, when(3), many=60)
    company.contacts(CHAT, when(3), many=40, complaint=False)
    company.ticket(None, "ex.chat.support", when(5), people=3, minutes=1)
    reading = staffed(company.reading(26))
    at = {one.where[0]: one for one in noticed(reading, frozenset({Kind.QUADRANT})).signals}
    assert at[BILL].verdict == "silent cost"
    assert numbers(at[BILL])["load"] == pytest.approx(20 * 60 * 1.5 * 21 / 26 / 50)
    assert at[CHAT].verdict == "blind spot"
    assert numbers(at[CHAT])["load"] is None
    assert numbers(at[CHAT])["complaints per 1,000 contacts anywhere"] == pytest.approx(1000 * 60 / 145)


def staffed(reading: Reading) -> Reading:
    """With fifty people of each role."""
    roles = {role for one in reading.world.map.ex.values() for role in one.roles}
    reading.world = replace(reading.world, headcounts=Headcounts((Headcount(frozenset(roles), "p", 50),)))
    return reading


def test_reports_and_complaints_a_week_later_appear_together_from_half_a_year_on(company: Company) -> None:
    waves = [(back * 7919) % 11 for back in range(41)]
    for back in range(40):
        company.ticket(None, WORK, when(back), people=5 + waves[back])
        company.contacts(BILL, when(back), many=1 + waves[back + 1])
    (signal,) = told(company, Kind.CORRELATION, 40)
    assert signal.where == (WORK, BILL)
    assert numbers(signal)["lag in weeks"] == 1
    few = noticed(company.reading(20), frozenset({Kind.CORRELATION}))
    assert (few.signals, [one.why for one in few.silences]) == ((), ["fewer than 26 whole weeks"])


def test_complaints_at_all_that_a_work_serves_are_taken_together(company: Company) -> None:
    """At neither touchpoint alone do they follow the reports: they come now at the one, now at the other."""
    waves = [(back * 7919) % 11 for back in range(41)]
    works = {id_: [one.id for one in company.reading(1).world.map.served_by(id_)] for id_ in (COMPLAINT, TILL)}
    assert len(works[COMPLAINT]) == 2
    for back in range(40):
        company.ticket(None, COMPLAINT, when(back), people=5 + waves[back])
        company.ticket(None, TILL, when(back), people=5 + (back * 31) % 7)
        company.contacts(works[COMPLAINT][back // 3 % 2], when(back), many=1 + waves[back + 1])
    (signal,) = told(company, Kind.CORRELATION, 40)
    assert signal.where == (COMPLAINT, *works[COMPLAINT])
    assert numbers(signal)["lag in weeks"] == 1
    assert signal.sentence().startswith(f"{COMPLAINT} appears together with {' and '.join(works[COMPLAINT])}")


def test_complaints_that_double_over_weeks_are_a_slow_rise(company: Company) -> None:
    for back in range(70):
        company.contacts(BILL, when(back), many=20 if back < 12 else 8)
        company.contacts(CHAT, when(back), many=10)
    (signal,) = told(company, Kind.SLOW_RISE, 70)
    assert (signal.where, signal.verdict) == ((BILL,), "slow rise")
    assert numbers(signal)["lately"] == 20


def test_a_surge_of_everything_is_told_once_and_blames_nothing(company: Company) -> None:
    at = ("cx.store.checkout", "cx.web.order", "cx.phone.order", BILL, CHAT)
    for back in range(14):
        for touchpoint in at:
            company.contacts(touchpoint, when(back), many=9 if back == 0 else 3)
    found = told(company, Kind.SPIKE, 14)
    assert {one.verdict for one in found} == {"part of an overall rise"}
    (all_,) = (one for one in found if not one.where)
    assert all_.sentence().startswith("Complaints altogether: 45 in the last week, usually 15")


def test_everything_is_told_in_one_call_most_important_first_and_nothing_names_a_customer(company: Company) -> None:
    company.contacts(BILL, when(0), many=40)
    for back in range(1, 14):
        company.contacts(BILL, when(back), many=4)
        company.contacts(CHAT, when(back), many=10)
    found = noticed(company.reading(14))
    assert found.signals[0].kind is Kind.SPIKE
    assert found.at(BILL)[0] is found.signals[0]
    assert {one.kind for one in found.silences} >= {Kind.SLOW_RISE, Kind.CORRELATION}
    assert "customer" not in {rows.kind for one in found.signals for rows in one.evidence}
