"""What the map alone shows to be wrong: each gap planted in a small map, and the gaps of the map that ships."""

import json
from pathlib import Path

import pytest
from bot.touchpoints import TouchpointMap, load_map
from bot.touchpoints.gaps import Gap, GapKind, coverage_of, front_loading, gaps_of

from commands import Command
from maps import MAP, company, written
from programs import PROJECT


def gaps(folder: Path, text: str = MAP) -> dict[GapKind, list[Gap]]:
    found = gaps_of(load_map(written(folder, text), pages=folder), folder)
    return {kind: [gap for gap in found if gap.kind is kind] for kind in GapKind}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return company(tmp_path)


def line_of(text: str, words: str) -> int:
    (line,) = (number for number, each in enumerate(text.splitlines(), start=1) if words in each)
    return line


@pytest.fixture(scope="module")
def shipped() -> TouchpointMap:
    return load_map(PROJECT / "knowledge" / "touchpoints.yaml", pages=PROJECT / "knowledge")


def test_the_shipped_map_names_the_two_systems_that_both_want_the_returned_box(shipped: TouchpointMap) -> None:
    found = [gap for gap in gaps_of(shipped) if gap.kind is GapKind.TYPED_TWICE]
    (box,) = (gap for gap in found if gap.ids[0] == "ex.store.equipment_return")
    assert box.ids == ("ex.store.equipment_return", "caredesk", "orion")
    assert box.told == "Taking equipment back: whoever does it types equipment into CareDesk and again into Orion."
    text = (PROJECT / "knowledge" / "touchpoints.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[box.line - 1].strip().startswith("- { do: take the same device off in Orion")
    assert box.owner == "returns"


def test_each_cx_touchpoint_of_the_shipped_map_has_a_target(shipped: TouchpointMap) -> None:
    assert [one.id for one in shipped.cx.values() if not one.targets.any] == []


def test_gaps_of_a_small_map_are_those_that_stand_in_it(tmp_path: Path) -> None:
    found = gaps(tmp_path)
    assert [gap.ids for gap in found[GapKind.TYPED_TWICE]] == [("ex.store.equipment_return", "caredesk", "orion")]
    assert found[GapKind.TYPED_TWICE][0].line == line_of(MAP, "take it off again")
    (broken,) = found[GapKind.OUT_OF_STEP]
    assert (broken.ids, broken.line) == (("caredesk", "orion"), line_of(MAP, "status: broken"))
    assert (broken.owner, "does not get there" in broken.told) == ("billing-it", True)
    assert [gap.ids[0] for gap in found[GapKind.NOT_ALONE]] == ["leave", "cx.store.equipment_return"]
    assert [gap.ids[0] for gap in found[GapKind.NO_STANDARD]] == ["ex.store.equipment_return", "ex.desk.tidying"]
    (passed,) = found[GapKind.NOBODY_PASSES_ON]
    assert passed.ids == ("ex.store.checkout", "ex.store.equipment_return")
    (ends,) = found[GapKind.RETIRING]
    assert (ends.ids, "2027-03-31" in ends.told) == (("orion", "ex.store.equipment_return"), True)


def test_what_is_mended_is_no_gap(tmp_path: Path) -> None:
    text = (
        MAP.replace("writes: [equipment]", "writes: [contact]")
        .replace("status: broken", "status: works")
        .replace("self_service: missing", "self_service: yes")
        .replace("    retiring_on: 2027-03-31\n", "")
        .replace("kind: hands_off }", "kind: hands_off, owner: shops }")
        .replace("    owner: care\n    steps:", "    owner: care\n    standard: { policy: selling.md }\n    steps:")
        .replace(
            "    owner: shops\n    employee", "    owner: shops\n    standard: { policy: selling.md }\n    employee"
        )
    )
    assert {kind for kind, found in gaps(tmp_path, text).items() if found} == {GapKind.FRONT_LOADED}, "no track to buy"


def test_one_item_with_one_tool_in_two_steps_is_not_typed_twice(tmp_path: Path) -> None:
    text = MAP.replace("do: take it off again, tool: orion", "do: again, tool: caredesk")
    text = text.replace("price_feed, to: pos", "orion, to: price_feed")  # or nothing would lead to these
    assert not gaps(tmp_path, text)[GapKind.TYPED_TWICE]


SIDES = MAP.replace("name: Buy }", "name: Buy, purchase: before }").replace(
    "name: Return or leave }", "name: Return or leave, purchase: after }"
)


def test_a_front_loaded_journey_is_found_with_the_right_ratio(tmp_path: Path) -> None:
    """Before: two touchpoints, of six things a target and a page; after: one touchpoint, of three things a track.

    2/6 before, 1/3 after: even. Without the track nothing is after, so there is no ratio; with a target instead and a
    third before it is 4/6 to 1/3, twice.
    """
    even = load_map(written(tmp_path, SIDES), pages=tmp_path)
    covered = {one.stage.id: one for one in coverage_of(even)}
    assert (covered["buy"].touchpoints, covered["buy"].cared, covered["leave"].cared) == (2, 2, 1)
    assert front_loading(coverage_of(even)) == 1
    assert not any("front-loaded" in gap.told for gap in gaps(tmp_path, SIDES)[GapKind.FRONT_LOADED])
    skewed = SIDES.replace(
        "    self_service: yes\n", "    targets: { csat: 4 }\n    treatment_track: third-contact\n"
    ).replace("    serves: [cx.store.checkout]", "    serves: [cx.store.checkout, cx.web.order]")
    told = gaps(tmp_path, skewed)[GapKind.FRONT_LOADED]
    # Two targets, two pages, one track of six before; one of three after: 5/6 to 1/3.
    assert front_loading(coverage_of(load_map(written(tmp_path, skewed)))) == pytest.approx(2.5)
    assert any("83% are there before buying and 33% after it, 2.5 times" in gap.told for gap in told)


def test_no_side_of_the_purchase_is_guessed(tmp_path: Path) -> None:
    assert front_loading(coverage_of(load_map(written(tmp_path)))) is None


def test_a_plan_sold_under_a_name_that_help_does_not_know_is_found(tmp_path: Path) -> None:
    back = SIDES.replace(
        "    owner: care\n    steps:", "    owner: care\n    standard: { policy: back.md }\n    steps:"
    )
    (tmp_path / "back.md").write_text("# Back\n\nTake the box. The FamilyPack is ended by us.\n")
    file = written(tmp_path, back)
    (tmp_path / "selling.md").write_text(
        "# Selling\n\nOffer the plan Lightning Duo first; whoever wants the Lightning Duo gets a lower price. "
        "With the FamilyPack the price is $30, and a plan with the FamilyPack has no term.\n"
    )
    found = [gap for gap in gaps_of(load_map(file, pages=tmp_path), tmp_path) if gap.kind is GapKind.OTHER_WORDS]
    assert [gap.ids for gap in found] == [("ex.store.checkout",)]
    assert found[0].told == "“Lightning Duo” is how it is sold (selling.md), and no page behind helping says it."


def test_the_command_prints_every_gap_with_its_line_and_owner(command: Command, folder: Path) -> None:
    said = command("map", "gaps")
    assert said.code == 0
    assert "G1 Typed into two systems\n  Taking equipment back: whoever does it types equipment into" in said.out
    assert f"(line {line_of(MAP, 'take it off again')}, Customer care)" in " ".join(said.out.split())
    listed = json.loads(command("map", "gaps", "--json").out)
    assert {gap["kind"] for gap in listed} == {"G1", "G2", "G3", "G4", "G5", "G6", "G7"}
    strict = command("map", "check", "--strict")
    assert strict.code == 1
    assert "line 66: Taking equipment back: nothing says how it should go" in strict.err
