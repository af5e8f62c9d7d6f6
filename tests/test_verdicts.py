"""What a verdict does to what is kept, to the next answer, and to the list that owners work off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from bot import outbox
from bot.assistant import Asked, Assistant
from bot.curation import OPERATOR, Curator
from bot.database import Database
from bot.errors import NotAllowed
from bot.exchanges import FeedbackRow
from bot.outbox import Destination
from bot.people import Owners, Person, Team
from bot.retrieval.documents import Question
from bot.retrieval.validity import JudgmentRow
from bot.unhelpful import Outcome, UnhelpfulPage
from bot.verdicts import Judged, Objection, Verdicts, card_key
from sqlalchemy import select
from sqlalchemy.orm import Session

from conftest import Shelf

pytestmark = pytest.mark.each_engine
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
BILLING = Team("billing", "Billing policy", "#billing-policy", ("elif@tidewater.example",))
OWNERS = Owners({"billing": BILLING, "shops": Team("shops", "Shops", "#shops", ())})
SAM = Person("U0SAM", "Sam Tran", frozenset({"public", "everyone"}))
FEE = "How much is the late fee?"
OWN = "---\ntitle: Bills\nowner: billing\n---\n## Late fee\n\nThe late fee is {} per bill.\n"


class Desk:
    """Somebody asks, and says what they think of the answer."""

    def __init__(self, shelf: Shelf, database: Database) -> None:
        self.shelf = shelf
        self.database = database
        self.assistant = Assistant(shelf.library, OWNERS)
        self.verdicts = Verdicts(database, shelf.library, OWNERS)
        self.curator = Curator(database, shelf.library, OWNERS)

    def ask(self, question: str = FEE, *, thread: str = "1.0", history: tuple[str, ...] = ()) -> Judged:
        asked = Asked(SAM, Question(question, history=history), channel="C1", thread=thread)
        reply = self.assistant.ask(asked, today=NOW.date())
        with self.database.writing.begin() as session:
            number = self.assistant.remember(session, asked, reply, now=NOW)
        judged = self.verdicts.judged(number)
        assert judged is not None
        return judged

    def give(self, judged: Judged, person: str = "U1", *, helpful: bool = False, now: datetime = NOW) -> None:
        with self.database.writing.begin() as session:
            assert self.verdicts.give(session, judged, person=person, helpful=helpful, now=now)

    def object(
        self,
        judged: Judged,
        person: str = "U1",
        *,
        objection: Objection = Objection.WRONG,
        words: str = "",
        now: datetime = NOW,
    ) -> bool:
        with self.database.writing.begin() as session:
            return self.verdicts.object(
                session, judged, person=person, objection=objection, words=words, named=True, now=now
            )

    def kept(self) -> list[tuple[str, bool, str, str]]:
        with self.database.reading() as session:
            rows = session.scalars(select(FeedbackRow).order_by(FeedbackRow.person)).all()
        return [(row.person, row.helpful, row.objection, row.words) for row in rows]

    def doubts(self) -> dict[str, float]:
        with self.database.reading() as session:
            return dict(session.execute(select(JudgmentRow.voice, JudgmentRow.doubt)).all())

    def listed(self, owner: str = "") -> list[UnhelpfulPage]:
        return self.curator.unhelpful(owner=owner, by=OPERATOR)


@pytest.fixture
def desk(shelf: Shelf, database: Database) -> Desk:
    shelf.write("home.md", OWN.format("$9.50"))
    shelf.write("shop.md", "---\ntitle: Opening hours\nowner: shops\n---\nThe shop opens at nine on weekdays.\n")
    shelf.write("cards.md", "---\ntitle: Gift cards\n---\nGift cards never expire.\n")
    shelf.reindex()
    return Desk(shelf, database)


def test_the_answer_that_is_judged_is_what_was_asked_and_quoted_first(desk: Desk) -> None:
    judged = desk.ask()
    assert judged.place is not None
    assert (judged.question, judged.page, judged.team) == (FEE, "Bills › Late fee", BILLING)
    assert (judged.place.source, judged.place.words) == ("home.md", "The late fee is $9.50 per bill.")
    assert desk.ask("do gift cards expire?").team is None
    assert desk.verdicts.judged(99) is None


def test_a_follow_up_is_judged_by_what_it_meant_in_its_conversation(desk: Desk) -> None:
    first = desk.ask()
    follow = desk.ask("and per bill?", history=(FEE,))
    alone = desk.ask("and per bill?", thread="2.0")
    meant = desk.shelf.library.meaning(Question("and per bill?", history=(FEE,)))
    assert (follow.meaning == meant).all()
    assert float(follow.meaning @ first.meaning) > float(alone.meaning @ first.meaning)


def test_the_last_word_of_each_person_counts_and_a_reason_outlives_a_second_press(desk: Desk) -> None:
    judged = desk.ask()
    desk.give(judged)
    assert desk.doubts() == {"U1": 0.5}
    assert desk.object(judged, words="$10 since May")
    assert not desk.object(judged, words="$10 since May")
    assert desk.doubts() == {"U1": 1.0}
    desk.give(judged)
    assert (desk.kept(), desk.doubts()) == ([("U1", False, "wrong", "$10 since May")], {"U1": 1.0})
    assert desk.object(judged, objection=Objection.INCOMPLETE)
    assert (desk.kept(), desk.doubts()) == ([("U1", False, "incomplete", "")], {"U1": 0.5})
    desk.give(judged, helpful=True)
    assert (desk.kept(), desk.doubts()) == ([("U1", True, "", "")], {"U1": -1.0})


def test_a_verdict_on_words_that_are_not_on_the_page_any_more_lowers_nothing(desk: Desk) -> None:
    judged = desk.ask()
    desk.shelf.write("home.md", OWN.format("$9.75"))
    desk.shelf.reindex()
    assert desk.object(judged)
    assert desk.doubts() == {}
    assert [page.verdicts[0].outcome for page in desk.listed()] == [Outcome.EDITED]


def test_owners_list_what_did_not_help_worst_first_newest_first_with_what_became_of_it(desk: Desk) -> None:
    fee, shop, cards = desk.ask(), desk.ask("When does the shop open?"), desk.ask("do gift cards expire?")
    desk.object(fee, "U1", words="It is $10.")
    desk.give(fee, "U2", now=NOW + timedelta(minutes=1))
    desk.give(fee, "U3", helpful=True)
    desk.object(shop, "U1", objection=Objection.BESIDE)
    desk.give(cards, "U1")
    told = desk.listed()
    assert [(page.source, page.owner, page.open) for page in told] == [
        ("home.md", "billing", 2),
        ("cards.md", "", 1),
        ("shop.md", "shops", 1),
    ]
    assert [(one.objection, one.words, one.question) for one in told[0].verdicts] == [
        ("", "", FEE),
        ("wrong", "It is $10.", FEE),
    ]
    assert [page.source for page in desk.listed("shops")] == ["shop.md"]
    desk.curator.verify("home.md", by=OPERATOR, today=NOW.date())
    desk.shelf.write("shop.md", "---\ntitle: Opening hours\nowner: shops\n---\nThe shop opens at ten on weekdays.\n")
    (desk.shelf.folder / "cards.md").unlink()
    desk.shelf.reindex()
    assert {page.source: {one.outcome for one in page.verdicts} for page in desk.listed()} == {
        "home.md": {Outcome.VERIFIED},
        "shop.md": {Outcome.EDITED},
        "cards.md": {Outcome.GONE},
    }
    desk.give(fee, "U2", now=NOW + timedelta(minutes=5))
    assert [page.open for page in desk.listed()] == [1, 0, 0]


def test_the_list_is_for_admins(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="Only an admin may do that, and Sam Tran is not one"):
        desk.curator.unhelpful(owner="", by=SAM)


@pytest.fixture
def tell(desk: Desk) -> Callable[..., str | None]:
    """Owes the message about a verdict as the surface does; returns the card that it stands under."""

    def owe(judged: Judged, person: str, *, now: datetime, recipient: str = "C9") -> str | None:
        with desk.database.writing.begin() as session:
            desk.verdicts.object(
                session, judged, person=person, objection=Objection.WRONG, words=person, named=True, now=now
            )
            begun = desk.verdicts.card_for(session, judged, recipient=recipient, now=now)
            _owe(session, f"card:{person}", recipient, now)
            desk.verdicts.told(session, judged, person=person, card=begun or f"card:{person}")
        return begun

    return owe


def _owe(session: Session, card: str, recipient: str, now: datetime) -> None:
    outbox.owe(
        session, key=card_key(card, recipient), kind="words", to=Destination(recipient), value={"text": ""}, now=now
    )


def test_an_owner_hears_of_one_page_in_one_thread_for_an_hour(desk: Desk, tell: Callable[..., str | None]) -> None:
    fee, again, shop = desk.ask(), desk.ask("what is the late fee?"), desk.ask("When does the shop open?")
    minutes = [NOW + timedelta(minutes=number) for number in (0, 20, 30, 59, 61)]
    assert tell(fee, "U1", now=minutes[0]) is None
    assert tell(again, "U2", now=minutes[1]) == "card:U1"
    assert tell(shop, "U3", now=minutes[2]) is None
    assert tell(fee, "U4", now=minutes[2], recipient="D8") is None
    assert tell(fee, "U5", now=minutes[3]) == "card:U1"
    assert tell(fee, "U6", now=minutes[4]) is None
