"""What leads and owners read in Slack of the page: the map by stages, and their Home; others are told whom to ask."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot.errors import UnknownFilter
from bot.experience.stage_names import stage_called
from bot.experience.weeks import week_at
from bot.retrieval.embedding import Embedder
from bot.touchpoints import load_map
from bot.visits import whereabouts

import mapped_company
import offices
from friction import weeks
from offices import Office
from programs import PROJECT

RUTH, SAM, FEMI, TOMAS = "U0RUTH", "U0SAM", "U0FEMI", "U0TOMAS"
SHOP = "C0HARBOUR"
PAGE = "http://127.0.0.1:8023"
MAP = load_map(PROJECT / "knowledge" / "touchpoints.yaml")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    """With twelve weeks of friction, seven complaints at the counter, and a page."""
    house = offices.house_in(offices.furnish(tmp_path_factory.mktemp("leads") / "var", starter_data), encoder)
    now = datetime.now(UTC)
    with house.database.writing.begin() as session:
        weeks.furnish(session, house.friction.sealer, now=now)
        mapped_company.contacts(
            session, mapped_company.BROUGHT, ["The fee came again"] * 7, at=now - mapped_company.WEEK
        )
    whereabouts.note(house.settings.data_dir, PAGE)
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()


def home_of(office: Office, person: str, holding: str) -> str:
    office.workspace.open_home(person)

    def drawn() -> str:
        view = office.workspace.home_of(person)
        return view.words if view and holding in view.words else ""

    return office.workspace.wait_for(drawn, timeout=offices.PATIENCE_SECONDS)


def asked(office: Office, person: str, words: str) -> str:
    return office.slash(person, SHOP, words, "/throughline").words


def test_a_lead_reads_the_cells_of_a_stage_and_goes_on_to_the_page(office: Office) -> None:
    told = office.slash(RUTH, SHOP, "map returns", "/throughline")
    # Fourteen people lose 12 minutes each day of five, for two cells of the map alike.
    cell = "Shop (hurts most of all)\nCustomers: 7 complaints\nEmployees: 7 h a week\nBeneath: CareDesk ≠ Orion"
    assert cell in told.words
    assert f"{PAGE}/map?cell=store.leave#cell" in str(told.blocks)
    assert office.who_sees(SHOP, told) == {RUTH}


def test_without_a_stage_each_is_told_with_its_worst_cell(office: Office) -> None:
    told = asked(office, RUTH, "map")
    stages = [told.index(one.name) for one in MAP.stages.values()]
    assert stages == sorted(stages)
    assert "Return or leave\nShop (hurts most of all)\nCustomers: 7 complaints" in told
    assert "Discover\nquiet" in told


def test_others_are_told_who_reads_it_and_what_they_may_read(office: Office) -> None:
    told = asked(office, FEMI, "map returns")
    assert "/friction hot" in told
    assert "complaints" not in told
    guest = office.slash(TOMAS, "C0FIELD", "map returns", "/throughline").words
    assert "complaints" not in guest


def test_a_word_that_is_no_stage_is_answered_with_what_there_is(office: Office) -> None:
    assert "Get connected, Use and pay" in asked(office, RUTH, "map zebra")


def test_the_home_of_a_lead_says_how_the_week_is_and_what_waits(office: Office) -> None:
    told = home_of(office, RUTH, "Hurts most")
    assert f"Week {week_at(datetime.now(UTC), office.house.settings.timezone).number}: " in told
    assert "Hurts most: Shop, Return or leave\n7 complaints · 7 h a week · CareDesk ≠ Orion" in told
    assert f"{len(weeks.TROUBLES)} tickets nobody acknowledged yet" in told


def test_the_home_of_an_employee_has_nothing_of_it(office: Office) -> None:
    told = home_of(office, FEMI, "You have not asked anything yet")
    assert "Hurts most" not in told


@pytest.mark.parametrize(
    ("said", "stage"),
    [("leave", "leave"), ("Returns", "leave"), ("use and pay", "use"), ("BUY", "buy"), ("connected", "onboard")],
)
def test_a_stage_is_known_by_its_id_or_words_of_its_name(said: str, stage: str) -> None:
    assert stage_called(MAP, said) == stage


def test_words_that_fit_two_stages_are_asked_back() -> None:
    with pytest.raises(UnknownFilter, match="may be Get connected or Get help"):
        stage_called(MAP, "get")
