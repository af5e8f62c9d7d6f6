"""The customer's whole story for the one who stands in front of them: the visits and calls of seeds 002 and 004."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from bot import customer_wording as wording
from bot import settings
from bot.audit import Purpose
from bot.audit.rows import AuditRow
from bot.customers.feeds.example import import_example
from bot.outbox import OutboxRow
from bot.simulator.messages import SeenMessage
from sqlalchemy import select

from offices import PATIENCE_SECONDS, Office

MAYA, SAM, NIAMH, RUTH, TOMAS, NOOR, ELIF = "U0MAYA", "U0SAM", "U0NIAMH", "U0RUTH", "U0TOMAS", "U0NOOR", "U0ELIF"
SHOP, SHARED = "C0HARBOUR", "C0FIELD"
PAGES = {
    "returns.md": "---\ntitle: Returns\n---\n# Returns\nA box may be returned within 30 days.\n",
    "picture.md": "---\ntitle: No picture\n---\n# No picture on the screen\nIf there is no picture on the screen:\n\n"
    "1. Restart the box: unplug it for 30 seconds.\n2. Check the cable at both ends.\n3. Order a technician.\n",
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
    return opened


def look_up(office: Office, person: str, words: str, channel: str = SHOP) -> SeenMessage:
    return office.slash(person, channel, words, command="/customer")


def press(office: Office, person: str, message: SeenMessage, label: str, channel: str = SHOP) -> None:
    button = message.button(label)
    assert button is not None, message.buttons
    office.workspace.click(person, channel, message.ts, button.action_id, button.value)


def hears(office: Office, person: str, words: str, channel: str = SHOP) -> SeenMessage:
    """The newest message in which this person reads these words."""
    return office.workspace.wait_for(
        lambda: [one for one in office.replies(person, channel) if words in one.words], timeout=PATIENCE_SECONDS
    )[-1]


def write(office: Office, person: str, card: SeenMessage, label: str, **typed: str) -> SeenMessage:
    """Press a button that opens a form, fill it in, and read what the bot says to that."""
    press(office, person, card, label)
    office.workspace.wait_for(lambda: office.workspace.open_modal(person), timeout=PATIENCE_SECONDS)
    office.workspace.submit(person, typed)
    return hears(office, person, typed["text"].partition(";")[0])


def audited(office: Office, person: str) -> list[AuditRow]:
    with office.house.database.reading() as session:
        rows = select(AuditRow).where(AuditRow.person == person, AuditRow.customer != "").order_by(AuditRow.number)
        return list(session.scalars(rows))


def test_the_cable_box_visit_two_systems_disagree_and_nothing_is_asked_twice(office: Office) -> None:
    card = look_up(office, MAYA, "dana@example.org")
    assert "Dana Ruiz  Gold · 26 months" in card.words
    assert "Contacted us 26 h ago by phone and 3 h ago by e-mail." in card.words
    assert "2nd contact, 2nd channel, transferred twice: still billed for 3 boxes" in card.words
    assert "boxes: caredesk says 1, orion says 3" in card.words
    assert "“Gave her address and the box serials, rebooted twice.” (phone" in card.words
    soon = (datetime.now(office.house.settings.timezone) + timedelta(days=1)).date()
    assert "“Promised to call her back within 2 days.” · due" in card.words
    assert any(wording.day(day) in card.words for day in (soon, soon - timedelta(days=1), soon + timedelta(days=1)))
    assert "still billed for 3 boxes · unanswered" in card.words


def test_only_whoever_asked_sees_the_card_and_each_look_is_a_row_that_names_nobody(office: Office) -> None:
    before = len(audited(office, SAM))
    card = look_up(office, SAM, "512 555 0147")
    assert office.who_sees(SHOP, card) == {SAM}
    rows = audited(office, SAM)[before:]
    assert [(row.purpose, row.channel) for row in rows] == [(Purpose.CARD, SHOP)]
    assert {"facts", "lately", "said", "promises", "timeline"} <= set(rows[0].fields)
    assert "Dana" not in str((rows[0].reference, rows[0].fields, rows[0].customer))


def test_the_rep_who_answers_an_e_mail_learns_of_yesterdays_call(office: Office) -> None:
    office.workspace.say(NIAMH, SHOP, "Has anybody talked to priya.nair@example.com about a refund?")
    message = office.workspace.messages(SHOP)[-1]
    office.workspace.shortcut(NIAMH, "look_up_customer", SHOP, message.ts)
    card = hears(office, NIAMH, "Priya Nair")
    assert "Contacted us 20 h ago by phone and 1 h ago by e-mail." in card.words
    assert "2nd contact, 2nd channel: my refund" in card.words
    assert "“We will refund it by Friday.” · due" in card.words
    assert "Sam Tran" in card.words
    assert office.who_sees(SHOP, card) == {NIAMH}


def test_who_was_transferred_five_times_is_fragile_until_somebody_says_no_with_a_reason(office: Office) -> None:
    card = look_up(office, MAYA, "account 7731-415")
    assert "was transferred 5 times about the same thing" in card.words
    assert "contacted us 3 times about the same thing, still open" in card.words
    assert "“Says he is fed up and will cancel his contract if nobody comes.”" in card.words
    told = write(office, MAYA, card, "Not so", text="I talked to him, he was joking")
    assert "was transferred 5 times" not in look_up(office, SAM, "m.hale@example.net").words
    press(office, MAYA, told, "Undo")
    hears(office, MAYA, "Taken back: “I talked to him, he was joking”")
    assert "was transferred 5 times" in look_up(office, SAM, "m.hale@example.net").words


def test_one_bad_score_after_good_ones_is_said_with_its_day(office: Office) -> None:
    assert "rated us 1 on" in (card := look_up(office, MAYA, "Yara Haddad").words)
    assert ", after 5 before" in card


def test_of_two_namesakes_it_asks_which_and_shows_just_enough_to_choose(office: Office) -> None:
    asked = look_up(office, MAYA, "John Carter")
    assert "Which one?" in asked.words
    assert [button.label for button in asked.buttons] == ["This one", "This one"]
    assert "Austin TX" in asked.words
    assert "New York NY" in asked.words
    assert "77 River Road" not in asked.words
    assert "jcarter@example.org" not in asked.words
    second = asked.buttons[1]
    office.workspace.click(MAYA, SHOP, asked.ts, second.action_id, second.value)
    assert "john.carter@example.com" in hears(office, MAYA, "John Carter  Silver").words
    purposes = [row.purpose for row in audited(office, MAYA)][-3:]
    assert purposes == [Purpose.LOOK_UP, Purpose.LOOK_UP, Purpose.CARD]


@pytest.mark.parametrize("person", [TOMAS, NOOR, RUTH], ids=["a partner", "a guest", "a lead who serves nobody"])
def test_who_has_not_the_right_sees_no_customer(office: Office, person: str) -> None:
    channel = office.workspace.open_dm(person)
    refused = look_up(office, person, "dana@example.org", channel)
    assert refused.words.startswith("You may not look customers up.")
    assert "Dana" not in " ".join(one.words for one in office.replies(person, channel))
    assert audited(office, person) == []


def test_in_a_channel_with_another_company_nobody_is_shown_a_customer(office: Office) -> None:
    before = len(audited(office, MAYA))
    assert look_up(office, MAYA, "dana@example.org", SHARED).words == wording.NOT_HERE
    assert len(audited(office, MAYA)) == before
    direct = office.workspace.open_dm(MAYA)
    assert "Dana Ruiz" in look_up(office, MAYA, "dana@example.org", direct).words


def test_a_note_is_seen_by_colleagues_and_taken_back_by_its_author_alone(office: Office) -> None:
    card = look_up(office, MAYA, "niamh.oconnor@example.org")
    told = write(office, MAYA, card, "Add note", text="Prefers to be called after five; card 4111 1111 1111 1111")
    theirs = look_up(office, SAM, "Niamh O'Connor")
    assert "Prefers to be called after five; card [card] (Maya Okafor" in theirs.words
    undo = told.button("Undo")
    assert undo is not None
    office.workspace.click(MAYA, SHOP, told.ts, undo.action_id, undo.value)
    hears(office, MAYA, "Taken back: “Prefers")
    assert "Prefers" not in look_up(office, SAM, "Niamh O'Connor").words
    office.workspace.click(MAYA, SHOP, told.ts, undo.action_id, undo.value)
    assert "taken back already" in hears(office, MAYA, "taken back already").words


def test_a_promise_has_a_day_is_due_in_the_hand_over_and_is_kept_once(office: Office) -> None:
    card = look_up(office, MAYA, "512-555-0139")
    today = datetime.now(office.house.settings.timezone).date()
    write(office, MAYA, card, "Promise", text="Bring the new remote", due=f"{today:%Y-%m-%d}")
    waits = look_up(office, MAYA, "handover")
    assert f"Niamh O'Connor\ndue {wording.day(today)}: “Bring the new remote” (Maya Okafor)" in waits.words
    assert "Bring the new remote" not in look_up(office, NIAMH, "handover").words, "another shop, another team"
    card = look_up(office, MAYA, "512-555-0139")
    press(office, MAYA, card, "Kept")
    told = hears(office, MAYA, "Kept: “Bring the new remote”")
    assert "Bring the new remote" not in look_up(office, MAYA, "512-555-0139").words
    press(office, MAYA, told, "Undo")
    hears(office, MAYA, "Still open: “Bring the new remote”")
    assert "Bring the new remote" in look_up(office, MAYA, "512-555-0139").words


def test_a_promise_of_an_earlier_call_can_be_kept_too(office: Office) -> None:
    card = look_up(office, SAM, "priya.nair@example.com")
    press(office, SAM, card, "Kept")
    told = hears(office, SAM, "Kept: “We will refund it by Friday.”")
    assert "Promised:" not in look_up(office, SAM, "priya.nair@example.com").words
    press(office, SAM, told, "Undo")
    hears(office, SAM, "Still open: “We will refund it by Friday.”")


def test_the_hand_over_stands_on_the_home_of_who_serves_customers_and_is_audited(office: Office) -> None:
    before = len(audited(office, SAM))
    office.workspace.open_home(SAM)

    def drawn() -> str:
        view = office.workspace.home_of(SAM)
        return view.words if view and "Hand-over" in view.words else ""

    words = office.workspace.wait_for(drawn, timeout=PATIENCE_SECONDS)
    assert "Marcus Hale" in words
    assert {row.purpose for row in audited(office, SAM)[before:]} == {Purpose.HANDOVER}
    office.workspace.open_home(RUTH)
    office.settle()
    view = office.workspace.home_of(RUTH)
    assert view is None or "Hand-over" not in view.words


def test_what_nobody_is_known_by_is_said_with_what_to_try(office: Office) -> None:
    assert "I found no customer: nobody is known by" in look_up(office, MAYA, "nobody@example.org").words
    assert look_up(office, MAYA, "").words == wording.USAGE


def test_no_post_that_others_see_holds_anything_of_a_customer(office: Office) -> None:
    look_up(office, MAYA, "dana@example.org")
    with office.house.database.reading() as session:
        owed = [row for row in session.scalars(select(OutboxRow)) if "Ruiz" in str(row.value)]
    assert owed
    assert all(row.destination["only"] or row.destination["channel"].startswith("D") for row in owed)


def test_the_day_is_written_as_people_say_it() -> None:
    assert wording.day(date(2026, 11, 22)) == "22 Nov 2026"


def test_what_happened_is_quoted_from_the_customers_own_story_with_channel_and_time(office: Office) -> None:
    told = look_up(office, MAYA, "dana@example.org what did we promise her?")
    assert "About Dana Ruiz" in told.words
    assert "“Promised to call her back within 2 days.”" in told.words
    assert "phone, " in told.words
    assert office.who_sees(SHOP, told) == {MAYA}
    assert audited(office, MAYA)[-1].purpose == Purpose.QUESTION


def test_a_thread_stays_with_its_customer_until_somebody_drops_them(office: Office) -> None:
    direct = office.workspace.open_dm(NIAMH)
    assert "“Promised to call her back" in office.ask_directly(NIAMH, "what did we promise dana@example.org?").words
    follow = office.ask_directly(NIAMH, "and did she give us the serials?")
    assert "About Dana Ruiz" in follow.words
    assert "serials" in follow.words
    press(office, NIAMH, follow, "Somebody else", direct)
    assert hears(office, NIAMH, wording.DROPPED, direct)
    assert "About Dana Ruiz" not in office.ask_directly(NIAMH, "and did she give us the serials?").words


def test_a_mention_that_names_a_customer_is_answered_to_its_asker_alone(office: Office) -> None:
    thread = office.workspace.say(SAM, SHOP, "@Throughline has priya.nair@example.com sent the receipt?")
    told = hears(office, SAM, "About Priya Nair")
    assert "“She sent the receipt already.”" in told.words
    assert office.who_sees(SHOP, told) == {SAM}
    office.workspace.say(SAM, SHOP, "and what did we promise her?", thread)
    office.settle()
    told = hears(office, SAM, "About Priya Nair")
    assert "“We will refund it by Friday.”" in told.words
    assert office.who_sees(SHOP, told) == {SAM}


def test_a_mention_by_who_may_not_see_customers_looks_nobody_up(office: Office) -> None:
    told = office.ask_where_others_read(RUTH, SHOP, "has priya.nair@example.com sent the receipt?")
    assert "Priya Nair" not in told.words
    assert audited(office, RUTH) == []


def test_a_question_for_a_policy_is_answered_by_the_customers_facts(office: Office) -> None:
    told = look_up(office, MAYA, "dana@example.org may she return a box after 20 days?")
    assert "A box may be returned within 30 days." in told.words
    assert "About Dana Ruiz" in told.words
    assert office.who_sees(SHOP, told) == {MAYA}
    assert audited(office, MAYA)[-1].purpose == Purpose.POLICY


def test_the_track_says_the_next_step_and_keeps_what_was_done_and_what_could_not_be(office: Office) -> None:
    card = look_up(office, MAYA, "m.hale@example.net")
    track = office.house.tracks.tracks[0]
    assert "track: Gently" in card.words
    assert f"Next: {track.do[0]}" in card.words
    assert "Why this track: fragile is yes" in card.words
    press(office, MAYA, card, "Did it")
    hears(office, MAYA, f"Done: “{track.do[0]}”")
    card = look_up(office, SAM, "m.hale@example.net")
    assert f"Next: {track.do[1]}" in card.words, "the same track from every channel"
    told = write(office, SAM, card, "Could not", text="Nobody books installers on Sundays")
    assert "Could not: “Book the visit yourself.”" in told.words
    waits = look_up(office, SAM, "handover").words
    assert "could not: “Book the visit yourself.”, because: Nobody books installers on Sundays" in waits
    press(office, SAM, told, "Undo")
    hears(office, SAM, "Left to do again: “Book the visit yourself.”")
    assert f"Next: {track.do[1]}" in look_up(office, MAYA, "m.hale@example.net").words


def test_a_question_can_be_asked_from_the_card(office: Office) -> None:
    card = look_up(office, NIAMH, "dana@example.org")
    press(office, NIAMH, card, "Ask about them")
    office.workspace.wait_for(lambda: office.workspace.open_modal(NIAMH), timeout=PATIENCE_SECONDS)
    office.workspace.submit(NIAMH, {"text": "what did we promise?"})
    told = hears(office, NIAMH, "About Dana Ruiz")
    assert "“Promised to call her back within 2 days.”" in told.words
    assert office.who_sees(SHOP, told) == {NIAMH}


def test_a_conversation_goes_on_about_the_customer_who_is_called_by_one_name(office: Office) -> None:
    direct = office.workspace.open_dm(NIAMH)
    look_up(office, NIAMH, "dana@example.org", direct)
    office.workspace.say(NIAMH, direct, "is Dana's call back overdue?")
    assert hears(office, NIAMH, "About Dana Ruiz\n“Promised to call her back within 2 days.”", direct)


def test_who_rebooted_already_starts_at_the_next_step(office: Office) -> None:
    told = look_up(office, SAM, "jcarter@example.org there is no picture on the screen, what can he do?")
    assert "Restart the box" in told.words
    assert "They have taken step 1 already: “Restarted the box twice, then the picture was back.” (phone" in told.words
    assert "Go on with step 2." in told.words


def test_a_question_about_a_customer_that_people_are_asked_reaches_them_without_the_name(office: Office) -> None:
    told = look_up(office, MAYA, "Dana Ruiz may she return a box after 20 days?")
    assert "A box may be returned within 30 days." in told.words
    press(office, MAYA, told, "Ask a human")
    office.workspace.wait_for(lambda: office.workspace.open_modal(MAYA), timeout=PATIENCE_SECONDS)
    office.workspace.submit(MAYA, {"question": "May Dana Ruiz return it later?", "added": "Ruiz, Dana was told so."})
    card = hears(office, ELIF, "[name] return it later?", office.workspace.open_dm(ELIF))
    assert "[name] was told so." in card.words
    assert "Ruiz" not in card.words


def test_whose_right_is_gone_gets_nothing_of_what_is_pressed_on_an_old_card(open_office: Callable[..., Office]) -> None:
    office = open_office()
    import_example(office.house.database, settings.shipped("examples"), now=datetime.now(UTC))
    direct = office.workspace.open_dm(SAM)
    card = look_up(office, SAM, "dana@example.org", direct)
    assert "Dana Ruiz" in card.words
    looks = len(audited(office, SAM))
    office.workspace.change_profile(SAM, guest=True)
    office.settle()
    press(office, SAM, card, "Add note", direct)
    assert hears(office, SAM, "You may not look customers up.", direct)
    refused = look_up(office, SAM, "dana@example.org", direct)
    assert refused.words.startswith("You may not look customers up.")
    assert len(audited(office, SAM)) == looks
