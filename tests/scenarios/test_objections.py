"""Not helpful, and why: the form, what the owner of the page reads, and what the next person is answered."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime

from bot import verdict_wording as said
from bot import wording
from bot.curation import OPERATOR
from bot.exchanges import ExchangeRow, FeedbackRow
from bot.friction.desk import Form
from bot.friction.kinds import Kind, Privacy
from bot.friction.reporters import Reporter
from bot.handlers.blocks import ACT_ACTION, FEEDBACK_ACTION
from bot.simulator.messages import SeenMessage
from sqlalchemy import delete, select

from offices import Office, until

QUESTION = "Can I waive a late fee without a supervisor?"
FORM_TITLE = "What was wrong?"
OWNERS = "C0BILLING"


def not_helpful(office: Office, person: str, answer: SeenMessage, channel: str = "C0HARBOUR") -> None:
    """Press the button, and wait for the form."""
    button = answer.button("Not helpful")
    assert button is not None
    office.workspace.click(person, channel, answer.ts, FEEDBACK_ACTION, button.value)
    until(lambda: office.workspace.open_modal(person) is not None)


def told_owners(office: Office) -> list[SeenMessage]:
    return list(office.replies("U0ELIF", OWNERS))


def of_verdicts(told: Iterable[SeenMessage]) -> list[SeenMessage]:
    return [one for one in told if one.words.startswith("An answer from")]


def object_to(office: Office, person: str, answer: SeenMessage, channel: str = "C0HARBOUR", **fields: object) -> None:
    not_helpful(office, person, answer, channel)
    office.workspace.submit(person, {"what": said.OBJECTIONS[said.Objection.OUTDATED], **fields})
    office.settle()


def verdicts(office: Office, answer: SeenMessage) -> dict[str, tuple[bool, str, str, bool]]:
    number = int(answer.buttons[0].value.partition(":")[0])
    with office.house.database.reading() as session:
        rows = session.scalars(select(FeedbackRow).where(FeedbackRow.exchange == number)).all()
    return {row.person: (row.helpful, row.objection, row.words, row.named) for row in rows}


def test_not_helpful_is_recorded_at_once_and_asks_what_was_wrong(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    not_helpful(shared_office, "U0SAM", answer)
    shared_office.settle()
    assert verdicts(shared_office, answer) == {"U0SAM": (False, "", "", True)}
    form = shared_office.workspace.open_modal("U0SAM")
    assert form is not None
    assert form.title == FORM_TITLE
    what = form.field("what")
    assert what is not None
    assert what.options == tuple(said.OBJECTIONS.values())
    assert "Billing policy" in form.words
    shared_office.workspace.close_modal("U0SAM")


def test_helpful_asks_nothing(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    button = answer.button("Helpful")
    assert button is not None
    before = shared_office.workspace.open_modal("U0NIAMH")  # other tests may have left one open
    shared_office.workspace.click("U0NIAMH", "C0HARBOUR", answer.ts, FEEDBACK_ACTION, button.value)
    shared_office.settle()
    assert shared_office.workspace.open_modal("U0NIAMH") == before


def test_a_form_without_a_choice_stays_open_and_says_so(shared_office: Office) -> None:
    answer = shared_office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    not_helpful(shared_office, "U0RUTH", answer)
    shared_office.workspace.submit("U0RUTH", {"words": "two a year"})
    form = shared_office.workspace.open_modal("U0RUTH")
    assert form is not None
    assert "what" in form.errors
    shared_office.workspace.close_modal("U0RUTH")
    shared_office.settle()
    assert verdicts(shared_office, answer)["U0RUTH"][1] == ""


def test_the_owner_reads_why_in_their_channel_and_the_giver_is_thanked(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    object_to(office, "U0SAM", answer, words="Since May it is two a year. Ask dana.ruiz@example.org")
    [card] = told_owners(office)
    assert card.words.startswith("An answer from “Late fees and late-fee waivers › ")
    for part in ("did not help Sam Tran", "It is out of date", "Since May it is two a year. Ask [", QUESTION):
        assert part in card.words
    assert "dana.ruiz" not in card.words
    assert answer.words.partition(" [1]")[0] in card.words
    assert verdicts(office, answer)["U0SAM"][:2] == (False, "outdated")
    thanks = office.replies("U0SAM", "C0HARBOUR", answer.thread_ts)[-1]
    assert thanks.words.startswith(said.passed_on("Billing policy") + " Others can join it: it is FR-")
    assert office.who_sees("C0HARBOUR", thanks) == {"U0SAM"}


def test_who_leaves_the_name_out_is_somebody_to_the_owner(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    object_to(office, "U0SAM", answer, unnamed=[said.UNNAMED])
    [card] = told_owners(office)
    assert "did not help somebody." in card.words
    assert "Sam" not in card.words


def test_verdicts_on_one_page_within_an_hour_stand_in_one_thread(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    for person in ("U0SAM", "U0MAYA", "U0NIAMH"):
        object_to(office, person, answer)
    cards = of_verdicts(told_owners(office))
    first, *others = sorted(cards, key=lambda one: float(one.ts))
    assert len(cards) == 3
    assert {one.thread_ts for one in others} == {first.ts}


def test_saying_the_same_again_is_one_verdict_and_one_message(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    object_to(office, "U0SAM", answer)
    object_to(office, "U0SAM", answer)
    assert len(told_owners(office)) == 1
    assert office.replies("U0SAM", "C0HARBOUR", answer.thread_ts)[-1].words == said.unchanged("Billing policy")
    object_to(office, "U0SAM", answer, words="One a year.")
    assert len(told_owners(office)) == 2
    assert verdicts(office, answer)["U0SAM"][2] == "One a year."


def test_the_owner_of_a_page_gets_one_message_and_a_card_when_a_second_person_says_it(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    object_to(office, "U0SAM", answer)
    desk, now = office.house.friction, datetime.now(UTC)
    sam = office.house.directory.find("sam.tran@tidewater.example")
    later = desk.read("the printer is broken again", sam, now=now)
    who = Reporter("U0SAM", office.workspace.installation.team.id, "Sam Tran")
    form = Form(Kind.HARDWARE, privacy=Privacy.NAMED, team="billing-policy")
    assert desk.file(later, form, who, now=now).ticket == 2
    until(lambda: len(told_owners(office)) == 2)  # cards come in the order of their tickets
    [verdict, card] = told_owners(office)
    assert verdict.words.startswith("An answer from")
    assert "FR-2" in card.words
    object_to(office, "U0NIAMH", answer)
    until(lambda: len(told_owners(office)) == 4)
    [fresh] = [one for one in told_owners(office) if "FR-1" in one.words]
    assert "2 people" in fresh.words


def test_three_people_change_what_the_next_one_is_answered_first(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    for person in ("U0SAM", "U0MAYA", "U0NIAMH"):
        object_to(office, person, answer)
    lowered = office.ask("U0RUTH", "C0HARBOUR", f"@Throughline {QUESTION}")
    assert lowered.words.partition("[1]")[0] != answer.words.partition("[1]")[0]
    office.house.curator.verify("policies/late-fees.md", by=OPERATOR, today=date(2026, 11, 22))
    settled = office.ask("U0RUTH", "C0HARBOUR", f"@Throughline {QUESTION}")
    assert settled.words.partition("[1]")[0] == answer.words.partition("[1]")[0]


def test_a_page_that_not_everybody_in_the_channel_may_read_is_told_to_its_people_alone(office: Office) -> None:
    answer = office.ask_directly("U0NIAMH", "what's the most I can knock off in one go without the duty manager")
    assert "Supervisor" in answer.words
    before = {channel: len(office.replies("U0ELIF", channel)) for channel in (OWNERS, "C0RETURNS", "D0ELIF")}
    object_to(office, "U0NIAMH", answer, channel="D0NIAMH", words="It is $200 now.")
    told = {channel: office.replies("U0ELIF", channel)[count:] for channel, count in before.items()}
    assert (told[OWNERS], told["C0RETURNS"]) == ((), ())
    [card] = told["D0ELIF"]
    assert "It is $200 now." in card.words


def test_feedback_on_an_answer_that_is_not_kept_opens_nothing(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    not_helpful(office, "U0SAM", answer)
    office.settle()
    with office.house.database.writing.begin() as session:
        session.execute(delete(ExchangeRow))
    office.workspace.submit("U0SAM", {"what": "It is wrong"})
    office.settle()
    assert office.replies("U0SAM", "C0HARBOUR", answer.thread_ts)[-1].words == wording.FEEDBACK_LOST
    button = answer.button("Not helpful")
    assert button is not None
    office.workspace.click("U0RUTH", "C0HARBOUR", answer.ts, FEEDBACK_ACTION, button.value)
    office.settle()
    assert office.workspace.open_modal("U0RUTH") is None


def test_an_admin_lists_what_did_not_help_and_settles_it_by_a_button(office: Office) -> None:
    answer = office.ask("U0MAYA", "C0HARBOUR", f"@Throughline {QUESTION}")
    object_to(office, "U0SAM", answer, words="Two a year.")
    listed = office.slash("U0ELIF", "C0HARBOUR", "feedback billing-policy", "/knowledge")
    assert "Late fees and late-fee waivers · Billing policy · 1 open of 1" in listed.words
    assert f"It is out of date. It should say: “Two a year.” Asked was: “{QUESTION}” (open)" in listed.words
    button = listed.button("verify policies/late-fees.md")
    assert button is not None
    office.workspace.click("U0ELIF", "C0HARBOUR", listed.ts, ACT_ACTION, button.value)
    office.settle()
    settled = office.slash("U0ELIF", "C0HARBOUR", "feedback", "/knowledge")
    assert "0 open of 1" in settled.words
    assert "(settled: the page was verified)" in settled.words
    assert "Only an admin may do that" in office.slash("U0SAM", "C0HARBOUR", "feedback", "/knowledge").words


def test_a_team_without_a_channel_is_written_to_person_by_person_and_without_a_team_the_admins_are(
    office_with: Callable[[dict[str, str]], Office],
) -> None:
    place = office_with(
        {
            "hours.md": "---\ntitle: Hours\nowner: retail-operations\n---\nThe shop opens at nine on weekdays.\n",
            "cards.md": "---\ntitle: Gift cards\n---\nGift cards never expire, whoever bought them.\n",
        }
    )
    for question, owner, told in (
        ("When does the shop open on weekdays?", "Retail operations", "U0MAYA"),
        ("Do gift cards ever expire?", "", "U0ELIF"),
    ):
        answer = place.ask("U0SAM", "C0HARBOUR", f"@Throughline {question}")
        object_to(place, "U0SAM", answer, words="Not any more.")
        [card] = place.replies(told, told.replace("U", "D", 1))
        assert question in card.words
        assert answer.words.partition(" [1]")[0] in card.words
        assert place.replies("U0SAM", "C0HARBOUR", answer.thread_ts)[-1].words.startswith(said.passed_on(owner))
