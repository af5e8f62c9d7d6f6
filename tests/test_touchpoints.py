"""The touchpoint map: what a sound file gives, and the map that ships with it."""

import time
from datetime import date
from pathlib import Path

import pytest
import yaml
from bot.customers.tracks import rules
from bot.errors import SettingsError
from bot.people import load_directory, load_owners
from bot.touchpoints import (
    Edge,
    EdgeKind,
    EdgeStatus,
    PartnerKind,
    SelfService,
    Standard,
    Step,
    Targets,
    TouchpointMap,
    folded,
    load_map,
)
from bot.touchpoints.book import MapBook
from bot.touchpoints.loading import MAX_BYTES
from bot.yaml_lines import PlainLoader, composed

from maps import MAP, ROLES, TEAMS, TRACKS, written
from programs import PROJECT


@pytest.fixture
def small(tmp_path: Path) -> TouchpointMap:
    return load_map(written(tmp_path), teams=TEAMS, roles=ROLES, tracks=TRACKS, pages=tmp_path)


@pytest.fixture(scope="module")
def shipped() -> TouchpointMap:
    """Checked against everything that ships beside it; a fault fails here with its line."""
    knowledge, config = PROJECT / "knowledge", PROJECT / "config"
    teams = load_owners(config / "owners.yaml").teams
    return load_map(
        knowledge / "touchpoints.yaml",
        teams=teams,
        roles=load_directory(config / "people.yaml").roles,
        tracks=rules.keys_in(knowledge / "tracks.yaml", teams=teams),
        pages=knowledge,
    )


def test_what_stands_in_the_file_is_on_the_map(small: TouchpointMap) -> None:
    orion, courier = small.tools["orion"], small.partners["courier"]
    assert (orion.name, orion.aliases, orion.owner) == ("Orion", ("old billing",), "billing-it")
    assert (orion.system_of_record_for, orion.retiring_on) == (("bill", "equipment"), date(2027, 3, 31))
    assert (courier.kind, courier.aliases) == (PartnerKind.ENABLES, ("parcel service",))
    back = small.cx["cx.store.equipment_return"]
    assert (back.stage, back.channel, back.treatment_track) == ("leave", "store", "third-contact")
    assert back.self_service is SelfService.MISSING
    assert small.cx["cx.web.order"].self_service is SelfService.YES
    assert small.cx["cx.web.order"].customer_symptoms == ("the page failed",), "one needs no list"
    assert small.cx["cx.store.checkout"].targets == Targets(csat=4.5, complaints_per_1000=2)
    selling = small.ex["ex.store.checkout"]
    assert (selling.visible_to_customer, selling.standard) == (True, Standard("selling.md", 4))
    assert small.ex["ex.store.equipment_return"].steps[0] == Step(
        "take it off", tool="caredesk", reads=("customer",), writes=("equipment",)
    )


def test_the_example_in_the_docs_is_sound(tmp_path: Path) -> None:
    _, _, example = (PROJECT / "docs" / "touchpoints.md").read_text(encoding="utf-8").partition("```yaml\n")
    file = tmp_path / "touchpoints.yaml"
    file.write_text(example.partition("```")[0], encoding="utf-8")
    assert load_map(file, pages=PROJECT / "knowledge").owner_of("ex.store.equipment_return") == "returns"


def test_who_answers_for_what_is_known_of_tools_partners_and_touchpoints(small: TouchpointMap) -> None:
    ids = ("orion", "courier", "cx.store.checkout", "ex.store.equipment_return")
    assert [small.owner_of(one) for one in ids] == ["billing-it", "care", "shops", "care"]
    assert small.owner_of("nothing") == ""


def test_without_an_owner_of_its_own_it_has_that_of_its_only_tool_and_says_so(small: TouchpointMap) -> None:
    selling = small.ex["ex.store.checkout"]
    assert (small.owner_of(selling.id), selling.owner_from) == ("shops", "pos")
    assert small.ex["ex.store.equipment_return"].owner_from == ""


def test_tools_and_people_lead_to_touchpoints_and_back(small: TouchpointMap) -> None:
    assert [tool.id for tool in small.tools_at("ex.store.equipment_return")] == ["caredesk", "orion"]
    assert [tool.id for tool in small.tools_at("cx.store.equipment_return")] == ["caredesk", "orion"]
    assert [one.id for one in small.partners_at("cx.store.equipment_return")] == ["courier"]
    assert [one.id for one in small.touchpoints_of("phone")] == ["ex.store.equipment_return"]
    assert [one.id for one in small.touchpoints_with("pos")] == ["ex.store.checkout"]
    assert [one.id for one in small.touchpoints_with("courier")] == ["ex.store.equipment_return"]
    assert [one.id for one in small.serving("cx.store.checkout")] == ["ex.store.checkout"]
    assert [one.id for one in small.served_by("ex.store.checkout")] == ["cx.store.checkout"]
    assert small.channels_at("ex.store.checkout") == small.channels_at("cx.store.checkout") == {"store"}
    assert small.tools_at("nothing") == small.served_by("nothing") == small.serving("nothing") == ()


def test_a_name_is_found_as_people_write_it(small: TouchpointMap) -> None:
    assert [small.names.get(folded(said)) for said in ("The Till", "old-billing", "crm", "Price_Feed", "soup")] == [
        "pos", "orion", "caredesk", "price_feed", None,
    ]  # fmt: skip
    assert [small.name_of(one) for one in ("pos", "leave", "ex.desk.tidying", "gone")] == [
        "PointPost", "Return or leave", "Tidying up", "gone",
    ]  # fmt: skip


def test_edges_are_those_of_the_file_and_those_that_follow_from_the_touchpoints(small: TouchpointMap) -> None:
    assert Edge("caredesk", "orion", EdgeKind.SHOULD_SYNC, EdgeStatus.BROKEN) in small.edges
    assert Edge("ex.store.checkout", "cx.store.checkout", EdgeKind.SERVES) in small.edges
    assert Edge("ex.store.checkout", "pos", EdgeKind.USES) in small.edges
    assert Edge("courier", "ex.store.equipment_return", EdgeKind.DELIVERS) in small.edges
    assert Edge("ex.store.checkout", "selling.md", EdgeKind.GOVERNED_BY) in small.edges
    assert len(small.edges) == len(set(small.edges)) == 10


@pytest.mark.parametrize("text", ["", "\n\n", "# later\n", "---\n", "{}\n"])
def test_an_empty_file_is_an_empty_map(tmp_path: Path, text: str) -> None:
    found = load_map(written(tmp_path, text))
    assert not found
    assert (found.owner_of("pos"), found.names, found.edges) == ("", {}, ())


def test_the_quick_reader_gives_what_the_one_that_explains_gives() -> None:
    def told(node: yaml.Node) -> object:
        here = (type(node), node.tag, node.start_mark.line)
        if isinstance(node, yaml.ScalarNode):
            return (*here, node.value)
        parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
        return (*here, [told(part) for part in parts])

    file = PROJECT / "knowledge" / "touchpoints.yaml"
    quick, plain = composed(file, at_most=MAX_BYTES), yaml.compose(file.read_text("utf-8"), Loader=PlainLoader)
    assert quick is not None
    assert told(quick) == told(plain)


def test_no_file_is_an_empty_map(tmp_path: Path) -> None:
    assert not load_map(tmp_path / "touchpoints.yaml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stages: [\n", "line 2: expected the node content"),
        ("stages:\n\t- a\n", "line 2: found character"),
        ("stages: &a [x]\nchannels: *a\n", "line 2: a value begins with *"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n", "line 2: a value begins with *"),
        ("a: &a [*a]\n", "line 1: a value begins with *"),
        ("stages: []\n---\nstages: []\n", "line 2: but found another document"),
        ("stages: [caf\x00e]\n", "line 1: special characters are not allowed"),
        ("[" * 3000, "lists inside lists without end"),
        ("[" * 100_000, "lists inside lists without end"),
        (f"# {'x' * MAX_BYTES}\n", "has more than 500,000 bytes"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=r"touchpoints\.yaml") as refused:
        load_map(written(tmp_path, text))
    assert said in str(refused.value)


def test_a_folder_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="is no file"):
        load_map(tmp_path)
    (tmp_path / "latin.yaml").write_bytes(b"stages: [\xe9]\n")
    with pytest.raises(SettingsError, match="Save it as UTF-8"):
        load_map(tmp_path / "latin.yaml")


def test_a_file_saved_on_windows_is_the_same_map(tmp_path: Path, small: TouchpointMap) -> None:
    (tmp_path / "windows.yaml").write_bytes(b"\xef\xbb\xbf" + MAP.replace("\n", "\r\n").encode())
    assert load_map(tmp_path / "windows.yaml") == small


def test_as_much_as_may_stand_in_it_is_read_in_seconds(tmp_path: Path) -> None:
    tools = "".join(
        f"  - {{ id: t{n}, name: Tool {n}, aliases: [name {n}], owner: shops }}\n" for n in range(MAX_BYTES // 60)
    )
    file = written(tmp_path, MAP.replace("tools:\n", f"tools:\n{tools[: tools.rindex('  - ', 0, MAX_BYTES - 4000)]}"))
    began = time.thread_time()
    with pytest.raises(SettingsError, match="no step and no edge leads to t17;"):
        load_map(file)
    assert time.thread_time() - began < 30  # two seconds on a quiet machine


def test_a_slip_leaves_the_map_as_it_was(tmp_path: Path) -> None:
    file = written(tmp_path)
    book = MapBook(file, teams=TEAMS, roles=ROLES, tracks=lambda: TRACKS)
    assert "orion" in book.map.tools
    written(tmp_path, MAP.replace("owner: shops", "owner: shop", 1))
    assert "orion" in book.map.tools
    with pytest.raises(SettingsError, match="did you mean shops"):
        book.read()
    written(tmp_path, MAP.replace("name: Orion", "name: Orion (old)"))
    assert book.map.tools["orion"].name == "Orion (old)"
    file.unlink()
    assert not book.map


def test_the_map_that_ships_is_sound_and_covers_the_journey(shipped: TouchpointMap) -> None:
    assert {one.stage for one in shipped.cx.values()} == set(shipped.stages)
    assert {one.channel for one in shipped.cx.values()} == set(shipped.channels)
    assert len(shipped.stages) == 6
    assert set(shipped.channels) == {"store", "phone", "chat", "email", "social", "web", "mobile_app", "field"}
    assert len(shipped.cx) >= 25
    assert len(shipped.ex) >= 30


def test_everything_on_the_map_that_ships_has_an_owner_whom_the_company_knows(shipped: TouchpointMap) -> None:
    teams = load_owners(PROJECT / "config" / "owners.yaml").teams
    things = (*shipped.tools, *shipped.partners, *shipped.cx, *shipped.ex)
    assert [one for one in things if shipped.owner_of(one) not in teams] == []


def test_the_map_that_ships_has_symptoms_in_peoples_own_words(shipped: TouchpointMap) -> None:
    said = [one.customer_symptoms for one in shipped.cx.values()] + [
        one.employee_symptoms for one in shipped.ex.values()
    ]
    assert [symptoms for symptoms in said if not 5 <= len(symptoms) <= 10] == []


@pytest.mark.parametrize(
    ("said", "tool"),
    [
        ("the till", "pos"), ("registers", "pos"), ("old billing", "orion"), ("CRM", "caredesk"), ("sso", "sso"),
        ("Single sign on", "sso"), ("the wiki", "policy_kb"), ("KB", "policy_kb"), ("label printer", "printer"),
        ("technician", "fieldpro"), ("live chat", "chat_platform"), ("stock levels", "inventory"),
    ],
)  # fmt: skip
def test_tools_and_partners_are_known_by_what_people_call_them(shipped: TouchpointMap, said: str, tool: str) -> None:
    assert shipped.names[folded(said)] == tool
