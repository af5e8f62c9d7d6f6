"""How often the app may call: a bucket per method, and for posting one per channel, as Slack counts."""

import math
from dataclasses import dataclass, field

from bot.simulator.clock import Clock

# Slack's documented tiers, in calls a minute. chat.postMessage is special: about one a second in each channel.
PER_MINUTE = {
    "apps.connections.open": 1,
    "apps.uninstall": 1,
    "assistant.threads.setStatus": 100,
    "assistant.threads.setSuggestedPrompts": 100,
    "assistant.threads.setTitle": 100,
    "auth.revoke": 50,
    "bots.info": 50,
    "chat.appendStream": 100,
    "chat.delete": 50,
    "chat.getPermalink": 300,
    "chat.postEphemeral": 100,
    "chat.postMessage": 60,
    "chat.startStream": 20,
    "chat.stopStream": 20,
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.info": 50,
    "conversations.list": 20,
    "conversations.members": 100,
    "conversations.open": 50,
    "conversations.replies": 50,
    "oauth.v2.access": 100,
    "reactions.add": 50,
    "reactions.get": 50,
    "reactions.remove": 20,
    "team.info": 50,
    "usergroups.list": 20,
    "usergroups.users.list": 20,
    "users.conversations": 50,
    "users.info": 100,
    "users.list": 20,
    "users.lookupByEmail": 50,
    "views.open": 100,
    "views.publish": 100,
    "views.push": 100,
    "views.update": 100,
}
BY_CHANNEL = frozenset({"chat.postMessage"})


@dataclass
class Rates:
    """Buckets that hold `burst` calls and fill at Slack's pace. Slack lets short bursts through, without a promise."""

    clock: Clock
    burst: int = 200
    _buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict, repr=False)

    def wait_for(self, method: str, channel: str) -> int:
        """Take one call. 0 where it may go, else the whole seconds after which it may."""
        per_minute = PER_MINUTE.get(method)
        if per_minute is None:
            return 0
        key = (method, channel if method in BY_CHANNEL else "")
        now = self.clock.now()
        left, since = self._buckets.get(key, (float(self.burst), now))
        left = min(float(self.burst), left + self.clock.elapsed(since) * per_minute / 60)
        if left < 1:
            self._buckets[key] = (left, now)
            return math.ceil((1 - left) * 60 / per_minute)
        self._buckets[key] = (left - 1, now)
        return 0
