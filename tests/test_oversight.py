"""An auditor reads who looked at which customer, which is written down too; anybody can check that it is whole."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import audit
from bot.audit import Purpose, View
from bot.audit.rows import AuditRow
from bot.audit.unusual import Unusual, note_told, unusual
from bot.curation import OPERATOR
from bot.customers.tables import CustomerRow
from bot.database import Database, open_database
from bot.errors import AuditRefused, NotAllowed
from bot.oversight import Oversight
from bot.people import AUDITOR, Directory, Member, Person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from commands import Command
from feeds import Feeds, person

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DANA, OMAR, LIA = "d" * 32, "0" * 32, "a" * 32
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SAM = Member("Sam Tran", "sam.tran@tidewater.example", frozenset({"phone"}), "")
HANA = Person("hana@tidewater.example", "Hana", frozenset(), frozenset({AUDITOR}))


def look(
    database: Database, person: str, *customers: str, now: datetime = NOW, purpose: Purpose = Purpose.CARD
) -> None:
    for customer in customers:
        with database.writing.begin() as session:
            audit.record(session, View(person, customer, purpose, ("name", "promises"), "C1", "exchange:7"), now=now)


def oversight(database: Database) -> Oversight:
    return Oversight(database, Directory(roster=(SAM,)))


def rows(database: Database) -> list[AuditRow]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow).order_by(AuditRow.number)))


@pytest.mark.each_engine
def test_who_looked_is_told_with_how_many_customers_and_why_the_most_curious_first(database: Database) -> None:
    look(database, "U0SAM", DANA, DANA)
    look(database, "U0LEE", DANA, OMAR, now=NOW + HOUR)
    look(database, "U0LEE", OMAR, purpose=Purpose.QUESTION, now=NOW + 2 * HOUR)
    first, second = oversight(database).report(by=HANA, now=NOW + DAY).readers
    assert (first.person, first.customers, first.looks) == ("U0LEE", 2, 3)
    assert (first.purposes, first.first, first.last) == ({"card": 2, "question": 1}, NOW + HOUR, NOW + 2 * HOUR)
    assert (second.person, second.customers, second.purposes) == ("U0SAM", 1, {"card": 2})


@pytest.mark.each_engine
def test_one_customer_one_person_or_a_time_narrows_it_to_single_looks(database: Database) -> None:
    look(database, "U0SAM", DANA, OMAR)
    look(database, SAM.email, DANA, now=NOW + DAY)
    report = oversight(database).report
    assert report(by=HANA, now=NOW).looks == ()  # all of them nobody can read
    [newer, older] = report(by=HANA, now=NOW, customer=DANA).looks
    assert (newer.person, newer.at, older.person) == (SAM.email, NOW + DAY, "U0SAM")
    assert (older.fields, older.channel, older.reference) == (("name", "promises"), "C1", "exchange:7")
    assert [one.customer for one in report(by=HANA, now=NOW, person="U0SAM").looks] == [OMAR, DANA]
    assert [one.person for one in report(by=HANA, now=NOW, person="sam tran").looks] == [SAM.email]
    assert [one.person for one in report(by=HANA, now=NOW, since=NOW + HOUR).readers] == [SAM.email]
    assert report(by=HANA, now=NOW, customer=LIA).readers == ()


@pytest.mark.each_engine
def test_unusual_reading_that_the_admins_were_told_of_stands_in_the_report(database: Database) -> None:
    with database.writing.begin() as session:
        for person, at in (("U0SAM", NOW), ("U0LEE", NOW + DAY)):
            note_told(session, Unusual(person, 47, at - HOUR, at), now=at)
    report = oversight(database).report
    assert [(one.person, one.at) for one in report(by=HANA, now=NOW).unusual] == [
        ("U0LEE", NOW + DAY),
        ("U0SAM", NOW),
    ]
    assert [one.what for one in report(by=HANA, now=NOW, person="U0SAM").unusual] == [
        "47 customers, 2026-11-22T09:00Z to 2026-11-22T10:00Z"
    ]
    assert [one.person for one in report(by=HANA, now=NOW, since=NOW + HOUR).unusual] == ["U0LEE"]


@pytest.mark.each_engine
def test_whoever_was_merged_is_found_under_each_of_their_aliases(database: Database) -> None:
    with database.writing.begin() as session:
        kept, gone, third = (CustomerRow(alias=alias, name="", first_seen=NOW) for alias in (DANA, OMAR, LIA))
        session.add_all((kept, gone, third))
        session.flush()
        gone.merged_into, third.merged_into = kept.id, gone.id
    look(database, "U0SAM", DANA, OMAR, LIA, "b" * 32)
    for alias in (DANA, OMAR, LIA):
        assert len(oversight(database).report(by=HANA, now=NOW, customer=alias).looks) == 3


@pytest.mark.each_engine
def test_reading_the_audit_is_a_row_of_it_and_no_look_at_a_customer(database: Database) -> None:
    look(database, "U0SAM", DANA)
    oversight(database).report(by=HANA, now=NOW + DAY, customer=DANA)
    report = oversight(database).report(by=OPERATOR, now=NOW + DAY)
    assert [one.person for one in report.readers] == ["U0SAM"]
    told = [(row.person, row.purpose, row.customer, row.reference) for row in rows(database)[1:]]
    assert told == [(HANA.id, "report", "", f"customer {DANA}"), ("", "report", "", "")]
    assert oversight(database).verify().fault is None


def test_only_an_auditor_reads_it_and_an_admin_is_told_whom_to_ask(database: Database) -> None:
    look(database, "U0SAM", DANA)
    admin = Person("elif", "Elif Kaya", frozenset(), frozenset({"admin"}))
    with pytest.raises(NotAllowed, match=r"Elif Kaya is not one\. Ask an auditor; config/people"):
        oversight(database).report(by=admin, now=NOW)
    assert len(rows(database)) == 1


def test_a_customer_is_found_by_what_they_are_known_by_with_all_their_aliases(
    database: Database, tmp_path: Path
) -> None:
    feeds = Feeds(database, tmp_path)
    feeds.customers(
        "crm", [person("1", "Dana Ruiz", mail="dana@example.org"), person("2", "Omar", mail="o@example.org")]
    )
    feeds.customers("billing", [person("b1", "Dana Ruiz", mail="dana@example.org")])
    found = feeds.look_up("dana@example.org").customer
    assert found is not None
    look(database, "U0SAM", found.alias, OMAR)
    [one] = oversight(database).report(by=HANA, now=NOW, customer="dana@example.org").looks
    assert one.customer == found.alias
    assert rows(database)[-1].reference == f"customer {found.alias}"


def test_what_leads_to_nobody_or_to_several_names_none(database: Database, tmp_path: Path) -> None:
    twice = [person(number, "Dana Ruiz", mail=f"{number}@example.org", zip=number) for number in ("10001", "10002")]
    Feeds(database, tmp_path).customers("crm", twice)
    for words, many in (("dana@example.org", "none"), ("Dana Ruiz", "2")):
        with pytest.raises(AuditRefused, match=f"{words}' leads to no one customer: {many} may be meant") as refused:
            oversight(database).report(by=HANA, now=NOW, customer=words)
        assert "1000" not in str(refused.value)
    assert rows(database) == []


def test_a_session_of_one_workspace_reads_what_was_looked_at_there(database: Database) -> None:
    look(database.of("T1"), "U1", DANA)
    look(database.of("T2"), "U1", DANA, OMAR)
    assert [one.customers for one in oversight(database.of("T1")).report(by=HANA, now=NOW).readers] == [1]
    assert [one.workspace for one in oversight(database).report(by=HANA, now=NOW).readers] == ["T2", "T1"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def filled(folder: Path, command: Command) -> Database:
    """The database of the folder, with three looks."""
    assert command("audit", "head").out == "\n"
    database = open_database(f"sqlite:///{folder / 'var' / 'throughline.db'}")
    look(database, "U0SAM", DANA, OMAR)
    look(database, "sam.tran@tidewater.example", DANA, now=NOW + HOUR)
    return database


def test_the_commands_print_the_head_and_what_is_the_matter_with_exit_code_1(folder: Path, command: Command) -> None:
    assert "Nothing stands in the audit yet." in command("audit", "verify").out
    database = filled(folder, command)
    head = command("audit", "head").out.strip()
    assert re.fullmatch(r"3:[0-9a-f]{64}", head)
    ended = command("audit", "verify", "--expect", head)
    assert (ended.code, ended.out) == (0, f"3 rows, 1 to 3, are as they were written.\nHead: {head}\n")
    assert json.loads(command("audit", "verify", "--json", "--expect", head[2:]).out) == {
        "sound": True,
        "rows": 3,
        "first": 1,
        "head": head,
        "fault": None,
    }
    with database.writing.begin() as session:
        session.execute(text("DROP TRIGGER audit_not_changed"))
        session.execute(text("UPDATE audit SET person = 'U0OTHER' WHERE number = 2"))
    database.close()
    ended = command("audit", "verify")
    assert (ended.code, ended.out) == (1, "")
    assert "Row 2 of the audit is not what was written" in ended.err
    assert "compare it with a backup" in ended.err
    ended = command("audit", "verify", "--json")
    assert (ended.code, json.loads(ended.out)["fault"]["number"]) == (1, 2)


def test_the_report_names_people_of_the_roster_and_says_how_to_see_more(folder: Path, command: Command) -> None:
    filled(folder, command).close()
    ended = command("audit", "report", TIMEZONE="America/New_York")
    assert ended.code == 0, ended.err
    assert re.search(r"U0SAM +2 +2 +card 2 +2026-11-22 05:00", ended.out)
    assert re.search(r"Sam Tran +1 +1 +card 1 +2026-11-22 06:00", ended.out)
    assert "--person or --customer shows the single looks" in ended.out
    ended = command("audit", "report", "--customer", DANA, "--since", "2026-11-22", TIMEZONE="America/New_York")
    assert re.search(rf"^3 .+ {DANA} +card", ended.out, re.MULTILINE)  # whole, however narrow the terminal is
    assert all(word in ended.out for word in ("2026-11-22", "06:00", "Sam", "Tran"))
    told = json.loads(command("audit", "report", "--person", "Sam Tran", "--json").out)
    assert [(one["number"], one["customer"], one["purpose"]) for one in told["looks"]] == [(3, DANA, "card")]
    assert "Nobody looked at a customer" in command("audit", "report", "--since", "2099-01-01").out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "--as", "Elif Kaya"), "Only an auditor may read who looked at which customer, and Elif Kaya"),
        (("report", "--customer", "Dana Ruiz"), "'Dana Ruiz' leads to no one customer: none may be meant"),
        (("report", "--since", "yesterday"), "'yesterday' says no beginning. Write a day"),
        (("verify", "--expect", "12:ff"), "'12:ff' is nothing that `throughline audit head` prints"),
    ],
)
def test_a_refusal_says_the_next_step(arguments: tuple[str, ...], said: str, folder: Path, command: Command) -> None:
    ended = command("audit", *arguments)
    assert (ended.code, ended.out) == (1, "")
    assert said in " ".join(ended.err.split())


def alias(number: int) -> str:
    return f"{number:032x}"


def found(database: Database, *, most: int, now: datetime) -> list[Unusual]:
    with database.reading() as session:
        return unusual(session, most=most, now=now)


@pytest.mark.each_engine
def test_more_customers_within_an_hour_than_usual_are_noticed_once_an_hour(database: Database) -> None:
    for number in range(6):
        look(database, "U0SAM", alias(number), now=NOW + number * 10 * MINUTE)
        look(database, "U0LEE", alias(number % 3), now=NOW + number * 10 * MINUTE)  # often, but the same ones
        look(database, "U0MIA", alias(number), now=NOW + number * HOUR)
    late = NOW + 6 * HOUR
    assert found(database, most=6, now=late) == []
    [one] = found(database, most=5, now=late)
    assert one == Unusual("U0SAM", 6, NOW, NOW + 50 * MINUTE)
    with database.writing.begin() as session:
        note_told(session, one, now=late)
    assert found(database, most=5, now=late) == []
    for number in range(6):
        look(database, "U0SAM", alias(number), now=late + (number + 1) * MINUTE)
    assert found(database, most=5, now=late + 10 * MINUTE) == []  # not twice within an hour
    assert [again.since for again in found(database, most=5, now=late + HOUR)] == [late + MINUTE]
    assert found(database, most=5, now=NOW + 2 * DAY) == []
    assert "d" * 8 not in rows(database)[-1].reference
    assert oversight(database).verify().fault is None


@pytest.mark.each_engine
def test_the_same_id_in_two_workspaces_is_two_people(database: Database) -> None:
    look(database.of("T1"), "U1", *map(alias, range(3)))
    look(database.of("T2"), "U1", *map(alias, range(3, 6)))
    assert found(database.of("T1"), most=3, now=NOW + MINUTE) == []
    [one] = found(database.of("T1"), most=2, now=NOW + MINUTE)
    with database.of("T1").writing.begin() as session:
        note_told(session, one, now=NOW)
    assert found(database.of("T1"), most=2, now=NOW + MINUTE) == []
    assert len(found(database.of("T2"), most=2, now=NOW + MINUTE)) == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(looks=st.lists(st.tuples(st.integers(0, 180), st.integers(0, 6)), min_size=1, max_size=14))
def test_the_busiest_hour_is_the_one_that_counting_finds(looks: list[tuple[int, int]], database: Database) -> None:
    person = f"U{len(rows(database))}"
    with database.writing.begin() as session:
        for minute, customer in sorted(looks):
            audit.record(session, View(person, alias(customer), Purpose.CARD), now=NOW + minute * MINUTE)
    most = max(
        len({customer for minute, customer in looks if end - 60 < minute <= end})
        for end in {minute for minute, _ in looks}
    )
    mine = [one for one in found(database, most=most - 1, now=NOW + 4 * HOUR) if one.person == person]
    assert [one.customers for one in mine] == [most]
    assert person not in {one.person for one in found(database, most=most, now=NOW + 4 * HOUR)}
