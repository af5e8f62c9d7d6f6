"""A ticket that nobody owns after a working day is told to whoever leads, once, and stands in a list."""

import pytest
from bot.database import Database
from bot.experience import finding
from bot.experience.finding import NONE, UNOWNED, Clock, Wanted
from bot.experience.viewers import THE_COMPANY
from bot.friction.kinds import Privacy, Severity
from bot.friction.moves import Event
from bot.friction.telling import UNOWNED as TOLD
from bot.handlers.friction import cards

from friction.clocked import CLOCKS, TRIAGER, Leads, Office, at, watch

# Friday at ten in New York, when people in Berlin, by whose hours it goes, still work; and the same time on Monday.
FILED, NEXT_DAY = "20 10:00", "23 10:00"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def listed(office: Office, when: str, team: str = UNOWNED) -> list[int]:
    clock = Clock(CLOCKS.usual, at(when))
    with office.database.reading() as session:
        found = finding.found(session, Wanted(team=team), viewer=THE_COMPANY, clock=clock)
        some = finding.part(session, Wanted(team=team), viewer=THE_COMPANY, most=9, clock=clock)
        assert some.total == len(found)
        if team == UNOWNED:
            assert finding.unowned(session, clock, viewer=THE_COMPANY) == len(found)
        return [one.number for one in found]


def test_a_working_day_after_it_was_filed_leads_hear_of_it_once(office: Office) -> None:
    number = office.file(FILED, team="", severity=Severity.S4)
    owned = office.file(FILED, severity=Severity.S4)
    watch(office, at("22 23:00"), Leads("U0RUTH", "U0LEE"))()
    assert office.owed(TOLD) == []
    for _ in range(2):
        watch(office, at(NEXT_DAY), Leads("U0RUTH", "U0LEE"))()
    told = {"unowned": [{"number": number, "title": "the till froze"}]}
    assert office.owed(TOLD) == [told, told]
    message = cards.unowned(told)
    assert "Nobody owns this after a working day:" in message.text
    assert f"FR-{number}" in str(message.blocks)
    assert office.look(NEXT_DAY) == []
    assert (listed(office, "22 23:00"), listed(office, NEXT_DAY)) == ([], [number])
    assert owned not in listed(office, NEXT_DAY, NONE)


def test_what_somebody_takes_over_in_time_is_never_told_and_leaves_the_list(office: Office) -> None:
    number, other = office.file(FILED, team=""), office.file(FILED, team="", who="U0SAM")
    office.act(number, "20 10:30", Event.ASSIGN, TRIAGER, assignee="U0JONAS")
    assert listed(office, FILED, NONE) == [other]
    assert "unowned" in office.look(NEXT_DAY)
    assert listed(office, NEXT_DAY) == [other]
    office.act(other, "23 11:00", Event.ASSIGN, TRIAGER, assignee="U0JONAS")
    assert listed(office, "24 11:00") == []


def test_when_an_anonymous_report_is_late_says_nothing_of_its_hour(office: Office) -> None:
    early = office.file("20 09:00", team="", privacy=Privacy.ANONYMOUS)
    late = office.file("20 16:00", team="", privacy=Privacy.ANONYMOUS, who="U0SAM")
    # From the end of that day, a Saturday in Berlin: until nine on Monday there.
    assert listed(office, "23 02:59") == []
    assert sorted(listed(office, "23 03:00")) == [early, late]


def test_without_a_clock_nothing_is_called_unowned(office: Office) -> None:
    office.file(FILED, team="")
    with office.database.reading() as session:
        assert finding.found(session, Wanted(team=UNOWNED), viewer=THE_COMPANY) == []
