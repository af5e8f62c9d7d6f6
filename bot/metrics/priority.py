"""Metric 22: what to do first."""

from bot.metrics.measure import Measure, Unit, untold

# From so many who reported it on, nobody doubts it.
_SURE = 5


def cost_of_delay(
    cost_a_week: float | None, customers_a_week: float | None, cost_per_contact: float | None
) -> float | None:
    """Currency a week: what the hours cost + the customers touched x what a contact costs; None without the first.

    Customers count only where both their number and the cost of a contact are known.
    """
    if cost_a_week is None:
        return None
    return cost_a_week + (customers_a_week or 0.0) * (cost_per_contact or 0.0)


def priority(delay: float | None, effort_days: float | None, people: int | None) -> Measure:
    """Currency a week for each day of effort: cost of delay / effort (weighted shortest job first, D. Reinertsen, The
    Principles of Product Development Flow, 2009). Source: experience.md (b) 22.
    """
    if delay is None:
        return untold(Unit.MONEY_A_DAY, people, "people")
    if not effort_days:
        return untold(Unit.MONEY_A_DAY, people, "people", "nobody said how many days it takes")
    return Measure(delay / effort_days, Unit.MONEY_A_DAY, people, "people")


def rice(reach: float, impact: float, people: int, effort_days: float | None) -> Measure:
    """Reach x impact x confidence / effort, with confidence = min(1, people who reported it / 5).

    Source: experience.md (b) 22; RICE as Intercom published it.
    """
    if not effort_days:
        return untold(Unit.RATIO, people, "people", "nobody said how many days it takes")
    return Measure(reach * impact * min(1.0, people / _SURE) / effort_days, Unit.RATIO, people, "people")
