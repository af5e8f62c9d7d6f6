"""Metric 11: how much is said again of what is known, and how often that spares a ticket."""

from bot.metrics.measure import Measure, percent


def me_too_rate(reports: int, tickets: int) -> Measure:
    """Percent: (reports - tickets) / reports. Source: experience.md (b) 11."""
    return percent(reports - tickets, reports, "reports")


def deflection(joined: int, filed_all_the_same: int) -> Measure:
    """Percent: "me too" / (me too + filed anew although known ones were shown). Source: experience.md (b) 11."""
    return percent(joined, joined + filed_all_the_same, "reports with known ones shown")
