"""Every table says how long it keeps a row, and the janitor keeps to it."""

from datetime import UTC, datetime, timedelta

import bot.cli  # noqa: F401 - with it comes every model
import pytest
from bot import acquaintances, audit, exchanges, proposals, requests, retention
from bot.acquaintances import AcquaintanceRow
from bot.audit import Expected, Fault, Purpose, View, dropping
from bot.audit.rows import AuditRow
from bot.database import Base, Database
from bot.exchanges import Exchange, ExchangeRow, FeedbackRow, Gap, GapRow
from bot.jobs import Housekeeping
from bot.proposals import Draft, ProposalRow
from bot.requests import Asking, CardRow, Place, ReplyRow, RequestRow, Written
from bot.retrieval import notices, withdrawals
from bot.retrieval.engines import server_tables
from bot.retrieval.notices import NoticeAudienceRow, NoticeRow
from bot.retrieval.validity import WithdrawalRow
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

THEN = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LOOK = View("U0SAM", "d" * 32, Purpose.CARD, ("name",))


def count(database: Database, row: type[Base]) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def keep_house(database: Database, *, now: datetime) -> None:
    Housekeeping(database, clock=lambda: now)()


def ask(session: Session, person: str, *, now: datetime) -> int:
    asked = Exchange(person, "C1", "", "how much?", "nothing", False, 0.1, (), 1.0)
    number = exchanges.record(session, asked, gap=Gap("billing", frozenset({"everyone"}), ()), now=now)
    exchanges.give_feedback(session, exchange=number, person=person, helpful=False, now=now)
    return number


def request(session: Session, exchange: int, *, now: datetime) -> int:
    asking = Asking(exchange, "U1", "Sam", "billing", f"question {exchange}?", "", Place("D1"))
    number = requests.ask(session, asking, now=now).request.number
    requests.add_card(session, number, channel="C2", key=f"card:{number}")
    requests.reply(session, number, Written("C2", f"{number}.0", "", "U2", "Yes."), now=now)
    return number


def propose(session: Session, number: int, *, now: datetime) -> int:
    draft = Draft(number, "Fees", "Yes.", "everyone", "billing", "jonas@tidewater.example", "Jonas")
    return proposals.propose(session, draft, now=now)


def test_every_table_declares_how_long_it_keeps_a_row_and_why() -> None:
    tables = set(Base.metadata.tables) | set(server_tables.metadata.tables)
    assert set(retention.TABLES) == tables
    assert all(kept.why and (kept.period is None or kept.period > timedelta(0)) for kept in retention.TABLES.values())


@pytest.mark.each_engine
def test_a_question_goes_with_all_that_hangs_on_it_when_its_time_is_over(database: Database) -> None:
    with database.writing.begin() as session:
        for since in (timedelta(0), 2 * DAY):
            request(session, ask(session, "U1", now=THEN + since), now=THEN + since)
    hanging = (ExchangeRow, GapRow, FeedbackRow, RequestRow, CardRow, ReplyRow)
    keep_house(database, now=THEN + exchanges.KEPT - DAY)
    assert {count(database, row) for row in hanging} == {2}
    keep_house(database, now=THEN + exchanges.KEPT + DAY)
    assert {count(database, row) for row in hanging} == {1}


@pytest.mark.each_engine
def test_a_request_stays_while_a_page_proposed_from_it_waits_or_was_just_decided_on(database: Database) -> None:
    late = THEN + exchanges.KEPT + DAY
    with database.writing.begin() as session:
        waiting, decided, over = (
            propose(session, request(session, ask(session, "U1", now=THEN), now=THEN), now=THEN) for _ in range(3)
        )
        proposals.decide(session, decided, proposals.State.REFUSED, by="Elif", now=late - 2 * DAY)
        proposals.decide(session, over, proposals.State.PUBLISHED, by="Elif", now=THEN)
    keep_house(database, now=late)
    with database.reading() as session:
        assert set(session.scalars(select(ProposalRow.id))) == {waiting, decided}
    assert count(database, RequestRow) == 2


@pytest.mark.each_engine
def test_whoever_asks_now_and_then_is_not_welcomed_anew(database: Database) -> None:
    with database.of("T1").writing.begin() as session:
        for person in ("U1", "U2", "U3"):
            acquaintances.meet(session, person, now=THEN)
        ask(session, "U1", now=THEN + 300 * DAY)
    with database.of("T2").writing.begin() as session:
        ask(session, "U2", now=THEN + 300 * DAY)  # somebody else, who has the same id there
        acquaintances.meet(session, "U3", now=THEN + 300 * DAY)
    keep_house(database, now=THEN + exchanges.KEPT + DAY)
    with database.reading() as session:
        left = session.execute(select(AcquaintanceRow.workspace, AcquaintanceRow.person)).all()
    assert sorted(map(tuple, left)) == [("T1", "U1"), ("T2", "U3")]


@pytest.mark.each_engine
def test_notices_and_withdrawals_are_kept_for_a_while_after_their_end(database: Database) -> None:
    with database.writing.begin() as session:
        for end in (THEN, THEN + 2 * DAY):
            notices.post(session, "down", until=end, said="", audiences=["everyone"], by="Elif", now=THEN - DAY)
        for source in ("a.md", "b.md", "c.md"):
            withdrawals.withdraw(session, source, reason="", by="Elif", now=THEN - DAY)
        withdrawals.restore(session, "a.md", by="Elif", now=THEN)
        withdrawals.restore(session, "b.md", by="Elif", now=THEN + 2 * DAY)
    keep_house(database, now=THEN + notices.KEPT + DAY)
    assert (count(database, NoticeRow), count(database, NoticeAudienceRow)) == (1, 1)
    with database.reading() as session:
        assert sorted(session.scalars(select(WithdrawalRow.source))) == ["b.md", "c.md"]


def look(database: Database, *, times: int, now: datetime) -> None:
    for _ in range(times):
        with database.writing.begin() as session:
            audit.record(session, LOOK, now=now)


def numbers(database: Database) -> list[int]:
    with database.reading() as session:
        return list(session.scalars(select(AuditRow.number).order_by(AuditRow.number)))


@pytest.mark.each_engine
def test_the_audit_is_dropped_from_its_oldest_end_and_stays_one_chain(database: Database) -> None:
    look(database, times=3, now=THEN)
    look(database, times=2, now=THEN + 10 * DAY)
    late = THEN + dropping.KEPT
    keep_house(database, now=late + DAY)  # not each hour for a row or two
    assert numbers(database) == [1, 2, 3, 4, 5]
    keep_house(database, now=late + 2 * DAY)
    assert numbers(database) == [4, 5, 6]
    with database.reading() as session:
        told = session.get_one(AuditRow, 6)
        assert (told.purpose, told.dropped, told.customer) == ("dropped", 3, "")
        assert audit.verify(session) == audit.Verdict(3, 4, audit.head(session))
    look(database, times=1, now=late)
    keep_house(database, now=late + 30 * DAY)
    keep_house(database, now=late + dropping.KEPT + 40 * DAY)  # the row that told of the first time is old by then
    assert numbers(database) == [9]
    with database.reading() as session:
        assert audit.verify(session).fault is None


@pytest.mark.each_engine
def test_no_more_is_dropped_at_a_time_than_others_can_wait_for(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dropping, "AT_ONCE", 2)
    look(database, times=5, now=THEN)
    late = THEN + dropping.KEPT + 2 * DAY
    found = []
    for _ in range(4):
        keep_house(database, now=late)
        found.append(numbers(database))
        with database.reading() as session:
            assert audit.verify(session).fault is None
    assert found == [[3, 4, 5, 6], [5, 6, 7], [6, 7, 8], [6, 7, 8]]


@pytest.mark.each_engine
def test_whoever_deletes_the_oldest_rows_without_the_row_that_says_so_is_found(database: Database) -> None:
    look(database, times=4, now=THEN)
    keep_house(database, now=THEN + dropping.KEPT + 2 * DAY)
    assert numbers(database) == [5]
    look(database, times=2, now=THEN)
    with database.writing.begin() as session:
        guard = "ALTER TABLE audit DISABLE TRIGGER ALL" if database.on_server else "DROP TRIGGER audit_not_changed"
        session.connection().exec_driver_sql(guard)
        session.execute(update(AuditRow).where(AuditRow.number == 5).values(dropped=3))
    with database.reading() as session:
        assert audit.verify(session).fault == Fault(1, "is missing.")


@pytest.mark.each_engine
def test_a_head_that_was_kept_elsewhere_for_too_long_cannot_be_compared(database: Database) -> None:
    look(database, times=1, now=THEN)
    with database.reading() as session:
        kept = audit.head(session)
    assert kept is not None
    look(database, times=1, now=THEN)
    keep_house(database, now=THEN + dropping.KEPT + 2 * DAY)
    with database.reading() as session:
        fault = audit.verify(session, expected=Expected(kept.hash, kept.number)).fault
    assert fault is not None
    assert (fault.number, "Keep a newer head" in fault.what) == (1, True)
