"""Lists of friction by what people call things; a word that nothing is called by is told what there is."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from bot import friction_wording as wording
from bot.database import Database
from bot.errors import UnknownFilter
from bot.friction import filing, listing
from bot.friction.filing import Said, Subject
from bot.friction.kinds import Kind, Privacy, Severity
from bot.friction.listing import Asked
from bot.friction.reporters import Reporter
from bot.friction.wanted import Field, Vocabulary
from bot.touchpoints import load_map
from sqlalchemy.orm import Session

import maps
from commands import Command
from friction.desk import NOW, SEALER

EMPLOYEE = frozenset({"everyone"})


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    folder = tmp_path_factory.mktemp("map")
    map_ = load_map(maps.written(folder), teams=maps.TEAMS, roles=maps.ROLES, tracks=maps.TRACKS, pages=folder)
    teams = {"shops": "Shops", "billing-it": "Billing IT", "care": "Customer care"}
    return Vocabulary(map_, teams=teams, places={"harbour-street": "Harbour Street shop"}, kinds=wording.KINDS)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("orion", {(Field.TOOL, "orion")}),
        ("old billing", {(Field.TOOL, "orion")}),
        ("the till", {(Field.TOOL, "pos")}),
        ("parcel service", {(Field.PARTNER, "courier")}),
        ("typed twice", {(Field.KIND, "duplicate_entry")}),
        ("selling at the register", {(Field.TOUCHPOINT, "ex.store.checkout")}),
        ("equipment", {(Field.TOUCHPOINT, "ex.store.equipment_return"), (Field.KIND, "hardware")}),
        ("harbour street", {(Field.PLACE, "harbour-street")}),
        ("Customer Care", {(Field.TEAM, "care")}),
        ("resolved", {(Field.STATE, "resolved")}),
    ],
)
def test_things_are_found_by_what_people_call_them(
    known: Vocabulary, words: str, meant: set[tuple[Field, str]]
) -> None:
    assert known.understood(words) == (frozenset(meant),)


def test_several_words_ask_for_all_of_them(known: Vocabulary) -> None:
    slow = frozenset({(Field.KIND, "slow")})
    assert known.understood("Orion slow at Harbour Street") == (
        frozenset({(Field.TOOL, "orion")}),
        slow,
        frozenset({(Field.PLACE, "harbour-street")}),
    )


def test_a_word_that_nothing_is_called_by_is_told_what_there_is(known: Vocabulary) -> None:
    with pytest.raises(UnknownFilter, match=r"“zebra”.*tool: PointPost, Orion.*typed twice.*Harbour Street shop"):
        known.understood("zebra")
    with pytest.raises(UnknownFilter, match="“slow”"):
        known.understood("slow", fields=(Field.TOOL,))


def filed(session: Session, people: int, *, kind: Kind = Kind.SLOW, days: int = 0, tool: str = "orion") -> int:
    number = 0
    for _ in range(people):
        who = Reporter(f"U0{number}.{_}.{kind}", "T0", "Imelda Varga", place="harbour-street")
        said = Said("it is slow", Privacy.NAMED)
        at = NOW - timedelta(days=days)
        if number:
            filing.me_too(session, number, said, who, sealer=SEALER, now=at)
        else:
            subject = Subject(kind, Severity.S3, tools=(tool,), team="care")
            number = filing.file(session, subject, said, who, sealer=SEALER, now=at).ticket
    return number


@pytest.mark.each_engine
def test_a_list_holds_what_is_all_of_that(database: Database, known: Vocabulary) -> None:
    with database.writing.begin() as session:
        many = filed(session, 6)
        few = filed(session, 4, days=9)
        other = filed(session, 1, kind=Kind.LOGIN, tool="pos")

        def listed(words: str, since: date | None = None) -> list[int]:
            asked = Asked(wanted=known.understood(words), since=since)
            return [one.number for one in listing.hottest(session, asked, audiences=EMPLOYEE)]

        assert listed("orion") == [many, few]
        assert listed("orion", NOW.date()) == [many]
        assert listed("signing in customer care") == [other]
        assert listed("resolved") == []
        assert listed("harbour street") == [many], "of four people of a place nobody is told the place"


@pytest.fixture
def folder(small_company: Path) -> Path:
    return small_company


def test_the_command_lists_by_name_and_names_what_there_is(command: Command, folder: Path) -> None:
    ask = partial(command, "friction", DATA_DIR=str(folder / "data"))
    assert ask("report", "Orion is slow every day").out.startswith("FR-1")
    assert ask("list", "--tool", "old billing").out.startswith("FR-1  Orion is slow")
    assert "fewer than 5 people" in ask("list", "--kind", "slow", "--since", "2020-01-01").out
    assert "No ticket is like that" in ask("list", "--tool", "courier").out
    unknown = ask("list", "--team", "zebra")
    assert "Nothing is called “zebra”" in unknown.err
    assert "Billing IT" in unknown.err
