"""`/knowledge`: admins keep the knowledge true without leaving Slack, and nobody else sees or does anything by it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from bot import outbox, wording
from bot.curation import OPERATOR
from bot.handlers.blocks import ACT_ACTION
from bot.outbox import Destination
from bot.simulator.messages import SeenMessage

from offices import PATIENCE_SECONDS, Office

ADMIN, SHOP = "U0ELIF", "U0MAYA"
PLACE = "C0HARBOUR"


@pytest.fixture(scope="module")
def small(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(
        {
            "fees.md": (
                "---\ntitle: Late fees\nowner: billing-policy\nverified: 2020-01-01\nreview_by: 2020-06-30\n---\n"
                "The late fee is $9.50.\n"
            ),
            "orion.md": "---\ntitle: Orion guide\n---\nType the serial of a returned modem into Orion at the desk.\n",
            "cash.md": "---\ntitle: Counting cash\nowner: returns\n---\nCount the till at close.\n",
            "phones.md": "---\ntitle: Phone scripts\naudience: role:phone\n---\nPhone staff greet callers by name.\n",
        }
    )


def knowledge(office: Office, text: str, person: str = ADMIN) -> SeenMessage:
    return office.slash(person, PLACE, text, "/knowledge")


def test_status_says_what_is_live_and_what_needs_care(small: Office) -> None:
    said = knowledge(small, "status")
    state = small.house.curator.state(by=OPERATOR, today=datetime.now(UTC).date(), now=datetime.now(UTC))
    assert state.live is not None
    assert f"{state.live.documents} pages in {state.live.passages} passages" in said.words
    assert f"{wording.count(state.stale, 'page')} past review or unverified for half a year" in said.words
    assert small.who_sees(PLACE, said) == {ADMIN}


def test_whoever_is_no_admin_is_refused_where_only_they_see_it(small: Office) -> None:
    said = knowledge(small, "stale", SHOP)
    assert said.words == (
        "Only an admin may do that, and Maya Okafor is not one. Ask an admin; config/people.yaml says who they are."
    )
    assert small.who_sees(PLACE, said) == {SHOP}


@pytest.mark.parametrize("text", ["reindex", "as Sam Tran: how high is the late fee?", "rollback", "withdraw fees", ""])
def test_nobody_else_can_do_what_admins_do(small: Office, text: str) -> None:
    assert "Only an admin may do that" in knowledge(small, text, SHOP).words


def test_stale_pages_are_verified_by_a_button(small: Office) -> None:
    listed = knowledge(small, "stale")
    assert "Late fees" in listed.words
    assert "review was due 2020-06-30" in listed.words
    button = listed.button("verify fees.md")
    assert button is not None
    small.workspace.click(ADMIN, PLACE, listed.ts, ACT_ACTION, button.value)
    small.settle()
    assert "Verified today: Late fees" in small.replies(ADMIN, PLACE)[-1].words
    # What is past its review stays here until its page names another day.
    assert f"verified {datetime.now(UTC).date()} · review was due 2020-06-30" in knowledge(small, "stale").words


def test_a_notice_is_posted_listed_and_ended(small: Office) -> None:
    posted = knowledge(small, "notice Orion is down, use the paper form, until 2h for role:shop")
    assert "Orion is down, use the paper form" in posted.words
    assert "for role:shop" in posted.words
    answer = small.ask(SHOP, PLACE, "@Throughline Where do I type the serial of a modem into Orion?")
    # Not everybody here has the role, so it stands only on top of what its audience sees alone.
    assert "paper form" not in answer.words
    own = small.ask_directly(SHOP, "Where do I type the serial of a modem into Orion?")
    assert "Orion is down, use the paper form" in own.words
    listed = knowledge(small, "notices")
    end = next(button for button in listed.buttons if button.value.startswith("end "))
    small.workspace.click(ADMIN, PLACE, listed.ts, ACT_ACTION, end.value)
    small.settle()
    assert knowledge(small, "notices").words.startswith("No notice stands now.")


def test_a_notice_without_an_end_says_how_to_write_one(small: Office) -> None:
    assert knowledge(small, "notice Orion is down").words == wording.NOTICE_USAGE.replace("`", "")
    assert "is not a time" in knowledge(small, "notice Orion is down, until tomorrowish").words


def test_a_wrong_page_is_withdrawn_at_once_and_restored_by_a_button(small: Office) -> None:
    done = knowledge(small, "withdraw Orion guide because the desk moved")
    assert "already. /knowledge status lists such pages." in knowledge(small, "withdraw Orion guide").words
    assert "Withdrawn: Orion guide" in done.words
    assert "Orion at the desk" not in small.ask_directly(SHOP, "Where do I type the serial of a returned modem?").words
    assert "by Elif Kaya: the desk moved" in knowledge(small, "status").words
    small.workspace.click(ADMIN, PLACE, done.ts, ACT_ACTION, "restore orion.md")
    small.settle()
    assert "Orion at the desk" in small.ask_directly(SHOP, "Where do I type the serial of a returned modem?").words


def test_an_admin_sees_what_somebody_else_would_get_and_nothing_of_it_is_kept(small: Office) -> None:
    question = "how do phone staff greet callers?"
    seen = knowledge(small, f"as Sam Tran: {question}")
    assert wording.seen_as("Sam Tran") in seen.words
    assert "greet callers by name" in seen.words
    assert seen.button("Helpful") is None
    assert "greet callers by name" not in knowledge(small, f"as Maya Okafor: {question}").words
    by_mention = knowledge(small, f"as @Sam Tran: {question}")
    assert "greet callers by name" in by_mention.words
    assert question not in knowledge(small, "gaps").words


def test_reindexing_says_how_far_it_is_in_a_direct_message_and_what_it_did(small: Office) -> None:
    (small.house.settings.knowledge / "cards.md").write_text("---\ntitle: Gift cards\n---\nGift cards never expire.\n")
    direct = small.workspace.direct(ADMIN).id
    before = len(small.replies(ADMIN, direct))
    assert knowledge(small, "reindex").words == wording.REINDEX_BEGUN
    done = small.workspace.wait_for(
        lambda: next((one for one in small.replies(ADMIN, direct)[before:] if "Reindexed" in one.words), None),
        timeout=PATIENCE_SECONDS,
    )
    small.settle()
    assert "5 pages, 5 passages" in done.words
    assert "1 added, 0 changed, 0 removed, 4 unchanged" in done.words
    assert len(small.replies(ADMIN, direct)) == before + 1, "one message, which changes"
    assert "never expire" in small.ask_directly(SHOP, "do gift cards expire?").words


def test_an_unknown_word_names_the_nearest_one(small: Office) -> None:
    assert "Did you mean /knowledge conflicts?" in knowledge(small, "conflict").words


def test_an_owner_who_is_no_admin_verifies_their_own_page_only(small: Office) -> None:
    assert "Only an admin or an owner" in knowledge(small, "verify Orion guide", "U0JONAS").words
    assert "Verified today: Counting cash" in knowledge(small, "verify Counting cash", "U0MAYA").words


def test_the_day_of_a_verification_is_today(small: Office) -> None:
    knowledge(small, "verify Phone scripts")
    said = knowledge(small, "as Sam Tran: how do phone staff greet callers?").words
    assert "verified today" in said


def test_what_slack_did_not_take_is_listed_sent_again_and_let_go(small: Office) -> None:
    with small.house.database.writing.begin() as session:
        outbox.owe(
            session,
            key="lost",
            kind="words",
            to=Destination(channel="C0NOWHERE"),
            value={"text": "a secret"},
            now=datetime.now(UTC),
        )
    small.settle()
    listed = knowledge(small, "undelivered")
    assert "words to C0NOWHERE" in listed.words
    assert "channel_not_found" in listed.words
    assert "a secret" not in listed.words
    again = next(button for button in listed.buttons if button.label == "Send again")
    small.workspace.click(ADMIN, PLACE, listed.ts, ACT_ACTION, again.value)
    small.settle()
    number = again.value.removeprefix("replay ")
    assert f"Message {number} is let go for good." in knowledge(small, f"drop {number}").words
    small.settle()  # the reply before this one is seen before it is written down that Slack took it
    assert knowledge(small, "undelivered").words == "Everything that was owed is delivered or on its way"
    assert "Only an admin" in knowledge(small, "undelivered", SHOP).words
