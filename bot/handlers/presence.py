"""What Slack shows around a conversation with an agent: that work is under way, and what one could ask.

Nothing depends on it: where Slack does not take these calls, everything else goes on as before.
"""

import http.client
import logging
from collections.abc import Callable, Sequence

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import wording
from bot.handlers.optional_calls import OptionalCalls

log = logging.getLogger(__name__)

# An answer takes less than this on its own; a status must not make it later.
TIMEOUT_SECONDS = 2


class Presence:
    """Safe to use from several threads; never raises."""

    def __init__(self, client: WebClient, calls: OptionalCalls) -> None:
        self._client = client
        self._calls = calls

    def looking_up(self, channel: str, ts: str) -> None:
        """Say below a message that an answer is being looked up; Slack takes it away with the answer in its thread."""
        self._status(channel, ts, wording.LOOKING_UP)

    def looked_up(self, channel: str, ts: str) -> None:
        """Take it away where no answer comes into that thread for all to see: there Slack leaves it standing."""
        self._status(channel, ts, "")

    def suggest(self, channel: str, questions: Sequence[str]) -> None:
        """Show questions to press beside a direct message. With `thread_ts` an agent's call would do nothing."""
        prompts = [{"title": question, "message": question} for question in questions]
        if prompts:
            self._try(
                "prompts",
                lambda: self._client.assistant_threads_setSuggestedPrompts(channel_id=channel, prompts=prompts),
            )

    def _status(self, channel: str, ts: str, status: str) -> None:
        self._try(
            "status",
            lambda: self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=ts, status=status),
        )

    def _try(self, what: str, call: Callable[[], object]) -> None:
        if not self._calls.worth_trying(what):
            return
        try:
            call()
        except SlackApiError as refusal:
            code = str(refusal.response.get("error", ""))
            self._calls.refused(what, code)
            log.info("Slack did not take the %s of a conversation (%s)", what, code)
        except (SlackClientError, OSError, http.client.HTTPException) as fault:
            log.info("Slack did not take the %s of a conversation (%s)", what, type(fault).__name__)
