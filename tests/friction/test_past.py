"""`throughline friction import`: tickets of another tool come in once, masked, as they ended there, and name nobody."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from bot.database import Database
from bot.errors import ImportRefused, SettingsError
from bot.friction import acting, tickets, watching
from bot.friction.acting import Act
from bot.friction.desk import Desk, Reader, as_guessed, reporter_of
from bot.friction.kinds import Privacy
from bot.friction.moves import Event
from bot.friction.past.importing import ImportedTickets, Past
from bot.friction.past.mapping import load_ticket_feed
from bot.friction.roles import Actor
from bot.friction.tables import EventRow, ReportRow, TicketRow
from bot.people import Person
from sqlalchemy import select

from commands import Command
from friction.desk import NOW, SEALER, teller
from programs import PROJECT

TRIAGER = Actor("U0RUTH", "T0", "Ruth", triager=True)
IT_TICKETS = PROJECT.parent / "shared" / "data" / "it_tickets" / "it_tickets.json"
MAPPING = """\
source: helpdesk
format: csv
timezone: America/New_York
dates: month-first
tickets:
  - id: number
    words: [subject, text]
    when: raised
    raised_by: requester
    state: { from: status, values: { done: closed, "on it": in_progress } }
    over: ended
    done: answer
"""
CSV = """\
number,subject,text,raised,requester,status,ended,answer
71,Till frozen,"Orion froze, Imelda Varga here",11/02/2026 09:30,Imelda Varga,done,11/03/2026,Imelda got a new cable
72,Orion slow,Orion takes five minutes for each bill,11/04/2026,jo@tidewater.example,on it,,
73,Orion slow,Orion is slow again at bills,11/05/2026,jo@tidewater.example,new,,
74,,,11/05/2026,jo@tidewater.example,new,,
75,No end,CareDesk shows no notes,11/06/2026,,parked,,
76,Of tomorrow,CareDesk shows no notes,11/06/2126,,new,,
77,Undated,CareDesk shows no notes,,,new,,
"""


class Old:
    """A folder with an export and its mapping, and where they are taken over."""

    def __init__(self, folder: Path, database: Database, reader: Reader) -> None:
        self.file, self.mapping = folder / "old.csv", folder / "helpdesk.yaml"
        self.file.write_text(CSV)
        self.mapping.write_text(MAPPING)
        self.database = database
        self.past = Past(Desk(database, reader, SEALER, teller()))

    def take(self) -> ImportedTickets:
        return self.past.take(self.file, load_ticket_feed(self.mapping), now=NOW)


@pytest.fixture
def old(tmp_path: Path, database: Database, reader: Reader) -> Old:
    return Old(tmp_path, database, reader)


@pytest.mark.each_engine
def test_old_tickets_come_in_as_they_stood_and_one_person_stays_one(old: Old) -> None:
    report = old.take()
    assert (report.read, report.added, report.rejected) == (7, 3, 4)
    assert report.states == {"closed": 1, "in_progress": 1, "new": 1}
    with old.database.reading() as session:
        rows = list(session.scalars(select(TicketRow).order_by(TicketRow.id)))
        assert [row.state for row in rows] == ["closed", "in_progress", "new"]
        # Half past nine in New York, and when a day begins there.
        assert [f"{row.filed_at:%m-%d %H:%M}" for row in rows] == ["11-02 14:30", "11-04 05:00", "11-05 05:00"]
        assert f"{rows[0].resolved_at:%m-%d}" == "11-03"
        assert rows[0].resolved_with == "[name] got a new cable"
        assert rows[0].secret == ""
        one = tickets.ticket(session, rows[1].id, audiences=frozenset({"everyone"}))
        assert (one.kind, one.tools, one.team) == ("slow", ("orion",), "billing-it")
        assert tickets.people(session, one.number) == 1
        assert tickets.handles(session, rows[1].id) == tickets.handles(session, rows[2].id)


def test_whoever_raised_an_old_ticket_stands_nowhere_in_the_database(old: Old) -> None:
    old.take()
    with old.database.reading() as session:
        reports = list(session.scalars(select(ReportRow)))
        rows = [*reports, *session.scalars(select(TicketRow)), *session.scalars(select(EventRow))]
        told = " ".join(repr(vars(row)) for row in rows)
    assert "[name]" in told
    for word in ("Imelda", "Varga", "jo@tidewater"):
        assert word not in told
    assert {(one.privacy, one.reached, one.name, one.workspace_reached) for one in reports} == {
        ("confidential", "", "", "")
    }


@pytest.mark.each_engine
def test_a_second_import_adds_nothing_and_leaves_alone_what_became_of_a_ticket(old: Old) -> None:
    old.take()
    with old.database.writing.begin() as session:
        acting.act(session, 3, Act(Event.ACKNOWLEDGE), TRIAGER, sealer=SEALER, now=NOW)
    again = old.take()
    assert (again.added, again.known, again.rejected) == (0, 3, 4)
    with old.database.reading() as session:
        assert session.get_one(TicketRow, 3).state == "acknowledged"


def test_old_tickets_are_promised_nothing_and_what_is_filed_here_is(old: Old) -> None:
    old.take()
    desk = old.past.desk
    year = NOW + timedelta(days=365)
    with old.database.reading() as session:
        assert {(one.resolve_by, one.look_at) for one in session.scalars(select(TicketRow))} == {(None, None)}
        assert watching.due(session, desk, now=year, limit=9) == []
    maya = Person("U0MAYA", "Maya", frozenset({"everyone"}))
    draft = desk.read("the till froze again", maya, now=NOW)
    filed = desk.file(draft, as_guessed(draft, Privacy.NAMED), reporter_of(maya, workspace="T0"), now=NOW)
    with old.database.reading() as session:
        assert [one.number for one in watching.due(session, desk, now=year, limit=9)] == [filed.ticket]


def test_rejected_rows_stand_beside_the_file_with_the_reason_and_none_of_their_words(old: Old) -> None:
    old.take()
    beside = old.file.with_name("old.csv.rejected.jsonl").read_text()
    assert [json.loads(line)["reason"].split(";")[0] for line in beside.splitlines()] == [
        "it says nothing in subject, text",
        (
            "its state is none of new, acknowledged, triaged, in_progress, waiting_reporter, waiting_partner, "
            "resolved, closed, withdrawn, rejected"
        ),
        "its time, 2126-11-06, lies in the future",
        "it does not say when: nothing in raised",
    ]
    assert "parked" not in beside


def test_the_same_numbers_of_another_tool_are_other_tickets(old: Old) -> None:
    old.take()
    old.mapping.write_text(MAPPING.replace("source: helpdesk", "source: other_desk"))
    assert old.take().added == 3


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("source: helpdesk", "source: help desk", "line 1: source names the system"),
        ("    when: raised\n", "", "line 6: this entry needs `when:`, for example `when: created_at`"),
        ("done: closed", "done: merged", "line 10: state is 'merged'; write one of new"),
        ("raised_by: requester", "raised_by: ssn", "line 9: ssn sounds like"),
        ("    done: answer", "    answer: answer", "line 12: answer says nothing here"),
    ],
)
def test_a_fault_in_a_mapping_is_named_with_its_line(tmp_path: Path, line: str, instead: str, fault: str) -> None:
    file = tmp_path / "helpdesk.yaml"
    file.write_text(MAPPING.replace(line, instead))
    with pytest.raises(SettingsError) as refused:
        load_ticket_feed(file)
    assert fault in str(refused.value)


def test_a_file_that_lacks_a_column_or_dates_otherwise_is_refused_before_anything_is_written(old: Old) -> None:
    old.mapping.write_text(MAPPING.replace("words: [subject, text]", "words: body"))
    with pytest.raises(ImportRefused, match="has no column body"):
        old.take()
    old.mapping.write_text(MAPPING.replace("month-first", "day-first"))
    old.file.write_text(CSV.replace("11/02/2026 09:30", "11/22/2025"))
    with pytest.raises(ImportRefused, match="not written day-first"):
        old.take()


@pytest.mark.skipif(not IT_TICKETS.exists(), reason="the shared data is not beside the project")
def test_the_command_counts_first_and_then_takes_the_old_it_tickets(command: Command, folder: Path) -> None:
    some = json.loads(IT_TICKETS.read_text())[:20]
    (folder / "it.json").write_text(json.dumps(some))
    asked = ("friction", "import", "it.json", "--mapping", "examples/mappings/it-tickets.yaml")
    assert "20 would be added (20 closed)." in command(*asked, "--dry-run").out
    assert command("friction", "list", "--all", "--json").out.strip() == "[]"
    report = json.loads(command(*asked, "--json").out.splitlines()[-1])
    assert (report["added"], report["states"], report["rejected"]) == (20, {"closed": 20}, 0)


@pytest.fixture
def folder(small_company: Path) -> Path:
    return small_company
