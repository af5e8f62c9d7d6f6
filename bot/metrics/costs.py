"""Metric 3: what the lost hours cost."""

from bot.metrics.measure import Measure, Unit, untold


def hourly_rate(annual_employee_cost: float, business_year_hours: float) -> float:
    """Currency an hour (as Netflix's Dispatch has it, which rounds it up to a whole one; here it is not rounded)."""
    return annual_employee_cost / business_year_hours


def cost(hours: Measure, rate: float | None) -> Measure:
    """Currency a week: metric 1 x annual_employee_cost / business_year_hours. Source: experience.md (b) 3."""
    if rate is None:
        return untold(Unit.MONEY_A_WEEK, hours.n, hours.of, "nobody said what an hour costs")
    if hours.value is None:
        return untold(Unit.MONEY_A_WEEK, hours.n, hours.of, hours.why)
    return Measure(hours.value * rate, Unit.MONEY_A_WEEK, hours.n, hours.of)
