"""`throughline map`, and what a reindex and the doctor say of the map."""

import json
from pathlib import Path

import pytest

from commands import Command
from maps import MAP, company, written
from programs import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return company(tmp_path)


def test_a_sound_map_is_counted(command: Command, folder: Path) -> None:
    said = command("map", "check")
    assert said.code == 0
    assert said.out == (
        "The map is sound: 2 stages, 2 channels, 3 CX touchpoints with 4 symptoms, 3 EX touchpoints with 4 symptoms, "
        "4 tools, 1 partner.\n"
    )


def test_every_fault_is_printed_with_file_and_line(command: Command, folder: Path) -> None:
    text = MAP.replace("owner: care", "owner: carre", 1).replace("roles: [shop, phone]", "roles: [shop, fone]")
    written(folder / "knowledge", text.replace("third-contact", "third-contacts").replace("selling.md", "selling.txt"))
    said = command("map", "check")
    file = folder / "knowledge" / "touchpoints.yaml"
    assert said.code == 1
    assert said.err.splitlines() == [
        f"{file}, line 30: config/owners.yaml has no team 'carre'; did you mean care?",
        f"{file}, line 52: tracks.yaml has no track 'third-contacts'; did you mean third-contact?",
        f"{file}, line 62: the knowledge folder has no page selling.txt; mend the path, or leave the line out.",
        f"{file}, line 69: config/people.yaml has no role 'fone'; did you mean phone?",
        "4 to mend; the last sound map stays in use until then.",
    ]


def test_another_file_can_be_checked_before_it_takes_the_maps_place(command: Command, folder: Path) -> None:
    written(folder, MAP.replace("kind: enables", "kind: helps"))
    assert command("map", "check").code == 0
    refused = command("map", "check", "touchpoints.yaml")
    assert refused.code == 1
    assert "touchpoints.yaml, line 28: `kind` cannot be 'helps'" in refused.err
    missing = command("map", "check", "nowhere.yaml")
    assert (missing.code, "There is no nowhere.yaml" in missing.err) == (1, True)


def test_without_a_map_it_is_said_what_to_do(command: Command, folder: Path) -> None:
    (folder / "knowledge" / "touchpoints.yaml").unlink()
    for doing in ("check", "show"):
        said = command("map", doing)
        assert said.code == 0
        assert "There is no touchpoint map yet. Write " in said.out
        assert "knowledge/touchpoints.yaml; docs/touchpoints.md says how." in said.out


def test_the_map_is_shown_by_stage(command: Command, folder: Path) -> None:
    said = command("map", "show", "Return or leave").out
    assert said.splitlines() == [
        "RETURN OR LEAVE (leave)",
        "  Bringing equipment back · cx.store.equipment_return",
        "      Shop · owner Customer care · not alone yet · track third-contact",
        "  Behind it:",
        "    Taking equipment back · ex.store.equipment_return",
        "        shop, phone · owner Customer care",
        "        with CareDesk, Orion, Courier",
        "",
    ]
    whole = command("map", "show").out
    assert "Selling at the register · ex.store.checkout" in whole
    assert "owner Shops (of its only tool, PointPost) · 4 minutes ·" in whole
    assert whole.index("BEHIND ALL OF IT") < whole.index("Tidying up · ex.desk.tidying") < whole.index("TOOLS AND")
    assert "  Orion · orion · owner Billing IT · ends on 2027-03-31\n      also old billing\n" in whole
    assert whole.endswith("NOT IN STEP\n  CareDesk → Orion: broken\n")


def test_a_stage_that_is_not_on_the_map_is_refused(command: Command, folder: Path) -> None:
    refused = command("map", "show", "leaf")
    assert refused.code == 1
    assert "The map has no stage 'leaf'; did you mean leave?" in refused.err


def test_the_map_is_given_as_json(command: Command, folder: Path) -> None:
    whole = json.loads(command("map", "show", "--json").out)
    assert {name: len(listed) for name, listed in whole.items()} == {
        "stages": 2, "channels": 2, "cx_touchpoints": 3, "ex_touchpoints": 3, "tools": 4, "partners": 1, "edges": 10,
    }  # fmt: skip
    assert next(tool for tool in whole["tools"] if tool["id"] == "orion")["retiring_on"] == "2027-03-31"
    part = json.loads(command("map", "show", "leave", "--json").out)
    (back,) = part["cx_touchpoints"]
    assert (back["id"], back["served_by"]) == ("cx.store.equipment_return", ["ex.store.equipment_return"])
    assert [tool["id"] for tool in part["tools"]] == ["orion", "caredesk"]
    assert [stage["id"] for stage in part["stages"]] == ["leave"]


def test_the_map_that_ships_is_readable_at_80_columns(command: Command, folder: Path) -> None:
    said = command("map", "show", KNOWLEDGE=str(PROJECT / "knowledge"), CONFIG=str(PROJECT / "config"))
    assert said.code == 0
    assert [line for line in said.out.splitlines() if len(line) > 80] == []


def test_a_reindex_names_every_fault_and_goes_on(command: Command, folder: Path) -> None:
    assert "touchpoints.yaml" not in command("reindex").out
    written(folder / "knowledge", MAP.replace("kind: enables", "kind: helps").replace("status: broken", "status: bad"))
    done = command("reindex")
    assert done.code == 0, "the pages can do without"
    assert "touchpoints.yaml, line 28" in done.out
    assert "touchpoints.yaml, line 82" in done.out


def test_a_slip_in_the_tracks_is_not_a_slip_in_the_map(command: Command, folder: Path) -> None:
    (folder / "knowledge" / "tracks.yaml").write_text("third-contact: 3\n")
    done = command("reindex").out
    assert "tracks.yaml, line 1" in done
    assert "touchpoints.yaml" not in done
    assert command("map", "check").code == 0


def test_the_doctor_looks_at_tracks_and_map(command: Command, folder: Path) -> None:
    said = command("doctor").out
    assert "Tracks: 1 in tracks.yaml" in said
    assert "Touchpoint map: 2 stages" in said
    written(folder / "knowledge", MAP.replace("kind: enables", "kind: helps").replace("status: broken", "status: bad"))
    said = command("doctor").out
    assert "touchpoints.yaml, line 28" in said
    assert "touchpoints.yaml, line 82" in said
    written(folder / "knowledge", "")
    assert "There is no touchpoint map" in command("doctor").out
