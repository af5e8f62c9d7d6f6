"""The map as a picture: what is placed adds up, few people stay hidden, and the worst cell is where both sides hurt."""

from pathlib import Path

import pytest
from bot import settings
from bot.experience.picture import Picture, picture
from bot.people import load_directory, load_owners
from bot.touchpoints import TouchpointMap, load_map
from bot.web import map_drawing


@pytest.fixture(scope="module")
def map_() -> TouchpointMap:
    config, knowledge = settings.shipped("config"), settings.shipped("knowledge")
    directory, owners = load_directory(config / "people.yaml"), load_owners(config / "owners.yaml")
    return load_map(
        Path(knowledge / "touchpoints.yaml"), teams=owners.teams, roles=directory.roles, tracks=None, pages=knowledge
    )


def drawn(map_: TouchpointMap, complaints: dict[str, int], hours: dict[str, float | None]) -> Picture:
    return picture(map_, complaints=complaints, hours=hours, gaps={})


def work_of(map_: TouchpointMap, touchpoint: str) -> str:
    return next(one.id for one in map_.ex.values() if touchpoint in one.serves)


def test_hours_of_work_that_serves_several_cells_are_divided_and_their_sum_stays(map_: TouchpointMap) -> None:
    several = next(
        one for one in map_.ex.values() if len({(cx.channel, cx.stage) for cx in map_.served_by(one.id)}) > 1
    )
    cells = {(cx.channel, cx.stage) for cx in map_.served_by(several.id)}
    found = drawn(map_, {}, {several.id: 6.0})
    assert found.hours == pytest.approx(6.0)
    filled = {(cell.channel, cell.stage): cell.hours for cell in found.cells if cell.hours}
    assert filled == {cell: pytest.approx(6.0 / len(cells)) for cell in cells}


def test_every_touchpoint_of_the_map_is_in_one_cell(map_: TouchpointMap) -> None:
    found = drawn(map_, {}, {})
    assert sorted(id_ for cell in found.cells for id_ in cell.touchpoints) == sorted(map_.cx)
    assert found.worst is None
    assert found.ranked == ()


def test_the_worst_cell_has_the_largest_share_of_complaints_and_hours_together(map_: TouchpointMap) -> None:
    returns, bills = "cx.store.equipment_return", "cx.web.plans"
    hours: dict[str, float | None] = {work_of(map_, returns): 4.0}
    # Of 30 complaints 20 are about plans, which is more; with all of the hours the returns weigh 1/3 + 1.
    found = drawn(map_, {returns: 10, bills: 20}, hours)
    assert found.worst is not None
    assert returns in found.worst.touchpoints
    assert found.share(found.worst) > 20 / 30


def test_of_few_people_there_is_something_and_no_number(map_: TouchpointMap) -> None:
    returns = "cx.store.equipment_return"
    found = drawn(map_, {}, {work_of(map_, returns): None})
    cell = next(cell for cell in found.cells if returns in cell.touchpoints)
    assert (cell.hours, cell.few) == (None, True)
    assert "too few people to say" in map_drawing.told(cell, map_.name_of)


def test_complaints_that_fit_nowhere_are_counted_apart(map_: TouchpointMap) -> None:
    found = drawn(map_, {"": 15, "cx.gone": 2, "cx.store.checkout": 3}, {})
    assert (found.complaints, found.unplaced) == (3, 17)


def test_two_tools_that_do_not_share_what_one_work_needs_are_named(map_: TouchpointMap) -> None:
    found = drawn(map_, {}, {})
    cell = next(cell for cell in found.cells if "cx.store.equipment_return" in cell.touchpoints)
    assert cell.apart == ("caredesk", "orion")
    assert "CareDesk and Orion do not share what they hold" in map_drawing.told(cell, map_.name_of)


def test_bars_are_on_one_scale_and_what_is_not_nothing_is_seen(map_: TouchpointMap) -> None:
    found = drawn(map_, {"cx.store.checkout": 100, "cx.web.plans": 50, "cx.phone.order": 1}, {})
    ups = {one.cell.key: one.up for row in map_drawing.drawn(found, map_.name_of) for one in row.cells if one.up}
    assert sorted(ups.values()) == [map_drawing.LEAST, map_drawing.ABOVE // 2, map_drawing.ABOVE]
