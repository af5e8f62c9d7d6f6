"""A session of one workspace sees and writes that one's rows, whatever is asked in it; one of none sees all."""

from datetime import UTC, datetime
from typing import Any

import bot.cli  # noqa: F401 - with it comes every model
import pytest
from bot import acquaintances, channels, exchanges, inbox, outbox, pacing, tenants
from bot.acquaintances import AcquaintanceRow
from bot.channels import ChannelSettings
from bot.database import Base, Database
from bot.exchanges import Exchange, ExchangeRow, FeedbackRow
from bot.leases import Claim
from bot.outbox import Destination, OutboxRow
from bot.pacing import PaceRow
from bot.workspaces import InWorkspace
from sqlalchemy import Select, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ONE, TWO = "T0ONE", "T0TWO"
# Columns in which ids of Slack's stand. A table that has one belongs to a workspace.
SLACKS = {"person", "channel", "thread", "ts", "asker", "taker", "direct", "destination", "conversation", "lane"}
# Ids of people at other places than Slack: config/people.yaml, or an e-mail address; channels as phone and shop.
ELSEWHERE = {"gaps", "knowledge_judgments", "interactions"}
# One chain over all workspaces, and what Slack shows of the company's tickets: their rows name theirs.
OVER_ALL = {"audit", "friction_cards"}

pytestmark = pytest.mark.each_engine


def owe(session: Session, key: str, channel: str = "C1") -> None:
    outbox.owe(session, key=key, kind="words", to=Destination(channel), value={"text": key}, now=NOW)


def ask(session: Session, question: str) -> int:
    asked = Exchange("U1", "C1", "", question, "", False, 1.0, (), 1.0)
    return exchanges.record(session, asked, gap=None, now=NOW)


@pytest.fixture
def both(database: Database) -> tuple[Database, Database]:
    """The same keys, people, channels and lanes in two workspaces; what is said differs."""
    parts = database.of(ONE), database.of(TWO)
    for part, word in zip(parts, ("one", "two"), strict=True):
        with part.writing.begin() as session:
            owe(session, "same key")
            number = ask(session, word)
            exchanges.give_feedback(session, exchange=number, person="U1", helpful=word == "one", now=NOW)
            acquaintances.meet(session, "U1", now=NOW)
            channels.save(session, "C1", ChannelSettings(unasked=word == "one"), by=word, now=NOW)
            pacing.spend(session, "C1", now=NOW)
            inbox.accept(
                session, key="same", kind="ask", conversation="C1:", value={"person": "U1", "say": word}, now=NOW
            )
    return parts


def test_every_table_with_an_id_of_slacks_belongs_to_a_workspace() -> None:
    without = {
        mapped.class_.__tablename__
        for mapped in Base.registry.mappers
        if SLACKS & set(mapped.columns.keys()) and not issubclass(mapped.class_, InWorkspace)
    }
    assert without == (ELSEWHERE | OVER_ALL) & without


def test_what_is_the_same_in_both_is_one_row_in_each(both: tuple[Database, Database], database: Database) -> None:
    for part, word in zip(both, ("one", "two"), strict=True):
        with part.reading() as session:
            assert [own.question for own in exchanges.recent_of(session, person="U1", limit=9)] == [word]
            assert channels.is_unasked(session, "C1") is (word == "one")
            assert [row.helpful for row in session.scalars(select(FeedbackRow))] == [word == "one"]
            assert [owed.value["text"] for owed in outbox.due(session, Claim("r", NOW))] == ["same key"]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 2


def test_each_takes_its_own_work_only(both: tuple[Database, Database]) -> None:
    for part, word in zip(both, ("one", "two"), strict=True):
        with part.writing.begin() as session:
            taken = inbox.take(session, Claim("r", NOW))
            assert taken is not None
            assert taken.value["say"] == word
            assert inbox.take(session, Claim("r", NOW, in_hand=frozenset({taken.id}))) is None


def test_a_limit_in_one_workspace_holds_up_nobody_in_the_other(both: tuple[Database, Database]) -> None:
    one, two = both
    with one.writing.begin() as session:
        for _ in range(pacing.STRIKES):
            pacing.strike(session, reason="Slack is away", now=NOW)
        assert outbox.due(session, Claim("r", NOW)) == []
    with two.reading() as session:
        assert len(outbox.due(session, Claim("r", NOW))) == 1
        assert pacing.closed(session, now=NOW) is None


other = aliased(OutboxRow)
WAYS: dict[str, Select[Any]] = {
    "rows": select(OutboxRow),
    "columns": select(OutboxRow.id),
    "a count": select(OutboxRow.id).where(select(func.count()).select_from(OutboxRow).scalar_subquery() == 1),
    "an alias": select(other.id),
    "an exists": select(OutboxRow.id).where(exists().where(other.key == OutboxRow.key, other.id == OutboxRow.id)),
    "a list of ids": select(OutboxRow.id).where(OutboxRow.id.in_(select(func.max(OutboxRow.id)))),
    "a join": select(OutboxRow.id).join(PaceRow, PaceRow.lane == OutboxRow.lane),
    "an outer join": select(OutboxRow.id).outerjoin(PaceRow, PaceRow.lane == OutboxRow.lane),
    "a union": select(select(OutboxRow.id).union_all(select(OutboxRow.id).where(OutboxRow.id < 0)).subquery().c.id),
}


@pytest.mark.parametrize("way", WAYS)
def test_however_one_asks_the_other_workspace_is_not_there(both: tuple[Database, Database], way: str) -> None:
    seen = []
    for part in both:
        with part.reading() as session:
            seen.append(session.execute(WAYS[way]).all())
    assert [len(rows) for rows in seen] == [1, 1]
    assert seen[0] != seen[1]


def test_nor_by_its_key(both: tuple[Database, Database]) -> None:
    with both[0].reading() as session:
        ours = session.scalars(select(ExchangeRow.id)).one()
    with both[1].reading() as session:
        assert session.get(ExchangeRow, ours) is None


def test_changing_and_deleting_leave_the_other_workspace_as_it_is(
    both: tuple[Database, Database], database: Database
) -> None:
    with both[0].writing.begin() as session:
        session.execute(update(ExchangeRow).values(question="changed"))
        session.execute(delete(OutboxRow))
        session.execute(delete(AcquaintanceRow).where(AcquaintanceRow.person.in_(select(ExchangeRow.person))))
    with database.reading() as session:
        assert sorted(session.scalars(select(ExchangeRow.question))) == ["changed", "two"]
        assert session.scalars(select(OutboxRow.workspace)).all() == [TWO]
        assert session.scalars(select(AcquaintanceRow.workspace)).all() == [TWO]


def test_a_workspace_that_left_gives_up_its_work_and_keeps_what_was_said(both: tuple[Database, Database]) -> None:
    with both[0].writing.begin() as session:
        tenants.close(session, now=NOW)
    for part, open_ones in zip(both, (0, 1), strict=True):
        with part.reading() as session:
            assert len(outbox.due(session, Claim("r", NOW))) == open_ones
            assert inbox.any_free(session, Claim("r", NOW)) is bool(open_ones)
            assert len(exchanges.recent_of(session, person="U1", limit=9)) == 1


def test_what_was_there_before_there_were_workspaces_is_of_the_one_that_there_is(database: Database) -> None:
    with database.writing.begin() as session:
        owe(session, "old")
        ask(session, "old")
        pacing.spend(session, "C1", now=NOW)
        tenants.adopt(session, ONE)
        tenants.adopt(session, TWO)  # nothing is left to adopt
    with database.of(ONE).reading() as session:
        assert [owed.value["text"] for owed in outbox.due(session, Claim("r", NOW))] == ["old"]
        assert [own.question for own in exchanges.recent_of(session, person="U1", limit=9)] == ["old"]
