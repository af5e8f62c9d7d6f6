"""Which signals somebody should see first: what hurts both sides, then what is new, then what is known to last.

What says that nothing of its own is wrong, or that it is only possible, comes after them, and what the map alone shows
last: it is the same each week. A judgment, not a measurement.
"""

from bot.signals import drift, effects, front_loaded, quadrants, shared, spikes, touchpoint_gaps
from bot.signals.signal import Kind, Signal

_ORDER: tuple[tuple[Kind, str], ...] = (
    (Kind.SHARED_ISSUE, shared.Standing.SHARED),
    (Kind.SPIKE, spikes.Verdict.THEME_SPIKE),
    (Kind.SLOW_RISE, drift.Verdict.SLOW_RISE),
    (Kind.PARTNER_DELAY, ""),
    (Kind.EFFECT, effects.Verdict.ROSE),
    (Kind.EFFECT, effects.Verdict.SAME),
    (Kind.QUADRANT, quadrants.Quadrant.SHARED_ISSUE),
    (Kind.QUADRANT, quadrants.Quadrant.BLIND_SPOT),
    (Kind.QUADRANT, quadrants.Quadrant.SILENT_COST),
    (Kind.CORRELATION, ""),
    (Kind.DOUBLE_ROUTING, ""),
    (Kind.DATA_CONFLICT, ""),
    (Kind.TWO_ANSWERS, ""),
    (Kind.GAP, touchpoint_gaps.VERDICT),
    (Kind.STALE_PAGE, ""),
    (Kind.FRONT_LOADED, front_loaded.Verdict.FRONT_LOADED),
    (Kind.EFFECT, effects.Verdict.FELL),
    (Kind.SPIKE, spikes.Verdict.OVERALL),
    (Kind.SLOW_RISE, drift.Verdict.OVERALL),
    (Kind.SHARED_ISSUE, shared.Standing.POSSIBLE),
    (Kind.USED_PAGE, ""),
)


def place(signal: Signal) -> int:
    """0 comes first."""
    for number, (kind, verdict) in enumerate(_ORDER):
        if signal.kind is kind and verdict in {"", signal.verdict}:
            return number
    return len(_ORDER)
