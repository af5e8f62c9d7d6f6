"""One bot in several workspaces: installed by their admins, uninstalled again, and nothing of one is in the other."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from bot import channels, exchanges
from bot.app import House
from bot.attended import EveryWorkspace
from bot.channels import ChannelSettings
from bot.installations import Installations
from bot.outbox import OutboxRow, State
from sqlalchemy import select

import companies
from companies import ADMIN, FIRST, SECOND, Company, cookie_of
from offices import PATIENCE_SECONDS, until

QUESTION = "customer brought the modem back after 20 days, do we still bill the return fee?"
OTHER = "how long may a supervisor keep a case open?"
SAID = "Equipment returned within 30 days of disconnection is not charged."


@pytest.fixture
def company(house: House) -> Iterator[Company]:
    with companies.opened(house) as opened:
        yield opened


@pytest.fixture
def whole(company: Company) -> Company:
    """The bot is in both workspaces."""
    company.take_in(FIRST, ADMIN)
    company.take_in(SECOND, "U0SAM")
    return company


def test_an_admin_installs_it_and_it_answers_there_at_once(company: Company) -> None:
    page = company.install(SECOND, "U0SAM")
    assert page.status_code == 200
    assert "Throughline is in Tidewater Harborside" in page.text
    assert SAID in company.office(SECOND).ask_directly("U0MAYA", QUESTION).words
    assert company.bot.attended.of(FIRST) is None


def test_people_and_channels_of_the_same_ids_are_not_mixed(whole: Company) -> None:
    first, second = whole.office(FIRST), whole.office(SECOND)
    one = first.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    two = second.ask("U0MAYA", "C0HARBOUR", f"@Throughline {OTHER}")
    first.settle()
    second.settle()
    assert first.replies("U0MAYA", "C0HARBOUR", one.thread_ts) == (one,)
    assert second.replies("U0MAYA", "C0HARBOUR", two.thread_ts) == (two,)
    for office, question in ((first, QUESTION), (second, OTHER)):
        with office.house.database.reading() as session:
            assert [own.question for own in exchanges.recent_of(session, person="U0MAYA", limit=5)] == [question]
    with whole.house.database.reading() as session:
        assert len(exchanges.recent_of(session, person="U0MAYA", limit=5)) == 2


def test_the_same_event_id_key_and_channel_in_two_workspaces_are_two(whole: Company) -> None:
    """Both clocks begin alike, so that both messages have one channel id and, often, one ts."""
    offices = [whole.office(FIRST), whole.office(SECOND)]
    asked = [office.workspace.say("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}") for office in offices]
    for office, ts in zip(offices, asked, strict=True):
        assert SAID in office.wait_for_replies(1, "U0MAYA", "C0HARBOUR", ts)[0].words


def test_what_an_admin_sets_for_a_channel_holds_in_that_workspace_only(whole: Company) -> None:
    first, second = whole.office(FIRST), whole.office(SECOND)
    with first.house.database.writing.begin() as session:
        channels.save(session, "C0HARBOUR", ChannelSettings(unasked=True), by="Elif", now=datetime.now(UTC))
    ts = first.workspace.say("U0SAM", "C0HARBOUR", QUESTION)
    assert SAID in first.wait_for_replies(1, "U0SAM", "C0HARBOUR", ts)[0].words
    silent = second.replies("U0SAM", "C0HARBOUR")
    second.workspace.say("U0SAM", "C0HARBOUR", QUESTION)
    second.settle()
    assert second.replies("U0SAM", "C0HARBOUR") == silent


def test_uninstalled_it_is_silent_there_and_goes_on_elsewhere(whole: Company) -> None:
    second = whole.office(SECOND)
    second.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    second.settle()
    second.workspace.uninstall()
    until(lambda: whole.bot.attended.of(SECOND) is None)
    assert stored_tokens(whole) == {FIRST}
    assert SAID in whole.office(FIRST).ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}").words
    with whole.house.database.of(SECOND).reading() as session:
        left = session.scalars(select(OutboxRow.id).where(OutboxRow.state == State.WAITING)).all()
        assert left == []
        assert len(exchanges.recent_of(session, person="U0MAYA", limit=5)) == 1


def test_installed_again_it_knows_what_was_said_before(whole: Company) -> None:
    second = whole.office(SECOND)
    second.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    second.settle()
    second.workspace.uninstall()
    until(lambda: whole.bot.attended.of(SECOND) is None)
    again = whole.take_in(SECOND, "U0SAM")
    assert SAID in again.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION} Again.").words
    with again.house.database.reading() as session:
        assert len(exchanges.recent_of(session, person="U0MAYA", limit=5)) == 2


def test_a_workspace_that_is_not_named_gets_the_bot_taken_out_again(house: House) -> None:
    with companies.opened(house, allowed=frozenset({FIRST})) as company:
        page = company.install(SECOND, "U0SAM")
        assert page.status_code == 403
        assert "adds the id T0HARB to SLACK_WORKSPACES first" in page.text
        assert company.bot.attended.of(SECOND) is None
        assert stored_tokens(company) == set()
        assert not company.front.slacks[1].workspace.is_installed


def test_who_says_no_is_told_that_nothing_happened(company: Company) -> None:
    asked = company.begin()
    page = httpx.get(company.consent(asked, SECOND, "U0SAM", do="cancel"), headers={"cookie": cookie_of(asked)})
    assert "You said no, so nothing was installed" in page.text
    assert stored_tokens(company) == set()


def test_another_browser_than_the_one_that_began_installs_nothing(company: Company) -> None:
    back = company.consent(company.begin(), SECOND, "U0SAM")
    for cookie in ("", cookie_of(company.begin())):
        page = httpx.get(back, headers={"cookie": cookie})
        assert page.status_code == 400
        assert "in another browser than the one that began" in page.text
    assert stored_tokens(company) == set()


def test_a_page_that_is_loaded_twice_installs_once_and_says_so(company: Company) -> None:
    asked = company.begin()
    back, cookie = company.consent(asked, SECOND, "U0SAM"), cookie_of(asked)
    assert httpx.get(back, headers={"cookie": cookie}).status_code == 200
    again = httpx.get(back, headers={"cookie": cookie})
    assert again.status_code == 401
    assert "loaded a second time" in again.text
    assert SAID in company.office(SECOND).ask_directly("U0MAYA", QUESTION).words


def test_no_token_is_in_the_database_file(whole: Company, tmp_path: Path) -> None:
    tokens = [one.token for one in installations_of(whole).all()]
    assert len(tokens) == 2
    files = [file.read_bytes() for file in (tmp_path / "var").glob("throughline.db*")]
    assert files
    for token in tokens:
        assert token.startswith("xoxb-")
        assert not any(token.encode() in file for file in files)


def test_another_replica_attends_it_too(whole: Company) -> None:
    other = EveryWorkspace(
        whole.house, installations_of(whole), allowed=whole.slack.workspaces, api_url=whole.front.api_url
    )
    other.start()
    try:
        assert other.of(SECOND) is not None
        installations_of(whole).remove(SECOND)
        until(lambda: other.of(SECOND) is None, timeout=PATIENCE_SECONDS)
        assert other.of(FIRST) is not None
    finally:
        other.stop()


def test_a_token_that_slack_no_longer_takes_costs_that_workspace_only(
    whole: Company, caplog: pytest.LogCaptureFixture
) -> None:
    whole.bot.attended.stop()
    whole.front.slacks[1].workspace.uninstall()
    other = EveryWorkspace(
        whole.house, installations_of(whole), allowed=whole.slack.workspaces, api_url=whole.front.api_url
    )
    other.start()
    try:
        assert other.of(FIRST) is not None
        assert other.of(SECOND) is None
        assert "workspace T0HARB is not attended: Slack refused its token (account_inactive)" in caplog.text
    finally:
        other.stop()


def installations_of(company: Company) -> Installations:
    return Installations(company.house.database, client_id=company.slack.client_id, keys=company.slack.keys)


def stored_tokens(company: Company) -> set[str]:
    """The workspaces of which a token is stored."""
    return {one.workspace for one in installations_of(company).all()}
