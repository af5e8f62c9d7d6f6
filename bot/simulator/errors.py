"""The faults that Slack answers with, by Slack's own code, and the faults of running the workspace."""

from collections.abc import Mapping


class SlackError(Exception):
    """A call that Slack refuses: `{"ok": false, "error": code}`, with Slack's messages where it sends some.

    `more` is what else stands in the answer.
    """

    def __init__(
        self,
        code: str,
        *,
        messages: tuple[str, ...] = (),
        retry_after: int | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.more = more or {}
        self.code = code
        self.messages = messages
        self.retry_after = retry_after


class NotLoopback(ValueError):
    """Somebody asked for an address that others can reach; the page lets anyone be anyone."""


class RealTokens(ValueError):
    """The workspace was to run where a key to a real one lies about."""


class RequestUrlRefused(ValueError):
    """No app answers Slack's challenge at the request URL."""


class NotInWorkspace(LookupError):
    """A test or the page named a person, channel, message or button that does not exist or cannot be seen."""


class Outdated(NotInWorkspace):
    """Somebody pressed what stood on their page and is there no more."""


class Unmet(TimeoutError):
    """What a test waited for did not happen in time."""


class PortTaken(OSError):
    """Another program listens where the workspace should. `strerror` is the system's own word for it."""

    def __init__(self, message: str, *, reason: str | None) -> None:
        super().__init__(message)
        self.strerror = reason
