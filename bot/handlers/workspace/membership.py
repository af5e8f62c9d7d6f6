"""Somebody joins, leaves, or becomes another: what Slack said of them before no longer counts, in any replica."""

from collections.abc import Mapping
from typing import Any

from bot import inbox
from bot.database import Database
from bot.handlers.surfaces import Arriving, Body, Work
from bot.inbox import Accepted

CHANGED = "people changed"

# What the inbox says has changed: everything of the user groups, or one person or channel behind its prefix.
GROUPS = "groups"
USER = "user:"
CHANNEL = "channel:"

USER_EVENTS = ("team_join", "user_change")
CHANNEL_EVENTS = (
    "channel_archive",
    "channel_deleted",
    "channel_shared",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "member_joined_channel",
    "member_left_channel",
)
GROUP_EVENTS = ("subteam_created", "subteam_members_changed", "subteam_updated")


class Membership:
    """Writes down that something changed. Whoever asks the directory next looks there first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def work(self) -> Mapping[str, Work]:
        return {CHANGED: self.close}

    def read(self, body: Body) -> Arriving | None:
        event = body.get("event")
        subject = _subject(event) if isinstance(event, dict) else ""
        if not subject or not body.get("event_id"):
            return None
        return Arriving(
            key=f"event:{body['event_id']}",
            kind=CHANGED,
            conversation=f"people:{subject}",
            value={"person": "", "subject": subject},
        )

    def close(self, event: Accepted) -> None:
        """Nothing is left to do: that it stands in the inbox is what every replica sees."""
        with self._database.writing.begin() as session:
            inbox.finish(session, event)


class Changes:
    """What has changed since one last looked, by the inbox that all replicas share. For one thread at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: int | None = None

    def news(self) -> list[str]:
        """The subjects of changes that nobody here has heard of; nothing the first time, when nothing is remembered."""
        with self._database.reading() as session:
            newest = inbox.newest(session)
            seen, self._seen = self._seen, newest
            if seen is None or newest == seen:
                return []
            return [value["subject"] for value in inbox.arrived(session, CHANGED, after=seen, until=newest)]


def _subject(event: Mapping[str, Any]) -> str:
    kind = event.get("type")
    if kind in GROUP_EVENTS:
        return GROUPS
    user, channel = event.get("user"), event.get("channel")
    if kind in USER_EVENTS and isinstance(user, dict) and user.get("id"):
        return f"{USER}{user['id']}"
    return f"{CHANNEL}{channel}" if kind in CHANNEL_EVENTS and isinstance(channel, str) else ""
