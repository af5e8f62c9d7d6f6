"""What Slack shows around a conversation with an agent: that work is under way, and what one could ask.

Not every plan, workspace or server has these calls, and nothing depends on them: one that is refused is left alone for
an hour, and everything else goes on as before.
"""

import http.client
import logging
import time
from collections.abc import Callable, Sequence

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import wording

log = logging.getLogger(__name__)

# An answer takes less than this on its own; a status must not make it later.
TIMEOUT_SECONDS = 2
LEFT_ALONE_SECONDS = 3600.0
# What a server says that will say the same next time.
_NOT_HERE = frozenset(
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
    }
)


class Presence:
    """Safe to use from several threads; never raises."""

    def __init__(self, client: WebClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._left_alone: dict[str, float] = {}

    def looking_up(self, channel: str, ts: str) -> None:
        """Say below a message that an answer is being looked up; Slack takes it away with the answer."""
        self._try(
            "status",
            lambda: self._client.assistant_threads_setStatus(
                channel_id=channel, thread_ts=ts, status=wording.LOOKING_UP
            ),
        )

    def suggest(self, channel: str, questions: Sequence[str]) -> None:
        """Show questions to press beside a direct message. With `thread_ts` an agent's call would do nothing."""
        prompts = [{"title": question, "message": question} for question in questions]
        self._try(
            "prompts", lambda: self._client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts)
        )

    def _try(self, what: str, call: Callable[[], object]) -> None:
        if self._left_alone.get(what, 0.0) > self._clock():
            return
        try:
            call()
        except SlackApiError as refusal:
            code = str(refusal.response.get("error", ""))
            if code in _NOT_HERE:
                self._left_alone[what] = self._clock() + LEFT_ALONE_SECONDS
            log.info("Slack did not take the %s of a conversation (%s); the answer comes without", what, code)
        except (SlackClientError, OSError, http.client.HTTPException) as fault:
            log.info("Slack did not take the %s of a conversation (%s)", what, type(fault).__name__)
