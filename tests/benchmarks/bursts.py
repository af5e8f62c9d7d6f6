"""How often a quiet company is told of a burst, and from how many complaints within an hour on there is one.

    python tests/benchmarks/bursts.py [--days 4000] [--seed 11]

Complaints at a touchpoint come as a Poisson whose mean scatters from hour to hour by a gamma, so much as `dispersion`
says in squares of the mean. A day is looked at every five minutes, over the hour before, beside the same hour of the 28
days before; however often it is called a burst in a day counts once, as it is told once. The text of `docs/signals.md`
has what came out.
"""

# ruff: noqa: T201 - a program prints

import argparse

import machine
import numpy as np
from bot.signals.bursts import DAYS, LEAST, burst

MEANS = (0.05, 0.5, 2.0, 6.0)
TOUCHPOINTS = 200
# Looks in an hour.
STEPS = 12


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--days", type=int, default=4000, help="for each of the means")
    asked.add_argument("--seed", type=int, default=11)
    options = asked.parse_args()
    dice = np.random.default_rng(options.seed)
    print(machine.described())
    for dispersion in (0.1, 0.25, 0.5):
        false = sum(told(dice, mean, dispersion) for mean in MEANS for _ in range(options.days))
        days = options.days * len(MEANS)
        a_year = false / days * TOUCHPOINTS * 365
        print(f"dispersion {dispersion}: {false} of {days:,} days; {a_year:.1f} a year over {TOUCHPOINTS} touchpoints")
    for mean in MEANS:
        usual = dice.poisson(mean, size=(200, DAYS)).tolist()
        least = [next(count for count in range(LEAST, 1000) if burst(count, count, before)) for before in usual]
        print(f"usually {mean} an hour: a burst from {np.median(least):.0f} on (median of 200 places)")


def told(dice: np.random.Generator, mean: float, dispersion: float) -> bool:
    """Whether a day of one touchpoint has a burst."""
    hours = mean * dice.gamma(1 / dispersion, dispersion, size=((1 + DAYS) * 24 + 1))
    counts = dice.poisson(np.repeat(hours / STEPS, STEPS))
    within = np.convolve(counts, np.ones(STEPS, dtype=np.int64), "valid")[: (1 + DAYS) * 24 * STEPS]
    *before, now = within.reshape(1 + DAYS, 24 * STEPS)
    full = np.flatnonzero(now >= LEAST)
    return any(burst(int(now[at]), int(now[at]), [int(day[at]) for day in before]) is not None for at in full)


if __name__ == "__main__":
    main()
