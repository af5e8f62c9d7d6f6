"""The bot of one workspace without its threads and without a wire: a request goes in, what is owed for it comes out."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from bot import app, outbox
from bot.app import House
from bot.assistant import Assistant
from bot.curation import Curator
from bot.errors import ThroughlineError
from bot.handlers import rendering
from bot.handlers.arrival import Arrival
from bot.handlers.border import Border
from bot.handlers.optional_calls import OptionalCalls
from bot.handlers.presence import Presence
from bot.handlers.surfaces import Forms
from bot.handlers.turns import Turnstile
from bot.handlers.workspace.channels import SlackChannels
from bot.handlers.workspace.directory import SlackDirectory
from bot.handlers.workspace.membership import Changes
from bot.jobs import InboxWork
from bot.leases import Hands
from bot.offered import surfaces_of
from bot.outbox import OutboxRow
from bot.retrieval.library import Library
from bot.retrieval.pages import pages_in
from bot.retrieval.reindexing import Trial
from bot.throttle import Limits
from slack_sdk import WebClient
from sqlalchemy import event, select

from offices import settings_for
from quiet_slack import BOT, QuietSlack
from slack_bodies import Body
from whole_parts import WholeParts

PAGES = {
    "returns.md": "---\ntitle: Returns\nowner: returns\naudience: everyone\napplies:\n  sections:\n"
    "    Many boxes: { boxes: { at least: 3 } }\n    Few boxes: { boxes: { less than: 3 } }\n---\n# Returns\n"
    "## Many boxes\nWhoever has many may return a box after 20 days.\n"
    "## Few boxes\nWhoever has few may return a box within 10 days.\n",
    "fees.md": "---\ntitle: Fees\nowner: billing-policy\naudience: public\n---\n# Fees\nA late fee is 10 dollars.\n",
}
TRACKS = """\
gently:
  name: Gently
  when: { hobby: { not: sleeping } }
  do: [Read what happened before you ask anything., Book the visit yourself.]
  until: { days: 30 }
  owner: customer-care
  outcome: { contacts: 0, within days: 14 }
"""


class ByWords(WholeParts):
    """Stands in for the model where only who sees what counts: texts with the same words mean the same."""

    identity = "words"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._vector(text) for text in texts])

    encode_many = encode

    @staticmethod
    def _vector(text: str) -> np.ndarray:
        vector = np.full(384, 0.01, dtype=np.float32)
        for word in text.casefold().split():
            vector[sum(word.strip("?.,").encode()) % 384] += 1
        return vector / np.linalg.norm(vector)


@dataclass(frozen=True)
class Owed:
    """A row of the outbox with all that it shows: what is stored, and what Slack is given."""

    row: OutboxRow
    shown: Any

    @property
    def everything(self) -> str:
        return f"{self.row.value} {self.shown}"

    @property
    def only(self) -> str:
        return self.row.destination["only"] or ""

    @property
    def channel(self) -> str:
        return self.row.destination["channel"]

    def buttons(self) -> list[tuple[str, str]]:
        """Everything in it that can be pressed: action and value."""
        return list(_buttons(self.shown.blocks if hasattr(self.shown, "blocks") else self.shown))


def _buttons(part: Any) -> Any:
    if isinstance(part, dict):
        if part.get("action_id") and "value" in part:
            yield part["action_id"], part["value"]
        for name in ("positive_button", "negative_button"):
            if name in part:
                yield part["action_id"], part[name]["value"]
        part = list(part.values())
    if isinstance(part, list | tuple):
        for each in part:
            yield from _buttons(each)


class Desk:
    """`committed` is called with what a transaction owed, as soon as others can read it."""

    def __init__(self, house: House, slack: QuietSlack, workspace: str) -> None:
        self.house = house.of(workspace)
        self.workspace = workspace
        self.slack = slack
        client = cast("WebClient", _Client(self))
        self.people = SlackDirectory(client, house.directory, team=workspace, news=Changes(self.house.database).news)
        self.channels = SlackChannels(client, clock=lambda: self._moments)
        self._moments = 0.0
        presence = Presence(client, OptionalCalls())
        self.surfaces = surfaces_of(
            self.house, self.people, presence, channels=self.channels, bot=BOT, wake=lambda: None
        )
        forms = [one for one in self.surfaces if isinstance(one, Forms)]
        self.opens = {name: opens for one in forms for name, opens in one.opens.items()}
        self._checks = {name: check for one in forms for name, check in one.checks.items()}
        self.arrival = Arrival(
            self.house.database,
            self.surfaces,
            faults=self.faults,
            turnstile=Turnstile(Limits(10**6, 10**6)),
            wake=lambda: None,
        )
        work = {kind: done for surface in self.surfaces for kind, done in surface.work.items()}
        border = Border(self.house.database, work, wake=lambda: None)
        self._work = InboxWork(self.house.database, border, Hands(workspace))
        self._last = 0

    def begin(self, slack: QuietSlack) -> None:
        """Another Slack, and no row of what was owed before."""
        self.slack = slack
        self._last = 0

    def faults(self, body: Body) -> dict[str, str]:
        if body.get("type") != "view_submission":
            return {}
        check = self._checks.get(str(body["view"].get("callback_id")))
        return check(body) if check else {}

    def take(self, body: Body) -> None:
        """A minute later, by the clock of what is remembered of channels: write it down, and work until it is done."""
        self._moments += 61
        self.arrival.record(dict(body), lambda: None)
        while self._work() is None:
            pass

    def open(self, action: str, body: Body) -> Body | str | None:
        """The form that a press opens, or what whoever pressed is told in its place."""
        self._moments += 61
        if action not in self.opens:
            return None
        try:
            return self.opens[action](body)
        except ThroughlineError as fault:
            return str(fault)

    def fresh(self) -> list[Owed]:
        """What was owed since this was asked last."""
        newest = self._newest()
        if newest <= self._last:
            return []
        asked = select(OutboxRow).where(OutboxRow.id > self._last).order_by(OutboxRow.id)
        with self.house.database.reading() as session:
            rows = list(session.scalars(asked))
            session.expunge_all()
        self._last = newest
        return [Owed(row, _rendered(row)) for row in rows]

    def catch_up(self) -> None:
        """Rows went that were owed before, and others will have their numbers."""
        self._last = self._newest()

    def _newest(self) -> int:
        with self.house.database.reading.kw["bind"].connect() as connection:
            return connection.exec_driver_sql("SELECT max(id) FROM outbox").scalar() or 0

    def deliver(self, owed: Sequence[Owed], ts: Callable[[], str]) -> None:
        """As if Slack had taken all of it."""
        with self.house.database.writing.begin() as session:
            for one in owed:
                outbox.sent(session, one.row.id, ts=ts(), channel=one.channel or self.slack.direct(one.only))


class _Client:
    """Slack as it is now: each world has its own."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __getattr__(self, method: str) -> Any:
        return getattr(self._desk.slack, method)


def _rendered(row: OutboxRow) -> Any:
    owed = outbox._owed(row)
    return rendering.home(owed) if row.kind == outbox.HOME else rendering.message(owed)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="session")
def quiet_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pages and a data folder in which they are indexed; copy it, do not change it."""
    folder = tmp_path_factory.mktemp("quiet")
    knowledge = folder / "pages"
    knowledge.mkdir()
    for name, text in PAGES.items():
        (knowledge / name).write_text(text, encoding="utf-8")
    (knowledge / "tracks.yaml").write_text(TRACKS, encoding="utf-8")
    house = _house(folder)
    planned = house.library.plan(pages_in(knowledge), folder=str(knowledge))
    house.library.carry_out(planned, now=now(), examine=lambda _candidate, _live: Trial(bar=0.15))
    house.database.close()
    return folder


@pytest.fixture
def quiet_house(quiet_data: Path, tmp_path: Path) -> Iterator[House]:
    """With a page of clauses for some customers, a track, and nobody's customers yet."""
    shutil.copytree(quiet_data, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.lock"))
    house = _house(tmp_path)
    yield house
    house.database.close()


def _house(folder: Path) -> House:
    built = app.build(settings_for(folder / "var", KNOWLEDGE=str(folder / "pages")))
    # Who sees what is asked of a database that forgets nothing; whether it survives a power cut is asked elsewhere.
    event.listen(built.database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
    built.database.engine.dispose()
    library = Library(built.database, ByWords())
    curator = Curator(built.database, library, built.owners)
    return replace(built, library=library, assistant=Assistant(library, built.owners), curator=curator)
