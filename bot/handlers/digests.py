"""The week, posted on Monday morning: once in each week and workspace, in the channel that the settings name."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from bot import friction_wording, outbox
from bot.audiences import EVERYONE
from bot.database import Database
from bot.experience.digest import digest
from bot.experience.viewers import THE_COMPANY
from bot.experience.weekly import post_of
from bot.experience.weeks import Week, week_at
from bot.handlers.blocks import MAX_TEXT, Json, Message, escaped
from bot.handlers.modals import plain
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.outbox import Destination
from bot.touchpoints import TouchpointMap

log = logging.getLogger(__name__)

DIGEST = "digest"
EVERY_SECONDS = 300.0
# People are at work, and have seen what waited for them.
FROM = time(9)
# A bot that was away on Monday posts it when it is back, but not in the middle of another week's work.
UNTIL = timedelta(days=3)


class Digesting:
    """One step of a worker: owes the post of the last week where it is time, and returns when to look again."""

    def __init__(
        self,
        database: Database,
        channels: SlackChannels,
        people: SlackDirectory,
        *,
        channel: str,
        map_: Callable[[], TouchpointMap],
        zone: tzinfo | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`channel` is a name, with or without #, or "" where nothing is posted."""
        self._database = database
        self._channels = channels
        self._people = people
        self._channel = channel
        self._map = map_
        self._zone = zone
        self._clock = clock
        self._refused: Week | None = None

    def __call__(self) -> float:
        now = self._clock()
        week = week_at(now, self._zone)
        if self._channel and is_time(now, week, self._zone) and week != self._refused:
            with self._database.reading() as session:
                done = outbox.is_owed(session, key_of(week.previous))
            if not done:
                self._post(week.previous, now)
        return EVERY_SECONDS

    def _post(self, week: Week, now: datetime) -> None:
        """Slack is asked before the transaction: others do not wait for it."""
        channel = self._channels.called(self._channel)
        if channel is None:
            self._refuse(week, "the bot is not in it: invite it there")
            return
        if EVERYONE not in self._people.readers(channel):
            self._refuse(week, "not only employees read there, or more than can be counted")
            return
        with self._database.reading() as session:
            found = digest(session, week, viewer=THE_COMPANY, now=now, zone=self._zone)
        if found.empty:
            self._refused = week.following
            return
        post = post_of(found, self._map().name_of, friction_wording.weight)
        value = asdict(post) | {"week": week.key}
        with self._database.writing.begin() as session:
            outbox.owe(session, key=key_of(week), kind=DIGEST, to=Destination(channel), value=value, now=now)

    def _refuse(self, week: Week, why: str) -> None:
        """Said once a week."""
        self._refused = week.following
        log.warning("the week is not posted in DIGEST_CHANNEL %s: %s", self._channel, why)


def key_of(week: Week) -> str:
    return f"{DIGEST}:{week.key}"


def message(value: Mapping[str, Any], *, file: str = "") -> Message:
    """The post; with its picture where it has the id of one."""
    blocks: list[Json] = [
        {"type": "header", "text": plain(value["title"][:150])},
        {"type": "section", "text": plain(value["lede"][:MAX_TEXT])},
    ]
    if file:
        blocks.append({"type": "image", "slack_file": {"id": file}, "alt_text": value["alt"][:2000]})
    if value["fixed"]:
        blocks += [{"type": "divider"}, _list(value["thanks"], value["fixed"])]
    if value["hot"]:
        blocks += [{"type": "divider"}, _list(friction_wording.HOT_NOW, value["hot"])]
    blocks.append({"type": "context", "elements": [plain(friction_wording.DIGEST_FOOT)]})
    return Message(text=escaped(f"{value['title']}. {value['lede']}")[:MAX_TEXT], blocks=tuple(blocks))


def _list(title: str, lines: list[str]) -> Json:
    """Titles and words of people: plain, so that nothing of it is parsed."""
    return {"type": "section", "text": plain("\n".join([title, *(f"• {line}" for line in lines)])[:MAX_TEXT])}


def is_time(now: datetime, week: Week, zone: tzinfo | None) -> bool:
    """Whether the week before this one is to be posted now."""
    local = now.astimezone(zone)
    since = local.replace(tzinfo=None) - datetime.combine(week.monday, FROM)
    return timedelta(0) <= since < UNTIL
