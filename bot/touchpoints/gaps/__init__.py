"""What the map alone shows to be wrong, before anybody complains: eight kinds of gaps, G1 to G8."""

from bot.touchpoints.gaps.finding import Gap, GapKind
from bot.touchpoints.gaps.listing import gaps_of
from bot.touchpoints.gaps.stages import FRONT_LOADED, Coverage, Side, coverage_of, front_loading, side_of

__all__ = [
    "FRONT_LOADED", "Coverage", "Gap", "GapKind", "Side", "coverage_of", "front_loading", "gaps_of", "side_of",
]  # fmt: skip
