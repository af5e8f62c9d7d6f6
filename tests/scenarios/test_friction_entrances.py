"""Every way into the form: what it knows of where it was opened, and what of that is kept."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from bot import friction_wording as wording
from bot import settings
from bot.audit import Purpose
from bot.audit.rows import AuditRow
from bot.customers.feeds.example import import_example
from bot.customers.tables import CustomerRow
from bot.friction.tables import ReportCustomerRow, ReportRow, TicketRow
from bot.handlers.blocks import LOG_ACTION, REPORT_ACTION
from bot.handlers.friction.entrances import CARD_ACTION
from bot.inbox import InboxRow
from bot.simulator.messages import SeenMessage
from bot.simulator.seen_views import SeenView
from sqlalchemy import select

from offices import PATIENCE_SECONDS, Office

MAYA, SAM, NIAMH, RUTH, TOMAS = "U0MAYA", "U0SAM", "U0NIAMH", "U0RUTH", "U0TOMAS"
SHOP, SHARED = "C0HARBOUR", "C0FIELD"
PAGES = {
    "returns.md": "---\ntitle: Equipment returns\nowner: returns\n---\n# Equipment returns\n"
    "A box that is returned within 30 days is not charged.\n",
    "visits.md": "---\ntitle: Visits\nowner: field-service\n---\n# Visits\nA technician comes within five days.\n",
}

TRACKS = """\
gently:
  name: Gently
  when: { fragile: yes }
  do: [Read what happened before you ask anything., Book the visit yourself.]
  until: { days: 30 }
  owner: customer-care
  outcome: { contacts: 0, within days: 14 }
"""


@pytest.fixture(scope="module")
def office(office_with: Callable[[dict[str, str]], Office]) -> Office:
    opened = office_with(PAGES)
    (opened.house.settings.knowledge / "tracks.yaml").write_text(TRACKS, encoding="utf-8")
    import_example(opened.house.database, settings.shipped("examples"), now=datetime.now(UTC))
    opened.house.friction.warm_up()
    return opened


def form(office: Office, person: str) -> SeenView:
    """The form that opens for this person."""
    return office.workspace.wait_for(
        lambda: [one for one in [office.workspace.open_modal(person)] if one and one.title == wording.TITLE],
        timeout=PATIENCE_SECONDS,
    )[-1]


def press(office: Office, person: str, message: SeenMessage, action: str, channel: str = SHOP) -> None:
    if office.workspace.open_modal(person):
        office.workspace.close_modal(person)
    office.workspace.click(person, channel, message.ts, action)


def send(office: Office, person: str, words: str, **chosen: object) -> TicketRow:
    """What was filed with these words."""
    office.workspace.submit(person, {"words": words, **chosen})
    office.settle()
    with office.house.database.reading() as session:
        return session.scalars(select(TicketRow).join(ReportRow).where(ReportRow.words == words)).one()


def card_of(office: Office, person: str, words: str = "dana@example.org") -> SeenMessage:
    return office.slash(person, SHOP, words, command="/customer")


def heard_directly(office: Office, person: str, words: str) -> SeenMessage:
    channel = office.workspace.direct(person).id
    return office.workspace.wait_for(
        lambda: [one for one in office.replies(person, channel) if words in one.words], timeout=PATIENCE_SECONDS
    )[-1]


def attached_to(office: Office, words: str) -> list[str]:
    """The names of the customers of the report with these words."""
    with office.house.database.reading() as session:
        of_it = select(ReportCustomerRow.customer).join(ReportRow, ReportRow.id == ReportCustomerRow.report)
        numbers = session.scalars(of_it.where(ReportRow.words == words))
        return [session.get_one(CustomerRow, number).name for number in numbers]


def test_from_the_menu_beside_the_message_box_the_form_is_empty_and_the_receipt_comes_directly(office: Office) -> None:
    office.workspace.shortcut(SAM, "report_friction")
    opened = form(office, SAM)
    assert opened.field("words").value == ""
    ticket = send(office, SAM, "the label printer eats the roll")
    assert f"FR-{ticket.id}" in heard_directly(office, SAM, "the label printer").words


def test_the_home_has_a_button_for_employees_and_none_for_partners(office: Office) -> None:
    for person in (NIAMH, TOMAS):
        office.workspace.open_home(person)
        office.workspace.wait_for(lambda person=person: office.workspace.home_of(person), timeout=PATIENCE_SECONDS)
    actions = {one: [b.action_id for b in office.workspace.home_of(one).buttons] for one in (NIAMH, TOMAS)}
    assert REPORT_ACTION in actions[NIAMH]
    assert REPORT_ACTION not in actions[TOMAS]
    office.workspace.press_in_home(NIAMH, REPORT_ACTION)
    form(office, NIAMH)
    send(office, NIAMH, "the stock room scanner has no signal")
    heard_directly(office, NIAMH, "the stock room scanner")


def test_under_an_answer_it_is_about_the_page_and_its_owner_and_the_question_is_not_in_the_words(
    office: Office,
) -> None:
    answer = office.ask_where_others_read(MAYA, SHOP, "is a box that is returned within 30 days charged?")
    press(office, MAYA, answer, LOG_ACTION)
    opened = form(office, MAYA)
    assert opened.field("words").value == ""
    ticket = send(office, MAYA, "it does not say which day counts")
    assert (ticket.kind, ticket.page, ticket.team) == ("unclear_policy", "returns.md", "returns")
    with office.house.database.reading() as session:
        report = session.scalars(select(ReportRow).where(ReportRow.ticket == ticket.id)).one()
    assert [answer.ts in one for one in report.evidence] == [True]
    # The next one who finds it unclear sees it, and joins it also where they do not tap.
    press(office, SAM, answer, LOG_ACTION)
    assert f"FR-{ticket.id}" in form(office, SAM).words
    joined = send(office, SAM, "counted from when?")
    assert joined.id == ticket.id


def test_of_another_kind_it_is_a_ticket_of_its_own_and_about_no_page(office: Office) -> None:
    answer = office.ask_where_others_read(MAYA, SHOP, "how soon does a technician come?")
    press(office, MAYA, answer, LOG_ACTION)
    form(office, MAYA)
    ticket = send(office, MAYA, "the calendar of the technicians froze", kind="outage")
    assert (ticket.kind, ticket.page) == ("outage", "")


def test_under_a_refusal_a_rule_is_missing(office: Office) -> None:
    refusal = office.ask_where_others_read(NIAMH, SHOP, "may my dog sleep in the stock room on Sundays?")
    press(office, NIAMH, refusal, LOG_ACTION)
    form(office, NIAMH)
    assert send(office, NIAMH, "nobody knows about dogs").kind == "missing_policy"


def test_whoever_is_no_employee_is_offered_nothing_and_told_who_reports_friction(office: Office) -> None:
    own = office.ask_where_others_read(TOMAS, SHARED, "what is the weather like?")
    assert own.button("Log friction") is None
    ts = office.workspace.say(TOMAS, SHARED, "the portal is slow today")
    office.workspace.shortcut(TOMAS, "log_friction", SHARED, ts)
    told = office.workspace.wait_for(
        lambda: [one for one in office.replies(TOMAS, SHARED) if "by employees" in one.words], timeout=PATIENCE_SECONDS
    )
    assert told
    assert office.workspace.open_modal(TOMAS) is None


def test_on_a_card_the_customer_is_attached_masked_in_the_words_and_the_look_is_written_down(office: Office) -> None:
    card = card_of(office, SAM)
    office.settle()
    with office.house.database.reading() as session:
        before = len(session.scalars(select(AuditRow).where(AuditRow.person == SAM)).all())
    press(office, SAM, card, CARD_ACTION)
    assert "Also attached: customer Dana Ruiz" in form(office, SAM).words
    office.workspace.submit(SAM, {"words": "Dana Ruiz stood there while the tablet updated"})
    office.settle()
    words = "[name] stood there while the tablet updated"
    assert attached_to(office, words) == ["Dana Ruiz"]
    with office.house.database.reading() as session:
        looks = session.scalars(select(AuditRow).where(AuditRow.person == SAM).order_by(AuditRow.number)).all()[before:]
        assert [(one.purpose, one.fields, one.channel) for one in looks] == [(Purpose.ENTRY, ["name"], SHOP)]
        assert CARD_ACTION not in looks[0].reference
        kept = session.scalars(select(InboxRow).where(InboxRow.kind == "friction_report")).all()
        assert not [one for one in kept if "Dana" in str(one.value)]


def test_a_customer_can_be_left_out_and_an_anonymous_report_has_none_anywhere(office: Office) -> None:
    press(office, NIAMH, card_of(office, NIAMH), CARD_ACTION)
    form(office, NIAMH)
    office.workspace.press_in_modal(NIAMH, "friction_change")
    office.workspace.wait_for(lambda: "Leave out" in form(office, NIAMH).words or None, timeout=PATIENCE_SECONDS)
    office.workspace.press_in_modal(NIAMH, "friction_without_customer")
    office.workspace.wait_for(lambda: "Dana" not in form(office, NIAMH).words or None, timeout=PATIENCE_SECONDS)
    send(office, NIAMH, "the chair at the counter broke")
    assert attached_to(office, "the chair at the counter broke") == []

    press(office, NIAMH, card_of(office, NIAMH), CARD_ACTION)
    form(office, NIAMH)
    office.workspace.submit(NIAMH, {"words": "my lead sends me out with Dana Ruiz", "privacy": "anonymous"})
    office.settle()
    words = "my lead sends me out with [name]"
    assert attached_to(office, words) == []
    with office.house.database.reading() as session:
        report = session.scalars(select(ReportRow).where(ReportRow.words == words)).one()
        assert report.evidence == []


def test_in_a_thread_about_a_customer_the_shortcut_knows_whom_it_is_about_and_only_there(office: Office) -> None:
    ts = office.workspace.say(MAYA, SHOP, "@Throughline dana@example.org")
    office.settle()
    said = office.workspace.say(SAM, SHOP, "the till froze on her", thread_ts=ts)
    office.workspace.shortcut(MAYA, "log_friction", SHOP, said)
    assert "Dana Ruiz" in form(office, MAYA).words
    office.workspace.close_modal(MAYA)
    # Of somebody else the conversation is about nobody.
    office.workspace.shortcut(RUTH, "log_friction", SHOP, said)
    assert "Dana" not in form(office, RUTH).words
    office.workspace.close_modal(RUTH)


def offers(office: Office, person: str, channel: str = SHOP) -> list[SeenMessage]:
    return [one for one in office.replies(person, channel) if wording.OFFER in one.words]


def test_a_reaction_offers_the_form_to_whoever_reacted_once_with_the_words_of_the_message(office: Office) -> None:
    ts = office.workspace.say(SAM, SHOP, "Orion forgot the serials again & again")
    office.workspace.react(NIAMH, SHOP, ts, "eyes")
    office.workspace.react(NIAMH, SHOP, ts, "construction")
    office.workspace.unreact(NIAMH, SHOP, ts, "construction")
    office.workspace.react(NIAMH, SHOP, ts, "construction")
    office.settle()
    (offer,) = offers(office, NIAMH)
    assert office.who_sees(SHOP, offer) == {NIAMH}
    press(office, NIAMH, offer, "friction_offered")
    assert form(office, NIAMH).field("words").value == "Orion forgot the serials again & again"
    office.workspace.submit(NIAMH, {})
    office.settle()
    with office.house.database.reading() as session:
        asked = select(ReportRow).where(ReportRow.words.startswith("Orion forgot"))
        assert [ts in one for one in session.scalars(asked).one().evidence] == [True]


def test_on_a_reply_the_offer_knows_its_words_and_a_message_that_is_gone_leaves_an_empty_form(office: Office) -> None:
    root = office.workspace.say(SAM, SHOP, "anybody there?")
    reply = office.workspace.say(SAM, SHOP, "the drawer of the till is stuck", thread_ts=root)
    office.workspace.react(RUTH, SHOP, reply, "construction")
    office.settle()
    offer = offers(office, RUTH)[-1]
    press(office, RUTH, offer, "friction_offered")
    assert form(office, RUTH).field("words").value == "the drawer of the till is stuck"
    office.workspace.close_modal(RUTH)
    office.workspace.take_back(SAM, SHOP, reply)
    press(office, RUTH, offer, "friction_offered")
    assert form(office, RUTH).field("words").value == ""
    office.workspace.close_modal(RUTH)


def test_a_partners_reaction_is_just_a_reaction(office: Office) -> None:
    ts = office.workspace.say(TOMAS, SHARED, "the portal is slow")
    office.workspace.react(TOMAS, SHARED, ts, "construction")
    office.settle()
    assert offers(office, TOMAS, SHARED) == []


FRAGILE = "m.hale@example.net"


def cannot(office: Office, person: str, why: str) -> SeenMessage:
    """What this person hears who could not do the next step of that customer's track."""
    press(office, person, card_of(office, person, FRAGILE), "customer_could_not")
    office.workspace.wait_for(lambda: office.workspace.open_modal(person), timeout=PATIENCE_SECONDS)
    office.workspace.submit(person, {"text": why})
    office.settle()
    return [one for one in office.replies(person, SHOP) if "Could not: “" in one.words][-1]


def take_back(office: Office, person: str, message: SeenMessage) -> str:
    office.workspace.click(person, SHOP, message.ts, "customer_step_back")
    office.settle()
    return office.replies(person, SHOP)[-1].words


def test_a_step_that_could_not_be_done_is_a_report_with_its_customer_and_the_tracks_owner(office: Office) -> None:
    told = cannot(office, SAM, "nobody books installers on Sundays for Mr Hale")
    with office.house.database.reading() as session:
        report = session.scalars(select(ReportRow).where(ReportRow.words.contains("installers"))).one()
        ticket = session.get_one(TicketRow, report.ticket)
    assert f"your report is FR-{ticket.id}" in told.words
    assert report.words.endswith("(could not: Read what happened before you ask anything, track Gently)")
    assert "Hale" not in report.words
    assert ticket.title == "nobody books installers on Sundays for Mr [name]"
    assert (report.reached, report.privacy, ticket.team) == (SAM, "named", "customer-care")
    assert len(attached_to(office, report.words)) == 1
    # Another who meets the same is asked, and joins with a tap.
    cannot(office, NIAMH, "nobody books installers on Sundays")
    assert reports_of(office, "installers") == 1
    asked = [one for one in office.replies(NIAMH, SHOP) if "Is it that?" in one.words][-1]
    office.workspace.click(NIAMH, SHOP, asked.ts, "friction_obstacle_join")
    office.workspace.click(NIAMH, SHOP, asked.ts, "friction_obstacle_join")
    office.settle()
    assert reports_of(office, "installers") == 2
    assert any(f"you are on FR-{ticket.id} now" in one.words for one in office.replies(NIAMH, SHOP))
    assert f"FR-{ticket.id}, which it was reported by, stays" in take_back(office, SAM, told)


def test_a_step_that_was_taken_back_withdraws_the_report_that_nobody_else_joined(office: Office) -> None:
    told = cannot(office, NIAMH, "the booking calendar shows another region")
    assert "is withdrawn." in take_back(office, NIAMH, told)
    with office.house.database.reading() as session:
        found = select(TicketRow).join(ReportRow).where(ReportRow.words.contains("another region"))
        assert session.scalars(found).one().state == "withdrawn"


def reports_of(office: Office, words: str) -> int:
    with office.house.database.reading() as session:
        return len(session.scalars(select(ReportRow).where(ReportRow.words.contains(words))).all())
