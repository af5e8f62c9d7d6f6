"""Time passes over a friction in the local workspace: the owner, whoever was assigned and the lead hear of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import friction_wording
from bot.friction.tables import TicketRow
from bot.retrieval.embedding import Embedder
from bot.simulator.messages import SeenMessage
from sqlalchemy import select, update

import offices
from offices import PATIENCE_SECONDS, Office

MAYA, JONAS, RUTH = "U0MAYA", "U0JONAS", "U0RUTH"
SHOP, TEAM = "C0HARBOUR", "C0BILLINGIT"
WORDS = "typed the box serials into Orion and again in CareDesk, 10 minutes each day"


@pytest.fixture
def office(tmp_path: Path, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    house = offices.house_in(offices.furnish(tmp_path / "var", starter_data), encoder)
    house.friction.warm_up()
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()


def hears(office: Office, person: str, words: str, channel: str = "") -> SeenMessage:
    where = channel or office.workspace.direct(person).id
    return office.workspace.wait_for(
        lambda: [one for one in office.replies(person, where) if words in one.words], timeout=PATIENCE_SECONDS
    )[-1]


def test_the_owner_is_warned_in_the_thread_and_told_with_the_lead_when_it_is_late(office: Office) -> None:
    office.workspace.slash(MAYA, SHOP, "/friction", WORDS)
    office.workspace.wait_for(
        lambda: [one for one in [office.workspace.open_modal(MAYA)] if one and one.title == friction_wording.TITLE],
        timeout=PATIENCE_SECONDS,
    )
    office.workspace.submit(MAYA, {})
    card = hears(office, JONAS, "Typed twice · CareDesk, Orion", TEAM)
    assert "To be acknowledged by " in card.words
    now = datetime.now(UTC)
    with office.house.database.writing.begin() as session:
        assert session.scalars(select(TicketRow)).one().look_at is not None
        session.execute(
            update(TicketRow).values(
                assignee=JONAS, assignee_name="Jonas Weber", warn_acknowledge_at=now, look_at=now - timedelta(seconds=1)
            )
        )
    hears(office, JONAS, "Most of the time is over, and it is not acknowledged yet.", TEAM)
    hears(office, JONAS, "is assigned to you. Most of the time is over")
    with office.house.database.writing.begin() as session:
        session.execute(update(TicketRow).values(acknowledge_by=now, look_at=now))
    hears(office, JONAS, "This is late: it is not acknowledged yet.", TEAM)
    told = hears(office, RUTH, "A promise to those who reported friction is broken:")
    assert "is not acknowledged yet (Jonas Weber). Promised until " in told.words
    assert "Speak with whoever has it" in told.words
    office.settle()
    assert "Late! To be acknowledged by " in hears(office, JONAS, "Typed twice · CareDesk, Orion", TEAM).words
    assert sum("broken" in one.words for one in office.replies(RUTH, office.workspace.direct(RUTH).id)) == 1
