"""The strip of the overview: what is told of weeks, how it is drawn, and when it says that there is not enough."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from bot.customers.tables import CustomerRow, InteractionRow
from bot.database import Database
from bot.experience import returning
from bot.experience.losses import Loss
from bot.experience.reading import Reading
from bot.experience.returning import Returns
from bot.experience.stages import Stage
from bot.experience.strip import Span, Strip
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import last_weeks, week_at
from bot.experience.world import World
from bot.metrics.measure import Measure, Unit, untold
from bot.metrics.satisfaction import Journeys
from bot.metrics.times import times
from bot.touchpoints import TouchpointMap
from bot.web import journey_drawing, strip_drawing
from sqlalchemy.orm import Session

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
THIS = week_at(NOW, UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
NONE = untold(Unit.PERCENT, 0, "tickets")


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.writing.begin() as opened:
        yield opened


def customer(session: Session, *contacts: tuple[str, datetime]) -> None:
    """Each contact by its channel."""
    row = CustomerRow(name="Dana", first_seen=NOW)
    session.add(row)
    session.flush()
    for number, (channel, at) in enumerate(contacts):
        made = InteractionRow(
            source="crm", source_id=f"{row.id}.{number}", customer=row.id, known_by="", channel=channel, direction="in",
            device="", at=at, subject="", text="", outcome="", agent="", team="", place="", transfers=None, refs={},
            digest="",
        )  # fmt: skip
        session.add(made)


def reading(session: Session, weeks: int = 2) -> Reading:
    here = World(TouchpointMap.empty(), zone=UTC)
    return Reading(session, last_weeks(weeks, until=THIS), here, viewer=THE_COMPANY, now=NOW)


@pytest.mark.each_engine
def test_who_comes_next_on_another_channel_within_72_hours_came_back(session: Session) -> None:
    monday = THIS.previous.start(UTC) + 9 * HOUR
    customer(session, ("phone", monday), ("chat", monday + 72 * HOUR))  # just within: counts
    customer(session, ("phone", monday), ("chat", monday + 72 * HOUR + timedelta(seconds=2)))  # too late
    customer(session, ("phone", monday), ("phone", monday + HOUR), ("store", monday + 2 * HOUR))  # the second does
    customer(session, ("phone", monday), ("survey", monday + HOUR))  # asked, and did not come
    customer(session, ("email", monday))
    customer(session, ("chat", NOW - 71 * HOUR), ("phone", NOW - 70 * HOUR))  # nobody knows yet what comes
    customer(session, ("chat", monday + 6 * DAY), ("phone", monday + 7 * DAY))  # into the next week
    found = returning.returns(reading(session))
    # Ten contacts of six customers in the week before, three of them went on elsewhere.
    assert found == (Returns(10, 3, 6), Returns(1, 0, 1))
    assert returning.share(found).value == pytest.approx(300 / 11)


@pytest.mark.each_engine
def test_where_four_customers_came_nothing_is_told_of_them(session: Session) -> None:
    for _ in range(4):
        customer(session, ("phone", NOW - WEEK), ("chat", NOW - WEEK + HOUR))
    assert (returning.share(returning.returns(reading(session))).value, reading(session).weeks[-1]) == (None, THIS)


def shown(*, tickets: int = 40, journeys: int = 32) -> Strip:
    percent = Measure(40.0, Unit.PERCENT, tickets, "tickets")
    lately = Span(percent, times([]), percent, percent)
    before = Span(Measure(46.0, Unit.PERCENT, 50, "tickets"), times([]), percent, NONE)
    own = Measure(3.1, Unit.OF_FIVE, journeys, "journeys")
    weeks = (Measure(50.0, Unit.PERCENT, 9, "tickets"), NONE, percent, percent)
    return Strip(
        weeks=last_weeks(4, until=THIS), hours=(Loss(3, 3, 9.0), Loss(2, 0, None), Loss(0, 0, None), Loss(3, 2, 6.5)),
        customer_touching=weeks, time_to_acknowledge=(NONE,) * 4, loop_closed=weeks, came_back=weeks,
        journeys=(NONE,) * 4, lately=lately, before=before, asked=Journeys(own, own, own, own),
    )  # fmt: skip


def test_a_figure_says_its_change_in_words_and_a_week_that_is_not_told_is_a_hole() -> None:
    lost, touched, seen, heard, back, asked = strip_drawing.figures(shown(), 9.0)
    assert (lost.big, lost.said, lost.n) == (
        "6.5",
        "2.5 h less than a week of the four before",
        "2 of 3 tickets counted",
    )
    assert lost.cells == ("9", "few", "–", "6.5")
    assert (touched.big, touched.said, touched.n) == ("40", "6 points less than in the four before", "n 40 tickets")
    assert (heard.said, back.said) == ("as in the four weeks before", "nothing to compare with yet")
    assert touched.cells == ("50 %", "–", "40 %", "40 %")
    # The most is on top, the least below; one week alone is no line.
    assert (touched.line, touched.dot) == (("98,31 144,31",), ("144", "31"))
    assert (seen.told, seen.said, asked.big) == (False, "0 of 10 tickets needed", "3.1")


def test_what_is_too_little_says_how_much_is_missing() -> None:
    _, touched, _, _, _, asked = strip_drawing.figures(shown(tickets=9, journeys=7), None)
    assert (touched.big, touched.said, touched.had, touched.needed) == (
        "Not enough data",
        "9 of 10 tickets needed",
        9,
        10,
    )
    assert (asked.big, asked.said) == ("Not enough data", "7 of 30 journeys needed")


def test_the_line_of_the_journey_has_one_scale_and_a_box_where_few_people_have_it() -> None:
    found = (
        Stage("buy", 20, 2.0, few=False, touchpoints=2, aimed=2),
        Stage("use", 5, None, few=True, touchpoints=1, aimed=0),
    )
    buy, use = journey_drawing.drawn(found, str.title)
    assert (buy.up, buy.down, use.up, use.down) == (journey_drawing.ABOVE, journey_drawing.BELOW, 14, 0)
    assert (buy.name, buy.hours, use.label) == ("Buy", "2 h", "5 complaints, no hours told, some of too few people")
