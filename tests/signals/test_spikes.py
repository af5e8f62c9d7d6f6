"""Spikes: a rise of one cell is found, an overall rise blames nobody, and where little is known nothing is green."""

import numpy as np
import pytest
from bot.signals.drift import Verdict as Slowly
from bot.signals.drift import drifts
from bot.signals.spikes import LEAST_PEOPLE, Cell, Verdict, looked_at, spikes

from signals.counted import REPORTED, WEEKS, dispersions, quiet_means, scattered
from signals.periods import A_WEEK

# What complaints of a real company scatter: daily mean 18.2, variance 43.9 (experience.md, finding 6).
REAL = 0.08


def _cells(counts, people=9):
    return [
        Cell(f"cell {row}", tuple(map(int, weeks)), tuple(min(int(week), people) for week in weeks), (f"r{row}",))
        for row, weeks in enumerate(counts)
    ]


def _steady(cells=20, weeks=20, mean=10):
    return np.full((cells, weeks), mean) + np.arange(cells * weeks).reshape(cells, weeks) % 3 - 1


def test_a_cell_that_rises_alone_is_a_theme_spike():
    counts = _steady()
    counts[3, -1] = 50
    found = spikes(_cells(counts))
    assert found[3].verdict is Verdict.THEME_SPIKE
    assert found[3].count == 50
    assert 9 < found[3].usual < 11
    assert {one.verdict for row, one in enumerate(found) if row != 3} == {Verdict.NONE}
    told = found[3].signal(A_WEEK)
    assert told.sentence() == "cell 3: 50 in the last week, usually 10.0"
    assert told.evidence[0].ids == ("r3",)


def test_a_cell_that_rises_with_all_others_is_part_of_an_overall_rise():
    counts = _steady()
    counts[:, -1] *= 4
    found = spikes(_cells(counts))
    assert {one.verdict for one in found} == {Verdict.OVERALL}
    assert all(3.8 < one.rise < 4.2 for one in found)
    assert "this blames nothing" in found[0].signal(A_WEEK).sentence()


def test_an_overall_rise_hides_no_cell_that_rises_more():
    counts = _steady()
    counts[:, -1] *= 2
    counts[5, -1] = 90
    assert [one.cell.id for one in spikes(_cells(counts)) if one.verdict is Verdict.THEME_SPIKE] == ["cell 5"]


def test_one_person_alone_is_no_spike():
    counts = _steady()
    counts[3, -1] = 50
    assert spikes(_cells(counts, people=LEAST_PEOPLE - 1))[3].verdict is not Verdict.THEME_SPIKE


def test_of_a_small_cell_nothing_is_said_rather_than_none():
    counts = _steady()
    counts[0] = 1
    found = spikes(_cells(counts))
    assert found[0].verdict is Verdict.FEW_DATA
    assert found[1].verdict is Verdict.NONE
    assert {one.verdict for one in spikes(_cells(counts[:, :9]))} == {Verdict.FEW_DATA}


def test_a_spike_that_goes_on_is_told_once():
    counts = _steady()
    counts[3, -2:] = 50
    assert spikes(_cells(counts[:, :-1]))[3].goes_on is False
    assert spikes(_cells(counts))[3].goes_on is True


def test_an_old_spike_does_not_blind_a_cell():
    counts = _steady(weeks=30)
    counts[3, 24] = 80
    counts[3, -1] = 50
    assert spikes(_cells(counts))[3].verdict is Verdict.THEME_SPIKE


def test_cells_of_different_weeks_are_refused():
    with pytest.raises(ValueError, match="give all of them the same weeks"):
        spikes([Cell("a", (1,) * 12, (1,) * 12), Cell("b", (1,) * 13, (1,) * 13)])


def test_a_rise_of_five_times_is_found_within_two_weeks():
    found = 0
    for seed in REPORTED:
        dice = np.random.default_rng(seed)
        mean = quiet_means(dice)
        begins = 100
        mean[0] = 8
        mean[0, begins:] = 40
        counts = scattered(dice, mean, dispersions(dice, REAL))
        people = np.minimum(counts, 6)
        weeks = (begins + 1, begins + 2)
        found += any(looked_at(counts[:, :until], people[:, :until]).by_share[0] for until in weeks)
    assert found >= 18


def test_two_hundred_quiet_cells_raise_few_false_alarms_in_a_year():
    alarms = []
    for seed in REPORTED[:2]:
        dice = np.random.default_rng(seed)
        counts = scattered(dice, quiet_means(dice), dispersions(dice, REAL))
        before = np.zeros(len(counts), dtype=bool)
        new = 0
        for until in range(WEEKS - 52, WEEKS):
            now = looked_at(counts[:, : until + 1], np.minimum(counts, 6)[:, : until + 1]).by_share
            new += int((now & ~before).sum())
            before = now
        alarms.append(new)
    assert np.mean(alarms) <= 4


def test_a_slow_rise_is_found_that_no_week_shows():
    dice = np.random.default_rng(REPORTED[0])
    mean = np.full((30, 90), 16.0)
    mean[7, 70:] *= np.clip(1 + np.arange(20) / 10, 1, 2)
    found = drifts(_cells(scattered(dice, mean, dispersions(dice, 0, 30))))
    assert [one.cell.id for one in found if one.verdict is Slowly.SLOW_RISE] == ["cell 7"]
    assert found[7].lately > 1.6 * found[7].usual
    assert {one.verdict for one in found} == {Slowly.SLOW_RISE, Slowly.NONE}
    assert "in the year before" in found[7].signal(A_WEEK).sentence()


def test_a_slow_rise_of_everything_blames_nothing():
    dice = np.random.default_rng(REPORTED[1])
    mean = np.full((30, 90), 16.0)
    mean[:, 70:] *= np.clip(1 + np.arange(20) / 10, 1, 2)
    found = drifts(_cells(scattered(dice, mean, dispersions(dice, 0, 30))))
    assert {one.verdict for one in found} == {Slowly.OVERALL}


def test_of_less_than_a_year_no_slow_rise_is_told():
    assert {one.verdict for one in drifts(_cells(_steady(weeks=63)))} == {Slowly.FEW_DATA}


def test_cells_that_are_silent_but_for_bursts_are_looked_at_to_an_end() -> None:
    """The search for the count that stands out once went round for ever between two whole numbers."""
    bursts = ({1: 19, 13: 5, 21: 12}, {1: 22, 5: 1, 19: 1}, {1: 3, 22: 4})
    rows = [tuple(of.get(week, 0) for week in range(24)) for of in bursts]
    assert {one.verdict for one in spikes([Cell(str(n), row, row) for n, row in enumerate(rows)])} == {Verdict.FEW_DATA}
