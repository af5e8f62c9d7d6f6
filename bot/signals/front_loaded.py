"""Whether a company cares for customers before they buy and forgets them after."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from bot.signals.signal import Evidence, Kind, Number, Period, Signal, sentence

# With fewer an interval of the share spans a third of all shares.
LEAST_COMPLAINTS = 30
_Z = 1.6448536269514722  # of an interval of 90 %


class Verdict(StrEnum):
    FRONT_LOADED = "front-loaded"
    EVEN = "not front-loaded"
    FEW_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """Of a CX touchpoint, what the map has for it, and how many complaints came in."""

    id: str
    stage: str
    has_target: bool
    has_policy: bool
    has_track: bool
    complaints: int = 0

    @property
    def care(self) -> int:
        """How many of the three it has."""
        return self.has_target + self.has_policy + self.has_track


@dataclass(frozen=True, slots=True)
class FrontLoading:
    """Care before and after is what there is of what there could be: (target, policy, track) at each touchpoint.

    `attention_after` is the share of all care that goes to stages after the purchase, `complaints_after` that of all
    complaints, within `low` and `high` by 90 %. None where there is nothing to divide by.
    """

    verdict: Verdict
    before: float | None
    after: float | None
    attention_after: float | None
    complaints_after: float | None
    low: float | None
    high: float | None
    complaints: int
    bare: tuple[str, ...]

    def signal(self, period: Period) -> Signal:
        if self.attention_after is None or self.complaints_after is None:
            said = "Too little is known of care and complaints by stage"
        else:
            said = (
                f"{self.attention_after:.0%} of targets, policies and tracks are for after the purchase, "
                f"and {self.complaints_after:.0%} of complaints"
            )
        return Signal(
            kind=Kind.FRONT_LOADED,
            verdict=self.verdict.value,
            where=self.bare,
            parts=sentence(said),
            evidence=(Evidence("touchpoint without target, policy and track", self.bare),),
            numbers=(
                Number("share of attention after", self.attention_after, self.complaints, "complaints"),
                Number(
                    "share of complaints after",
                    self.complaints_after,
                    self.complaints,
                    "complaints",
                    self.low,
                    self.high,
                ),
            ),
            period=period,
        )


def front_loading(touchpoints: Sequence[Touchpoint], *, before_purchase: Sequence[str]) -> FrontLoading:
    """Attention: of (target, policy, track) at each touchpoint what there is; front-loaded if stages after the purchase
    have less of it for each touchpoint, and a smaller share of it than of complaints, the interval considered.

    `before_purchase` are stages. The interval is Wilson's, of 90 %. Source: experience.md G7, R39.
    """
    early = set(before_purchase)
    first = [one for one in touchpoints if one.stage in early]
    later = [one for one in touchpoints if one.stage not in early]
    care, complaints = sum(one.care for one in touchpoints), sum(one.complaints for one in touchpoints)
    after = sum(one.complaints for one in later)
    low, high = _wilson(after, complaints) if complaints else (None, None)
    attention = sum(one.care for one in later) / care if care else None
    care_before, care_after = _care(first), _care(later)
    verdict = Verdict.EVEN
    if complaints < LEAST_COMPLAINTS or attention is None or care_before is None or care_after is None:
        verdict = Verdict.FEW_DATA
    elif care_after < care_before and low is not None and attention < low:
        verdict = Verdict.FRONT_LOADED
    return FrontLoading(
        verdict=verdict,
        before=care_before,
        after=care_after,
        attention_after=attention,
        complaints_after=after / complaints if complaints else None,
        low=low,
        high=high,
        complaints=complaints,
        bare=tuple(one.id for one in later if not one.care),
    )


def _care(touchpoints: Sequence[Touchpoint]) -> float | None:
    return sum(one.care for one in touchpoints) / (3 * len(touchpoints)) if touchpoints else None


def _wilson(hits: int, of: int) -> tuple[float, float]:
    share = hits / of
    middle = (share + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z * sqrt(share * (1 - share) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    return middle - half, middle + half
