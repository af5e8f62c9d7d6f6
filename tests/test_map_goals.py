"""Goals: what is measured for them, on what they stand, and which touchpoints serve none."""

import json
from pathlib import Path

import pytest
from bot.touchpoints import MapFaulty, TouchpointMap, load_map
from bot.touchpoints.goals import Goal, Metric, feedback_linked, load_goals, orphans, with_evidence

from commands import Command
from maps import TEAMS, company, written
from programs import PROJECT

GOALS = """\
goals:
  - id: one-entry
    name: A box is entered once
    owner: care
    by: 2027-03-31
    measured_by:
      - { metric: hours_lost, at: ex.store.equipment_return }
    evidence: [{ complaints: cx.store.equipment_return }, { theme: 3 }, { ticket: F-12 }]
  - id: quick-lines
    name: Nobody waits in line
    owner: shops
    measured_by: [{ metric: csat, at: cx.store.checkout, to: 4.6 }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (company(tmp_path) / "knowledge" / "goals.yaml").write_text(GOALS)
    return tmp_path


def small(folder: Path) -> TouchpointMap:
    return load_map(written(folder), pages=folder)


def goals_in(folder: Path, text: str = GOALS) -> tuple[Goal, ...]:
    (folder / "goals.yaml").write_text(text)
    return load_goals(folder / "goals.yaml", small(folder), teams=TEAMS)


def test_three_of_four_shipped_goals_stand_on_what_somebody_said() -> None:
    map_ = load_map(PROJECT / "knowledge" / "touchpoints.yaml")
    assert with_evidence(load_goals(PROJECT / "knowledge" / "goals.yaml", map_)).share == 0.75


def test_goals_say_by_what_they_are_measured_and_why_they_are_goals(tmp_path: Path) -> None:
    one, other = goals_in(tmp_path)
    assert [(each.metric, each.at) for each in one.measured_by] == [(Metric.HOURS_LOST, "ex.store.equipment_return")]
    assert [(each.kind, each.what) for each in one.evidence] == [
        ("complaints", "cx.store.equipment_return"), ("theme", "3"), ("ticket", "F-12"),
    ]  # fmt: skip
    assert (other.measured_by[0].to, other.by, other.evidence) == (4.6, None, ())


def test_a_touchpoint_that_no_metric_joins_to_a_goal_is_an_orphan(tmp_path: Path) -> None:
    """Work that serves what is measured is joined: selling serves paying, which is measured."""
    found = orphans(small(tmp_path), goals_in(tmp_path))
    assert found == ("cx.web.order", "cx.store.equipment_return", "ex.desk.tidying")
    assert len(orphans(small(tmp_path), ())) == 6


def test_the_share_of_feedback_that_is_evidence_for_a_goal_is_counted(tmp_path: Path) -> None:
    complaints = {"cx.store.equipment_return": 6, "cx.store.checkout": 3, "": 3}
    linked = feedback_linked(goals_in(tmp_path), complaints)
    assert (linked.linked, linked.of, linked.share) == (6, 12, 0.5)
    assert feedback_linked((), {}).share is None


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("metric: hours_lost", "metric: hours_loss", 7, "did you mean hours_lost?"),
        ("at: ex.store.equipment_return", "at: cx.store.equipment_return", 7, "the map has no EX touchpoint"),
        ("owner: care", "owner: carre", 4, "did you mean care?"),
        ("theme: 3", "theme: boxes", 8, "`theme` is a number"),
        ("{ theme: 3 }", "{ theme: 3, ticket: F-1 }", 8, "write one in each"),
        ("by: 2027-03-31", "by: spring", 5, "is not a date"),
        ("id: quick-lines", "id: one-entry", 9, "there is a goal one-entry already"),
    ],
)
def test_every_slip_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, what: str) -> None:
    with pytest.raises(MapFaulty) as refused:
        goals_in(tmp_path, GOALS.replace(old, new))
    assert any(fault.line == line and what in fault.what for fault in refused.value.faults), refused.value


def test_commands_show_goals_and_check_them(command: Command, folder: Path) -> None:
    said = command("map", "goals").out
    assert "A box is entered once (one-entry; Customer care, by 2027-03-31)" in said
    assert "1 of 2 (50%) goals stand on what customers or employees said." in said
    assert json.loads(command("map", "goals", "--json").out)["share"] == 0.5
    assert "The goals are sound: 2." in command("map", "check").out
    (folder / "knowledge" / "goals.yaml").write_text(GOALS.replace("csat", "csad"))
    wrong = command("map", "check")
    assert (wrong.code, "goals.yaml, line 12: `metric` cannot be 'csad'" in wrong.err) == (1, True)
