"""Draws that the standard library does not have; all of them from one seeded `random.Random`."""

import math
from random import Random

# Above it a Poisson number is drawn in two parts (Ahrens and Dieter 1974, by the waiting time of every n-th event).
_AT_ONCE = 30.0


def stream(name: str) -> Random:
    """Draws of their own for each thing, so that one more of one thing does not change the others."""
    return Random(name)  # noqa: S311 - nothing here is secret


def poisson(chance: Random, mean: float) -> int:
    count = 0
    while mean > _AT_ONCE:
        events = int(mean * 7 / 8)
        waited = chance.gammavariate(events, 1.0)
        if waited > mean:
            return count + _binomial(chance, events - 1, mean / waited)
        count, mean = count + events, mean - waited
    bar, product = math.exp(-mean), chance.random()
    while product > bar:
        count, product = count + 1, product * chance.random()
    return count


def overdispersed(chance: Random, mean: float, size: float) -> int:
    """A negative binomial number: its variance is mean + mean² / size."""
    return poisson(chance, chance.gammavariate(size, mean / size)) if mean > 0 else 0


def about(chance: Random, median: float, spread: float) -> float:
    """A lognormal number; `spread` is the standard deviation of its logarithm."""
    return median * math.exp(chance.gauss(0.0, spread))


def _binomial(chance: Random, count: int, share: float) -> int:
    return sum(chance.random() < share for _ in range(count))
