"""Friction taken elsewhere: nobody is named, few people are not counted, and no sums give them away."""

import csv
import io
import json
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from bot.database import Database, open_database
from bot.errors import NotAllowed
from bot.friction import acting, export, filing, groups
from bot.friction.acting import Act
from bot.friction.filing import Said, Subject
from bot.friction.groups import By, Group
from bot.friction.kinds import Frequency, Kind, Privacy, Severity
from bot.friction.moves import Event
from bot.friction.reporters import Reporter
from bot.friction.roles import Actor
from sqlalchemy.orm import Session

from commands import Command
from friction.desk import NOW, SEALER

EMPLOYEE = frozenset({"everyone"})
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
_numbers = count()


def ticket(
    session: Session,
    people: int,
    *,
    kind: Kind = Kind.SLOW,
    tools: tuple[str, ...] = ("orion",),
    place: str = "north",
    minutes: float = 12,
    privacy: Privacy = Privacy.NAMED,
    words: str = "=Orion is slow",
) -> int:
    """Reported by so many people who reported nothing else, each losing an hour a week for 12 minutes."""
    said = Said(words, privacy, minutes, Frequency.DAILY)
    number = 0
    for _ in range(people):
        who = Reporter(f"U0P{next(_numbers)}", "T0", "Imelda Varga", role="shop", place=place)
        if number:
            filing.me_too(session, number, said, who, sealer=SEALER, now=NOW)
        else:
            subject = Subject(kind, Severity.S2, tools=tools, touchpoint="ex.store.checkout")
            number = filing.file(session, subject, said, who, sealer=SEALER, now=NOW).ticket
    return number


def summed(session: Session, by: By) -> dict[str, Group]:
    return {one.id: one for one in groups.groups(session, by, audiences=EMPLOYEE)}


@pytest.mark.each_engine
def test_sums_by_one_field_count_tickets_and_hours(database: Database) -> None:
    with database.writing.begin() as session:
        one = ticket(session, 6)
        other = ticket(session, 5, kind=Kind.OUTAGE, tools=("orion", "caredesk"), place="south")
        assert summed(session, By.TOOL)["orion"] == Group("orion", 2, (one, other), 6, 11.0)
        assert summed(session, By.TOOL)["caredesk"] == Group("caredesk", 1, (other,), 5, 5.0)
        assert summed(session, By.KIND)["slow"] == Group("slow", 1, (one,), 6, 6.0)
        assert summed(session, By.PLACE)["south"] == Group("south", None, (other,), None, 5.0)
        assert list(summed(session, By.TOUCHPOINT)) == ["ex.store.checkout"]
        assert list(summed(session, By.WEEK)) == ["2026-11-16"]


def test_tickets_of_few_people_count_in_the_sums_in_which_enough_of_them_lie_together(database: Database) -> None:
    with database.writing.begin() as session:
        many = ticket(session, 9)
        slow = [ticket(session, 2), ticket(session, 3)]
        ticket(session, 2, kind=Kind.LOGIN)
        assert summed(session, By.KIND) == {
            "slow": Group("slow", 3, (many, *slow), 9, 14.0),
            "login": Group("login", 1, (), None, None),
        }
        assert summed(session, By.TOOL)["orion"].hours == 14.0, "or the two who cannot sign in could be subtracted"


def test_anonymous_reports_of_several_tickets_count_as_one_person_since_they_may_be(database: Database) -> None:
    with database.writing.begin() as session:
        for _ in range(6):
            ticket(session, 1, privacy=Privacy.ANONYMOUS)
        assert summed(session, By.TOOL)["orion"].hours is None
        for _ in range(4):
            ticket(session, 1)
        assert summed(session, By.TOOL)["orion"].hours == 10.0


def test_what_is_over_is_in_no_sum_and_in_the_tickets_only_if_asked(database: Database) -> None:
    with database.writing.begin() as session:
        one, other = ticket(session, 6), ticket(session, 7)
        acting.act(session, other, Act(Event.REJECT, "Orion is gone"), RUTH, sealer=SEALER, now=NOW)
        assert summed(session, By.TOOL)["orion"].hours == 6.0
        told = [
            [row["key"] for row in export.ticket_rows(session, everything=everything, audiences=EMPLOYEE)]
            for everything in (False, True)
        ]
    assert told == [[f"FR-{one}"], [f"FR-{one}", f"FR-{other}"]]


@pytest.mark.each_engine
def test_tickets_name_no_reporter_no_hour_and_no_count_of_few_people(database: Database) -> None:
    with database.writing.begin() as session:
        for people in (4, 5, 15):
            ticket(session, people)
        rows = export.ticket_rows(session, everything=True, audiences=EMPLOYEE)
    assert [row["people"] for row in rows] == [None, 5, 15]
    assert [row["hours_a_week"] for row in rows] == [None, 5.0, 15.0]
    told = json.dumps(rows)
    for word in ("Imelda", "U0P", "north", "15:30"):
        assert word not in told
    assert rows[0]["filed_on"] == "2026-11-20"


def test_whoever_is_no_employee_exports_nothing(database: Database) -> None:
    with database.writing.begin() as session:
        ticket(session, 1)
        for export_it in (
            lambda: groups.groups(session, By.TOOL, audiences=frozenset({"public"})),
            lambda: export.ticket_rows(session, everything=True, audiences=frozenset({"public"})),
        ):
            with pytest.raises(NotAllowed):
                export_it()


def test_the_command_prints_csv_or_json_and_takes_one_thing_at_a_time(command: Command, folder: Path) -> None:
    ask = partial(command, "friction", "export", DATA_DIR=str(folder / "data"))
    assert ask().out.startswith("key,title,state")  # makes the tables, too
    database = open_database(f"sqlite:///{folder / 'data' / 'throughline.db'}")
    with database.writing.begin() as session:
        ticket(session, 6)
        ticket(session, 2, tools=("caredesk",))
    database.close()
    (row, _) = csv.DictReader(io.StringIO(ask().out))
    assert (row["title"], row["people"], row["tools"]) == ("'=Orion is slow", "6", "orion")
    sums = ask("--by", "tool").out
    assert (
        sums
        == "tool,name,tickets,counted,people_at_least,hours_a_week\norion,Orion,1,1,6,6.0\ncaredesk,CareDesk,1,0,,\n"
    )
    assert json.loads(ask("--by", "kind", "--json").out) == [
        {"kind": "slow", "name": "slow", "tickets": 2, "counted": 1, "people_at_least": 6, "hours_a_week": 6.0}
    ]
    refused = ask("--by", "tool", "--all")
    assert refused.code == 2
    assert "Leave one of the two out" in refused.err


@pytest.fixture
def folder(small_company: Path) -> Path:
    return small_company
