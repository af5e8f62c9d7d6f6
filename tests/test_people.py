"""Who somebody is and what they may see; what cannot be established is denied."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from bot.errors import SettingsError, UnknownPerson
from bot.grants import Grants
from bot.people import (
    ORDINARY_EMPLOYEE,
    Directory,
    Member,
    Person,
    Profile,
    load_directory,
    load_owners,
    shared_audiences,
)
from hypothesis import given
from hypothesis import strategies as st

CONFIG = Path(__file__).parent.parent / "config"

PEOPLE = """\
roles:
  shop: Serves at a counter
  supervisor: May waive
  admin: Keeps the knowledge true
places:
  harbour: { name: Harbour shop }
roster:
  - { name: Maya Okafor, email: Maya@Tidewater.example, roles: [shop], place: harbour }
  - { name: "Niamh O'Brien", email: niamh@tidewater.example, roles: [supervisor, admin] }
  - { name: Sam Tran, email: sam.tran@tidewater.example }
  - { name: Sam Hill, email: sam.hill@tidewater.example }
partners:
  - { name: FieldPro, domains: [fieldpro.example, FIELDPRO.test] }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.yaml"


@pytest.fixture
def directory(file: Path) -> Directory:
    file.write_text(PEOPLE)
    return load_directory(file)


def audiences(directory: Directory, email: str, *, outsider: bool) -> frozenset[str]:
    return directory.person(Profile(id="U1", name="Somebody", email=email, outsider=outsider)).audiences


def test_an_employee_reads_what_everyone_and_their_roles_may(directory: Directory) -> None:
    assert audiences(directory, "maya@tidewater.example", outsider=False) == {
        "public",
        "everyone",
        "person:U1",
        "role:shop",
    }


def test_an_employee_whom_nobody_lists_is_an_ordinary_one(directory: Directory) -> None:
    assert audiences(directory, "new@tidewater.example", outsider=False) == {"public", "everyone", "person:U1"}
    assert audiences(directory, "", outsider=False) == {"public", "everyone", "person:U1"}
    assert ORDINARY_EMPLOYEE.audiences == {"public", "everyone"}


def test_a_guest_has_no_role_even_with_an_address_of_the_roster(directory: Directory) -> None:
    assert audiences(directory, "niamh@tidewater.example", outsider=True) == {"public", "person:U1"}


@pytest.mark.parametrize(
    "email", ["eve@elsewhere.example", "", "eve", "eve@fieldpro.example.evil.example", "@", "fieldpro.example"]
)
def test_an_outsider_reads_what_is_public(directory: Directory, email: str) -> None:
    assert audiences(directory, email, outsider=True) == {"public", "person:U1"}


@pytest.mark.parametrize("email", ["jo@fieldpro.example", "JO@FieldPro.Example", "jo@fieldpro.test"])
def test_a_partner_is_known_by_the_domain_of_their_address(directory: Directory, email: str) -> None:
    assert audiences(directory, email, outsider=True) == {"public", "person:U1", "partner:FieldPro"}


def test_nobody_is_more_than_an_outsider_until_slack_says_so(directory: Directory) -> None:
    assert directory.person(Profile(id="U1")).audiences == {"public", "person:U1"}


def test_a_person_carries_name_place_and_whether_they_are_an_admin(directory: Directory) -> None:
    maya = directory.person(Profile(id="U1", email="maya@tidewater.example", outsider=False))
    niamh = directory.person(Profile(id="U2", name="Niamh", email="niamh@tidewater.example", outsider=False))
    assert (maya.name, maya.place, maya.admin) == ("Maya Okafor", "harbour", False)
    assert (niamh.name, niamh.place, niamh.admin) == ("Niamh", "", True)


def test_what_several_people_share_is_what_each_of_them_may_see(directory: Directory) -> None:
    maya = directory.person(Profile("U1", "Maya", "maya@tidewater.example", outsider=False))
    niamh = directory.person(Profile("U2", "Niamh", "niamh@tidewater.example", outsider=False))
    courier = directory.person(Profile("U3", "Jo", "jo@fieldpro.example", outsider=True))
    assert shared_audiences([maya]) == maya.audiences
    assert shared_audiences([maya, niamh]) == {"public", "everyone"}
    assert shared_audiences([maya, niamh, courier]) == {"public"}
    assert shared_audiences([]) == frozenset()


def test_whoever_reads_a_channel_shares_its_audience(directory: Directory) -> None:
    maya = directory.person(Profile("U1", "Maya", "maya@tidewater.example", outsider=False))
    assert shared_audiences([maya, ORDINARY_EMPLOYEE], channel="C1") == {"public", "everyone", "channel:C1"}
    assert shared_audiences([], channel="C1") == frozenset()


@pytest.mark.parametrize(
    "words",
    ["Maya Okafor", "maya", "OKAFOR", "  maya   okafor ", "maya@tidewater.example", "MAYA@tidewater.example"],
)
def test_somebody_is_found_by_name_first_name_or_address(directory: Directory, words: str) -> None:
    found = directory.find(words)
    assert (found.id, found.name, found.place) == ("maya@tidewater.example", "Maya Okafor", "harbour")
    assert found.audiences == {"public", "everyone", "person:maya@tidewater.example", "role:shop"}


@pytest.mark.parametrize("words", ["Niamh O'Brien", "niamh o’brien", "O'Brien", "o’brien"])
def test_a_name_is_found_with_either_apostrophe(directory: Directory, words: str) -> None:
    assert directory.find(words).name == "Niamh O'Brien"


def test_a_name_that_two_people_have_is_asked_back(directory: Directory) -> None:
    with pytest.raises(
        UnknownPerson, match=r"More than one person is called 'Sam' .* Name one of Sam Tran, Sam Hill, or"
    ):
        directory.find("Sam")


@pytest.mark.parametrize("words", ["Bob", "", "May", "Maya Tran", "tidewater.example"])
def test_an_unknown_name_is_refused_with_the_names_there_are(directory: Directory, words: str) -> None:
    with pytest.raises(
        UnknownPerson, match=r"Nobody is called .* Name one of Maya Okafor, Niamh O'Brien, Sam Tran, Sam Hill"
    ):
        directory.find(words)


def test_an_address_that_nobody_lists_asks_as_an_outsider_or_a_partner(directory: Directory) -> None:
    assert directory.find("eve@elsewhere.example").audiences == {"public", "person:eve@elsewhere.example"}
    assert directory.find("Jo@fieldpro.example").audiences == {
        "public",
        "person:jo@fieldpro.example",
        "partner:FieldPro",
    }


GRANTS = """\
groups:
  shop-floor: [shop]
  "@supervisors": [supervisor, shop]
  leads: { roles: [admin], may_make_admins: true }
channels:
  C0FIELD: [supervisor]
"""


@pytest.fixture
def granting(file: Path) -> Directory:
    file.write_text(PEOPLE + GRANTS)
    return load_directory(file)


def member(directory: Directory, *, groups: Iterable[str] = (), channels: Iterable[str] = ()) -> Person:
    return directory.person(
        Profile("U1", "New", "new@tidewater.example", False, groups=frozenset(groups), channels=frozenset(channels))
    )


def test_a_user_group_and_a_channel_give_their_roles_and_audiences(granting: Directory) -> None:
    new = member(granting, groups=["supervisors", "walkers"], channels=["C0FIELD"])
    assert new.roles == {"supervisor", "shop"}
    assert new.audiences == {
        "public", "everyone", "person:U1", "group:supervisors", "group:walkers", "channel:C0FIELD", "role:supervisor",
        "role:shop",
    }  # fmt: skip
    assert not new.admin
    assert member(granting, groups=["leads"]).admin
    assert member(granting, groups=["Leads", "lead"], channels=["C0"]).roles == frozenset()


def test_what_the_roster_gives_stays_beside_what_slack_gives(granting: Directory) -> None:
    profile = Profile("U1", "Maya", "maya@tidewater.example", False, groups=frozenset({"supervisors"}))
    assert granting.person(profile).roles == {"shop", "supervisor"}


@given(
    email=st.sampled_from(["jo@fieldpro.example", "niamh@tidewater.example", "eve@elsewhere.example", "", "@"]),
    groups=st.frozensets(st.sampled_from(["shop-floor", "supervisors", "leads", "walkers"])),
    channels=st.frozensets(st.sampled_from(["C0FIELD", "C1", "everyone"])),
)
def test_no_group_channel_or_roster_line_makes_an_outsider_more(
    email: str, groups: frozenset[str], channels: frozenset[str]
) -> None:
    directory = Directory(
        roles={"admin": ""},
        roster=(Member("Niamh", "niamh@tidewater.example", frozenset({"admin"}), ""),),
        partners={"fieldpro.example": "FieldPro"},
        grants=Grants(dict.fromkeys(groups, frozenset({"admin"})), dict.fromkeys(channels, frozenset({"admin"}))),
    )
    person = directory.person(Profile("U1", "Jo", email, True, groups=groups, channels=channels))
    assert person.audiences <= {"public", "person:U1", "partner:FieldPro"}
    assert (
        ("partner:FieldPro" in person.audiences) == email.endswith("fieldpro.example") == (person.partner == "FieldPro")
    )
    assert (person.outsider, person.admin, person.roles) == (True, False, frozenset())


ROLES = "roles:\n  shop: Serves\nplaces:\n  harbour: {name: Harbour}\n"
LISTED = f"{ROLES}roster:\n  - "


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "expected `name: value` lines"),
        ("- a\n- b\n", 1, "expected `name: value` lines"),
        ("roles:\n\tshop: x\n", 2, "mend the YAML"),
        ("roles:\n  shop: 'x\nplaces:\n  a: {}\n", 2, "mend the YAML"),
        ("roles:\n  shop: a: b\n", 2, "mapping values are not allowed here; mend the YAML"),
        ("roles:\n  shop: \x07\n", 2, "special characters are not allowed; type it anew"),
        ("places: {}\nroles: [shop]\n", 2, "roles must hold `name: value` lines"),
        ("roles: {}\nplaces: harbour\n", 2, "places must hold `name: value` lines"),
        ("roles: {}\nroster: Maya\n", 2, "roster must be a list of `- ...` lines"),
        ("roster:\n  maya: {}\n", 1, "roster must be a list of `- ...` lines"),
        ("roster:\n  - {name: A, email: a@b.co}\n  - Maya\n", 3, "an entry of roster must be `name: value` pairs"),
        ("roster:\n  - {name: A, email: a@b.co}\n  - {name: B}\n", 3, "needs a name and an e-mail address"),
        ("roster:\n  - {name: , email: a@b.co}\n", 2, "needs a name and an e-mail address"),
        ("roster:\n  - {name: A, email: [a@b.co]}\n", 2, "needs a name and an e-mail address"),
        ("roster:\n  - {name: A, email: a@b}\n", 2, "needs a name and an e-mail address"),
        ("roster:\n  - {name: A, email: a@b.co}\n  - {name: B, email: A@b.co}\n", 3, "a@b.co is listed twice"),
        ("roster:\n  - {name: A, email: a@b.co, roles: shop}\n", 2, "roles is a list: roles: [shop, phone]"),
        (LISTED + "{name: A, email: a@b.co, roles: [shopp]}", 6, "role 'shopp' is not listed under roles"),
        (LISTED + "{name: A, email: a@b.co, roles: [[shop]]}", 6, "is not listed under roles; add it there"),
        (LISTED + "{name: A, email: a@b.co, place: moon}", 6, "place 'moon' is not listed under places"),
        ("roster: []\nroster:\n  - {name: A, email: a@b.co}\n", 2, "roster stands there twice; keep one"),
        ("groups: [a]\n", 1, "groups must hold `name: value` lines"),
        ("groups:\n  Shop Floor: [shop]\n", 2, "'Shop Floor' is no handle of a user group"),
        (ROLES + "groups:\n  a: [shop]\n  a: [shop]\n", 7, "a stands there twice; keep one"),
        (ROLES + "groups:\n  a: [shop]\n  '@a': [shop]\n", 7, "a stands there twice; keep one"),
        (ROLES + "groups:\n  a: shop\n", 6, "a needs the roles it gives as a list: a: [shop]"),
        (ROLES + "groups:\n  a: []\n", 6, "a needs the roles it gives as a list"),
        (ROLES + "groups:\n  a: [shop]\n\n  b: [shopp]\n", 8, "role 'shopp' is not listed under roles"),
        (ROLES + "channels:\n  returns: [shop]\n", 6, "'returns' is no channel id, and a name may change"),
        (ROLES + "channels:\n  C0FIELD: [shop, boss]\n", 6, "role 'boss' is not listed under roles"),
        ("roles: {admin: x}\ngroups:\n  a: [admin]\n", 3, "would make admins of whoever can join it in Slack"),
        ("roles: {admin: x}\nchannels:\n  C01: {roles: [admin]}\n", 3, "C01: { roles: [admin], may_make_admins:"),
        ("roles: {admin: x}\ngroups:\n  a: {roles: [admin], may_make_admins: maybe}\n", 3, "would make admins"),
        ("roles: {auditor: x}\ngroups:\n  a: {roles: [auditor], may_make_admins: true}\n", 3, "would make auditors of"),
        ("partners:\n  - {name: F}\n", 2, "a partner needs a name and domains: [its-mail-domain.example]"),
        ("partners:\n  - {name: F, domains: f.example}\n", 2, "a partner needs a name and domains"),
        ("partners:\n  - {name: , domains: [f.example]}\n", 2, "a partner needs a name and domains"),
        ("partners:\n  - {name: F, domains: [null]}\n", 2, "a partner needs a name and domains"),
        (
            "partners:\n  - {name: F, domains: [f.example]}\n  - {name: G, domains: [F.example]}\n",
            3,
            "f.example is listed for F too; keep it with one partner",
        ),
    ],
)  # fmt: skip
def test_a_malformed_people_file_names_the_line_at_fault_and_the_remedy(
    file: Path, text: str, line: int, said: str
) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load_directory(file)
    assert str(refused.value).startswith(f"{file}, line {line}: ")
    assert said in str(refused.value)


def test_what_may_be_left_out_may_be_left_empty(file: Path) -> None:
    file.write_text(f"{ROLES}roster:\n  - {{name: A, email: a@b.co, roles: , place: }}\npartners:\n")
    [member] = load_directory(file).roster
    assert (member.name, member.roles, member.place) == ("A", frozenset(), "")


def test_a_missing_or_unreadable_people_file_says_what_to_do(file: Path) -> None:
    with pytest.raises(
        SettingsError, match="Copy the example that ships with Throughline, or set CONFIG to its folder"
    ):
        load_directory(file)
    file.write_bytes("roles: {shop: Größe}".encode("latin-1"))
    with pytest.raises(SettingsError, match="Save it as UTF-8 text"):
        load_directory(file)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: {name: A, channel: '#a'}\nb: x\n", 2, "b must hold name, channel and people"),
        ("a: {name: A, channel: '#a'}\nb:\n  name: B\n", 2, "b needs name, channel and people: [address]"),
        ("a: {name: , channel: '#a'}\n", 1, "a needs name, channel and people: [address]"),
        ("a: {name: A, channel: '#a', people: maya@b.co}\n", 1, "a needs name, channel and people: [address]"),
        ("a: {name: A, channel: '#a'}\na: {name: B, channel: '#b'}\n", 2, "a stands there twice; keep one"),
        ("a:\n  name: A\n  channel: #a\n", 1, "a needs name, channel and people: [address]"),
        ("- a\n", 1, "expected `name: value` lines"),
    ],
)
def test_a_malformed_owners_file_names_the_line_at_fault_and_the_remedy(
    file: Path, text: str, line: int, said: str
) -> None:
    file.write_text(text)
    with pytest.raises(SettingsError) as refused:
        load_owners(file)
    assert str(refused.value).startswith(f"{file}, line {line}: ")
    assert said in str(refused.value)


def test_an_owner_is_shown_by_name_and_an_unknown_key_as_it_stands(file: Path) -> None:
    file.write_text("returns: {name: Returns team, channel: '#returns', people: [maya@b.co]}\n")
    owners = load_owners(file)
    assert owners.teams["returns"].people == ("maya@b.co",)
    assert (owners.name("returns"), owners.name("nobody")) == ("Returns team", "nobody")


def test_the_shipped_files_are_sound_and_every_owner_is_on_the_roster() -> None:
    directory, owners = load_directory(CONFIG / "people.yaml"), load_owners(CONFIG / "owners.yaml")
    listed = {member.email for member in directory.roster}
    assert {email for team in owners.teams.values() for email in team.people} <= listed
    assert directory.find("Niamh O'Brien").roles == {"supervisor", "phone"}
    assert isinstance(directory.find("Elif"), Person)
    assert directory.find("Elif").admin
