"""What is guessed of a report, as whoever shows it gets it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from bot.friction.kinds import CustomerEffect, Frequency, Kind

Value = TypeVar("Value")

# Of each field; with less themes are found worse, with more the same: .73 in place of .70 with the first three alone.
KEPT_FROM = 0.01


class Field(StrEnum):
    """What of a report is guessed, and may be corrected."""

    KIND = "kind"
    TOOLS = "tools"
    TOUCHPOINT = "touchpoint"
    MINUTES = "minutes"
    FREQUENCY = "frequency"
    EFFECT = "effect"


@dataclass(frozen=True, slots=True)
class Guess(Generic[Value]):
    """The best value, how sure that is from 0 to 1, and up to three others, the likeliest first."""

    value: Value
    confidence: float
    others: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Guesses:
    """None where the words do not tell enough. Tools are one or two ids of tools or partners of the map.

    `tool_shares` and `touchpoint_shares` say how likely each is, from 0 to 1, for `likeness`. `per_week` is how many
    times in a working week of one person, where the words say so.
    """

    kind: Guess[Kind] | None = None
    tools: Guess[tuple[str, ...]] | None = None
    touchpoint: Guess[str] | None = None
    minutes: Guess[float] | None = None
    frequency: Guess[Frequency] | None = None
    effect: Guess[CustomerEffect] | None = None
    per_week: float | None = None
    tool_shares: Mapping[str, float] = field(default_factory=dict)
    touchpoint_shares: Mapping[str, float] = field(default_factory=dict)
    kind_shares: Mapping[str, float] = field(default_factory=dict)

    def likeliest(self) -> dict[str, dict[str, float]]:
        """What counts of each, to be stored with a ticket as JSON: `remembered` takes it."""
        return {
            name: {id_: round(float(share), 4) for id_, share in shares.items() if share >= KEPT_FROM}
            for name, shares in (
                ("kinds", self.kind_shares),
                ("tools", self.tool_shares),
                ("touchpoints", self.touchpoint_shares),
            )
        }

    @classmethod
    def remembered(cls, likeliest: Mapping[str, Mapping[str, float]]) -> "Guesses":
        """What `likeness` needs of guesses made once, from what `likeliest` gave."""
        return cls(
            kind_shares=likeliest.get("kinds", {}),
            tool_shares=likeliest.get("tools", {}),
            touchpoint_shares=likeliest.get("touchpoints", {}),
        )
