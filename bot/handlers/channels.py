"""Asks Slack where the bot can write: channels by their names, people by their e-mail addresses."""

import time
from collections.abc import Callable
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

# A channel is renamed or archived seldom; one that is not found is asked for anew, since the bot may just be invited.
REMEMBERED_SECONDS = 60.0
_PAGE = 1000
_NOBODY = frozenset({"users_not_found", "user_not_found"})


class SlackChannels:
    """Channels that the bot is in, and people by their addresses. Archived channels are no channels."""

    def __init__(self, client: WebClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._lock = Lock()
        self._asked_at = 0.0
        self._names: dict[str, str] = {}  # id -> name

    def called(self, name: str) -> str | None:
        """The id of a channel by its name, with or without #; None where the bot cannot write there."""
        wanted = name.removeprefix("#").casefold()
        return self._found(lambda names: next((key for key, one in names.items() if one == wanted), None))

    def name_of(self, channel: str) -> str | None:
        """The name of a channel by its id, with #; None where the bot cannot write there."""
        found = self._found(lambda names: names.get(channel))
        return f"#{found}" if found else None

    def person_at(self, address: str) -> str | None:
        """The id of whoever has this e-mail address in Slack; None where nobody has."""
        try:
            return str(self._client.users_lookupByEmail(email=address)["user"]["id"])
        except SlackApiError as fault:
            if fault.response.get("error") in _NOBODY:
                return None
            raise

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
