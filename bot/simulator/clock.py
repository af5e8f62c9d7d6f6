"""Slack's time: real when run by hand, faster in tests, never running backwards in a message's ts."""

import time
from dataclasses import dataclass

SHORTEST_FOR_THE_APP = 1.0


@dataclass(frozen=True)
class Clock:
    """How long Slack's waits really last. `Clock(speed=60)` lets Slack's minute pass in a second.

    Only waits are scaled (redelivery, expiry, acks down to a real second). A message's ts stays the real time: people
    read it.
    """

    speed: float = 1.0

    def real_seconds(self, slack_seconds: float) -> float:
        """The seconds that really pass while `slack_seconds` pass in Slack."""
        return slack_seconds / self.speed

    def real_seconds_for_the_app(self, slack_seconds: float) -> float:
        """The seconds that the app gets for what Slack gives it `slack_seconds` for.

        The app's work takes its real time however fast Slack's runs, so this never gets shorter than a second: on a
        busy machine a prompt app would look like one that does not answer.
        """
        return max(self.real_seconds(slack_seconds), min(slack_seconds, SHORTEST_FOR_THE_APP))

    def elapsed(self, since: float) -> float:
        """Slack's seconds since a `now()`."""
        return (self.now() - since) * self.speed

    def now(self) -> float:
        """A reading to measure from; unaffected by anyone setting the computer's clock."""
        return time.monotonic()


def next_ts(after: str) -> str:
    """A message's ts, "seconds.micro6": the time now, or the next microsecond where `after` already took that."""
    now = time.time_ns() // 1000
    last = int(after.replace(".", "")) if after else 0
    seconds, micros = divmod(max(now, last + 1), 1_000_000)
    return f"{seconds}.{micros:06d}"
