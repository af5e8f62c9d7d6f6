"""Trigger ids: whoever pressed something may be shown one modal for it, within three seconds."""

import re
import secrets
from dataclasses import dataclass

from bot.simulator.clock import Clock
from bot.simulator.errors import SlackError

# Slack's documented lifetime.
LIFETIME_SECONDS = 3.0
# Two numbers and a secret, as Slack makes them.
_FORM = re.compile(r"\d+\.\d+\.[0-9a-f]+")


@dataclass(frozen=True)
class Trigger:
    """Who pressed something, and in which modal, if it was in one."""

    person: str
    view_id: str = ""


class Triggers:
    """The trigger ids that were given out. Not locked: the workspace is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: dict[str, tuple[Trigger, float]] = {}
        self._exchanged: set[str] = set()

    def issue(self, trigger: Trigger) -> str:
        """A new trigger id."""
        made = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._open[made] = (trigger, self._clock.now())
        return made

    def exchange(self, trigger_id: str) -> Trigger:
        """What it stands for; it is good for once.

        Raises SlackError `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        if trigger_id in self._exchanged:
            raise SlackError("exchanged_trigger_id")
        if not _FORM.fullmatch(trigger_id) or trigger_id not in self._open:
            raise SlackError("invalid_trigger_id")
        trigger, issued = self._open[trigger_id]
        if self._clock.elapsed(issued) > LIFETIME_SECONDS:
            raise SlackError("expired_trigger_id")
        del self._open[trigger_id]
        self._exchanged.add(trigger_id)
        return trigger
