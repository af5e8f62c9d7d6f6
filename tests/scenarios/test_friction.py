"""Friction in the local workspace: reported in two taps, joined in one, and heard of."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import friction_wording as wording
from bot.friction import theming, tickets
from bot.friction.tables import ReportRow, TicketRow
from bot.handlers.friction.cards import HAVE_IT_ACTION
from bot.inbox import InboxRow
from bot.outbox import OutboxRow
from bot.retrieval.embedding import Embedder
from bot.simulator.messages import SeenMessage
from bot.simulator.seen_views import SeenView
from bot.visits import whereabouts
from sqlalchemy import select

import offices
from offices import PATIENCE_SECONDS, Office

MAYA, SAM, NIAMH, FEMI, TOMAS = "U0MAYA", "U0SAM", "U0NIAMH", "U0FEMI", "U0TOMAS"
SHOP = "C0HARBOUR"
CODE = re.compile(r"(?<=Your code is )[2-9A-Z-]{14}")
TWICE = "typed the serials of Mrs Ruiz into Orion and again in CareDesk, 15 min each day while she waits"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    """With the starter knowledge and its map; the tests go on from each other's tickets."""
    house = offices.house_in(offices.furnish(tmp_path_factory.mktemp("friction") / "var", starter_data), encoder)
    house.friction.warm_up()
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()


def modal_called(office: Office, person: str, title: str) -> SeenView:
    """What this person has in front of them, as soon as it is that."""
    return office.workspace.wait_for(
        lambda: [one for one in [office.workspace.open_modal(person)] if one and one.title == title],
        timeout=PATIENCE_SECONDS,
    )[-1]


def form_of(office: Office, person: str, words: str) -> SeenView:
    """The form that the command opens."""
    if office.workspace.open_modal(person):
        office.workspace.close_modal(person)
    office.workspace.slash(person, SHOP, "/friction", words)
    return modal_called(office, person, wording.TITLE)


def hears(office: Office, person: str, words: str, channel: str = SHOP) -> SeenMessage:
    return office.workspace.wait_for(
        lambda: [one for one in office.replies(person, channel) if words in one.words], timeout=PATIENCE_SECONDS
    )[-1]


def asks(office: Office, person: str, words: str) -> str:
    return office.slash(person, SHOP, words, command="/friction").words


def own(office: Office, person: str, words: str) -> SeenView:
    """What the command shows of one's own reports: in a form, so that nothing says who asked."""
    if office.workspace.open_modal(person):
        office.workspace.close_modal(person)
    office.workspace.slash(person, SHOP, "/friction", words)
    return modal_called(office, person, wording.MINE)


@pytest.fixture(scope="module")
def receipt(office: Office) -> SeenMessage:
    """What Maya hears of the report that most tests are about."""
    form_of(office, MAYA, TWICE)
    office.workspace.submit(MAYA, {})
    return hears(office, MAYA, "Thank you, your report is FR-")


@pytest.fixture(scope="module")
def number(receipt: SeenMessage) -> int:
    found = tickets.number_of(receipt.words.split("your report is ")[1].split(":")[0])
    assert found is not None
    return found


def people_on(office: Office, number: int) -> int:
    with office.house.database.reading() as session:
        return len(tickets.handles(session, number))


def test_a_report_is_filled_in_beforehand_and_sent_in_two_taps(
    office: Office, receipt: SeenMessage, number: int
) -> None:
    assert "Typed twice · CareDesk, Orion" in receipt.words
    assert office.who_sees(SHOP, receipt) == {MAYA}
    with office.house.database.reading() as session:
        report = session.scalars(select(ReportRow).where(ReportRow.ticket == number, ReportRow.first)).one()
    assert report.words == TWICE.replace("Mrs Ruiz", "Mrs [name]")
    assert (report.minutes, report.frequency, report.reached) == (15.0, "daily", MAYA)


# What a line of equal letters may have before a phone breaks it.
PHONE_LETTERS = 36


def test_the_form_asks_five_things_and_neither_it_nor_home_is_wider_than_a_phone(
    office: Office, receipt: SeenMessage
) -> None:
    assert receipt.words, "somebody has reported something, so that both have what to show"
    form = form_of(office, MAYA, "the label printer is empty again")
    assert 0 < len(form.fields) <= 5
    office.workspace.open_home(MAYA)
    home = office.workspace.wait_for(lambda: office.workspace.home_of(MAYA), timeout=PATIENCE_SECONDS)
    for view in (form, own(office, MAYA, "mine"), home):
        assert "table" not in {block["type"] for block in view.blocks}
        equal = [line for part in view.words.split("```")[1::2] for line in part.splitlines()]
        assert all(len(line) <= PHONE_LETTERS for line in equal), equal


def test_who_has_it_too_taps_once_and_counts(office: Office, number: int) -> None:
    before = people_on(office, number)
    form_of(office, SAM, "again the same serials in Orion and in CareDesk")
    office.workspace.press_in_modal(SAM, "friction_me_too", str(number))
    hears(office, SAM, f"Thank you, you are on FR-{number} now")
    assert people_on(office, number) == before + 1
    assert f"FR-{number} typed the serials" in asks(office, NIAMH, "hot")


def test_an_anonymous_report_names_nobody_anywhere_and_its_code_shows_what_became_of_it(office: Office) -> None:
    form_of(office, NIAMH, "the supervisor login for refunds takes ten minutes, nobody is on the floor")
    office.workspace.submit(NIAMH, {"privacy": "anonymous"})
    (code,) = CODE.findall(modal_called(office, NIAMH, wording.SENT).words)
    office.settle()
    with office.house.database.reading() as session:
        stripped = session.scalars(select(InboxRow).where(InboxRow.kind == "friction_report", InboxRow.person == ""))
        assert [one.value for one in stripped] == [{}]
        assert not [one for one in session.scalars(select(OutboxRow)) if "supervisor login" in str(one.value)]
        report = session.scalars(select(ReportRow).where(ReportRow.words.startswith("the supervisor login"))).one()
        assert NIAMH not in str(vars(report))
    assert "the supervisor login for refunds" in own(office, NIAMH, f"status {code}").words
    assert wording.NO_SUCH_CODE in own(office, SAM, "status AAAA-BBBB-CCCC").words
    with office.house.database.reading() as session:
        assert code not in str([vars(one) for one in session.scalars(select(InboxRow))])


def test_who_joins_anonymously_has_a_code_too(office: Office, number: int) -> None:
    before = people_on(office, number)
    form_of(office, NIAMH, "serials typed into Orion, and then in CareDesk once more")
    office.workspace.fill(NIAMH, {"privacy": "anonymous"})
    office.workspace.press_in_modal(NIAMH, "friction_me_too", str(number))
    (code,) = CODE.findall(modal_called(office, NIAMH, wording.SENT).words)
    office.settle()
    assert people_on(office, number) == before + 1
    assert f"FR-{number} typed" in own(office, SAM, f"status {code}").words


def test_whoever_is_no_employee_is_told_so_and_files_nothing(office: Office) -> None:
    told = office.slash(TOMAS, "C0FIELD", "the portal is slow", command="/friction")
    assert told.words.startswith("Friction is reported and read by employees.")
    with office.house.database.reading() as session:
        assert session.scalars(select(TicketRow).where(TicketRow.title.contains("portal"))).all() == []


def test_what_is_hot_is_asked_by_what_people_call_things(office: Office, number: int) -> None:
    assert f"FR-{number}" in asks(office, MAYA, "hot orion typed twice")
    assert "fewer than 5 people" in asks(office, MAYA, "hot CareDesk")
    assert asks(office, MAYA, "hot resolved").startswith("Nothing open is told about resolved.")
    assert asks(office, MAYA, "hot orin").startswith("Nothing is called “orin”. Ask by tool: ")
    form_of(office, MAYA, "hot water is out in the kitchen")


def test_a_ticket_that_is_shown_is_joined_from_there(office: Office, number: int) -> None:
    before = people_on(office, number)
    shown = office.slash(FEMI, SHOP, f"FR-{number}", command="/friction")
    office.workspace.click(FEMI, SHOP, shown.ts, HAVE_IT_ACTION)
    assert f"FR-{number}" in modal_called(office, FEMI, wording.TITLE).words
    office.workspace.press_in_modal(FEMI, "friction_me_too", str(number))
    hears(office, FEMI, f"you are on FR-{number} now")
    assert people_on(office, number) == before + 1


def test_one_ticket_and_help_are_read_by_command(office: Office, number: int) -> None:
    assert "Owner:" in asks(office, MAYA, f"FR-{number}")
    assert asks(office, MAYA, "fr-4711").startswith("There is no FR-4711.")
    assert asks(office, MAYA, "help") == wording.USAGE.replace("`", "")
    assert f"FR-{number}" in own(office, MAYA, "mine").words


RUTH = "U0RUTH"


def theme_modal(office: Office, person: str, words: str) -> SeenView:
    """The modal of themes, as soon as these words stand in it."""

    def shown() -> list[SeenView]:
        one = office.workspace.open_modal(person)
        return [one] if one and one.title == wording.THEMES and words in one.words else []

    return office.workspace.wait_for(shown, timeout=PATIENCE_SECONDS)[-1]


def test_themes_are_read_by_all_and_put_in_order_by_those_who_steer(office: Office, number: int) -> None:
    form_of(office, SAM, "typed a modem serial in Orion, then CareDesk wants the same digits once more")
    office.workspace.submit(SAM, {})
    hears(office, SAM, "Thank you, your report is FR-")
    theming.propose(office.house.database, office.house.friction.reader.intake, now=datetime.now(UTC))
    for person in (FEMI, RUTH):
        office.workspace.slash(person, SHOP, "/friction", "themes")
    assert "Undo" not in theme_modal(office, FEMI, "2 tickets, 2 open").words
    opened = theme_modal(office, RUTH, "2 tickets, 2 open")
    (value,) = {one.value for one in opened.buttons if one.action_id == "friction_theme"}
    for person in (FEMI, RUTH):
        office.workspace.press_in_modal(person, "friction_theme", value)
    seen = theme_modal(office, FEMI, f"FR-{number} ")
    assert "fewer than 5 people" in seen.words
    assert [one.action_id for one in seen.buttons] == ["friction_themes"]
    theme_modal(office, RUTH, f"FR-{number} ")
    office.workspace.press_in_modal(RUTH, "friction_theme_rename", value)
    theme_modal(office, RUTH, wording.THEME_FIELDS["friction_theme_rename"][0])
    office.workspace.submit(RUTH, {"said": "Serials are typed twice"})
    hears(office, RUTH, "It is called “Serials are typed twice” from now on")
    office.workspace.close_modal(RUTH)
    office.workspace.slash(RUTH, SHOP, "/friction", "themes")
    assert "Done last by Ruth" in theme_modal(office, RUTH, "Serials are typed twice").words
    office.workspace.press_in_modal(RUTH, "friction_theme", value)
    theme_modal(office, RUTH, f"FR-{number} ")
    office.workspace.press_in_modal(RUTH, "friction_theme_tell", value)
    theme_modal(office, RUTH, wording.THEME_FIELDS["friction_theme_tell"][0])
    office.workspace.submit(RUTH, {"said": "Orion reads the list of CareDesk from Monday on"})
    hears(office, RUTH, "can be reached is told: Orion reads the list")
    office.workspace.close_modal(RUTH)
    office.workspace.slash(RUTH, SHOP, "/friction", "themes")
    theme_modal(office, RUTH, wording.UNDO)
    office.workspace.press_in_modal(RUTH, "friction_theme_undo", "0")
    hears(office, RUTH, "something else happened to it")


def test_an_answer_says_what_colleagues_report_of_it(office: Office, number: int) -> None:
    told = office.ask_directly(MAYA, "Do I have to type the serials into Orion and again in CareDesk?")
    assert "Colleagues report: typed the serials" in told.words
    assert f"(FR-{number})" in told.words


def test_the_page_opens_by_a_link_that_no_message_carries_and_only_for_those_who_may(office: Office) -> None:
    whereabouts.note(office.house.settings.data_dir, "http://127.0.0.1:8023")
    office.workspace.slash("U0RUTH", SHOP, "/friction", "page")
    shown = modal_called(office, "U0RUTH", wording.PAGE_TITLE)
    assert "http://127.0.0.1:8023/enter/" in str(shown)
    assert "by employees" in office.slash(TOMAS, "C0FIELD", "page", command="/friction").words
    office.settle()
    with office.house.database.reading() as session:
        kept = [str(vars(row)) for table in (OutboxRow, InboxRow) for row in session.scalars(select(table))]
    assert not any("/enter/" in one for one in kept)
    whereabouts.forget(office.house.settings.data_dir, "http://127.0.0.1:8023")
    office.workspace.close_modal("U0RUTH")
    office.workspace.slash("U0RUTH", SHOP, "/friction", "page")
    assert "not served" in str(modal_called(office, "U0RUTH", wording.PAGE_TITLE))
