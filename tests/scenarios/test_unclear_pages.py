"""A rule that is unclear is one ticket of its page, and over once the page answers what was asked."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from bot import verdict_wording as said
from bot.friction.tables import EventRow, QuestionRow, ReportRow, TicketRow
from bot.handlers.blocks import FEEDBACK_ACTION, LOG_ACTION
from bot.handlers.friction.again import AskingAgain
from bot.simulator.messages import SeenMessage
from bot.verdicts import Objection
from sqlalchemy import select

from offices import Office, until

MAYA, SAM, NIAMH = "U0MAYA", "U0SAM", "U0NIAMH"
SHOP = "C0HARBOUR"


def page(title: str, owner: str, said: str, audience: str = "everyone") -> str:
    return f"---\ntitle: {title}\nowner: {owner}\naudience: {audience}\n---\n# {title}\n{said}\n"


PACKED = "## Packing\nA router is packed"
KEYS = "## Keys\nThe keys of the van hang beside a door"
PAGES = {
    "returns.md": page("Equipment returns", "returns", "A box is to be returned in time after the contract ends."),
    "waivers.md": page("Waivers", "billing-policy", "A late fee is waived where that is fair.", "role:supervisor"),
    "routers.md": page("Routers", "returns", f"{PACKED} well.\n\n{KEYS}"),
    "visits.md": page("Visits", "field-service", "A technician visits a customer soon after the call."),
}
WHEN = "when must a box be returned after the contract ends?"


@pytest.fixture
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    opened = office_with(PAGES)
    opened.house.friction.warm_up()
    return opened


def object_to(office: Office, person: str, answer: SeenMessage, objection: Objection, **fields: object) -> str:
    """What this person is told."""
    button = answer.button("Not helpful")
    assert button is not None
    office.workspace.click(person, SHOP, answer.ts, FEEDBACK_ACTION, button.value)
    until(lambda: office.workspace.open_modal(person) is not None)
    office.workspace.submit(person, {"what": said.OBJECTIONS[objection], **fields})
    office.settle()
    return office.replies(person, SHOP, answer.thread_ts)[-1].words


def open_tickets(office: Office) -> list[TicketRow]:
    with office.house.database.reading() as session:
        return list(session.scalars(select(TicketRow).order_by(TicketRow.id)))


def reports(office: Office) -> list[ReportRow]:
    with office.house.database.reading() as session:
        return list(session.scalars(select(ReportRow).order_by(ReportRow.id)))


def publish(office: Office, name: str, text: str) -> None:
    folder = office.house.settings.knowledge
    (folder / name).write_text(text, encoding="utf-8")
    office.house.reindex(folder)


def ask_again(office: Office) -> None:
    AskingAgain(office.house.database, office.house.library, office.house.friction, zone=UTC)()


def test_all_who_find_a_page_unclear_are_on_one_ticket_of_its_owner(office: Office) -> None:
    answer = office.ask(MAYA, SHOP, f"@Throughline {WHEN}")
    told = object_to(office, SAM, answer, Objection.UNCLEAR, words="In days, please")
    (ticket,) = open_tickets(office)
    assert (ticket.kind, ticket.page, ticket.team) == ("unclear_policy", "returns.md", "returns")
    assert ticket.title.startswith("The rule is unclear: Equipment returns")
    assert f"FR-{ticket.id}" in told
    again = office.ask(NIAMH, SHOP, "@Throughline after the contract ends, when is a box returned in time?")
    unnamed = object_to(office, NIAMH, again, Objection.OUTDATED, unnamed=[said.UNNAMED])
    assert unnamed.endswith("Others can join it, and you hear what becomes of it.")
    object_to(office, SAM, again, Objection.INCOMPLETE)
    assert [one.id for one in open_tickets(office)] == [ticket.id]
    assert [(one.name, one.privacy) for one in reports(office)] == [("Sam Tran", "named"), ("", "confidential")]


def test_what_is_wrong_with_the_answer_and_not_with_the_rule_is_no_ticket(office: Office) -> None:
    answer = office.ask(MAYA, SHOP, f"@Throughline {WHEN}")
    assert "FR-" not in object_to(office, SAM, answer, Objection.BESIDE)
    assert "FR-" not in object_to(office, NIAMH, answer, Objection.WRONG)
    assert open_tickets(office) == []


def test_once_the_page_answers_what_was_asked_the_ticket_is_resolved_with_its_words(office: Office) -> None:
    answer = office.ask(MAYA, SHOP, f"@Throughline {WHEN}")
    object_to(office, SAM, answer, Objection.UNCLEAR)
    ask_again(office)
    publish(office, "visits.md", page("Visits", "field-service", "A technician visits a customer in five days."))
    ask_again(office)
    assert [one.state for one in open_tickets(office)] == ["new"]
    publish(office, "returns.md", page("Equipment returns", "returns", "Bring umbrellas."))
    ask_again(office)
    assert [one.state for one in open_tickets(office)] == ["new"]
    clear = "A box must be returned within 30 days after the contract ends."
    publish(office, "returns.md", page("Equipment returns", "returns", clear))
    ask_again(office)
    ask_again(office)
    (ticket,) = open_tickets(office)
    today = datetime.now(UTC)
    assert (ticket.state, ticket.resolution) == ("resolved", "policy_clarified")
    changed = f"{today.day} {today:%b %Y}"
    assert ticket.resolved_with == f"The page “Equipment returns” was changed on {changed}: “{clear}”"
    with office.house.database.reading() as session:
        events = session.scalars(select(EventRow).where(EventRow.ticket == ticket.id).order_by(EventRow.id)).all()
    assert [(one.event, one.target) for one in events] == [("file", "new"), ("resolve", "resolved")]


def test_a_ticket_stays_open_while_one_of_its_questions_is_not_answered(office: Office) -> None:
    object_to(office, SAM, office.ask(MAYA, SHOP, "@Throughline how is a router packed?"), Objection.UNCLEAR)
    object_to(
        office, NIAMH, office.ask(MAYA, SHOP, "@Throughline where do the keys of the van hang?"), Objection.UNCLEAR
    )
    (ticket,) = open_tickets(office)
    publish(office, "routers.md", page("Routers", "returns", f"{PACKED} in its own box.\n\n{KEYS}"))
    ask_again(office)
    assert open_tickets(office)[0].state == "new", "the other question is answered as before"
    publish(office, "routers.md", page("Routers", "returns", f"{PACKED} in its own box.\n\n{KEYS}, on the green hook."))
    ask_again(office)
    assert [(one.id, one.state) for one in open_tickets(office)] == [(ticket.id, "resolved")]


def test_of_a_page_that_is_not_for_all_the_ticket_names_and_quotes_nothing(office: Office) -> None:
    answer = office.ask_directly(NIAMH, "is a late fee waived where that is fair?")
    channel = office.workspace.direct(NIAMH).id
    button = answer.button("Not helpful")
    assert button is not None
    office.workspace.click(NIAMH, channel, answer.ts, FEEDBACK_ACTION, button.value)
    until(lambda: office.workspace.open_modal(NIAMH) is not None)
    fields = {"what": said.OBJECTIONS[Objection.UNCLEAR], "words": "twice a year"}
    office.workspace.submit(NIAMH, fields)
    office.settle()
    assert [one.title for one in open_tickets(office)] == [f"The rule is unclear: {said.A_PAGE}."]
    clear = page(
        "Waivers", "billing-policy", "A late fee is waived once in a year, where that is fair.", "role:supervisor"
    )
    publish(office, "waivers.md", clear)
    ask_again(office)
    (ticket,) = open_tickets(office)
    assert ticket.state == "resolved"
    assert "Waivers" not in ticket.resolved_with
    assert "once" not in ticket.resolved_with


def test_of_an_anonymous_report_no_question_is_kept(office: Office) -> None:
    answer = office.ask(MAYA, SHOP, f"@Throughline {WHEN}")
    for person, privacy, kept in ((SAM, "anonymous", 0), (NIAMH, "confidential", 0), (MAYA, "named", 1)):
        office.workspace.click(person, SHOP, answer.ts, LOG_ACTION)
        until(lambda person=person: office.workspace.open_modal(person) is not None)
        office.workspace.submit(person, {"words": "in which time?", "privacy": privacy})
        office.settle()
        with office.house.database.reading() as session:
            assert len(session.scalars(select(QuestionRow)).all()) == kept
    assert len(open_tickets(office)) == 1
    assert len(reports(office)) == 3
