"""What was found, how much it matters, and what nothing is said of."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from bot.signals.signal import Kind, Signal


@dataclass(frozen=True, slots=True)
class Silence:
    """So many things of which a kind of signal says nothing, and why."""

    kind: Kind
    why: str
    count: int

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "why": self.why, "count": self.count}


@dataclass
class Findings:
    """Of one kind, as they come. `strength` is from 0 to 1, and orders signals of one verdict among each other."""

    kind: Kind
    told: list[tuple[float, Signal]] = field(default_factory=list)
    hushed: Counter[str] = field(default_factory=Counter)

    def say(self, strength: float, signal: Signal) -> None:
        self.told.append((strength, signal))

    def hush(self, why: str, count: int = 1) -> None:
        if count:
            self.hushed[why] += count

    @property
    def silences(self) -> list[Silence]:
        return [Silence(self.kind, why, count) for why, count in self.hushed.most_common()]
