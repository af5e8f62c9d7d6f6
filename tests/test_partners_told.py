"""Partners on the page: the load and the time of their lane, counted by hand, and what is given to them."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from bot.experience.cells import Across, Cell
from bot.experience.partners import partner_lane
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import last_weeks, week_at
from bot.friction.moves import Event
from bot.retrieval import notices
from bot.steering import partner_notices
from bot.web import WebPage
from bot.working_time import ALWAYS, Calendar

import mapped_company
from mapped_company import NOW, WEEK, Company, report
from test_numbers import moved
from test_steering_views import section, text

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LEE = mapped_company.WHO["lead"]


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    """Everybody works at every hour, so that hours can be worked out in the head."""
    made = mapped_company.opened(tmp_path)
    made.page.stop()
    world = made.site.world
    made.site = replace(
        made.site,
        partners=["FieldPro", "harlow"],
        world=lambda session: replace(world(session), usual=Calendar(ALWAYS, zone=UTC)),
    )
    made.page = WebPage(made.site, port=0, data_dir=tmp_path).start()
    yield made
    made.close()


def test_load_and_time_of_a_partner_are_those_counted_by_hand_on_the_lane_and_its_page(company: Company) -> None:
    at = NOW - 2 * WEEK
    with company.database.writing.begin() as session:
        for number, held in enumerate((2, 4, 6, 8, 10)):  # each is over after 20 hours, so many of them FieldPro's
            ticket = report(session, f"late {number}", [50 + number], partner="fieldpro", tools=(), at=at)
            sets = {"kind": "slow", "severity": "S3", "team": "retail-operations", "partner": "fieldpro"}
            moved(session, ticket, Event.ACKNOWLEDGE, at + HOUR)
            moved(session, ticket, Event.TRIAGE, at + HOUR, sets=sets)
            moved(session, ticket, Event.HOLD_FOR_PARTNER, at + 2 * HOUR)
            moved(session, ticket, Event.RESUME, at + (2 + held) * HOUR)
            moved(session, ticket, Event.RESOLVE, at + 20 * HOUR)
        # Twelve minutes a day are an hour a week: six and five hours, and two of people who are too few to tell.
        report(session, "nobody came", range(6), partner="fieldpro", tools=())
        report(session, "came too late", range(10, 15), partner="fieldpro", tools=())
        report(session, "another partner", range(20, 30), partner="harlow", tools=())
    with company.database.reading() as session:
        world = company.site.world(session)
        now = Reading(session, last_weeks(4, until=week_at(NOW, UTC)), world, viewer=THE_COMPANY, now=NOW)
        lane = next(one for one in partner_lane(now) if one.partner == "fieldpro")
        told = scorecard(now, Cell(Across.PARTNER, "fieldpro"))
    assert (lane.tickets, lane.hours, lane.waiting_now) == (2, 11, 0)
    assert (lane.waited.median.value, lane.waited.n) == (6, 5)
    assert told.of("hours lost").value == 11
    # 20 hours less what FieldPro had it: 10, 12, 14, 16, 18 of seven, two of which are open: the fourth.
    assert told.of("time to resolve, median").value == 16
    with closing(company.browser("lead")) as lead:
        page = section(lead.get("/demand").text, "partners")
        own = text(lead.get("/courses?cell=partner:fieldpro").text)
    assert "FieldPro Field operations answers for them 6 h of our working time n 5 waits, 0 go on" in page
    assert "11 h a week 2 open tickets name them" in page
    assert "FieldPro" in own
    assert "2 open now" in own


def test_a_partner_is_given_its_notices_with_who_said_that_they_know_and_nothing_of_ours(company: Company) -> None:
    with company.database.writing.begin() as session:
        for words, days, partner in (
            ("=Bring the <b>new</b> box.", 8, "FieldPro"),
            ("Ring first.", 7, "FieldPro"),
            ("Wear a badge.", 1, "FieldPro"),
            ("For Harlow alone.", 7, "harlow"),
        ):
            partner_notices.write(
                session, words, partner, LEE, until=NOW + 30 * DAY, said="20 December", now=NOW - days * DAY
            )
        both = notices.post(
            session, "Not for partners.", until=NOW + DAY, said="tomorrow", audiences=["everyone"], by="Lee", now=NOW
        )
        partner_notices.acknowledge(session, 2, "FieldPro", LEE, now=NOW - 5 * DAY)
    assert both.number == 5
    with closing(company.browser("lead")) as lead:
        page = lead.get("/partners/notices?partner=FieldPro").text
        own = lead.get("/partners/notices.csv?partner=FieldPro").text
        all_ = list(csv.DictReader(io.StringIO(lead.get("/partners/notices.csv").text)))
        assert lead.get("/partners/notices?partner=Nobody").status_code == 400
        assert "/partners/notices?partner=FieldPro" in lead.get("/demand").text
    rows = list(csv.DictReader(io.StringIO(own)))
    assert [(row["what_changed"], row["state"]) for row in rows] == [
        ("Wear a badge.", "not acknowledged yet"),
        ("Ring first.", "acknowledged on 15 Nov 2026"),
        ("'=Bring the <b>new</b> box.", "not acknowledged after 3 working days"),
    ]
    told = section(page, "told")
    assert "=Bring the &lt;b&gt;new&lt;/b&gt; box." in told
    assert "Ring first. notice 2 13 Nov 2026 20 Dec 2026 acknowledged on 15 Nov 2026" in told
    for said in (page.partition("<main")[2], own):
        assert LEE.name not in said
        assert "Harlow" not in said
        assert "Not for partners" not in said
    assert {(row["partner"], row["notice"]) for row in all_} == {
        ("FieldPro", "1"), ("FieldPro", "2"), ("FieldPro", "3"), ("harlow", "4"),
    }  # fmt: skip
