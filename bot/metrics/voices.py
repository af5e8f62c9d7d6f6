"""Metrics 6 and 7: how much is reported, and by how many of those who could."""

from bot.metrics.measure import Measure, Unit, untold

_NOBODY = "nobody is known to work there"


def report_rate(reports: int, employees: int, weeks: int) -> Measure:
    """Reports / 100 active employees / week; `n` are the reports. Source: experience.md (b) 6."""
    if not employees or not weeks:
        return untold(Unit.RATE, reports, "reports", _NOBODY)
    return Measure(100 * reports / employees / weeks, Unit.RATE, reports, "reports")


def coverage(people: int, employees: int) -> Measure:
    """Percent: different people who reported within 28 days / active employees; `n` are the employees.

    Few voices where customers complain much is a blind spot. Source: experience.md (b) 7.
    """
    if not employees:
        return untold(Unit.PERCENT, employees, "employees", _NOBODY)
    if people > employees:
        return untold(Unit.PERCENT, employees, "employees", "more people report than are known to work there")
    return Measure(100 * people / employees, Unit.PERCENT, employees, "employees")
