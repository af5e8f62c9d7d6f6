"""What lay behind a ticket: said when it is resolved, read back on its page, filtered, and counted by what it cost."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta

import httpx
import pytest
from bot.experience.causes import causes
from bot.experience.cells import Across, Cell, cells
from bot.experience.reading import Reading
from bot.experience.scorecard import scorecard
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import last_weeks, week_at
from bot.friction import acting, groups, showing
from bot.friction.acting import Act, Resolution
from bot.friction.groups import By
from bot.friction.moves import Event
from bot.friction.roles import Actor
from bot.friction.tables import TicketRow
from sqlalchemy.orm import Session

import mapped_company
from friction.desk import SEALER
from mapped_company import NOW, WEEK, Company, report

RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
LOG = "The log of <b>Orion</b> shows two writes at 9:02"


def resolved(
    session: Session,
    words: str,
    people: Sequence[int],
    cause: str = "",
    *,
    shown_by: str = "",
    at: datetime = NOW - timedelta(hours=1),
) -> int:
    number = report(session, words, people, at=at - WEEK)
    sets = {"root_cause": cause, "cause_shown_by": shown_by} if cause else {}
    for event, one in (
        (Event.ACKNOWLEDGE, Act(Event.ACKNOWLEDGE)),
        (Event.RESOLVE, Act(Event.RESOLVE, "It was made quick again", Resolution.FIXED, sets=sets)),
    ):
        assert one.event is event
        acting.act(session, number, one, RUTH, sealer=SEALER, now=at)
    return number


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    made = mapped_company.opened(tmp_path_factory.mktemp("causes"))
    with made.database.writing.begin() as session:
        # An hour a week each.
        resolved(session, "Typed twice", range(12), "integration", shown_by=LOG)
        resolved(session, "Nobody showed us", range(6), "people_training")
        # Two and three, in one week: five together.
        resolved(session, "The rule is unclear", range(20, 22), "policy")
        resolved(session, "The other rule is unclear", range(22, 25), "policy")
        # As many, and two weeks apart: neither is told, nor the difference of two spans of weeks.
        resolved(session, "A screen breaks", range(30, 32), "product")
        resolved(session, "A screen flickers", range(32, 35), "product", at=NOW - 2 * WEEK)
        resolved(session, "It went away", range(40, 45))
        report(session, "The till hangs", range(50, 56))
    yield made
    made.close()


@pytest.fixture
def lead(company: Company) -> Iterator[httpx.Client]:
    with closing(company.browser("lead")) as client:
        yield client


@pytest.fixture
def session(company: Company) -> Iterator[Session]:
    with company.database.reading() as opened:
        yield opened


def reading(company: Company, session: Session, weeks: int = 4) -> Reading:
    world = company.site.world_in(session)
    return Reading(session, last_weeks(weeks, until=week_at(NOW, world.zone)), world, viewer=THE_COMPANY, now=NOW)


def test_causes_are_counted_by_what_they_had_cost_and_few_people_have_no_number(
    company: Company, session: Session
) -> None:
    found = causes(reading(company, session))
    told = [(one.id, one.tickets, one.counted, one.hours, one.people) for one in found.causes]
    assert told == [
        ("integration", 1, 1, 12, 12),
        ("people_training", 1, 1, 6, 6),
        ("policy", 2, 2, 5, 5),
        ("", 1, 1, 5, 5),
        ("product", 2, 0, None, None),
    ]
    assert [round(one.cumulative, 4) for one in found.shares] == [0.4286, 0.6429, 0.8214, 1.0]


def test_no_span_of_weeks_tells_of_few_people_what_another_does_not(company: Company, session: Session) -> None:
    for weeks in (1, 4, 12):
        product = next(one for one in causes(reading(company, session, weeks)).causes if one.id == "product")
        assert (product.hours, product.people) == (None, None)


def test_metrics_by_cause_are_the_numbers_of_the_chart(company: Company, session: Session) -> None:
    now = reading(company, session)
    known = cells(session, Across.CAUSE, company.site.map())
    assert {one.id for one in known} == {"integration", "people_training", "policy", "product"}
    told = {one.id: one for one in causes(now).causes}
    for cell in known:
        card = scorecard(now, cell)
        lost = card.of("hours lost")
        assert (lost.value, lost.n) == (told[cell.id].hours, told[cell.id].people)
        assert card.of("resolved").value == told[cell.id].tickets
    assert scorecard(now, Cell(Across.CAUSE, "product")).of("hours lost").why == "fewer than five people"
    assert scorecard(now, Cell(Across.CAUSE, "integration")).of("open now").value == 0


def test_the_chart_its_table_and_its_file_say_the_same(lead: httpx.Client) -> None:
    shown = lead.get("/themes").text.partition('id="causes"')[2]
    assert "Systems that do not talk to each other" in shown
    assert "42.9 % of all, 42.9 % with those above" in shown
    assert 'href="/tickets?state=over&amp;cause=integration"' in shown
    assert 'href="/tickets?state=over&amp;cause=none"' in shown
    rows = list(csv.DictReader(io.StringIO(lead.get("/causes.csv?weeks=12").text)))
    assert (rows[0]["cause"], rows[0]["tickets"], rows[0]["hours_a_week"], rows[0]["share_together"]) == (
        "integration",
        "1",
        "12.0",
        "0.4286",
    )
    assert (rows[-1]["cause"], rows[-1]["hours_a_week"], rows[-1]["people_at_least"]) == (
        "product",
        "few people",
        "few people",
    )


def test_a_ticket_says_where_it_came_from_and_what_shows_it(lead: httpx.Client) -> None:
    shown = lead.get("/tickets/FR-1").text
    assert "Where it came from" in shown
    assert "The log of &lt;b&gt;Orion&lt;/b&gt; shows two writes at 9:02" in shown
    assert "What shows it was not said." in lead.get("/tickets/FR-2").text
    assert "Where it came from" not in lead.get("/tickets/FR-8").text


def test_tickets_are_filtered_by_where_they_came_from(lead: httpx.Client) -> None:
    assert "2 tickets<" in lead.get("/tickets?state=over&cause=policy").text
    assert "It went away</a>" in lead.get("/tickets?state=over&cause=none").text
    assert lead.get("/tickets?cause=magic").headers["location"] == "/tickets"
    rows = list(csv.DictReader(io.StringIO(lead.get("/tickets.csv?state=over&cause=integration").text)))
    assert [(row["root_cause"], row["cause_shown_by"]) for row in rows] == [("integration", LOG)]


def test_where_nothing_was_resolved_it_says_how_causes_come_to_be(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = mapped_company.opened(tmp_path_factory.mktemp("no_causes"))
    with empty.database.writing.begin() as session:
        report(session, "The till hangs", range(6))
    with closing(empty), closing(empty.browser("lead")) as client:
        assert "is asked where it came from" in client.get("/themes").text


def test_a_card_in_slack_has_it_while_the_ticket_is_over(company: Company, session: Session) -> None:
    row = session.get_one(TicketRow, 1)
    told = showing.card(session, row, map_=company.site.map(), owners=company.site.owners, now=NOW)
    assert (told["cause"], told["shown_by"]) == ("integration", LOG)
    still = session.get_one(TicketRow, 8)
    assert showing.card(session, still, map_=company.site.map(), owners=company.site.owners, now=NOW)["cause"] == ""


def test_sums_of_what_is_open_stay_as_they_are(session: Session) -> None:
    (pos,) = groups.groups(session, By.TOOL, audiences=THE_COMPANY.audiences)
    assert (pos.id, pos.tickets, pos.hours) == ("pos", 1, 6)
