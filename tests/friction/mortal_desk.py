"""A bot that takes reports and works on tickets, and is killed again and again: see `mortal`.

An event says its ticket by the words it was reported with: its number is known once it is filed.
"""

import sys
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from bot import inbox, pacing
from bot.audiences import EVERYONE
from bot.database import Database, insert
from bot.friction.desk import Desk, Reader
from bot.friction.habits import Habit
from bot.friction.intake import Intake
from bot.friction.tables import ThemeRow, TicketRow
from bot.friction.telling import Teller
from bot.friction.telling_tables import CardRow, HabitRow, NewsRow
from bot.handlers.friction import own, requests, triage
from bot.handlers.friction.callers import LEAD, Callers
from bot.handlers.friction.own import Own
from bot.handlers.friction.rounds import Cards, Post, Rounds
from bot.handlers.friction.surface import Friction
from bot.handlers.friction.triage import Triage
from bot.handlers.surfaces import Work
from bot.handlers.workspace.addressees import Addressee
from bot.inbox import Accepted
from bot.pacing import Rate
from bot.people import Directory, Owners, Person, Team
from bot.touchpoints import TouchpointMap
from bot.working_time import ALWAYS, Calendar
from numpy.typing import NDArray
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

sys.path.insert(0, str(Path(__file__).parent.parent))
import mortal
from friction.desk import SEALER
from friction.script import OUTCOME, OWNER, PASSED, WORKSPACE, channel_of, gathers, team_of

NUMBERS = 64
MOST_GROUPS = 200


class Colleagues:
    """Slack's side of the door: everybody is called as their id is."""

    def person(self, id_: str) -> Person:
        roles = frozenset({LEAD} if id_ == OWNER else {"shop"})
        return Person(id_, id_, frozenset({EVERYONE}), roles)

    def address(self, id_: str) -> str:
        return f"{id_.lower()}@tidewater.example"


class Channels:
    """Each team has a channel, in which everybody may read of friction."""

    def of(self, team: Team | None, **_: Any) -> tuple[Addressee, ...]:
        return (Addressee(team.channel, reads=True),) if team else ()


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """By their words: fast, and no process has to load a model."""
    rows = np.zeros((len(texts), NUMBERS), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in text.casefold().split():
            row[zlib.crc32(word.encode()) % NUMBERS] += 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


class Trades:
    """Made once; each life learns from it."""

    def __init__(self) -> None:
        map_ = TouchpointMap.empty()
        intake = Intake(map_, encode, model="words", known=[], places={})
        self._reader = Reader(lambda: map_, lambda _map: intake)
        owner = (Colleagues().address(OWNER),)
        teams = [Team(team_of(group), team_of(group), channel_of(group), owner) for group in range(MOST_GROUPS)]
        self._owners = Owners({team.key: team for team in teams})
        self._teller = Teller(lambda: map_, self._owners, lambda _place: Calendar(ALWAYS, zone=UTC))

    def learn(self, database: Database) -> mortal.Trade:
        colleagues: Any = Colleagues()  # knows what it is asked for
        desk = Desk(database, self._reader, SEALER, self._teller)
        callers = Callers(colleagues, self._owners)
        nobody: Any = None
        surface = Friction(
            database,
            desk,
            colleagues,
            entrances=nobody,
            filling=nobody,
            callers=callers,
            hot=nobody,
            own=nobody,
            page=nobody,
            themes=nobody,
        )
        cards = Cards(database, desk, Channels(), owners=self._owners)  # type: ignore[arg-type]  # as above
        found = _Numbered(database, cards)
        work: dict[str, Work] = {
            requests.REPORT: surface.file,
            requests.JOIN: found(surface.join),
            own.SAID: found(Own(database, desk, callers).take),
            triage.MOVE: found.with_card(Triage(database, desk, callers, people=Directory()).move),
            OUTCOME: _outcome(database, desk),
            PASSED: _passed(database),
        }
        return mortal.Trade(work, (Rounds(cards, Post(database)),), SEALER.opened)


class _Numbered:
    """Work on tickets by their numbers."""

    def __init__(self, database: Database, cards: Callable[[], float]) -> None:
        self._database = database
        self._cards = cards

    def __call__(self, work: Work) -> Work:
        def on(event: Accepted) -> None:
            with self._database.reading() as session:
                value = {**event.value, "number": number_of(session, event.value["ticket"])}
                if value.get("other"):
                    value["act"] = {**value["act"], "other": number_of(session, value["other"])}
            work(replace(event, value=value))

        return on

    def with_card(self, work: Work) -> Work:
        """Whoever works on a ticket has its card in front of them."""
        on = self(work)

        def after_the_card(event: Accepted) -> None:
            while not self._shown(event.value["ticket"]):
                self._cards()
                time.sleep(0.01)
            on(event)

        return after_the_card

    def _shown(self, ticket: str) -> bool:
        with self._database.reading() as session:
            return session.scalar(select(CardRow.id).where(CardRow.ticket == number_of(session, ticket))) is not None


def number_of(session: Session, ticket: str) -> int:
    return session.scalars(select(TicketRow.id).where(TicketRow.title == ticket)).one()


def _outcome(database: Database, desk: Desk) -> Work:
    """What became of a theme is told to everybody who reported any of its tickets."""

    def tell(event: Accepted) -> None:
        with database.writing.begin() as session:
            now = datetime.now(UTC)
            theme = ThemeRow(label=event.value["channel"], named_by="", outcome=event.value["words"], changed_at=now)
            session.add(theme)
            session.flush()
            ours = TicketRow.title.in_(event.value["tickets"])
            session.execute(update(TicketRow).where(ours).values(theme=theme.id))
            desk.teller.theme(session, theme.id, event.value["words"], now=now)
            inbox.finish(session, event)

    return tell


def _passed(database: Database) -> Work:
    """A day has passed: what was gathered is due."""

    def wake(event: Accepted) -> None:
        with database.writing.begin() as session:
            pass_a_day(session)
            inbox.finish(session, event)

    return wake


def pass_a_day(session: Session) -> None:
    session.execute(update(NewsRow).values(due_at=datetime.now(UTC)))


def choose_habits(session: Session, people: Iterable[str]) -> None:
    """Before the first life: some people hear once a day."""
    colleagues: Any = Colleagues()
    callers = Callers(colleagues, Owners({}))
    session.execute(delete(HabitRow))
    for person in filter(gathers, people):
        handle = callers.reporter(colleagues.person(person), workspace=WORKSPACE).handle(SEALER)
        session.execute(insert(session, HabitRow).values(handle=handle, habit=Habit.DAILY))


if __name__ == "__main__":
    # How fast Slack lets anybody post is no matter of these tests, and would make them slow.
    pacing.IN_CHANNEL = Rate(pacing.IN_CHANNEL.every / 100, burst=5)
    pacing.METHODS = {lane: Rate(rate.every / 100, rate.burst) for lane, rate in pacing.METHODS.items()}
    mortal.main(*sys.argv[1:], learn=Trades().learn, workspace=WORKSPACE)
