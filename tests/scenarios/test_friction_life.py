"""The whole life of one friction: typed twice, met by five colleagues, owned, fixed, and heard of by each of them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import friction_wording, telling_wording
from bot.friction.moves import Event, State
from bot.friction.tables import EventRow, ReportRow, TicketRow
from bot.friction.telling import NEWS
from bot.friction.telling_tables import NewsRow
from bot.handlers import blocks
from bot.handlers.friction import cards, own_views
from bot.inbox import InboxRow
from bot.outbox import OutboxRow
from bot.retrieval.embedding import Embedder
from bot.simulator.messages import SeenMessage
from bot.simulator.seen_views import SeenView
from sqlalchemy import select

import offices
from offices import PATIENCE_SECONDS, Office

MAYA, SAM, NIAMH, ELIF, FEMI, JONAS, RUTH = (
    f"U0{name}" for name in ("MAYA", "SAM", "NIAMH", "ELIF", "FEMI", "JONAS", "RUTH")
)
SHOP, TEAM = "C0HARBOUR", "C0BILLINGIT"
CODE = re.compile(r"(?<=Your code is )[2-9A-Z-]{14}")
WORDS = "typed the box serials into Orion and again in CareDesk, 10 minutes each day, customer waiting"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, starter_data: Path, encoder: Embedder) -> Iterator[Office]:
    house = offices.house_in(offices.furnish(tmp_path_factory.mktemp("life") / "var", starter_data), encoder)
    house.friction.warm_up()
    opened = offices.open_office(house)
    yield opened
    opened.close()
    house.database.close()


class People:
    """What they do and see, one after the other."""

    def __init__(self, office: Office) -> None:
        self.office, self.workspace = office, office.workspace

    def modal(self, person: str, title: str) -> SeenView:
        return self.workspace.wait_for(
            lambda: [one for one in [self.workspace.open_modal(person)] if one and one.title == title],
            timeout=PATIENCE_SECONDS,
        )[-1]

    def form(self, person: str, words: str, title: str = friction_wording.TITLE) -> SeenView:
        if self.workspace.open_modal(person):
            self.workspace.close_modal(person)
        self.workspace.slash(person, SHOP, "/friction", words)
        return self.modal(person, title)

    def hears(self, person: str, words: str, channel: str = "") -> SeenMessage:
        where = channel or self.workspace.direct(person).id
        return self.workspace.wait_for(
            lambda: [one for one in self.office.replies(person, where) if words in one.words], timeout=PATIENCE_SECONDS
        )[-1]

    def heard(self, person: str, words: str) -> int:
        where = self.workspace.direct(person).id
        return sum(words in one.words for one in self.office.replies(person, where))

    def number(self, person: str, words: str) -> int:
        """The number in the receipt that says this."""
        told = re.search(r"your report is FR-(\d+)", self.hears(person, words, SHOP).words)
        assert told
        return int(told[1])

    def joins(self, person: str, number: int, privacy: str = "named") -> None:
        self.form(person, "serials typed twice, in Orion and in CareDesk, ten minutes each day")
        self.workspace.fill(person, {"privacy": privacy})
        self.workspace.press_in_modal(person, "friction_me_too", str(number))

    def card(self) -> SeenMessage:
        return self.hears(JONAS, "Typed twice · CareDesk, Orion", TEAM)

    def press(self, person: str, message: SeenMessage, action: str, channel: str = "") -> None:
        if self.workspace.open_modal(person):
            self.workspace.close_modal(person)
        self.workspace.click(person, channel or self.workspace.direct(person).id, message.ts, action)


@pytest.fixture(scope="module")
def people(office: Office) -> People:
    return People(office)


def state(office: Office, number: int) -> State:
    with office.house.database.reading() as session:
        return State(session.get_one(TicketRow, number).state)


def met_by_five(office: Office, people: People) -> tuple[int, str]:
    """Two by name, two in confidence, one anonymously: the ticket, and the code of the last."""
    people.form(MAYA, WORDS)
    office.workspace.submit(MAYA, {})
    number = people.number(MAYA, "Billing IT owns that")
    assert "1 person" in people.card().words
    for person, privacy in ((SAM, "confidential"), (FEMI, "named"), (ELIF, "confidential")):
        people.joins(person, number, privacy)
    people.joins(NIAMH, number, "anonymous")
    (code,) = CODE.findall(people.modal(NIAMH, friction_wording.SENT).words)
    people.hears(SAM, f"you are on FR-{number} now")
    return number, code


def owned(office: Office, people: People, number: int) -> None:
    """The owner is told at two and at five, sees to it, and looks up who gave their name."""
    people.hears(JONAS, "2 people report this now.", TEAM)
    people.hears(JONAS, "5 people report this now.", TEAM)
    office.settle()
    assert "5 people" in people.card().words
    assert not [one for one in office.replies(JONAS, TEAM) if "3 people report" in one.words]
    people.press(JONAS, people.card(), f"{cards.ACT_ACTION}_acknowledge", TEAM)
    for person in (MAYA, SAM, FEMI, ELIF):
        people.hears(person, "was seen: Jonas Weber sees to it.")
    office.settle()
    assert state(office, number) is State.ACKNOWLEDGED
    people.press(JONAS, people.card(), cards.WHO_ACTION, TEAM)
    named = people.modal(JONAS, f"FR-{number}").words
    assert "Maya Okafor" in named
    assert "Femi Bello" in named
    assert "3 more people without a name" in named
    assert "Your name was seen by Jonas Weber." in people.form(MAYA, "mine", friction_wording.MINE).words
    assert "nobody sees your name" in people.form(SAM, "mine", friction_wording.MINE).words


def asked_and_answered(office: Office, people: People, number: int, code: str) -> None:
    """The anonymous reporter finds the question under the code, and answers it."""
    people.press(JONAS, people.card(), f"{cards.ACT_ACTION}_ask", TEAM)
    people.modal(JONAS, telling_wording.FORM_TITLES[Event.ASK])
    office.workspace.submit(JONAS, {"words": "Which screen of Orion is it?"})
    people.hears(MAYA, "Which screen of Orion is it?")
    people.hears(SAM, "Which screen of Orion is it?")
    people.form(NIAMH, f"status {code}", friction_wording.MINE)
    office.workspace.press_in_modal(NIAMH, cards.ANSWER_ACTION)
    people.modal(NIAMH, telling_wording.SAY_TITLES["answer"])
    office.workspace.submit(NIAMH, {"words": "The one called Devices, after signing out a box"})
    people.hears(JONAS, "The one called Devices", TEAM)
    office.settle()
    assert state(office, number) is State.ACKNOWLEDGED


def resolved(office: Office, people: People, words: str) -> dict[str, SeenMessage]:
    """What those who can be written to hear, by person."""
    people.press(JONAS, people.card(), f"{cards.ACT_ACTION}_resolve", TEAM)
    people.modal(JONAS, telling_wording.FORM_TITLES[Event.RESOLVE])
    cause = {"root_cause": "integration", "cause_shown_by": "The log of Orion at 9:02"}
    office.workspace.submit(JONAS, {"resolution": "fixed", "words": words, **cause})
    return {person: people.hears(person, words) for person in (MAYA, SAM, FEMI, ELIF)}


def test_a_friction_is_reported_met_owned_fixed_and_everyone_hears_of_it(office: Office, people: People) -> None:
    number, code = met_by_five(office, people)
    owned(office, people, number)
    asked_and_answered(office, people, number, code)
    heard = resolved(office, people, "Orion sends its device list to CareDesk every hour")
    for person in (SAM, FEMI):
        people.press(person, heard[person], cards.STILL_ACTION)
    people.hears(MAYA, "is open again")
    office.settle()
    assert state(office, number) is State.IN_PROGRESS
    heard = resolved(office, people, "Orion sends each device at once, tested")
    people.press(MAYA, heard[MAYA], cards.FIXED_ACTION)
    people.hears(SAM, "is closed: somebody who reported it says that it is fixed.")
    people.hears(MAYA, f"Thank you. FR-{number} is closed")
    office.settle()
    assert state(office, number) is State.CLOSED
    assert people.heard(MAYA, "is closed: somebody") == 0
    for person in (SAM, FEMI, ELIF):
        assert people.heard(person, "was seen: Jonas Weber") == 1
        assert people.heard(person, "is closed: somebody") == 1
    assert "Closed" in people.card().words
    behind = "Where it came from: Systems that do not talk to each other. What shows it: The log of Orion at 9:02"
    assert behind in people.card().words
    people.workspace.slash(MAYA, SHOP, "/friction", f"FR-{number}")
    assert (
        behind
        in people.workspace.wait_for(
            lambda: [one for one in office.replies(MAYA, SHOP) if behind in one.words], timeout=PATIENCE_SECONDS
        )[-1].words
    )
    # No row of anything says who reported in confidence or anonymously, nor the code.
    with office.house.database.reading() as session:
        tables = (InboxRow, OutboxRow, EventRow, ReportRow, TicketRow, NewsRow)
        kept = [str(vars(one)) for table in tables for one in session.scalars(select(table))]
        owed = [one for one in session.scalars(select(OutboxRow)) if one.destination["sealed"]]
        confidential = select(ReportRow.handle).where(ReportRow.ticket == number, ReportRow.privacy == "confidential")
        reporters = {f"@{handle}:" for handle in session.scalars(confidential)}
    # Receipts, replies and news of one person have one order, however they are sealed.
    for kind in (NEWS, blocks.WORDS):
        assert reporters <= {one.conversation for one in owed if one.kind == kind}
    assert not [one for one in owed if one.destination["only"] in one.conversation]
    assert not [one for one in kept if any(person in one for person in (SAM, ELIF, NIAMH))]
    assert not [one for one in kept if code in one]


def test_the_second_of_two_who_press_is_told_who_was_faster(office: Office, people: People) -> None:
    people.form(MAYA, "the till of register 4 freezes twice a day, five minutes each time")
    office.workspace.submit(MAYA, {})
    number = people.number(MAYA, "register 4")
    with office.house.database.reading() as session:
        team = session.get_one(TicketRow, number).team
    owner = next(iter(office.house.owners.teams[team].people), "")
    owners = [one.id for one in office.workspace.people if one.email == owner]
    where = next(
        (one.id for one in office.workspace.channels if f"#{one.name}" == office.house.owners.teams[team].channel),
        office.workspace.direct(owners[0]).id,
    )
    card = people.hears(owners[0], f"FR-{number}", where)
    action = f"{cards.ACT_ACTION}_acknowledge"
    office.workspace.click(owners[0], where, card.ts, action)
    office.workspace.click(owners[0], where, card.ts, action)
    people.hears(owners[0], f"Meanwhile FR-{number} was changed", where)
    office.settle()
    assert state(office, number) is State.ACKNOWLEDGED


def test_a_report_is_changed_and_taken_back_and_its_words_are_gone(office: Office, people: People) -> None:
    people.form(FEMI, "the label printer of the store room eats every second label")
    office.workspace.submit(FEMI, {})
    number = people.number(FEMI, "label printer")
    people.form(FEMI, "mine", friction_wording.MINE)
    office.workspace.press_in_modal(FEMI, own_views.CHANGE_ACTION, str(number))
    people.modal(FEMI, telling_wording.SAY_TITLES["change"])
    office.workspace.submit(FEMI, {"words": "the label printer eats every label", "minutes": "15"})
    office.settle()
    with office.house.database.reading() as session:
        assert session.scalars(select(ReportRow.words).where(ReportRow.ticket == number)).one().endswith("every label")
    people.form(FEMI, "mine", friction_wording.MINE)
    office.workspace.press_in_modal(FEMI, own_views.TAKE_BACK_ACTION, str(number))
    office.settle()
    assert state(office, number) is State.WITHDRAWN
    with office.house.database.reading() as session:
        assert "label" not in str([vars(one) for one in session.scalars(select(ReportRow))])
        assert session.get_one(TicketRow, number).title == "(taken back)"


def test_how_one_hears_of_it_is_chosen_among_ones_reports(office: Office, people: People) -> None:
    people.form(RUTH, "mine", friction_wording.MINE)
    office.workspace.fill(RUTH, {own_views.HABIT_ACTION: "daily"})
    office.settle()
    assert "Once a day, together" in str(people.form(RUTH, "mine", friction_wording.MINE).fields)
