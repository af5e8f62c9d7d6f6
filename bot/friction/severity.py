"""How bad a report is, from what it says; a triager may say otherwise."""

from bot.friction.kinds import CustomerEffect, Frequency, Kind, Severity
from bot.friction.weights import minutes_a_week

WORKING_DAYS_A_WEEK = 5
# Minutes that one person loses: a day, from which it is as bad as if a customer was affected; a week, below which it
# slows nobody.
BAD_A_DAY = 30.0
SLOWS_A_WEEK = 5.0

# Customers leave, or it is about money or safety.
_GRAVE = frozenset({CustomerEffect.LEFT, CustomerEffect.CHARGED_WRONG, CustomerEffect.SAFETY})


def severity_of(kind: Kind, effect: CustomerEffect, *, minutes: float | None, frequency: Frequency | None) -> Severity:
    """`minutes` are those lost each time. What is not said makes it neither better nor worse: S3."""
    if kind is Kind.OUTAGE or effect in _GRAVE:
        return Severity.S1
    lost = minutes_a_week(minutes, frequency)
    if effect is not CustomerEffect.NONE or (lost is not None and lost >= BAD_A_DAY * WORKING_DAYS_A_WEEK):
        return Severity.S2
    return Severity.S4 if lost is not None and lost < SLOWS_A_WEEK else Severity.S3


def worst(severities: list[Severity]) -> Severity:
    """That of a ticket with several reports. Raises `ValueError` for none."""
    return min(severities, key=list(Severity).index)
