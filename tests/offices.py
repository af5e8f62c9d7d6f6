"""An office: the local workspace with a bot connected to it, and what a test needs to watch them."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot import acquaintances, app, inbox, outbox, running, settings
from bot.app import House
from bot.handlers import COMMANDS, SHORTCUTS
from bot.handlers.http import EVENTS_PATH
from bot.handlers.manifest import bot_scopes, manifest
from bot.retrieval.embedding import Embedder
from bot.running import RunningBot
from bot.settings import Settings
from bot.simulator import LocalSlack, Workspace
from bot.simulator.messages import SeenMessage
from bot.slack_settings import SlackOverHttp, SlackTokens
from sqlalchemy import func, select

from new_tables import new_file
from programs import MODEL_CACHE, PROJECT, UNHURRIED

BOT = "U0BOT"
# Far more than an answer takes on a busy machine; past it something is wrong.
PATIENCE_SECONDS = 30.0


def settings_for(data_dir: Path, **others: str) -> Settings:
    variables = {"DATA_DIR": str(data_dir), "MODEL_CACHE": str(MODEL_CACHE), **UNHURRIED, **others}
    return settings.load(variables, folder=PROJECT)


def house_in(data_dir: Path, encoder: Embedder, **others: str) -> House:
    """Everything below Slack on a data folder, with a model that is loaded already."""
    settled = settings_for(data_dir, **others)
    file = data_dir / "throughline.db"
    if settled.database_url == f"sqlite:///{file}" and not file.exists():
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(new_file())
    return app.build(settled, encoder)


def furnish(folder: Path, starter_data: Path) -> Path:
    """A data folder of one's own, in which the starter knowledge is indexed."""
    shutil.copytree(starter_data, folder, ignore=shutil.ignore_patterns("*.lock"))
    return folder


def until(ready: Callable[[], bool], *, timeout: float = PATIENCE_SECONDS) -> None:
    """Wait for what wakes nobody: rows of a database, a process. Raises TimeoutError."""
    end = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"Nothing that was waited for happened within {timeout:g} s.")
        time.sleep(0.02)


@dataclass
class Office:
    """People in a workspace, and a bot among them."""

    house: House
    workspace: Workspace
    slack: LocalSlack
    bot: RunningBot

    def replies(self, person: str, channel: str, thread: str | None = None) -> tuple[SeenMessage, ...]:
        """What this person sees of the bot in a thread, or in a channel with all its threads."""
        bot = self.workspace.installation.bot.user_id
        return tuple(one for one in self.workspace.seen_by(person, channel, thread) if one.author == bot)

    def wait_for_replies(
        self, count: int, person: str, channel: str, thread: str | None = None
    ) -> tuple[SeenMessage, ...]:
        """Wait until this person sees so many whole messages of the bot. Returns all of them."""

        def whole() -> tuple[SeenMessage, ...]:
            found = tuple(one for one in self.replies(person, channel, thread) if not one.streaming)
            return found if len(found) >= count else ()

        return self.workspace.wait_for(whole, timeout=PATIENCE_SECONDS)

    def ask(self, person: str, channel: str, question: str, thread: str | None = None) -> SeenMessage:
        """Say something that the bot must answer, and wait for what this person sees of the answer."""
        before = len(self.replies(person, channel, thread)) if thread else 0
        ts = self.workspace.say(person, channel, question, thread)
        return self.wait_for_replies(before + 1, person, channel, thread or ts)[-1]

    def ask_where_others_read(self, person: str, channel: str, question: str) -> SeenMessage:
        """Ask in a channel, and wait for what the bot says about it, in a thread or to this person alone."""
        before = len(self.replies(person, channel))
        self.workspace.say(person, channel, f"@Throughline {question}")
        return self.wait_for_replies(before + 1, person, channel)[-1]

    def ask_directly(self, person: str, question: str) -> SeenMessage:
        """Ask in the direct message with the bot."""
        channel = self.workspace.open_dm(person)
        before = len(self.replies(person, channel))
        self.workspace.say(person, channel, question)
        return self.wait_for_replies(before + 1, person, channel)[-1]

    def slash(self, person: str, channel: str, text: str, command: str = "/ask") -> SeenMessage:
        """Use a command and wait for what comes back to this person."""
        line = f"{command} {text}".strip()

        def answers() -> list[SeenMessage]:
            return [one for one in self.workspace.seen_by(person, channel) if one.after == line]

        before = len(answers())
        self.workspace.slash(person, channel, command, text)
        return self.workspace.wait_for(
            lambda: found[-1] if len(found := answers()) > before else None, timeout=PATIENCE_SECONDS
        )

    def who_sees(self, channel: str, message: SeenMessage) -> set[str]:
        """Everyone in whose eyes this message is."""
        return {
            person.id
            for person in self.workspace.people
            if any(one.ts == message.ts for one in self.workspace.seen_by(person.id, channel))
        }

    def settle(self) -> None:
        """Wait until every event has its ack, all work on it is done, and nothing is owed: now silence is proven."""
        until(lambda: not (self._on_the_way() or self._under_way()))

    def settle_after(self, events: int) -> None:
        """Wait until so many events in all are taken in and worked on, and nothing is owed.

        For more at once than a busy machine acks in Slack's three seconds: what was acked late comes again minutes
        later, is known by then, and changes nothing.
        """
        until(lambda: self._taken_in() >= events and not self._under_way(), timeout=4 * PATIENCE_SECONDS)

    def _taken_in(self) -> int:
        with self.house.database.reading() as session:
            return session.scalar(select(func.count()).select_from(inbox.InboxRow)) or 0

    def _on_the_way(self) -> int:
        """Envelopes without an ack, by socket or by HTTP."""
        return self.slack.envelopes_under_way()

    def _under_way(self) -> int:
        working = inbox.InboxRow.state.in_([inbox.State.WAITING, inbox.State.TAKEN])
        owed = outbox.OutboxRow.state == outbox.State.WAITING
        with self.house.database.reading() as session:
            return sum(
                session.scalar(select(func.count()).select_from(table).where(condition)) or 0
                for table, condition in ((inbox.InboxRow, working), (outbox.OutboxRow, owed))
            )

    def close(self) -> None:
        self.bot.stop()
        self.slack.stop()


def workplace(**options: Any) -> Workspace:
    """The default people and channels, with what the bot registers; it may call and hear what its manifest asks for."""
    heard = manifest()["settings"]["event_subscriptions"]["bot_events"]
    granted = {"scopes": bot_scopes(), "subscriptions": heard}
    return Workspace(**{"commands": COMMANDS, "shortcuts": SHORTCUTS, **granted, **options})


def hire(house: House, slack: LocalSlack) -> RunningBot:
    """Connect a bot to a workspace; returns when it hears."""
    bot = RunningBot(house, tokens=SlackTokens(slack.bot_token, slack.app_token), api_url=slack.api_url).start()
    slack.workspace.wait_for(lambda: slack.workspace.connections == running.CONNECTIONS, timeout=PATIENCE_SECONDS)
    return bot


def listening_bot(house: House, slack: LocalSlack, *, port: int = 0) -> RunningBot:
    """A bot that waits for what this workspace signs."""
    tokens = SlackOverHttp(bot=slack.bot_token, signing_secret=slack.signing_secret, port=port)
    return RunningBot(house, tokens=tokens, api_url=slack.api_url).start()


def hire_over_http(house: House, slack: LocalSlack) -> RunningBot:
    """Let a workspace send everything to a bot by signed HTTP; returns when it has answered Slack's challenge."""
    bot = listening_bot(house, slack)
    slack.set_request_url(f"{bot._line.address}{EVENTS_PATH}")
    return bot


def open_office(
    house: House,
    workspace: Workspace | None = None,
    *,
    all_are_new: bool = False,
    connect: Callable[[House, LocalSlack], RunningBot] = hire,
) -> Office:
    """A workspace with a running bot, which knows everybody there unless `all_are_new`; whoever opens it closes it."""
    place = workspace or workplace()
    if not all_are_new:
        with house.database.writing.begin() as session:
            for person in place.people:
                acquaintances.meet(session, person.id, now=datetime.now(UTC))
    slack = LocalSlack(place).start()
    bot = connect(house, slack)
    return Office(bot.attended.of(None).house, place, slack, bot)
