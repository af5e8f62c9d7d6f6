"""What could leak by side doors: what waits, is sent again, is pressed late, twice, or by two people at once."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import inbox, outbox
from bot.app import House
from bot.audit.rows import AuditRow
from bot.audit.unusual import unusual
from bot.customers.entries import EntryRow
from bot.customers.identity import merging
from bot.customers.standing import ErasedMeanwhile, must_stand
from bot.erasure import Eraser
from bot.exchanges import ExchangeRow, FeedbackRow
from bot.handlers import blocks
from bot.handlers.customers.surface import Customers
from bot.handlers.customers.withholding import NOT_ANY_MORE, Withholding
from bot.handlers.requests import cards
from bot.jobs import OutboxWork
from bot.leases import Hands
from bot.outbox import OutboxRow, State
from bot.requests import RequestRow
from bot.serving import operator
from sqlalchemy import func, select

import slack_bodies as slack
from customer_desk import Desk, Owed
from customer_worlds import Customer, Registry, World, clock, random_customers, random_slack, truth_of
from offices import PROJECT

MAYA, SAM, ELIF, RUTH = "UTONE0maya", "UTONE0sam", "UTONE0elif", "UTONE0ruth"
DIRECT, OWN = f"D{MAYA}", "CTONE0all"


class Counter:
    """One workspace with seven customers."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        dice = random.Random(4)
        self.slack = random_slack(dice, "TONE", 0)
        serving, roles = truth_of(PROJECT / "config" / "people.yaml")
        self.world = World(
            {"TONE": self.slack}, random_customers(dice, datetime.now(UTC)), serving=serving, roles=roles
        )
        self.desk = Desk(house, self.slack, "TONE")
        Registry(folder).take_in(house.database, self.world.customers, now=datetime.now(UTC))
        self.world.recognize(house.database)

    @property
    def somebody(self) -> Customer:
        """Of whom no other has the name, the phone or a similar address."""
        return self.world.customers[4]

    def take(self, body: slack.Body) -> list[Owed]:
        self.desk.take(body)
        return self.desk.fresh()

    def look_up(self, words: str, *, person: str = MAYA, channel: str = "") -> Owed:
        (owed,) = self.take(slack.command("/customer", person, channel or f"D{person}", words))
        return owed

    def press(self, owed: Owed, action: str, *, person: str = MAYA, place: int = 0) -> list[Owed]:
        value = [value for name, value in owed.buttons() if name == action][place]
        return self.take(slack.press(action, value, person, owed.channel))

    def fill_in(self, action: str, value: str, *, person: str = MAYA, **typed: str) -> slack.Body:
        """The form that a press opens, sent."""
        view = self.desk.open(action, slack.press(action, value, person, f"D{person}"))
        assert isinstance(view, dict), view
        return slack.submission(view, person, typed)

    def count(self, table: type) -> int:
        with self.house.database.reading() as session:
            return session.scalar(select(func.count()).select_from(table)) or 0

    def marks_in(self, words: object) -> set[str]:
        return set(self.world.in_words(str(words)))

    def erase(self) -> bool:
        eraser = Eraser(self.house.database, self.house.settings.data_dir, clock=clock)
        eraser.erase(self.somebody.id, by=operator(), reason="asked")
        self.desk.catch_up()
        return True


@pytest.fixture
def counter(quiet_house: House, tmp_path: Path) -> Counter:
    return Counter(quiet_house, tmp_path)


def questioned(counter: Counter, words: str, channel: str = DIRECT, person: str = MAYA) -> Owed:
    return counter.take(slack.command("/ask", person, channel, words))[0]


def last(counter: Counter, table: type) -> object:
    with counter.house.database.reading() as session:
        return session.scalars(select(table).order_by(table.__table__.c[0].desc())).first()


# What is owed


def test_where_slack_names_no_address_to_reply_to_the_asker_alone_reads_it_all_the_same(counter: Counter) -> None:
    words = counter.somebody.mail
    for name in ("ask_about_this", "look_up_customer"):
        for owed in counter.take(slack.shortcut(name, MAYA, OWN, words, url=None)):
            assert (owed.only, owed.channel) == (MAYA, OWN)
    (told, *_) = counter.take(slack.press(blocks.TRY_ACTION, f"is there a late fee for {words}?", MAYA, OWN, url=None))
    assert told.only == MAYA


def delivered_by(counter: Counter, *, now: datetime | None = None) -> list[outbox.Owed]:
    """What goes out."""
    out: list[outbox.Owed] = []
    database = counter.desk.house.database

    def deliver(owed: outbox.Owed) -> None:
        out.append(owed)
        with database.writing.begin() as session:
            outbox.sent(session, owed.id, ts=slack.moment())

    at = {"clock": lambda: now} if now else {}
    work = OutboxWork(database, Withholding(database, counter.desk.people, deliver=deliver, **at), Hands("here"))
    while work() is None:
        pass
    return out


def test_who_lost_the_right_while_a_card_waited_does_not_get_it_and_that_they_looked_stays_written_down(
    counter: Counter,
) -> None:
    card = counter.look_up(counter.somebody.mail)
    answer = questioned(counter, f"may {counter.somebody.mail} return a box after 20 days?")
    (home,) = counter.take(slack.opened_home(MAYA))
    words = counter.look_up("help")
    looks = counter.count(AuditRow)
    counter.slack.people[MAYA].flags.add("is_restricted")
    counter.desk.take(slack.changed(MAYA))
    assert [owed.id for owed in delivered_by(counter)] == [words.row.id]
    with counter.house.database.reading() as session:
        kept = [session.get_one(OutboxRow, owed.row.id) for owed in (card, answer, home)]
    assert {(row.state, row.fault) for row in kept} == {(State.DEAD, NOT_ANY_MORE)}
    assert counter.count(AuditRow) == looks


def test_what_an_admin_sends_again_is_asked_about_again(counter: Counter) -> None:
    card = counter.look_up(counter.somebody.mail)
    database = counter.desk.house.database
    with database.writing.begin() as session:
        outbox.bury(session, card.row.id, fault="Slack was away", now=datetime.now(UTC))
    counter.slack.people[MAYA].flags.add("deleted")
    counter.desk.take(slack.changed(MAYA))
    elif_ = counter.desk.people.person(ELIF)
    counter.desk.house.dead_letters.replay(card.row.id, by=elif_, now=datetime.now(UTC))
    assert delivered_by(counter) == []


def test_while_slack_does_not_say_who_somebody_is_a_card_waits_for_a_day_and_goes_nowhere(counter: Counter) -> None:
    card = counter.look_up(counter.somebody.mail)
    words = counter.look_up("help", person=SAM)
    del counter.slack.people[MAYA]
    counter.desk.take(slack.changed(MAYA))
    assert [owed.id for owed in delivered_by(counter)] == [words.row.id]
    state: Callable[[], State] = lambda: State(last_of(counter, card).state)  # noqa: E731
    assert state() is State.WAITING
    with counter.desk.house.database.writing.begin() as session:
        outbox.put_back(session, card.row.id, at=datetime.now(UTC), fault="")
    assert delivered_by(counter, now=datetime.now(UTC) + timedelta(days=2)) == []
    assert state() is State.DEAD


def last_of(counter: Counter, owed: Owed) -> OutboxRow:
    with counter.house.database.reading() as session:
        return session.get_one(OutboxRow, owed.row.id)


# Who is erased


def test_a_card_that_waits_is_taken_along_when_its_customer_is_erased(counter: Counter) -> None:
    card = counter.look_up(counter.somebody.mail)
    counter.take(slack.opened_home(SAM))
    counter.erase()
    for owed in delivered_by(counter):
        owners = [counter.world.marks[mark] for mark in counter.marks_in(owed.value)]
        assert [counter.somebody] not in owners
    with counter.house.database.reading() as session:
        assert session.get(OutboxRow, card.row.id) is None


def test_who_is_erased_while_their_card_is_put_together_is_not_shown(counter: Counter) -> None:
    surface = next(one for one in counter.desk.surfaces if isinstance(one, Customers))
    meaning, erased = surface._meaning, []

    def erasing(person):  # type: ignore[no-untyped-def]
        if not erased:
            erased.append(counter.erase())
        return meaning(person)

    surface._meaning = erasing
    (said,) = counter.take(slack.press("customer_choose", str(counter.somebody.id), MAYA, DIRECT))
    assert erased
    assert said.row.kind == blocks.WORDS
    assert "not here any more" in said.row.value["text"]


def test_nothing_is_owed_of_who_is_not_there_any_more(counter: Counter) -> None:
    with counter.house.database.writing.begin() as session:
        must_stand(session, [one.alias for one in counter.world.customers])
        must_stand(session, [])
        with pytest.raises(ErasedMeanwhile):
            must_stand(session, [counter.somebody.alias, "0" * 32])


def test_a_press_on_the_card_of_who_was_erased_says_that_they_are_gone(counter: Counter) -> None:
    card = counter.look_up(counter.somebody.mail)
    counter.erase()
    number = next(value for name, value in card.buttons() if name == "customer_note")
    said = counter.desk.open("customer_note", slack.press("customer_note", number, MAYA, DIRECT))
    assert isinstance(said, str)
    assert "not here any more" in said
    for action in ("customer_choose", "customer_kept_there", "customer_did"):
        for value in (number, f"{number}:1"):
            for owed in counter.take(slack.press(action, value, MAYA, DIRECT)):
                assert not counter.marks_in(owed.everything)


def test_the_buttons_of_who_was_erased_lead_to_nobody_who_came_after(counter: Counter) -> None:
    """On SQLite a number that is free again would be given to the next: to an entry, a stay on a track, a step."""
    card = counter.look_up(counter.somebody.mail)
    (done,) = counter.press(card, "customer_did")
    (noted,) = counter.take(counter.fill_in("customer_promise", str(counter.somebody.id), text="A remote."))
    counter.erase()
    other = counter.world.customers[5]
    theirs = counter.look_up(other.mail)
    counter.press(theirs, "customer_did")
    counter.take(counter.fill_in("customer_promise", str(other.id), text="A cable."))
    old = {one for owed in (card, done, noted) for one in owed.buttons()}
    for action, value in sorted(old):
        for owed in counter.take(slack.press(action, value, MAYA, DIRECT)):
            assert owed.row.kind == blocks.WORDS, (action, owed.row.value)


# Who was merged


def test_a_press_on_the_card_of_who_was_merged_leads_to_whom_they_became(counter: Counter) -> None:
    kept, gone = counter.somebody, counter.world.customers[5]
    card = counter.look_up(gone.mail)
    number = next(value for name, value in card.buttons() if name == "customer_note")
    with counter.house.database.writing.begin() as session:
        merging.merge(session, kept.id, gone.id, by="a test", reason="", now=datetime.now(UTC))
    (shown,) = counter.take(slack.press("customer_choose", number, MAYA, DIRECT))
    assert shown.row.value["customers"] == [kept.alias]
    (noted,) = counter.take(counter.fill_in("customer_note", number, text="Prefers the morning."))
    assert noted.row.value["customers"] == [kept.alias]
    assert "Prefers the morning." in counter.look_up(kept.mail).everything


# Twice, and two at once


def test_a_form_that_slack_delivers_twice_writes_once(counter: Counter) -> None:
    sent = counter.fill_in("customer_note", str(counter.somebody.id), text="Prefers the morning.")
    assert [len(counter.take(sent)) for _ in range(2)] == [1, 0]
    assert counter.count(EntryRow) == 1


def test_two_who_say_at_once_that_a_promise_was_kept_write_one_entry_and_both_hear_it(counter: Counter) -> None:
    seen = [counter.look_up(one.mail) for one in counter.world.customers[:6]]
    value = next(value for card in seen for name, value in card.buttons() if name == "customer_kept_there")
    bodies = [slack.press("customer_kept_there", value, person, f"D{person}") for person in (MAYA, SAM)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(counter.desk.take, bodies))
    assert counter.count(EntryRow) == 1
    told = counter.desk.fresh()
    assert sorted(owed.only for owed in told) == [MAYA, SAM]
    assert all("Kept:" in str(owed.row.value) for owed in told)


def test_what_was_taken_back_is_not_taken_back_twice_and_a_note_cannot_be_kept(counter: Counter) -> None:
    (noted,) = counter.take(counter.fill_in("customer_note", str(counter.somebody.id), text="Prefers the morning."))
    number = next(value for name, value in noted.buttons() if name == "customer_take_back")
    (refused,) = counter.take(slack.press("customer_kept", number, MAYA, DIRECT))
    assert "Only a promise can be kept" in refused.row.value["text"]
    (theirs,) = counter.take(slack.press("customer_take_back", number, SAM, f"D{SAM}"))
    assert "only they can take it back" in theirs.row.value["text"]
    assert "Taken back" in str(counter.press(noted, "customer_take_back")[0].row.value)
    assert "taken back already" in counter.press(noted, "customer_take_back")[0].row.value["text"]


# What others read of it


def test_what_is_shared_of_an_answer_about_a_customer_holds_neither_their_facts_nor_their_name(
    counter: Counter,
) -> None:
    questioned(counter, f"may {counter.somebody.name} return a box after 20 days?", OWN)
    exchange = last(counter, ExchangeRow)
    assert isinstance(exchange, ExchangeRow)
    for owed in counter.take(slack.press(blocks.SHARE_ACTION, str(exchange.id), MAYA, OWN)):
        assert not counter.marks_in(owed.everything)
        assert not owed.row.value.get("customers")
        if owed.row.kind == blocks.ANSWER:
            assert owed.row.value["question"] == "may the customer return a box after 20 days?"
            assert owed.row.value["reply"]["about_customer"] is False


def test_an_answer_about_a_customer_offers_no_sharing(counter: Counter) -> None:
    answer = questioned(counter, f"may {counter.somebody.mail} return a box after 20 days?", OWN)
    assert answer.row.kind == blocks.ANSWER
    assert answer.row.value["customers"] == [counter.somebody.alias]
    assert blocks.SHARE_ACTION not in dict(answer.buttons())


def test_a_team_that_is_asked_a_question_about_a_customer_reads_it_without_their_name(counter: Counter) -> None:
    questioned(counter, f"may {counter.somebody.name} return a box after 20 days?")
    exchange = last(counter, ExchangeRow)
    assert isinstance(exchange, ExchangeRow)
    action = blocks.ASK_HUMAN_ACTION
    view = counter.desk.open(action, slack.press(action, str(exchange.id), MAYA, DIRECT))
    assert isinstance(view, dict)
    assert not counter.marks_in(json.dumps(view))
    last_first = " ".join(reversed(counter.somebody.name.split()))
    typed = {"question": f"May {counter.somebody.name} return it?", "added": f"{last_first.lower()}, {exchange.id}"}
    owed = counter.take(slack.submission(view, MAYA, typed))
    shown = [one for one in owed if one.row.kind == cards.CARD]
    assert shown
    assert shown[0].row.value["question"] == "May [name] return it?"
    assert not any(counter.marks_in(one.everything) for one in owed)
    assert not counter.marks_in(vars(last(counter, RequestRow)))


def test_what_was_wrong_with_an_answer_is_kept_and_shown_without_the_customers_name(counter: Counter) -> None:
    answer = questioned(counter, f"may {counter.somebody.name} return a box after 20 days?")
    action, value = next(one for one in answer.buttons() if one[1].endswith(":no"))
    view = counter.desk.open(action, slack.press(action, value, MAYA, DIRECT))
    assert isinstance(view, dict)
    said = f"{counter.somebody.name}, account {counter.somebody.account}, was told otherwise."
    owed = counter.take(slack.submission(view, MAYA, {"what": "wrong", "words": said}))
    assert not any(counter.marks_in(one.everything) for one in owed)
    kept = last(counter, FeedbackRow)
    assert isinstance(kept, FeedbackRow)
    assert not counter.marks_in(kept.words)
    (shown,) = counter.take(slack.command("/knowledge", ELIF, f"D{ELIF}", "feedback"))
    assert "was told otherwise" in shown.everything
    assert not counter.marks_in(shown.everything)


def test_by_what_is_masked_nobody_learns_who_is_a_customer(counter: Counter) -> None:
    """Of whoever may not see customers a name stays as it was typed, be it a customer's or nobody's."""
    for name in (counter.somebody.name, "Gerwin Quastenbrod"):
        questioned(counter, f"may {name} return a box after 20 days?", f"D{RUTH}", RUTH)
        exchange = last(counter, ExchangeRow)
        assert isinstance(exchange, ExchangeRow)
        assert exchange.question == f"may {name} return a box after 20 days?"


# How many one looks at


def test_opening_the_home_all_day_is_not_unusual_and_looking_at_cards_is(counter: Counter) -> None:
    for _ in range(5):
        (home,) = counter.take(slack.opened_home(MAYA))
    waiting = home.row.value["handover"]["customers"]
    assert len(waiting) > 1

    def found() -> list[tuple[str, int]]:
        with counter.desk.house.database.reading() as session:
            some = unusual(session, most=1, now=datetime.now(UTC) + timedelta(minutes=1))
        return [(one.person, one.customers) for one in some]

    counter.look_up("handover")
    assert found() == []
    for one in counter.world.customers[3:6]:
        counter.look_up(one.mail)
    assert found() == [(MAYA, 3)]


# Names of numbers


def test_an_event_gets_no_number_that_another_had_for_whom_something_is_owed_still(counter: Counter) -> None:
    """Else, after a day without any, the first answer of the next would be taken for one that was given before."""
    first = counter.look_up("help")
    with counter.desk.house.database.writing.begin() as session:
        inbox.forget_old(session, now=datetime.now(UTC) + timedelta(days=2))
        (kept,) = session.scalars(select(inbox.InboxRow)).all()
        assert kept.value == {}
    second = counter.look_up("help")
    assert second.row.key != first.row.key


def test_who_says_a_name_of_another_beside_a_number_sees_no_name_that_is_not_written_down(counter: Counter) -> None:
    one, other = counter.somebody, counter.world.customers[5]
    asked = counter.look_up(f"{other.name} {one.mail}")
    with counter.house.database.reading() as session:
        looks = set(session.scalars(select(AuditRow.customer).where(AuditRow.reference == asked.row.key)))
    for owners in counter.world.in_words(str(asked.row.value)).values():
        assert looks & {owner.alias for owner in owners}


def test_the_receipt_of_a_form_says_whose_it_is(counter: Counter) -> None:
    before = counter.count(AuditRow)
    counter.fill_in("customer_note", str(counter.somebody.id), text="never sent")
    look = last(counter, AuditRow)
    assert isinstance(look, AuditRow)
    assert counter.count(AuditRow) == before + 1
    assert (look.person, look.customer, look.fields) == (MAYA, counter.somebody.alias, ["name"])
