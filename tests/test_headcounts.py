"""How many people work where: from a roster, of which no name is kept, or from config/people.yaml."""

from pathlib import Path

import pytest
from bot.database import Base, Database
from bot.errors import ImportRefused
from bot.headcounts import Headcounts, headcounts, import_roster
from bot.people import Directory, load_directory
from bot.touchpoints import load_map
from sqlalchemy import select

from commands import Command
from maps import company, written

PEOPLE = """\
roles: { shop: Serves customers, lead: Leads a shift, phone: Answers calls }
places: { harbour: { name: Harbour Street }, center: { name: Call center } }
roster:
  - { name: Maya, email: maya@tidewater.example, roles: [shop, lead], place: harbour }
  - { name: Sam, email: sam@tidewater.example, roles: [phone], place: center }
"""
ROSTER = """\
E-mail,Name,Roles,Location
ann@tidewater.example,Ann Lee,shop,harbour
bo@tidewater.example,Bo Cruz,"shop, lead",harbour
cy@tidewater.example,Cy Diaz,phone,center
CY@tidewater.example,Cy Diaz,phone,center
di@tidewater.example,Di Evans,phone,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (company(tmp_path) / "config" / "people.yaml").write_text(PEOPLE)
    return tmp_path


@pytest.fixture
def directory(folder: Path) -> Directory:
    return load_directory(folder / "config" / "people.yaml")


def taken(database: Database, folder: Path, directory: Directory, text: str) -> Headcounts:
    (folder / "roster.csv").write_text(text, encoding="utf-8-sig")
    with database.writing.begin() as session:
        import_roster(session, folder / "roster.csv", directory)
    with database.reading() as session:
        return headcounts(session, directory)


@pytest.mark.each_engine
def test_each_person_counts_once_by_place_touchpoint_and_tool(database, folder, directory):
    found = taken(database, folder, directory, ROSTER)
    assert (found.total, found.imported) == (4, True)
    assert found.by_role_and_place() == {
        ("shop", "harbour"): 2, ("lead", "harbour"): 1, ("phone", "center"): 1, ("phone", ""): 1,
    }  # fmt: skip
    assert found.with_any({"shop", "lead"}) == 2, "who has both roles is one person"
    assert (found.at("harbour"), found.with_any({"phone"}, place="center")) == (2, 1)
    map_ = load_map(written(folder))
    assert found.at_touchpoint(map_, "ex.store.checkout") == 2
    assert found.at_touchpoint(map_, "ex.store.equipment_return") == 4, "shop and phone"
    assert found.at_touchpoint(map_, "cx.store.checkout") == 2, "whoever serves it"
    assert (found.with_tool(map_, "pos"), found.with_tool(map_, "orion")) == (2, 4)


@pytest.mark.each_engine
def test_no_name_and_no_address_is_kept_anywhere(database, folder, directory):
    taken(database, folder, directory, ROSTER)
    with database.reading() as session:
        kept = " ".join(str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table)))
    assert "lead+shop" in kept
    assert not [word for word in ("ann@", "Ann Lee", "tidewater", "Diaz") if word in kept]


@pytest.mark.each_engine
def test_counts_will_do_and_the_next_import_takes_their_place(database, folder, directory):
    taken(database, folder, directory, ROSTER)
    found = taken(
        database, folder, directory, "role;place;headcount\nshop;harbour;12\nphone;center;340\nlead;center;0\n"
    )
    assert found.groups == {(frozenset({"shop"}), "harbour"): 12, (frozenset({"phone"}), "center"): 340}


def test_without_an_import_the_roster_of_the_company_counts(database, directory):
    with database.reading() as session:
        found = headcounts(session, directory)
    assert (found.total, found.imported, found.with_any({"lead"})) == (2, False, 1)


def test_every_fault_is_told_with_its_line_and_nothing_changes(database, folder, directory):
    before = taken(database, folder, directory, ROSTER)
    wrong = "email,roles,place\nann@x.example,shp,harbour\nbo,shop,harbor\ncy@x.example,,\n"
    with pytest.raises(ImportRefused) as refused:
        taken(database, folder, directory, wrong)
    told = str(refused.value).splitlines()[1:]
    assert told == [
        "line 2: config/people.yaml has no role 'shp'; did you mean shop?",
        "line 3: config/people.yaml has no place 'harbor'; did you mean harbour?",
        "line 3: 'bo' is no e-mail address; by it each person is counted once",
        "line 4: it has no role",
    ]
    with database.reading() as session:
        assert headcounts(session, directory) == before


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name,place\nAnn,harbour\n", "needs the columns roles, place, and email"),
        ("role,place,people\n", "holds nobody"),
        ("role,place,people\nshop,harbour,many\n", "line 2: `people` is a whole number"),
        ("", "its first line has nothing"),
    ],
)
def test_a_file_that_says_nothing_is_refused(database, folder, directory, text, what):
    with pytest.raises(ImportRefused, match=what):
        taken(database, folder, directory, text)


def test_commands_import_and_count(command: Command, folder: Path) -> None:
    assert "2 people, from config/people.yaml." in command("people", "count").out
    (folder / "roster.csv").write_text(ROSTER)
    assert command("people", "import", "roster.csv").out == (
        "4 people in 4 groups of roles and place. 1 lines were about somebody listed before.\n"
    )
    said = command("people", "count").out
    assert "4 people, from the imported roster." in said
    assert "  2  shop · Harbour Street" in said
