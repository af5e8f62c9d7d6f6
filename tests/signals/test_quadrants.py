"""Quadrants whose cut is no quota, the few that cost most, the worst cell, and the shape that all signals share."""

import json

import numpy as np
import pytest
from bot.signals import quadrants as placing
from bot.signals.pareto import Cell, pareto, worst
from bot.signals.quadrants import Quadrant, Touchpoint, quadrants
from bot.signals.signal import Evidence, Kind, Number, Signal, sentence, thing

from signals.counted import COMPANIES, scattered
from signals.periods import A_WEEK

WELL = [Touchpoint(f"cx.{row}", 1.5, 20, 4, 2000) for row in range(8)]


def _quadrant(one, beside=WELL):
    return quadrants([*beside, one])[-1].quadrant


def test_the_four_quadrants():
    assert _quadrant(Touchpoint("a", 12, 20, 30, 2000)) is Quadrant.SHARED_ISSUE
    assert _quadrant(Touchpoint("b", 12, 20, 4, 2000)) is Quadrant.SILENT_COST
    assert _quadrant(Touchpoint("c", 1, 20, 30, 2000)) is Quadrant.BLIND_SPOT
    assert _quadrant(Touchpoint("d", 1, 20, 4, 2000)) is Quadrant.HEALTHY


def test_where_all_is_well_all_are_healthy():
    assert {placed.quadrant for placed in quadrants(WELL)} == {Quadrant.HEALTHY}


def test_a_company_where_all_is_well_stays_healthy_by_chance_too():
    placed = []
    for seed in COMPANIES:
        dice = np.random.default_rng(seed)
        contacts = dice.integers(200, 20_000, 30)
        complaints = scattered(dice, contacts * 0.002, 0.05)
        loads = dice.uniform(0, 4, 30)
        rows = zip(loads, complaints, contacts, strict=True)
        placed += quadrants([Touchpoint(str(n), load, 9, int(c), int(of)) for n, (load, c, of) in enumerate(rows)])
    wrong = sum(one.quadrant is not Quadrant.HEALTHY for one in placed)
    assert wrong / len(placed) < 0.01


def test_one_giant_hides_nobody():
    giant = Touchpoint("giant", 30, 500, 20_000, 100_000)
    bad = Touchpoint("bad", 12, 20, 30, 2000)
    found = {placed.touchpoint.id: placed.quadrant for placed in quadrants([*WELL, bad, giant])}
    assert found["giant"] is found["bad"] is Quadrant.SHARED_ISSUE
    assert found["cx.0"] is Quadrant.HEALTHY


def test_a_target_draws_its_own_cut():
    placed = quadrants([*WELL, Touchpoint("strict", 1, 20, 10, 2000, target=1.0)])[-1]
    assert (placed.quadrant, placed.cut, placed.by_target) == (Quadrant.BLIND_SPOT, 1.0, True)
    all_bad = [Touchpoint(str(row), 12, 20, 40, 2000, target=2.0) for row in range(6)]
    assert {placed.quadrant for placed in quadrants(all_bad)} == {Quadrant.SHARED_ISSUE}


def test_of_few_people_or_few_contacts_nothing_is_said():
    assert _quadrant(Touchpoint("few people", 12, placing.LEAST_PEOPLE - 1, 30, 2000)) is Quadrant.FEW_DATA
    assert _quadrant(Touchpoint("few contacts", 1, 20, 0, 40)) is Quadrant.FEW_DATA
    assert _quadrant(Touchpoint("no load", None, 20, 4, 2000)) is Quadrant.FEW_DATA
    assert _quadrant(Touchpoint("no contacts", 1, 20, 0, 0)) is Quadrant.FEW_DATA
    assert quadrants([]) == []


def test_what_a_quadrant_says():
    placed = quadrants([*WELL, Touchpoint("cx.store.return", 12, 20, 30, 2000)])[-1]
    assert placed.signal(A_WEEK).sentence() == (
        "cx.store.return is a shared issue: 12.0 min of friction, 15.0 complaints per 1,000 contacts"
    )


def test_the_few_make_up_four_fifths():
    found = pareto([("a", 60), ("b", 25), ("c", 10), ("d", 5), ("nothing", 0)])
    assert [(bar.id, bar.few) for bar in found] == [("a", True), ("b", True), ("c", False), ("d", False)]
    assert [bar.together for bar in found] == pytest.approx([0.6, 0.85, 0.95, 1.0])
    assert pareto([]) == []


def test_the_worst_cell_has_the_greatest_share_of_both_together():
    cells = [Cell("a", 60, 0), Cell("b", 30, 60), Cell("c", 10, 40)]
    found = worst(cells)
    assert (found.cell.id, found.complaints, found.hours) == ("b", 0.3, 0.6)
    assert worst([Cell("b", 5, 0), Cell("a", 5, 0)]).cell.id == "a"
    assert worst([Cell("a", 0, 0)]) is None
    assert worst([]) is None


def test_a_signal_tells_names_to_people_and_ids_to_programs():
    told = Signal(
        Kind.SPIKE,
        "theme spike",
        ("cx.store.return",),
        sentence(thing("cx.store.return"), ": 50 in the last week"),
        (Evidence("report", ("r1",)),),
        (Number("count", 50, 50, "reports"), Number("p", None, 0, "weeks", low=0.1, why="not enough data")),
        A_WEEK,
    )
    assert told.sentence({"cx.store.return": "Equipment return"}.get) == "Equipment return: 50 in the last week"
    assert json.loads(json.dumps(told.as_json())) == {
        "kind": "spike",
        "verdict": "theme spike",
        "where": ["cx.store.return"],
        "sentence": "cx.store.return: 50 in the last week",
        "evidence": [{"kind": "report", "ids": ["r1"]}],
        "numbers": [
            {"name": "count", "value": 50, "n": 50, "of": "reports"},
            {"name": "p", "value": None, "n": 0, "of": "weeks", "low": 0.1, "high": None, "why": "not enough data"},
        ],
        "period": {"since": "2026-11-16", "until": "2026-11-22"},
    }
