"""App Home and `/throughline`: a page of one's own, what changed, and how a channel is set."""

from collections.abc import Callable

import pytest
from bot import channels, request_wording, wording
from bot.channels import ChannelSettings
from bot.handlers.blocks import TRY_ACTION

from offices import PATIENCE_SECONDS, Office

MAYA, ADMIN = "U0MAYA", "U0ELIF"


def home_of(office: Office, person: str, holding: str = "") -> str:
    """Open the Home and read it once it is drawn with these words."""
    office.workspace.open_home(person)

    def drawn() -> str:
        view = office.workspace.home_of(person)
        return view.words if view and holding in view.words else ""

    return office.workspace.wait_for(drawn, timeout=PATIENCE_SECONDS)


@pytest.fixture(scope="module")
def small(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(
        {
            "policies/fees.md": "---\ntitle: Late fees\n---\n# Fees\n## How much\nThe late fee is $9.50.\n",
            "policies/secret.md": "---\ntitle: Waivers\naudience: role:supervisor\n---\nTwo waivers a month.\n",
            "tools/orion.md": "---\ntitle: Orion guide\n---\nType the serial into Orion at the desk.\n",
        }
    )


def test_home_shows_what_somebody_asked_and_whether_it_was_answered(small: Office) -> None:
    small.ask_directly(MAYA, "How much is the late fee?")
    said = home_of(small, MAYA, "How much is the late fee?")
    assert "What you asked last" in said
    assert "Late fees" in said
    assert "How much is the late fee?" not in home_of(small, "U0SAM")


def test_an_empty_home_says_what_to_do(small: Office) -> None:
    assert "You have not asked anything yet" in home_of(small, "U0RUTH")


def test_only_admins_see_the_state_of_the_knowledge(small: Office) -> None:
    live = small.house.library.status()
    assert live is not None
    assert f"{live.documents} pages in {live.passages} passages" in home_of(small, ADMIN, "The knowledge")
    assert "passages" not in home_of(small, MAYA)


def test_a_suggested_question_is_answered_in_the_direct_message(office: Office) -> None:
    home_of(office, MAYA, wording.HOME_TITLE)
    view = office.workspace.home_of(MAYA)
    assert view is not None
    question = next(button.value for button in view.buttons if button.action_id == TRY_ACTION)
    office.workspace.press_in_home(MAYA, TRY_ACTION, question)
    answer = office.wait_for_replies(1, MAYA, office.workspace.direct(MAYA).id)[-1]
    assert answer.words.startswith(wording.tried(question))
    assert "[1]" in answer.words


def test_what_changed_names_the_sections_and_only_pages_one_may_read(small: Office) -> None:
    folder = small.house.settings.knowledge
    (folder / "policies/fees.md").write_text("---\ntitle: Late fees\n---\n# Fees\n## How much\nThe late fee is $11.\n")
    (folder / "policies/secret.md").write_text(
        "---\ntitle: Waivers\naudience: role:supervisor\n---\nThree waivers a month.\n"
    )
    (folder / "policies/cards.md").write_text("---\ntitle: Gift cards\n---\nGift cards never expire.\n")
    small.house.reindex(folder)
    said = small.slash(MAYA, "C0HARBOUR", "changes", "/throughline").words
    assert "Late fees\nchanged: How much" in said
    assert "Gift cards\nnew page" in said
    assert "Waivers" not in said
    assert "Orion guide" not in said
    assert "Waivers\nchanged" in small.slash("U0NIAMH", "C0HARBOUR", "changes 1h", "/throughline").words
    assert "Late fees\nchanged" in home_of(small, MAYA, "changed: How much")


def test_nothing_changed_says_so(small: Office) -> None:
    assert "Nothing you may read has changed" in small.slash(MAYA, "C0HARBOUR", "changes 0m", "/throughline").words


def test_help_is_a_list_for_everybody(small: Office) -> None:
    said = small.slash("U0TOMAS", "C0FIELD", "help", "/throughline").words
    assert "(aside)" in said
    assert "/knowledge help" in said
    assert request_wording.ASK_HUMAN in said
    assert wording.NOT_HELPFUL in said


def test_a_command_that_there_is_not_is_said_to_be_none_above_the_list(small: Office) -> None:
    said = small.slash(MAYA, "C0HARBOUR", "holidays", "/throughline").words
    assert said.startswith("There is no /throughline holidays")
    assert "/knowledge help" in said


def test_an_admin_sets_a_channel_in_a_form(small: Office) -> None:
    small.workspace.slash(ADMIN, "C0BILLING", "/throughline", "settings")
    form = small.workspace.wait_for(lambda: small.workspace.open_modal(ADMIN), timeout=PATIENCE_SECONDS)
    assert "#billing-policy" in form.words
    small.workspace.submit(ADMIN, {"folders": ["policies"], "unasked": ["on"], "escalation": "C0RETURNS"})
    small.settle()
    assert small.workspace.open_modal(ADMIN) is None
    with small.house.database.reading() as session:
        assert channels.settings_of(session, "C0BILLING") == ChannelSettings(("policies",), True, "C0RETURNS")
    assert "Here I answer from policies" in small.replies(ADMIN, "C0BILLING")[-1].words
    small.workspace.slash(ADMIN, "C0BILLING", "/throughline", "settings")
    form = small.workspace.wait_for(lambda: small.workspace.open_modal(ADMIN), timeout=PATIENCE_SECONDS)
    chosen = form.field("folders")
    assert chosen is not None
    assert chosen.value == "policies"


def test_whoever_is_no_admin_gets_no_form(small: Office) -> None:
    small.workspace.slash(MAYA, "C0BILLING", "/throughline", "settings")
    small.settle()
    heard = small.wait_for_replies(1, MAYA, "C0BILLING")[-1]
    assert "Only an admin may do that" in heard.words
    assert small.workspace.open_modal(MAYA) is None
