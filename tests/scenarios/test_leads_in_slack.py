"""What leads and owners read in Slack of the page: the map by stages, their Home, the week on Monday morning."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from bot import letter_wording
from bot.errors import UnknownFilter
from bot.experience.stage_names import stage_called
from bot.experience.weeks import week_at
from bot.handlers.letters import cards
from bot.handlers.letters.alerting import Alerting
from bot.handlers.letters.readers import Readers
from bot.handlers.letters.writing import Writing
from bot.handlers.workspace.addressees import Addressees
from bot.handlers.workspace.channels import SlackChannels
from bot.retrieval.embedding import Embedder
from bot.simulator.messages import SeenMessage
from bot.touchpoints import load_map
from bot.visits import whereabouts
from bot.working_time import Calendar, Shift
from bot.worlds import world_of
from slack_sdk import WebClient

import mapped_company
import offices
from friction import weeks
from offices import Office
from programs import PROJECT

RUTH, MAYA, SAM, FEMI, TOMAS = "U0RUTH", "U0MAYA", "U0SAM", "U0FEMI", "U0TOMAS"
SHOP = "C0HARBOUR"
HOURS = Calendar(zone=UTC)
PAGE = "http://127.0.0.1:8023"
# Far from the Monday of which the office's own bot writes.
MONDAY = datetime.combine(week_at(datetime.now(UTC), UTC).previous.previous.monday, time(9, 30), UTC)
MAP = load_map(PROJECT / "knowledge" / "touchpoints.yaml")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    """With twelve weeks of friction, seven complaints at the counter, and a page."""
    folder = offices.furnish(tmp_path_factory.mktemp("leads") / "var", starter_data)
    house = offices.house_in(folder, encoder, LEADS_DIGEST="weekly")
    now = datetime.now(UTC)
    with house.database.writing.begin() as session:
        weeks.furnish(session, house.friction.sealer, now=now)
        mapped_company.contacts(
            session, mapped_company.BROUGHT, ["The fee came again"] * 7, at=now - mapped_company.WEEK
        )
        complaints = ["Nobody said that the fee would come"] * 7
        for weeks_ago in (2, 3, 4):
            at = MONDAY - weeks_ago * mapped_company.WEEK
            mapped_company.contacts(session, mapped_company.BROUGHT, complaints, at=at)
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


def step(
    kind: type[Writing] | type[Alerting],
    office: Office,
    now: datetime,
    *,
    cut_off_at: int = 0,
    calendar: Calendar = HOURS,
) -> Writing | Alerting:
    """Of a worker in a bot that began just now; it dies at the reader of this number."""
    here, house = office.bot.attended.of(None), office.house
    assert here is not None
    client = WebClient(token=office.slack.bot_token, base_url=office.slack.api_url)
    addressees = Addressees(SlackChannels(client), here.people, people=house.directory)
    written = 0

    def address() -> str:
        nonlocal written
        written += 1
        if written == cut_off_at:
            raise KeyboardInterrupt
        return PAGE

    return kind(
        here.house.database,
        Readers(addressees, here.people, owners=house.owners),
        world=lambda session: world_of(here.house, session),
        calendar=lambda: calendar,
        address=address,
        zone=UTC,
        clock=lambda: now,
    )


def letters(office: Office, person: str, monday: datetime) -> list[SeenMessage]:
    """The digests of the week before."""
    office.settle()
    title = f"Week {week_at(monday, UTC).previous.number}: "
    channel = office.workspace.direct(person).id
    return [one for one in office.replies(person, channel) if one.words.startswith(title)]


def test_the_week_reaches_leads_and_owners_once_with_its_picture_though_the_bot_dies_in_between(office: Office) -> None:
    step(Writing, office, MONDAY - timedelta(hours=2))()  # nobody is at work
    assert letters(office, RUTH, MONDAY) == []
    with pytest.raises(KeyboardInterrupt):
        step(Writing, office, MONDAY, cut_off_at=3)()
    for minutes in (5, 10):
        step(Writing, office, MONDAY + timedelta(minutes=minutes))()
    (lead,), (owner,) = letters(office, RUTH, MONDAY), letters(office, SAM, MONDAY)
    assert "hours went into what gets in people's way" in lead.words
    assert "It hurts most here: Shop, Return or leave, 21 complaints in four weeks" in lead.words
    (picture,) = (block for block in lead.blocks if block["type"] == "image")
    upload = office.workspace.uploads.picture(picture["slack_file"]["id"])
    assert upload is not None
    assert (upload.body or b"").startswith(b"\x89PNG")
    assert "Hours lost by tool" in picture["alt_text"]
    assert f"{PAGE}/map?cell=store.leave#cell" in str(lead.blocks)
    assert "What your teams answer for" in owner.words
    assert "Person " not in owner.words + lead.words, "nobody who reported is named"
    assert letters(office, FEMI, MONDAY) + letters(office, TOMAS, MONDAY) == []
    office.workspace.click(RUTH, office.workspace.direct(RUTH).id, lead.ts, cards.STOP_ACTION)
    office.settle()
    assert letter_wording.STOPPED in str([one.words for one in office.replies(RUTH, lead_room(office))])
    before = MONDAY - mapped_company.WEEK
    step(Writing, office, before)()
    assert (letters(office, RUTH, before), len(letters(office, SAM, before))) == ([], 1)
    assert letter_wording.OFF in buttons(office, RUTH)
    office.workspace.press_in_home(RUTH, cards.TURN_ON_ACTION)
    offices.until(lambda: letter_wording.ON in shown(office, RUTH))
    step(Writing, office, before)()
    assert len(letters(office, RUTH, before)) == 1
    assert letter_wording.ON not in buttons(office, FEMI)


def alerted(office: Office, person: str) -> list[SeenMessage]:
    office.settle()
    found = office.replies(person, office.workspace.direct(person).id)
    return [one for one in found if "missed its target" in one.words]


def test_a_missed_target_is_told_to_its_owner_and_the_lead_once_and_to_nobody_else(office: Office) -> None:
    night = Calendar(week=((Shift(0, 60),),) * 7, zone=UTC)
    for calendar in (night, HOURS, HOURS):
        step(Alerting, office, MONDAY, calendar=calendar)()
    (lead,), (owner,) = alerted(office, RUTH), alerted(office, MAYA)
    assert f"{MAP.name_of(mapped_company.BROUGHT)} missed its target" in lead.words
    assert f"{PAGE}/targets" in str(lead.blocks)
    assert lead.words == owner.words
    assert [alerted(office, one) for one in (SAM, FEMI, TOMAS)] == [[], [], []]


def lead_room(office: Office) -> str:
    return office.workspace.direct(RUTH).id


def buttons(office: Office, person: str) -> list[str]:
    home_of(office, person, "You have not asked anything yet")
    office.settle()
    return shown(office, person)


def shown(office: Office, person: str) -> list[str]:
    view = office.workspace.home_of(person)
    return [one.label for one in view.buttons] if view else []


@pytest.mark.parametrize(
    ("said", "stage"),
    [("leave", "leave"), ("Returns", "leave"), ("use and pay", "use"), ("BUY", "buy"), ("connected", "onboard")],
)
def test_a_stage_is_known_by_its_id_or_words_of_its_name(said: str, stage: str) -> None:
    assert stage_called(MAP, said) == stage


def test_words_that_fit_two_stages_are_asked_back() -> None:
    with pytest.raises(UnknownFilter, match="may be Get connected or Get help"):
        stage_called(MAP, "get")
