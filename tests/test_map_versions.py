"""Versions of the map: what each brought, ids that keep their meaning, and several replicas at once."""

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot.database import Database
from bot.errors import SettingsError
from bot.touchpoints import MapFaulty, TouchpointMap, load_map, versions
from bot.touchpoints.versions import What
from bot.touchpoints.versions.storing import changed_since

from commands import Command
from maps import MAP, company, written

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RETURN = MAP[MAP.index("  - id: cx.web.order") : MAP.index("  - id: cx.store.equipment_return")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return company(tmp_path)


def take(database: Database, folder: Path, text: str = MAP, *, now: datetime = NOW) -> versions.Taken:
    with database.writing.begin() as session:
        return versions.take(session, checked(database, folder, text), now=now)


def checked(database: Database, folder: Path, text: str) -> TouchpointMap:
    with database.reading() as session:
        return load_map(written(folder, text), former=versions.former(session))


@pytest.mark.each_engine
def test_a_map_is_a_version_once_whatever_the_order_of_its_lines(database: Database, tmp_path: Path) -> None:
    first = take(database, tmp_path)
    assert first.version == 1
    assert {change.what for change in first.changes} == {What.ADDED}
    assert len(first.changes) == 2 + 2 + 4 + 1 + 3 + 3 + 3, "stages, channels, tools, partner, CX, EX, edges"
    moved = MAP.replace("  - { id: buy, name: Buy }\n", "").replace(
        "channels:\n", "  - { id: buy, name: Buy }\nchannels:\n"
    )
    assert take(database, tmp_path, moved) == versions.Taken(1)
    assert take(database, tmp_path, f"# A remark.\n{MAP}") == versions.Taken(1)


@pytest.mark.each_engine
def test_what_changed_is_told_thing_by_thing(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path)
    text = (
        MAP.replace("name: Paying at the register", "name: Paying")
        .replace("csat: 4.5", "csat: 4.6")
        .replace("status: broken", "status: late")
        .replace(RETURN, "")
    )
    brought = take(database, tmp_path, text, now=NOW + timedelta(days=1))
    assert brought.version == 2
    assert sorted(change.told for change in brought.changes) == [
        "CX touchpoint cx.store.checkout: renamed, “Paying at the register” is “Paying” now; also targets",
        "CX touchpoint cx.web.order: gone, “Ordering online”",
        "edge caredesk → orion (should_sync): status changed",
    ]
    with database.reading() as session:
        assert changed_since(session, 1) == {
            "cx.store.checkout": "CX touchpoint", "cx.web.order": "CX touchpoint", "caredesk>orion:should_sync": "edge",
        }  # fmt: skip
        assert [one.number for one in versions.history(session)] == [2, 1]
        assert versions.history(session)[0].at == NOW + timedelta(days=1)


@pytest.mark.each_engine
def test_a_retired_id_comes_back_as_what_it_was_or_not_at_all(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path)
    take(database, tmp_path, MAP.replace(RETURN, ""))
    other = MAP.replace("name: Ordering online", "name: Reading the news")
    with pytest.raises(MapFaulty) as refused:
        take(database, tmp_path, other)
    (fault,) = refused.value.faults
    assert fault.line == next(n for n, line in enumerate(other.splitlines(), 1) if "id: cx.web.order" in line)
    assert "was 'Ordering online' before it went in version 2; choose another id" in fault.what
    back = take(database, tmp_path)
    assert [(change.what, change.id) for change in back.changes] == [(What.BACK, "cx.web.order")]
    with database.reading() as session:
        assert versions.former(session)["cx.web.order"].retired is None


@pytest.mark.each_engine
def test_an_id_never_becomes_another_kind_of_thing(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path)
    gone = MAP.replace("  - id: courier\n", "  - id: parcels\n").replace("partner: courier", "partner: parcels")
    take(database, tmp_path, gone.replace("parcels\n    name: Courier", "parcels\n    name: Parcels\n"))
    tool = (
        gone.replace("  - id: price_feed", "  - id: courier")
        .replace("from: price_feed", "from: courier")
        .replace("name: Courier", "name: Parcels")
    )
    with pytest.raises(MapFaulty, match="the id courier was a partner, 'Courier'; an id keeps its meaning"):
        take(database, tmp_path, tool)


def test_a_tool_that_is_renamed_keeps_its_old_name_as_an_alias(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path)
    renamed = MAP.replace("name: PointPost", "name: Cashier")
    with pytest.raises(MapFaulty, match="pos was called 'PointPost'; write that among its aliases"):
        take(database, tmp_path, renamed)
    assert take(database, tmp_path, renamed.replace("[the till", "[PointPost, the till")).version == 2
    # A slip that is mended is no other name.
    assert (
        take(database, tmp_path, renamed.replace("Cashier", "Cashiers").replace("[the", "[PointPost, the")).version == 3
    )


def test_a_file_that_is_missing_retires_nothing(database: Database, tmp_path: Path) -> None:
    take(database, tmp_path)
    with database.writing.begin() as session:
        assert versions.take(session, TouchpointMap.empty(), now=NOW) == versions.Taken(1)
        assert versions.difference(session, TouchpointMap.empty()) == ()


@pytest.mark.each_engine
def test_of_several_replicas_one_loads_the_map_and_the_others_see_it(database: Database, tmp_path: Path) -> None:
    map_ = load_map(written(tmp_path))
    together, found = threading.Barrier(4), []

    def replica() -> None:
        together.wait()
        with database.writing.begin() as session:
            found.append(versions.take(session, map_, now=NOW))

    threads = [threading.Thread(target=replica) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [one.version for one in found] == [1] * 4
    assert sorted(bool(one.changes) for one in found) == [False, False, False, True]


def test_a_reindex_loads_the_map_and_tells_what_it_brought(command: Command, folder: Path) -> None:
    assert "No map is loaded yet; a reindex makes this version 1." in command("map", "diff").out
    assert "Touchpoint map: first version: 2 stages" in command("reindex").out
    assert command("map", "diff").out == "Version 1 is loaded; nothing changed.\n"
    written(folder / "knowledge", MAP.replace("csat: 4.5", "csat: 4.6"))
    told = "CX touchpoint cx.store.checkout: targets changed"
    assert command("map", "diff").out == f"{told}\nVersion 1 is loaded; a reindex makes this version 2.\n"
    assert json.loads(command("map", "diff", "--json").out)["changes"][0]["told"] == told
    assert f"Touchpoint map: {told}" in command("reindex", "--dry-run").out
    assert command("map", "diff").out.endswith("a reindex makes this version 2.\n"), "nothing was written"
    assert f"Touchpoint map: {told}" in command("reindex").out
    assert "Touchpoint map" not in command("reindex").out
    assert f"\n  {told}\n" in f"\n{command('map', 'history').out}"


def test_an_id_used_for_something_else_keeps_the_sound_map_in_use(command: Command, folder: Path) -> None:
    command("reindex")
    written(folder / "knowledge", MAP.replace(RETURN, ""))
    command("reindex")
    written(folder / "knowledge", MAP.replace("name: Ordering online", "name: Reading the news"))
    refused = command("map", "diff")
    assert refused.code == 1
    assert "the id cx.web.order was 'Ordering online' before it went in version 2" in refused.err
    assert "the id cx.web.order was 'Ordering online'" in command("reindex").out
    assert [one["number"] for one in json.loads(command("map", "history", "--json").out)] == [2, 1]


def test_an_unreadable_map_is_no_version(database: Database, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        take(database, tmp_path, "stages: [")
    with database.reading() as session:
        assert versions.current(session) == 0
