"""[Save as a page]: what a person answered becomes a page after a review, and who asked hears of it."""

from collections.abc import Callable

import pytest
from bot import request_wording as wording
from bot.simulator.messages import SeenMessage

from offices import PATIENCE_SECONDS, Office

PAGES = {
    "returns.md": "---\ntitle: Equipment returns\nowner: returns\n---\nEquipment is returned at the shop counter.\n",
    "desk.md": "---\ntitle: Front desk\n---\nThe front desk opens at 8 in the morning and closes at 6.\n",
}
QUESTION = "Where is equipment returned when lightning struck it?"
ANSWER = "No fee applies to equipment that lightning destroyed. Call dana@example.org for the form."


@pytest.fixture(scope="module")
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    return office_with(PAGES)


def seen(office: Office, person: str, channel: str, words: str) -> SeenMessage:
    """The newest message of the bot in which this person reads these words."""

    def read() -> list[SeenMessage]:
        return [one for one in office.replies(person, channel) if words in one.words]

    # What a press is answered with comes from a thread of its own, of which no row tells.
    found = office.workspace.wait_for(read, timeout=PATIENCE_SECONDS)
    return found[-1]


def press(office: Office, person: str, channel: str, message: SeenMessage, name: str) -> None:
    button = message.button(name)
    assert button is not None, message.buttons
    office.workspace.click(person, channel, message.ts, button.action_id, button.value)


def form(office: Office, person: str, channel: str, message: SeenMessage, name: str) -> str:
    press(office, person, channel, message, name)
    return office.workspace.wait_for(lambda: office.workspace.open_modal(person), timeout=PATIENCE_SECONDS).words


def submit(office: Office, person: str, **values: str) -> None:
    office.workspace.submit(person, values)
    office.settle()


def answered(office: Office, asker: str, channel: str, extra: str) -> SeenMessage:
    """Somebody asks people, and Maya of the Returns team answers; returns the line that offers to save it."""
    answer = (
        office.ask_directly(asker, f"{QUESTION} {extra}")
        if channel.startswith("D")
        else office.ask(asker, channel, f"@Throughline {QUESTION} {extra}")
    )
    form(office, asker, channel, answer, wording.ASK_HUMAN)
    submit(office, asker)
    card = seen(office, "U0MAYA", "C0RETURNS", extra)
    office.workspace.say("U0MAYA", "C0RETURNS", ANSWER, card.thread_ts or card.ts)
    office.settle()
    lines = office.workspace.seen_by("U0MAYA", "C0RETURNS", card.ts)
    return next(one for one in lines if one.button(wording.SAVE))


def proposed(office: Office, line: SeenMessage, title: str, **values: str) -> SeenMessage:
    """Maya proposes a page; returns its card."""
    form(office, "U0MAYA", "C0RETURNS", line, wording.SAVE)
    submit(office, "U0MAYA", title=title, **values)
    return seen(office, "U0MAYA", "C0RETURNS", title)


def test_a_page_is_proposed_reviewed_published_and_told_to_everybody_who_asked(office: Office) -> None:
    answered(office, "U0RUTH", "C0HARBOUR", "Struck.")
    line = answered(office, "U0SAM", "D0SAM", "Struck.")
    words = form(office, "U0MAYA", "C0RETURNS", line, wording.SAVE)
    assert f"{QUESTION} Struck." in words
    assert "Call [e-mail] for the form." in words
    assert "dana@example.org" not in words
    submit(
        office,
        "U0MAYA",
        title="Lightning: who’s to pay",
        text="No fee applies to equipment that lightning destroyed.",
    )
    card = seen(office, "U0ELIF", "C0RETURNS", "Maya Okafor proposes a page")
    assert card.thread_ts == line.thread_ts
    assert "Who may see it: Every employee" in card.words
    assert "somebody of the Returns team who did not write it, or an admin" in card.words

    press(office, "U0MAYA", "C0RETURNS", card, wording.PUBLISH)
    office.settle()
    assert seen(office, "U0MAYA", "C0RETURNS", "is yours to decide").ephemeral
    assert "lightning destroyed" not in office.ask_directly("U0NIAMH", QUESTION).words

    press(office, "U0ELIF", "C0RETURNS", card, wording.PUBLISH)
    office.settle()
    assert seen(office, "U0ELIF", "C0RETURNS", wording.PUBLISHING).ephemeral
    published = seen(office, "U0JONAS", "C0RETURNS", "Elif Kaya published “Lightning: who’s to pay”")
    assert published.thread_ts == line.thread_ts
    assert "answers/lightning-whos-to-pay.md" in published.words
    for asker in ("SAM", "RUTH"):
        news = seen(office, f"U0{asker}", f"D0{asker}", "There is a page now about what you asked")
        assert "“Lightning: who’s to pay”" in news.words
    assert "No fee applies to equipment that lightning destroyed." in office.ask_directly("U0NIAMH", QUESTION).words


def test_who_may_not_read_the_page_does_not_hear_its_title(office: Office) -> None:
    line = answered(office, "U0SAM", "C0HARBOUR", "Secret.")
    form(office, "U0ELIF", "C0RETURNS", line, wording.SAVE)
    submit(
        office,
        "U0ELIF",
        title="Waiving in secret",
        text="A supervisor waives the secret fee.",
        audience="The role supervisor",
    )
    card = seen(office, "U0ELIF", "C0RETURNS", "Waiving in secret")
    assert "Who may see it: The role supervisor" in card.words
    press(office, "U0ELIF", "C0RETURNS", card, wording.PUBLISH)
    office.settle()
    assert seen(office, "U0ELIF", "C0RETURNS", "published “Waiving in secret”")
    assert not any("Waiving in secret" in one.words for one in office.replies("U0SAM", "D0SAM"))


def test_nobody_offers_a_page_to_those_they_do_not_belong_to(office: Office) -> None:
    line = answered(office, "U0SAM", "C0HARBOUR", "Offers.")
    form(office, "U0MAYA", "C0RETURNS", line, wording.SAVE)
    modal = office.workspace.open_modal("U0MAYA")
    assert modal is not None
    field = modal.field("audience")
    assert field is not None
    assert field.options == (
        "Every employee",
        "The role shift-lead",
        "The role shop",
        "Everybody, also guests and partners",
    )
    office.workspace.close_modal("U0MAYA")


def test_a_page_is_refused_with_a_reason(office: Office) -> None:
    line = answered(office, "U0SAM", "C0HARBOUR", "Refused.")
    card = proposed(office, line, "Refused page")
    press(office, "U0SAM", "C0RETURNS", card, wording.REFUSE)
    office.settle()
    assert office.workspace.open_modal("U0SAM") is None
    assert "yours to decide" in seen(office, "U0SAM", "C0RETURNS", "is yours to decide").words
    form(office, "U0ELIF", "C0RETURNS", card, wording.REFUSE)
    submit(office, "U0ELIF", reason="Say which form")
    told = seen(office, "U0MAYA", "C0RETURNS", "Elif Kaya refused the page")
    assert told.words == "Elif Kaya refused the page “Refused page”: Say which form"
    press(office, "U0ELIF", "C0RETURNS", card, wording.PUBLISH)
    office.settle()
    assert seen(office, "U0ELIF", "C0RETURNS", "was refused by Elif Kaya")
