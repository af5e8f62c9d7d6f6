"""A bot that hears over HTTP and works on nothing: whatever it accepts stays in its inbox, to be looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from bot import app, inbox
from bot.app import House
from bot.running import RunningBot
from bot.simulator import LocalSlack, Workspace
from bot.slack_settings import SlackOverHttp
from sqlalchemy import select

from offices import settings_for
from slack_requests import SECRET


@dataclass
class Listening:
    house: House
    bot: RunningBot
    client: httpx.Client

    def post(self, body: bytes, headers: Any) -> httpx.Response:
        return self.client.post("/slack/events", content=body, headers=headers)

    def accepted(self) -> list[inbox.InboxRow]:
        with self.house.database.reading() as session:
            return list(session.scalars(select(inbox.InboxRow).order_by(inbox.InboxRow.id)))


@contextmanager
def listening_in(data_dir: Path, **variables: str) -> Iterator[Listening]:
    slack = LocalSlack(Workspace()).start()
    house = app.build(settings_for(data_dir, **variables))
    tokens = SlackOverHttp(bot=slack.bot_token, signing_secret=SECRET, port=0)
    bot = RunningBot(house, tokens=tokens, api_url=slack.api_url)
    bot._line.start()
    if bot._feeds:
        bot._feeds.start()
    try:
        with httpx.Client(base_url=bot._line.address, timeout=20) as client:
            yield Listening(bot.attended.of(None).house, bot, client)
    finally:
        bot._line.stop()
        if bot._feeds:
            bot._feeds.stop()
        bot.attended.of(None).doors.close()
        house.database.close()
        slack.stop()
