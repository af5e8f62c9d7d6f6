"""What a Home tells of what rose and of what waits, by rows put in by hand."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from bot.database import Database
from bot.errors import NotAllowed
from bot.experience.viewers import Viewer
from bot.experience.waiting import Waiting, waiting
from bot.friction.moves import State
from bot.friction.tables import TicketRow
from bot.handlers.lead_home import risen

from noticing.planted_company import LEAD, TODAY, Company, when

BILL, CHAT, CHECKOUT = "cx.phone.billing_question", "cx.chat.support", "ex.store.checkout"
OWNER = Viewer("Sam", frozenset({"everyone"}), frozenset({"billing-it"}))
WEEKS = 14


@pytest.fixture
def company(database: Database) -> Iterator[Company]:
    with database.writing.begin() as session:
        yield Company(session)


def test_what_rose_alone_is_told_by_its_name(company: Company) -> None:
    for back in range(WEEKS):
        company.contacts(BILL, when(back), many=30 if back == 0 else 4)
        company.contacts(CHAT, when(back), many=10)
    (told,) = risen(company.reading(WEEKS))
    assert "30" in told
    assert BILL not in told


def test_where_everything_rose_that_is_told_once(company: Company) -> None:
    for back in range(WEEKS):
        for touchpoint, usual in ((BILL, 4), (CHAT, 10)):
            company.contacts(touchpoint, when(back), many=usual * 7 if back == 0 else usual)
    (told,) = risen(company.reading(WEEKS))
    assert "everything rose" in told


def test_leads_wait_for_all_tickets_and_owners_for_those_of_their_teams(company: Company) -> None:
    def filed(team: str, state: State = State.TRIAGED, **times: object) -> None:
        row = company.session.get_one(TicketRow, company.ticket(None, CHECKOUT, when(0)))
        row.team, row.state = team, state
        for name, at in times.items():
            setattr(row, name, at)
        company.session.flush()

    before, after = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
    filed("billing-it")  # nobody saw it, nothing is promised
    filed("billing-it", acknowledged_at=before, resolve_by=before)  # late
    filed("billing-it", State.WAITING_PARTNER, acknowledged_at=before, resolve_by=before)  # waits for somebody else
    filed("retail-operations", acknowledge_by=before, resolve_by=after)  # nobody saw it in time
    filed("retail-operations", State.CLOSED, resolve_by=before)  # over
    assert waiting(company.session, LEAD, now=TODAY) == Waiting(unseen=2, late=2)
    assert waiting(company.session, OWNER, now=TODAY) == Waiting(unseen=1, late=1)
    with pytest.raises(NotAllowed):
        waiting(company.session, Viewer("Femi", frozenset({"everyone"})), now=TODAY)
