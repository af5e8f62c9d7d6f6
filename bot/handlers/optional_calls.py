"""Calls that not every plan, workspace or server takes: what is refused for good is left alone for an hour."""

import time
from collections.abc import Callable

LEFT_ALONE_SECONDS = 3600.0
# What a server says that will say the same next time.
_FOR_GOOD = frozenset(
    {
        "unknown_method",
        "missing_scope",
        "feature_not_enabled",
        "not_allowed_token_type",
        "not_allowed",
        "access_denied",
        "method_not_supported_for_channel_type",
        "paid_only",
        "team_access_not_granted",
        "no_permission",
        "invalid_chunks",
    }
)


class OptionalCalls:
    """Safe to use from several threads: at worst a call is refused once more."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: dict[str, float] = {}

    def worth_trying(self, what: str) -> bool:
        return self._until.get(what, 0.0) <= self._clock()

    def refused(self, what: str, code: str) -> None:
        """Remember a refusal, if it is one that stays."""
        if code in _FOR_GOOD:
            self._until[what] = self._clock() + LEFT_ALONE_SECONDS
