"""Made-up counts a week: quiet cells that scatter and drift with the seasons, and rises planted in them.

Shares nothing with what looks for them.
"""

import numpy as np

# Of the seeds that thresholds were chosen on, or that were looked at between two choices, none is ever reported; no
# figure in docs or tests is of these.
TUNING = range(6000)
REPORTED = range(7000, 7020)
COMPANIES = range(8000, 8020)

CELLS, WEEKS = 200, 130
SEASON = 0.25


def scattered(dice, mean, dispersion):
    """Counts with variance mean + dispersion * mean²."""
    dispersion = np.broadcast_to(dispersion, mean.shape)
    uneven = np.where(dispersion > 0, dice.gamma(1 / np.maximum(dispersion, 1e-9), np.maximum(dispersion, 1e-9)), 1.0)
    return dice.poisson(mean * uneven)


def quiet_means(dice, *, cells=CELLS, weeks=WEEKS, season=SEASON):
    """Cells of .5 to 30 a week, each with a season of its own."""
    mean = np.exp(dice.uniform(np.log(0.5), np.log(30), cells))
    phase = dice.uniform(0, 2 * np.pi, (cells, 1))
    return mean[:, None] * (1 + season * np.sin(2 * np.pi * np.arange(weeks) / 52 + phase))


def dispersions(dice, level, cells=CELLS):
    """`level`, or for "mixed" one of five for each cell."""
    if level == "mixed":
        return dice.choice([0.0, 0.05, 0.1, 0.2, 0.4], (cells, 1))
    return np.full((cells, 1), float(level))
