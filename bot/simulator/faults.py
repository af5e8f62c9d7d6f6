"""The switches that make Slack misbehave, so that somebody can watch the bot cope."""

from dataclasses import dataclass, field
from time import monotonic


@dataclass
class Faults:
    """What is broken right now. Times are real seconds: a person switches these by hand."""

    deliver_twice: bool = False
    slow_by: float = 0.0
    _limited_until: float = field(default=0.0, repr=False)

    def limit_calls(self, seconds: float) -> None:
        """Answer 429 to every call of the Web API for so long; 0 ends it."""
        self._limited_until = monotonic() + seconds

    @property
    def limited_for(self) -> float:
        """Seconds for which calls are still answered 429."""
        return max(0.0, self._limited_until - monotonic())

    @property
    def names(self) -> tuple[str, ...]:
        """What is on, in words for the page."""
        on = (
            ("429", self.limited_for > 0),
            ("events twice", self.deliver_twice),
            (f"slow by {self.slow_by:g} s", self.slow_by > 0),
        )
        return tuple(name for name, is_on in on if is_on)
