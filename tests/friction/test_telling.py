"""Who hears of what happened to a ticket: each who can be written to, once, as secretly and as soon as they chose."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from bot.database import Database
from bot.errors import MoveRefused, NotAllowed
from bot.friction import acting, filing, habits, mine, sights, telling, tickets
from bot.friction.acting import Act, Resolution
from bot.friction.filing import Said
from bot.friction.habits import Habit
from bot.friction.kinds import Privacy
from bot.friction.moves import Event, State
from bot.friction.roles import THROUGHLINE, Actor
from bot.friction.tables import EventRow, ReportRow, ThemeRow, TicketRow
from bot.friction.telling import Teller
from bot.friction.telling_tables import NewsRow, SightRow
from bot.handlers.friction import cards
from bot.handlers.friction.rounds import Post
from bot.outbox import OutboxRow
from bot.working_time import OFFICE_HOURS, Calendar
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from friction.desk import NOW, SEALER, TEAM, filed, reporter, teller

pytestmark = pytest.mark.each_engine
MAYA, SAM, NOOR, FEMI = (reporter(f"U0{name.upper()}", name) for name in ("Maya", "Sam", "Noor", "Femi"))
OWNER = Actor("U0OLU", "T0", "Olu", teams=frozenset({TEAM}))
# Of Friday the 20th, 15:30: Monday at nine is next.
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.of("T0").writing.begin() as opened:
        yield opened


def known(session: Session, *, about: str = "the till froze") -> int:
    """Reported by Maya by name, by Sam in confidence, by Noor anonymously."""
    number = filed(session, about, who=MAYA)
    filed(session, "here too", who=SAM, joins=number, privacy=Privacy.CONFIDENTIAL)
    filed(session, "and here", who=NOOR, joins=number, privacy=Privacy.ANONYMOUS)
    return number


def act(session: Session, number: int, one: Act, by: Actor, *, who: Teller | None = None, now: datetime = NOW) -> None:
    done = acting.act(session, number, one, by, sealer=SEALER, now=now)
    (who or teller()).moved(session, done, by, now=now)


def owed(session: Session, kind: str = telling.NEWS) -> list[OutboxRow]:
    return list(session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id)))


def to_whom(row: OutboxRow) -> str:
    to = row.destination
    return SEALER.opened(to["only"]) if to["sealed"] else to["only"]


def shown(session: Session, number: int, who: Teller, channel: str = "C0SHOPS") -> None:
    who.show(session, session.get_one(TicketRow, number), [channel], now=NOW)


def test_each_reporter_who_can_be_written_to_hears_of_a_move_once(session: Session) -> None:
    number = known(session)
    act(session, number, Act(Event.ACKNOWLEDGE), OWNER)
    act(session, number, Act(Event.ASK, "Which till?"), OWNER)
    heard = Counter((to_whom(one), one.value["event"]) for one in owed(session))
    assert heard == {(who, event): 1 for who in ("U0MAYA", "U0SAM") for event in ("acknowledge", "ask")}
    assert {one.workspace for one in owed(session)} == {"T0"}


def test_no_row_names_a_confidential_reporter_and_an_anonymous_one_is_owed_nothing(session: Session) -> None:
    number = known(session)
    act(session, number, Act(Event.ACKNOWLEDGE), OWNER)
    kept = " ".join(str(vars(one)) for one in owed(session))
    assert "U0SAM" not in kept
    assert "U0NOOR" not in kept
    assert "U0MAYA" in kept


def test_nobody_is_told_of_what_they_did_themselves(session: Session) -> None:
    number = known(session)
    act(session, number, Act(Event.ACKNOWLEDGE), OWNER)
    act(session, number, Act(Event.RESOLVE, "a new till was brought", resolution=Resolution.FIXED), OWNER)
    act(session, number, Act(Event.CONFIRM), Actor("U0SAM", "T0", "Sam"))
    assert [to_whom(one) for one in owed(session) if one.value["event"] == "confirm"] == ["U0MAYA"]
    closed = session.scalars(select(EventRow).where(EventRow.event == Event.CONFIRM)).one()
    assert (closed.actor, closed.actor_name) == ("", "")


def test_the_same_person_by_name_and_in_another_workspace_is_written_to_once(session: Session) -> None:
    number = filed(session, "the till froze", who=replace(MAYA, address="maya@tidewater.example"))
    elsewhere = replace(MAYA, id="U9MAYA", workspace="T9", address="Maya@tidewater.example")
    with pytest.raises(MoveRefused, match="You reported FR-"):
        filed(session, "again", who=elsewhere, joins=number)
    act(session, number, Act(Event.ACKNOWLEDGE), OWNER)
    assert len(owed(session)) == 1


def test_owners_are_told_at_two_five_fifteen_and_fifty(session: Session) -> None:
    who, number = teller(), filed(session, "the till froze", who=MAYA)
    shown(session, number, who)
    for place in range(60):
        filed(session, "here too", who=reporter(f"U0P{place}"), joins=number)
        who.joined(session, number, now=NOW)
    assert [one.value["people"] for one in owed(session, telling.LINE)] == [2, 5, 15, 50]
    assert all(one.destination["under"] for one in owed(session, telling.LINE))


def test_a_card_is_shown_once_and_kept_as_the_ticket_stands(session: Session) -> None:
    who, number = teller(), known(session)
    shown(session, number, who)
    shown(session, number, who)
    act(session, number, Act(Event.ACKNOWLEDGE), OWNER)
    first, *later = owed(session, telling.CARD)
    assert (first.value["state"], first.value["people"]) == ("new", 3)
    assert [(one.value["state"], one.replaces) for one in later] == [("acknowledged", first.key)]


def test_who_is_merged_hears_it_and_then_of_the_one_that_is_left(session: Session) -> None:
    kept, gone = known(session), filed(session, "till froze once more", who=FEMI)
    act(session, gone, Act(Event.MERGE, other=kept), replace(OWNER, triager=True))
    act(session, kept, Act(Event.ACKNOWLEDGE), OWNER)
    assert next((to_whom(one), one.value["event"]) for one in owed(session)) == ("U0FEMI", "merge")
    assert [to_whom(one) for one in owed(session) if one.value["event"] == "acknowledge"] == [
        "U0MAYA",
        "U0SAM",
        "U0FEMI",
    ]


def test_whoever_is_assigned_hears_it_unless_they_did_it(session: Session) -> None:
    number = known(session)
    act(session, number, Act(Event.ASSIGN, assignee="U0OLU", assignee_name="Olu"), OWNER)
    act(session, number, Act(Event.ASSIGN, assignee="U0JO", assignee_name="Jo"), OWNER)
    assert [to_whom(one) for one in owed(session, telling.ASSIGNED)] == ["U0JO"]


def test_the_outcome_of_a_theme_reaches_each_person_once_whatever_they_reported(session: Session) -> None:
    first, second = known(session), filed(session, "the other till froze", who=MAYA)
    filed(session, "that too", who=FEMI, joins=second)
    theme = ThemeRow(label="tills freeze", named_by="", outcome="", changed_at=NOW)
    session.add(theme)
    session.flush()
    for number in (first, second):
        session.get_one(TicketRow, number).theme = theme.id
    assert teller().theme(session, theme.id, "New tills in every shop", now=NOW) == 3
    assert sorted(to_whom(one) for one in owed(session)) == ["U0FEMI", "U0MAYA", "U0SAM"]


@pytest.mark.parametrize(
    ("habit", "due"),
    [
        (Habit.AT_ONCE, NOW),
        (Habit.WORKING_HOURS, NOW),
        (Habit.DAILY, MONDAY),
        (Habit.WEEKLY, MONDAY),
    ],
)
def test_news_is_due_when_somebody_wants_to_hear(habit: Habit, due: datetime) -> None:
    office = Calendar(OFFICE_HOURS, zone=UTC)
    assert habits.due(habit, now=NOW, calendar=office) == due
    late = NOW + timedelta(hours=4)
    expected = {Habit.AT_ONCE: late}.get(habit, MONDAY)
    assert habits.due(habit, now=late, calendar=office) == expected
    # A question waits no longer than till people are at work.
    assert habits.due(habit, now=late, calendar=office, asked=True) == expected
    assert habits.due(habit, now=NOW, calendar=office, asked=True) == NOW


def test_a_week_is_gathered_until_its_end_and_a_day_till_the_next() -> None:
    office, tuesday = Calendar(OFFICE_HOURS, zone=UTC), datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert habits.due(Habit.DAILY, now=tuesday, calendar=office) == datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert habits.due(Habit.WEEKLY, now=tuesday, calendar=office) == datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_what_is_gathered_comes_in_one_message_when_its_time_has_come_and_once(database: Database) -> None:
    there = database.of("T0")
    office = Teller(teller().map, teller().owners, lambda _place: Calendar(OFFICE_HOURS, zone=UTC))
    with there.writing.begin() as session:
        number = known(session)
        habits.choose(session, SAM.handle(SEALER), Habit.DAILY)
        act(session, number, Act(Event.ACKNOWLEDGE), OWNER, who=office)
        act(session, number, Act(Event.ASK, "Which till?"), OWNER, who=office)
        act(session, number, Act(Event.ANSWER, "the one at the door"), Actor("U0MAYA", "T0", "Maya"), who=office)
        act(session, number, Act(Event.RESOLVE, "a new till came", resolution=Resolution.FIXED), OWNER, who=office)
    Post(there, clock=lambda: NOW + timedelta(hours=1))()
    with there.reading() as session:
        assert not owed(session, telling.GATHERED)
    for _ in range(2):
        Post(there, clock=lambda: MONDAY)()
    with there.reading() as session:
        (together,) = owed(session, telling.GATHERED)
        assert to_whom(together) == "U0SAM"
        # The question was told at once: it came in working hours.
        assert [one["event"] for one in together.value["news"]] == ["acknowledge", "resolve"]
        assert session.scalar(select(func.count()).select_from(NewsRow)) == 0
        assert Counter(to_whom(one) for one in owed(session)) == {"U0MAYA": 3, "U0SAM": 1}


def test_very_many_news_come_in_as_many_messages_as_slack_needs_for_them(database: Database) -> None:
    there = database.of("T0")
    weekly = Teller(teller().map, teller().owners, lambda _place: Calendar(OFFICE_HOURS, zone=UTC))
    with there.writing.begin() as session:
        habits.choose(session, MAYA.handle(SEALER), Habit.WEEKLY)
        for place in range(40):
            act(session, filed(session, f"till {place} froze", who=MAYA), Act(Event.ACKNOWLEDGE), OWNER, who=weekly)
    Post(there, clock=lambda: MONDAY)()
    with there.reading() as session:
        sent = owed(session, telling.GATHERED)
    assert sum(len(one.value["news"]) for one in sent) == 40
    asked = {"event": "ask", "number": 1, "title": "the till froze", "words": "x" * 3000, "by": "Olu"}
    longest = cards.gathered({"news": [asked] * max(len(one.value["news"]) for one in sent)})
    assert len(longest.blocks) <= 50
    assert len(str(longest.blocks)) < 13_000


def test_names_are_shown_to_who_works_on_it_and_whoever_is_named_sees_who_looked(session: Session) -> None:
    number = known(session)
    with pytest.raises(NotAllowed, match="shown to its owner"):
        sights.look(session, number, Actor("U0ELSE", "T0", "Else"), sealer=SEALER, now=NOW)
    found = sights.look(session, number, OWNER, sealer=SEALER, now=NOW)
    assert ([one.name for one in found.named], found.others) == (["Maya"], 2)
    session.flush()
    (own,) = mine.of(session, MAYA, sealer=SEALER)
    assert own.seen_by == ("Olu",)
    assert [one.seen_by for one in mine.of(session, SAM, sealer=SEALER)] == [()]
    assert session.scalar(select(func.count()).select_from(SightRow)) == 1


def test_a_report_that_is_taken_back_leaves_no_words_and_no_name(session: Session) -> None:
    number = known(session, about="the till of Maya's counter froze")
    mine.take_back(session, mine.report_of(session, number, Actor("U0MAYA", "T0"), sealer=SEALER), now=NOW)
    row = session.get_one(TicketRow, number)
    assert (row.title, State(row.state)) == ("here too", State.NEW)
    assert "counter" not in str([vars(one) for one in session.scalars(select(ReportRow))])
    assert not mine.of(session, MAYA, sealer=SEALER)
    with pytest.raises(MoveRefused, match="You have no report"):
        mine.report_of(session, number, Actor("U0MAYA", "T0"), sealer=SEALER)


def test_who_has_the_code_of_an_anonymous_report_acts_as_its_reporter_also_when_it_is_over(session: Session) -> None:
    number = filed(session, "the till froze", who=MAYA)
    filing_code = filing.me_too(session, number, Said("here too", Privacy.ANONYMOUS), NOOR, sealer=SEALER, now=NOW).code
    act(session, number, Act(Event.ACKNOWLEDGE), OWNER)
    act(session, number, Act(Event.RESOLVE, "a new till came", resolution=Resolution.FIXED), OWNER)
    act(session, number, Act(Event.CLOSE), THROUGHLINE)
    anybody = Actor("U0NOOR", "T0", "Noor")
    with pytest.raises(MoveRefused):
        act(session, number, Act(Event.REOPEN, "again today"), anybody)
    act(session, number, Act(Event.REOPEN, "again today"), replace(anybody, code=filing_code))
    event = session.scalars(select(EventRow).where(EventRow.event == Event.REOPEN)).one()
    assert (event.actor, event.actor_name, event.at.hour) == ("", "", 0)
    assert tickets.standing(session, number).state == State.IN_PROGRESS
