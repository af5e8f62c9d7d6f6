"""The switches that make Slack misbehave, so that a person can watch the bot cope and a test can count how it did."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from threading import Lock
from time import monotonic

# The methods that only some workspaces have; without them they are `unknown_method`.
AI_METHODS = ("assistant.", "agents.", "chat.startStream", "chat.appendStream", "chat.stopStream")
# What an ack is called where a fault names its method, and a post to a response URL.
ACK = "ack"
RESPONSE_URL = "response_url"


class Mishap(Enum):
    """What can befall one call. The value is what it is called on the page."""

    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    BAD_GATEWAY = "502"
    UNAVAILABLE = "503"
    GATEWAY_TIMEOUT = "504"
    LOST_ANSWER = "done, then 502"
    DROPPED_BEFORE = "dropped before"
    DROPPED_AFTER = "done, then dropped"
    HALF_ANSWER = "done, half an answer"
    LOST_ACK = "ack lost"

    @property
    def takes_effect(self) -> bool:
        """Whether the call is carried out, so that whoever made it cannot know."""
        return self in (Mishap.LOST_ANSWER, Mishap.DROPPED_AFTER, Mishap.HALF_ANSWER)


@dataclass
class _Next:
    """So many calls that are still to be struck; `method` is empty for any."""

    mishap: Mishap
    left: int
    method: str


@dataclass
class _Share:
    """Calls that are struck by chance, each kind with its share of 1."""

    shares: Mapping[Mishap, float]
    dice: random.Random
    methods: frozenset[str]


@dataclass
class Faults:
    """What is broken right now. Times are real seconds: a person switches these by hand.

    `struck` counts what befell which method, `ambiguous` the calls that took effect without a whole answer, `ended` the
    sockets that were `cut` or asked to `refresh`.
    """

    deliver_twice: bool = False
    slow_by: float = 0.0
    no_ai_methods: bool = False
    silent_sockets: bool = False
    retry_after: int = 1
    struck: Counter[tuple[Mishap, str]] = field(default_factory=Counter)
    ambiguous: Counter[str] = field(default_factory=Counter)
    silenced: int = 0
    doubled: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    _limited_until: float = field(default=0.0, repr=False)
    _next: list[_Next] = field(default_factory=list, repr=False)
    _share: _Share | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def limit_calls(self, seconds: float) -> None:
        """Answer 429 to every call of the Web API for so long; 0 ends it."""
        self._limited_until = monotonic() + seconds

    @property
    def limited_for(self) -> float:
        """Seconds for which calls are still answered 429."""
        return max(0.0, self._limited_until - monotonic())

    def strike_next(self, mishap: Mishap, count: int = 1, *, method: str = "") -> None:
        """Let this befall the next calls, of one method where one is named."""
        with self._lock:
            self._next.append(_Next(mishap, count, ACK if mishap is Mishap.LOST_ACK else method))

    def strike_share(self, shares: Mapping[Mishap, float], *, seed: int, methods: tuple[str, ...] = ()) -> None:
        """Let these befall calls by chance, each with its share of 1; of these methods only, where some are named."""
        dice = random.Random(seed)  # noqa: S311 - chance, not a secret
        with self._lock:
            self._share = _Share(dict(shares), dice, frozenset(methods))

    def clear(self) -> None:
        """All is well again; what was counted stays."""
        with self._lock:
            self._next.clear()
            self._share = None
        self.deliver_twice = self.no_ai_methods = self.silent_sockets = False
        self.slow_by = self._limited_until = 0.0

    def forget(self) -> None:
        """Count anew; what is broken stays broken."""
        with self._lock:
            self.struck.clear()
            self.ambiguous.clear()
            self.ended.clear()
            self.silenced = self.doubled = 0

    @property
    def is_by_chance(self) -> bool:
        """Whether calls are struck by chance."""
        return bool(self._share and self._share.shares)

    def draw(self, method: str) -> Mishap | None:
        """What befalls this call; counted."""
        with self._lock:
            mishap = self._from_next(method) or self._by_chance(method)
            if mishap:
                self.struck[mishap, method] += 1
            return mishap

    def count(self, mishap: Mishap, method: str = "") -> int:
        """How often this happened, to one method or to any."""
        return sum(times for (what, where), times in self.struck.items() if what is mishap and method in ("", where))

    def hides(self, method: str) -> bool:
        """Whether this method does not exist here."""
        return self.no_ai_methods and method.startswith(AI_METHODS)

    @property
    def names(self) -> tuple[str, ...]:
        """What is on, in words for the page."""
        on = (
            ("429", self.limited_for > 0),
            ("events twice", self.deliver_twice),
            (f"slow by {self.slow_by:g} s", self.slow_by > 0),
            ("no AI methods", self.no_ai_methods),
            ("sockets silent", self.silent_sockets),
        )
        coming = [f"{one.mishap.value} for {one.left} {one.method or 'calls'}" for one in self._next]
        by_chance = sum(self._share.shares.values()) if self._share else 0.0
        chance = [f"{by_chance:.0%} of calls by chance"] if by_chance else []
        return tuple(name for name, is_on in on if is_on) + tuple(coming + chance)

    def _from_next(self, method: str) -> Mishap | None:
        for one in self._next:
            if one.method == method or (not one.method and method != ACK):
                one.left -= 1
                self._next = [other for other in self._next if other.left > 0]
                return one.mishap
        return None

    def _by_chance(self, method: str) -> Mishap | None:
        if self._share is None or (self._share.methods and method not in self._share.methods):
            return None
        point = self._share.dice.random()
        for mishap, share in self._share.shares.items():
            # An ack can only be lost, and nothing else can be.
            if (mishap is Mishap.LOST_ACK) is not (method == ACK):
                continue
            point -= share
            if point < 0:
                return mishap
        return None
