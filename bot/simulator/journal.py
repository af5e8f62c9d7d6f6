"""Every call the app made of the Web API, for tests that ask what was really sent."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ApiCall:
    """One call and its outcome. `arguments` carry no token; `answer` is the JSON that went back, or should have.

    `mishap` is what befell it, if anything did; `at` is when it was answered, in seconds since 1970.
    """

    method: str
    arguments: Mapping[str, Any]
    answer: Mapping[str, Any]
    mishap: str = ""
    at: float = field(default_factory=time.time, compare=False)

    @property
    def error(self) -> str:
        """Slack's error code, or nothing where the call was fine."""
        return str(self.answer.get("error", ""))


class Journal:
    """The calls in the order they were answered."""

    def __init__(self) -> None:
        self._calls: list[ApiCall] = []

    def write(self, call: ApiCall) -> None:
        """Keep one more."""
        self._calls.append(call)

    def calls(self, method: str = "") -> tuple[ApiCall, ...]:
        """All calls, or those of one method."""
        return tuple(call for call in self._calls if method in ("", call.method))

    def latest(self, count: int) -> tuple[ApiCall, ...]:
        """The last calls, the very last first."""
        return tuple(reversed(self._calls[-count:]))
