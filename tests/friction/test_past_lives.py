"""What an export says of an old ticket is not guessed: its whole life, what it is about, and who joined it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.customers.feeds import importing
from bot.customers.feeds.mapping import load_feed
from bot.database import Database
from bot.errors import SettingsError
from bot.friction import history, tickets
from bot.friction.desk import Desk, Reader
from bot.friction.past.importing import ImportedTickets, Past
from bot.friction.past.mapping import load_ticket_feed
from bot.friction.tables import EventRow, ReportCustomerRow, ReportRow, TicketRow, TicketToolRow
from sqlalchemy import select

from friction.desk import NOW, SEALER, teller

MAPPING = """\
source: helpdesk
format: csv
timezone: UTC
tickets:
  - id: number
    same_as: joins
    words: words
    when: raised
    raised_by: by
    role: role
    place: place
    kind: { from: sort, values: { twice: duplicate_entry } }
    severity: grade
    tools: tools
    partner: partner
    touchpoint: touchpoint
    minutes: minutes
    frequency: often
    effect: effect
    customer: { external: { from: customer, issued_by: crm } }
    state: status
    acknowledged: seen
    waiting: { for: waits_for, from: waits_from, until: waits_until }
    resolved: [solved, solved_again]
    reopened: reopened
    resolution: code
    done: answer
    over: closed
    still: still
"""
COLUMNS = (
    "number", "joins", "words", "raised", "by", "role", "place", "sort", "grade", "tools", "partner", "touchpoint",
    "minutes", "often", "effect", "customer", "status", "seen", "waits_for", "waits_from", "waits_until", "solved",
    "reopened", "solved_again", "code", "answer", "closed", "still",
)  # fmt: skip
# Orion is slow, by its words; the export says otherwise, and counts.
WHOLE = {
    "number": "1", "words": "Orion is slow again, ten minutes each day", "raised": "2026-10-05T14:00:00Z", "by": "p1",
    "role": "shop", "place": "Harbour Street shop", "sort": "twice", "grade": "s4", "tools": "CRM; Orion",
    "partner": "parcel service", "touchpoint": "ex.store.equipment_return", "minutes": "7.5", "often": "per customer",
    "effect": "waited", "customer": "C-1", "status": "closed", "seen": "2026-10-05T15:00:00Z", "waits_for": "partner",
    "waits_from": "2026-10-06T14:00:00Z", "waits_until": "2026-10-07T16:00:00Z", "solved": "2026-10-08T09:00:00Z",
    "reopened": "2026-10-09T09:00:00Z", "solved_again": "2026-10-12T09:00:00Z", "code": "partner_fixed",
    "answer": "The carrier sends its scans again.", "closed": "2026-10-19T09:00:00Z", "still": "no",
}  # fmt: skip
JOINING = {
    "number": "2", "joins": "1", "words": "", "raised": "2026-10-06T10:00:00Z", "by": "p2", "role": "shift-lead",
    "place": "harbour-street", "minutes": "12", "often": "daily", "effect": "charged_wrong", "still": "yes",
}  # fmt: skip
PLACES = {"harbour-street": "Harbour Street shop"}
ROLES = ("shop", "shift-lead")


class Old:
    def __init__(self, folder: Path, database: Database, reader: Reader) -> None:
        self.folder, self.file, self.mapping = folder, folder / "old.csv", folder / "helpdesk.yaml"
        self.mapping.write_text(MAPPING)
        self.database = database
        self.past = Past(Desk(database, reader, SEALER, teller()), places=PLACES, roles=ROLES)

    def take(self, *rows: Mapping[str, str]) -> ImportedTickets:
        lines = [",".join(COLUMNS), *(",".join(f'"{row.get(name, "")}"' for name in COLUMNS) for row in rows)]
        self.file.write_text("\n".join(lines) + "\n")
        return self.past.take(self.file, load_ticket_feed(self.mapping), now=NOW)

    def rejected(self) -> list[tuple[str, str]]:
        beside = self.file.with_name("old.csv.rejected.jsonl")
        lines = beside.read_text().splitlines() if beside.exists() else []
        return [(told["row"], told["reason"]) for told in map(json.loads, lines)]


@pytest.fixture
def old(tmp_path: Path, database: Database, reader: Reader) -> Old:
    return Old(tmp_path, database, reader)


def _at(day: int, hour: int) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


@pytest.mark.each_engine
def test_every_column_of_an_export_is_kept_as_it_stands_there_and_guesses_change_none(old: Old) -> None:
    known = old.folder / "customers.csv"
    known.write_text("id,name\nC-1,Yara Haddad\n")
    how = old.folder / "crm.yaml"
    how.write_text("source: crm\ncustomers:\n  - { id: id, name: name, keys: { external: id } }\n")
    importing.import_customers(old.database, [known], load_feed(how), now=NOW)
    # The me-too stands first in the file.
    report = old.take(JOINING, WHOLE)
    assert (report.read, report.added, report.joined, report.rejected, report.strangers) == (2, 1, 1, 0, 0)
    with old.database.reading() as session:
        row = session.scalars(select(TicketRow)).one()
        assert (row.kind, row.severity, row.touchpoint) == ("duplicate_entry", "S4", "ex.store.equipment_return")
        assert (row.partner, row.state, row.reopened) == ("courier", "closed", 1)
        assert set(session.scalars(select(TicketToolRow.tool))) == {"caredesk", "orion"}
        assert (row.filed_at, row.acknowledged_at) == (_at(5, 14), _at(5, 15))
        assert (row.resolved_at, row.changed_at) == (_at(12, 9), _at(19, 9))
        assert (row.resolution, row.resolved_with) == ("partner_fixed", "The carrier sends its scans again.")
        # Tuesday 14 to Wednesday 16, where it is worked from 9 to 17: three hours and seven.
        assert (row.held_seconds, row.held_since) == (10 * 3600, None)
        first, joined = session.scalars(select(ReportRow).order_by(ReportRow.first.desc()))
        assert (first.minutes, first.frequency, first.effect) == (7.5, "per_customer", "waited")
        assert (first.role, first.place, first.still) == ("shop", "harbour-street", "no")
        assert (joined.minutes, joined.frequency, joined.effect) == (12.0, "daily", "charged_wrong")
        assert (joined.role, joined.place, joined.still, joined.at) == (
            "shift-lead",
            "harbour-street",
            "yes",
            _at(6, 10),
        )
        assert session.scalars(select(ReportCustomerRow.report)).all() == [first.id]
        assert tickets.people(session, row.id) == 2


def test_the_history_has_what_happened_in_the_order_of_time(old: Old) -> None:
    old.take(WHOLE)
    with old.database.reading() as session:
        asked = select(EventRow.at, EventRow.event, EventRow.source, EventRow.target).order_by(EventRow.id)
        assert [tuple(one) for one in session.execute(asked)] == [
            (_at(5, 14), "file", "new", "new"),
            (_at(5, 15), "acknowledge", "new", "acknowledged"),
            (_at(6, 14), "hold_for_partner", "acknowledged", "waiting_partner"),
            (_at(7, 16), "resume", "waiting_partner", "acknowledged"),
            (_at(8, 9), "resolve", "acknowledged", "resolved"),
            (_at(9, 9), "reopen", "resolved", "in_progress"),
            (_at(12, 9), "resolve", "in_progress", "resolved"),
            (_at(19, 9), "close", "resolved", "closed"),
            (NOW, "import", "new", "closed"),
        ]
        one = tickets.ticket(session, 1, audiences=frozenset({"everyone"}))
        assert len(history.history(session, one)) == 9


@pytest.mark.each_engine
def test_a_second_import_adds_neither_tickets_nor_me_toos(old: Old) -> None:
    old.take(WHOLE, JOINING)
    again = old.take(WHOLE, JOINING, {**JOINING, "number": "3", "by": "p3"})
    assert (again.added, again.joined, again.known, again.rejected) == (0, 1, 2, 0)
    with old.database.reading() as session:
        assert tickets.people(session, 1) == 3


def test_what_waits_in_the_export_waits_here(old: Old) -> None:
    open_ = {**WHOLE, "solved": "", "reopened": "", "solved_again": "", "closed": "", "code": "", "answer": ""}
    old.take(
        {**open_, "status": "waiting partner", "waits_until": ""},
        {**open_, "number": "2", "status": "in_progress", "waits_for": "reporter", "waits_until": ""},
        {**open_, "number": "3", "status": "in progress"},
    )
    with old.database.reading() as session:
        rows = list(session.scalars(select(TicketRow).order_by(TicketRow.id)))
        assert [row.state for row in rows] == ["waiting_partner", "waiting_reporter", "in_progress"]
        assert [row.held_since for row in rows] == [_at(6, 14), _at(6, 14), None]


def test_an_export_that_only_counts_how_often_it_was_reopened_is_believed(old: Old) -> None:
    old.take({**WHOLE, "solved_again": "", "reopened": "3"})
    with old.database.reading() as session:
        assert session.scalars(select(TicketRow.reopened)).one() == 3


def test_a_customer_whom_nobody_knows_is_attached_to_nothing_and_counted(old: Old) -> None:
    assert old.take(WHOLE).strangers == 1
    with old.database.reading() as session:
        assert session.scalars(select(ReportCustomerRow)).all() == []


def test_a_rehearsal_counts_the_same_and_writes_nothing(old: Old) -> None:
    old.take({**WHOLE, "number": "9"})
    lines = old.file.read_text().replace('"9"', '"1"', 1)
    old.file.write_text(lines + ",".join(f'"{JOINING.get(name, "")}"' for name in COLUMNS) + "\n")
    report = old.past.rehearse(old.file, load_ticket_feed(old.mapping), now=NOW)
    assert (report.added, report.joined, report.rejected) == (1, 1, 0)
    with old.database.reading() as session:
        assert len(session.scalars(select(TicketRow.id)).all()) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"sort": "annoying"}, "its kind is none of duplicate_entry, slow"),
        ({"grade": "S9"}, "its severity is none of S1, S2, S3, S4"),
        ({"tools": "Orion; Teletext"}, "one of its tools is not on the touchpoint map"),
        ({"partner": "Orion"}, "its partner is not in the touchpoint map"),
        ({"touchpoint": "cx.store.checkout"}, "its touchpoint is not in the touchpoint map"),
        ({"minutes": "ten"}, "its minutes are no number from 0 to 2400"),
        ({"minutes": "nan"}, "its minutes are no number from 0 to 2400"),
        ({"minutes": "-5"}, "its minutes are no number from 0 to 2400"),
        ({"often": "always"}, "its frequency is none of once, per_customer"),
        ({"effect": "wept"}, "its effect is none of none, waited"),
        ({"role": "pirate"}, "its role is not in config/people.yaml"),
        ({"place": "Atlantis"}, "its place is not in config/people.yaml"),
        ({"seen": "2026-10-04T15:00:00Z"}, "it was acknowledged before it was raised"),
        ({"seen": "soon"}, "its time is not written iso"),
        ({"seen": "2026-10-11T09:00:00Z"}, "something else was done with it before it was acknowledged"),
        ({"waits_for": "nobody"}, "its waiting is none of reporter, partner"),
        ({"waits_for": ""}, "it waited, and does not say for whom: nothing in waits_for"),
        ({"waits_until": "2026-10-06T13:00:00Z"}, "it waited until before it began to wait"),
        ({"waits_from": ""}, "it waited until before it began to wait"),
        ({"waits_from": "2026-10-13T09:00:00Z", "waits_until": ""}, "it waited while it waited already, or was over"),
        ({"reopened": ""}, "it was resolved twice and not reopened between"),
        ({"reopened": "2026-10-07T18:00:00Z"}, "it was reopened before it was resolved"),
        ({"status": "in_progress"}, "it was resolved and is open, and does not say when it was reopened"),
        ({"status": "waiting_partner"}, "it waits, and does not say since when"),
        ({"code": "magic"}, "its resolution is none of fixed"),
        ({"still": "perhaps"}, "whether it still happens is neither yes nor no"),
        ({"joins": "1"}, "it joins itself"),
        ({"joins": "77"}, "it joins a ticket that is neither here nor in this file"),
    ],
)
def test_a_value_that_cannot_be_is_rejected_with_its_line_and_the_reason(
    old: Old, changed: Mapping[str, str], reason: str
) -> None:
    report = old.take({**WHOLE, **changed}, {**WHOLE, "number": "5"})
    assert (report.added, report.rejected) == (1, 1)
    ((place, told),) = old.rejected()
    assert told.startswith(reason)
    assert place == "line 2"


def test_who_reported_a_ticket_joins_it_no_second_time(old: Old) -> None:
    report = old.take(WHOLE, {**JOINING, "number": "4", "by": "p1"}, JOINING, {**JOINING, "number": "3"})
    assert (report.joined, report.rejected) == (1, 2)
    assert {told for _, told in old.rejected()} == {"whoever it is from has reported that ticket already"}


@pytest.mark.parametrize(
    ("line", "instead", "fault"),
    [
        ("twice: duplicate_entry", "twice: typed", "line 12: kind is 'typed'; write one of duplicate_entry"),
        ("for: waits_for, ", "", "line 23: waiting needs for whom and since when"),
        ("from: waits_from", "since: waits_from", "line 23: waiting needs for whom and since when"),
        ("{ for: waits_for,", "{ for: { constant: bus },", "line 23: waiting is 'bus'; write one of reporter, partner"),
        ("external: { from", "name: { from", "name is no kind of key; customer takes"),
    ],
)
def test_a_fault_in_what_a_mapping_says_of_a_life_is_named_with_its_line(
    tmp_path: Path, line: str, instead: str, fault: str
) -> None:
    file = tmp_path / "helpdesk.yaml"
    file.write_text(MAPPING.replace(line, instead))
    with pytest.raises(SettingsError) as refused:
        load_ticket_feed(file)
    assert fault in str(refused.value)
