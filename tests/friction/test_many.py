"""Lists and themes of more tickets than a database takes values at once; short lists are the beginning of long ones."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from bot.database import Database, insert
from bot.experience import finding, losses
from bot.experience.viewers import Viewer
from bot.experience.weeks import last_weeks, week_at
from bot.friction import acting, export, filing, listing, ranking, theme_list, theming, tickets
from bot.friction.acting import Act
from bot.friction.desk import Reader
from bot.friction.filing import Said, Subject
from bot.friction.groups import By, at_place, groups
from bot.friction.kinds import Frequency, Kind, Privacy, Severity
from bot.friction.known import STORED
from bot.friction.listing import Asked
from bot.friction.moves import Event
from bot.friction.reporters import Reporter
from bot.friction.roles import Actor
from bot.friction.tables import ReportRow, TicketRow, TicketToolRow, TicketVectorRow
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from friction.desk import NOW, SEALER, reporter

EMPLOYEE = frozenset({"everyone"})
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
MANY = 700
# Of SQLite itself it is 32,766.
MOST_VALUES = 560


@contextmanager
def few_values(database: Database) -> Iterator[None]:
    """A database that takes few values at once."""

    def limit(connection: sqlite3.Connection, *_more: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, MOST_VALUES)

    event.listen(database.engine, "checkout", limit)
    yield
    event.remove(database.engine, "checkout", limit)


def written(session: Session, model: str) -> None:
    """As many tickets, each reported by the same five people of one place."""
    chance = np.random.default_rng(0)
    first = filing.file(
        session,
        Subject(Kind.SLOW, Severity.S3, tools=("orion",), team="care"),
        Said("it is slow", Privacy.NAMED, 12.0, Frequency.DAILY),
        reporter("U0001"),
        sealer=SEALER,
        now=NOW,
    ).ticket
    session.flush()

    def like(table: type[TicketRow | ReportRow]) -> dict[str, object]:
        row = session.scalars(select(table)).one()
        return {column.key: getattr(row, column.key) for column in table.__table__.columns}

    ticket, report = like(TicketRow), like(ReportRow)
    del report["id"]
    others = range(first + 1, first + MANY)
    vectors = chance.normal(size=(MANY, 384))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    guessed = {"kinds": {"slow": 0.8}, "tools": {}, "touchpoints": {}}
    session.execute(insert(session, TicketRow), [{**ticket, "id": number} for number in others])
    session.execute(insert(session, TicketToolRow), [{"ticket": number, "tool": "orion"} for number in others])
    session.execute(
        insert(session, TicketVectorRow),
        [
            {"ticket": first + row, "model": model, "vector": vector.astype(STORED).tobytes(), "guessed": guessed}
            for row, vector in enumerate(vectors)
        ],
    )
    session.execute(
        insert(session, ReportRow),
        [
            {**report, "ticket": number, "handle": f"handle {person}", "person": "", "first": False}
            for number in (first, *others)
            for person in range(5 if number > first else 4)
        ],
    )


def test_a_database_that_takes_few_values_at_once_gives_the_same_lists_sums_and_themes(
    database: Database, reader: Reader
) -> None:
    with database.writing.begin() as session:
        written(session, reader.intake.model)
    viewer, week = Viewer("Ruth", EMPLOYEE, frozenset({"care"})), week_at(NOW, None)

    def everything() -> list[object]:
        with database.reading() as session:
            asked = [Asked(), Asked(tool="orion"), replace(Asked(), everything=True)]
            return [
                *(listing.hottest(session, one, audiences=EMPLOYEE) for one in asked),
                listing.shortlist(session, Asked(), audiences=EMPLOYEE, most=5),
                *(groups(session, by, audiences=EMPLOYEE) for by in (By.TOOL, By.PLACE)),
                at_place(session, "harbour-street", audiences=EMPLOYEE),
                export.ticket_rows(session, everything=True, audiences=EMPLOYEE),
                finding.found(session, finding.Wanted(place="harbour-street"), viewer=viewer),
                losses.lost(session, last_weeks(2, until=week), viewer=viewer, now=NOW),
            ]

    whole = everything()
    assert len(whole[0]) == MANY
    with few_values(database):
        assert everything() == whole
        assert theming.propose(database, reader.intake, now=NOW + timedelta(days=1)).looked_at == MANY
        with database.reading() as session:
            themes = theme_list.themes(session, audiences=EMPLOYEE)
            assert sum(len(one.tickets) for one in themes) <= MANY


@pytest.mark.each_engine
@pytest.mark.parametrize("seed", range(4))
def test_a_short_list_is_the_beginning_of_the_whole_one(database: Database, seed: int) -> None:
    dice = random.Random(seed)
    with database.writing.begin() as session:
        numbers = [_some_ticket(session, dice) for _ in range(30)]
        for one, other in zip(numbers[:8], numbers[3:11], strict=True):
            acting.act(session, one, Act(Event.MERGE, "the same", other=other), RUTH, sealer=SEALER, now=NOW)
    asked = [Asked(), Asked(everything=True), Asked(tool="pos"), Asked(since=(NOW - timedelta(days=2)).date())]
    with database.reading() as session:
        for one in asked:
            whole = listing.hottest(session, one, audiences=EMPLOYEE)
            for most in (1, 3, 10, 50):
                found = listing.shortlist(session, one, audiences=EMPLOYEE, most=most)
                assert list(found.first) == whole[:most]
                assert found.total == len(whole)
            for after in (0, 1, 5, 9, 40):
                rest = ranking.part(session, listing.query(session, one, audiences=EMPLOYEE), most=7, after=after)
                assert list(rest.first) == whole[after : after + 7]
        told = [one.number for one in whole if one.weight.people]
        assert told
        assert session.scalar(select(func.count()).select_from(TicketRow).where(TicketRow.merged_into.is_not(None)))


@pytest.mark.each_engine
def test_a_ticket_weighs_the_same_whether_what_was_merged_into_it_is_listed_beside_it_or_not(
    database: Database,
) -> None:
    dice = random.Random(7)
    with database.writing.begin() as session:
        first, second, third = (_some_ticket(session, dice) for _ in range(3))
        for one, other in ((first, second), (second, third)):
            acting.act(session, one, Act(Event.MERGE, "the same", other=other), RUTH, sealer=SEALER, now=NOW)
    with database.reading() as session:
        beside = {one.number: one for one in listing.hottest(session, Asked(everything=True), audiences=EMPLOYEE)}
        alone = {number: tickets.ticket(session, number, audiences=EMPLOYEE) for number in (first, second, third)}
        assert beside == alone
        assert alone[third].weight.people


def _some_ticket(session: Session, dice: random.Random) -> int:
    number, at = 0, NOW - timedelta(days=dice.randint(0, 4))
    subject = Subject(Kind.SLOW, dice.choice(list(Severity)), tools=(dice.choice(("pos", "orion")),), team="care")
    for person in dice.sample(range(20), dice.choice((1, 1, 2, 3, 4, 5, 8))):
        said = Said("it is slow", dice.choice(list(Privacy)), 6.0 * dice.randint(1, 4), Frequency.DAILY)
        who = Reporter(f"U0{person}", "T0", "Imelda Varga", place="harbour-street")
        if number:
            filing.me_too(session, number, said, who, sealer=SEALER, now=at)
        else:
            number = filing.file(session, subject, said, who, sealer=SEALER, now=at).ticket
    return number
