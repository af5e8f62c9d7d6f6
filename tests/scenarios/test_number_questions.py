"""Questions that a number answers, in the local workspace: a lead, an employee, and a channel where others read."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.retrieval.embedding import Embedder
from bot.visits import whereabouts

import offices
from friction import weeks
from offices import Office

RUTH, FEMI, TOMAS = "U0RUTH", "U0FEMI", "U0TOMAS"
SHOP = "C0HARBOUR"
WHICH = "which tool costs us most time?"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    """With the starter knowledge, its map, and twelve weeks of friction."""
    house = offices.house_in(offices.furnish(tmp_path_factory.mktemp("numbers") / "var", starter_data), encoder)
    with house.database.writing.begin() as session:
        weeks.furnish(session, house.friction.sealer, now=datetime.now(UTC))
    whereabouts.note(house.settings.data_dir, "http://127.0.0.1:8023")
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()


def test_a_lead_reads_the_number_its_n_and_where_it_stands(office: Office) -> None:
    told = office.ask_directly(RUTH, WHICH)
    assert "Time lost, most by tool: CareDesk, 18 hours a week; altogether " in told.words
    assert "n = 8 open tickets" in told.words
    assert "Orion: 17 hours a week (n = 2 open tickets)" in told.words
    assert "http://127.0.0.1:8023/" in str(told.blocks)


def test_a_list_leads_to_the_tickets_it_is_of(office: Office) -> None:
    told = office.ask_directly(RUTH, "how many hours does Orion cost us?")
    assert "Time lost (Orion): 17 hours a week" in told.words
    assert "http://127.0.0.1:8023/tickets?tool=orion" in str(told.blocks)


def test_an_employee_reads_what_everybody_may_and_whom_to_ask(office: Office) -> None:
    told = office.ask_directly(FEMI, "how many hours does Orion cost us?")
    assert "That number is for leads, admins" in told.words
    assert "What everybody may read about Orion" in told.words
    assert "The same box is typed into CareDesk and again into Orion" in told.words
    assert "hours a week, open on" not in told.words


def test_in_a_channel_only_the_asker_sees_it(office: Office) -> None:
    told = office.ask_where_others_read(RUTH, SHOP, WHICH)
    assert "CareDesk, 18 hours a week" in told.words
    assert office.who_sees(SHOP, told) == {RUTH}


def test_a_rule_that_sounds_alike_is_answered_from_the_pages(office: Office) -> None:
    told = office.ask_directly(RUTH, "how many days can a customer return a box?")
    assert "Ask a human" in told.words
    assert "hours a week" not in told.words


def test_a_guest_is_answered_from_the_pages(office: Office) -> None:
    told = office.ask_directly(TOMAS, WHICH)
    assert "hours a week" not in told.words
    assert "That number is for leads" not in told.words
