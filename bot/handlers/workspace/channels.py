"""Asks Slack where the bot can write: channels by their names, people by their e-mail addresses."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.handlers.workspace.remembered import Remembered

# A channel is renamed or archived seldom; one that is not found is asked for anew, since the bot may just be invited.
REMEMBERED_SECONDS = 60.0
_PAGE = 1000
_NOBODY = frozenset({"users_not_found", "user_not_found"})
_HIDDEN = frozenset({"channel_not_found", "not_in_channel", "missing_scope", "method_not_supported_for_channel_type"})
# Slack Connect: another company is in it, or is invited to.
_SHARED = ("is_ext_shared", "is_pending_ext_shared")
_MOST = 1000
# The message, and the one that its thread begins with.
_FEW = 2


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says, and the thread it stands in, "" for none."""

    words: str
    thread: str


class SlackChannels:
    """Channels that the bot is in, and people by their addresses. Archived channels are no channels."""

    def __init__(self, client: WebClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._lock = Lock()
        self._asked_at = 0.0
        self._names: dict[str, str] = {}  # id -> name
        self._ours: Remembered[bool] = Remembered(self._of_ours, most=_MOST, seconds=REMEMBERED_SECONDS, clock=clock)

    def called(self, name: str) -> str | None:
        """The id of a channel by its name, with or without #; None where the bot cannot write there."""
        wanted = name.removeprefix("#").casefold()
        return self._found(lambda names: next((key for key, one in names.items() if one == wanted), None))

    def name_of(self, channel: str) -> str | None:
        """The name of a channel by its id, with #; None where the bot cannot write there."""
        found = self._found(lambda names: names.get(channel))
        return f"#{found}" if found else None

    def among_ourselves(self, channel: str) -> bool:
        """Whether nobody of another company reads a channel or direct message; no, where Slack does not show it us."""
        return self._ours(channel)

    def person_at(self, address: str) -> str | None:
        """The id of whoever has this e-mail address in Slack; None where nobody has."""
        try:
            return str(self._client.users_lookupByEmail(email=address)["user"]["id"])
        except SlackApiError as fault:
            if fault.response.get("error") in _NOBODY:
                return None
            raise

    def permalink(self, channel: str, ts: str) -> str:
        """The link to a message; "" where the bot cannot see it, or Slack does not say."""
        try:
            return str(self._client.chat_getPermalink(channel=channel, message_ts=ts)["permalink"])
        except (SlackApiError, SlackClientError, OSError):
            return ""

    def said_at(self, channel: str, ts: str) -> Said | None:
        """What somebody wrote; None where the bot may not read it, or it is gone."""
        try:
            found = self._client.conversations_replies(
                channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=_FEW
            )
        except (SlackApiError, SlackClientError, OSError):
            return None
        one = next((one for one in found["messages"] if one.get("ts") == ts), None)
        return Said(str(one.get("text") or ""), str(one.get("thread_ts") or "")) if one else None

    def _found(self, look: Callable[[dict[str, str]], str | None]) -> str | None:
        with self._lock:
            names, age = self._names, self._clock() - self._asked_at
        found = look(names) if age <= REMEMBERED_SECONDS else None
        if found is None:
            names = self._joined()
            with self._lock:
                self._names, self._asked_at = names, self._clock()
            found = look(names)
        return found

    def _of_ours(self, channel: str) -> bool:
        try:
            shown: dict[str, Any] = self._client.conversations_info(channel=channel)["channel"]
        except SlackApiError as fault:
            if fault.response.get("error") in _HIDDEN:
                return False
            raise
        return not any(shown.get(flag) for flag in _SHARED)

    def _joined(self) -> dict[str, str]:
        names: dict[str, str] = {}
        cursor = ""
        while True:
            page = self._client.conversations_list(
                types="public_channel,private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor
            )
            names |= {
                one["id"]: str(one["name"]).casefold()
                for one in page["channels"]
                if one.get("is_member") and not one.get("is_archived")
            }
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return names
