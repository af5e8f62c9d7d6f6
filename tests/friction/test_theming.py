"""Themes from night to night: numbers stay, what people said stays, and few people are not counted."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from bot.database import Database
from bot.errors import MoveRefused, NotAllowed
from bot.friction import acting, theme_list, theme_moves, theming
from bot.friction.acting import Act
from bot.friction.desk import Desk, Reader, as_guessed
from bot.friction.kinds import Privacy
from bot.friction.moves import Event
from bot.friction.reporters import Reporter
from bot.friction.roles import Actor
from bot.friction.tables import EventRow, ThemeRow, TicketRow
from bot.friction.theme_list import Theme
from sqlalchemy import select

from friction.desk import NOW, SEALER, reporter, teller

EMPLOYEE = frozenset({"everyone"})
RUTH = Actor("U0RUTH", "T0", "Ruth", triager=True)
TILLS = (
    "the till froze again and had to be restarted",
    "till frozen, restart took ages",
    "till freezes and I restart it",
)
BILLS = (
    "Orion shows the wrong amount on the bill",
    "bill in Orion has a wrong amount",
    "wrong amounts on bills in Orion",
)
LONELY = "nobody knows where the keys of the bicycle shed are kept"
pytestmark = pytest.mark.each_engine


class Nights:
    """Tickets on a desk, and what became of them in the night."""

    def __init__(self, database: Database, reader: Reader) -> None:
        self.database, self.desk, self.now = database, Desk(database, reader, SEALER, teller()), NOW

    def file(self, *texts: str, who: Reporter | None = None) -> list[int]:
        with self.database.writing.begin() as session:
            drafts = self.desk.reader.intake.read_many(session, [(text, ()) for text in texts])
            return [
                self.desk.file_in(
                    session,
                    draft,
                    as_guessed(draft, Privacy.NAMED),
                    who or reporter(f"U0{place}{self.now:%d}"),
                    now=self.now,
                ).ticket
                for place, draft in enumerate(drafts)
            ]

    def pass_by(self, days: int = 1) -> theming.Night:
        self.now += timedelta(days=days)
        return theming.propose(self.database, self.desk.reader.intake, now=self.now)

    def themes(self) -> dict[int, Theme]:
        with self.database.reading() as session:
            return {one.number: one for one in theme_list.themes(session, audiences=EMPLOYEE)}

    def holding(self, ticket: int) -> int:
        """The number of the theme that it is in, 0 for none."""
        with self.database.reading() as session:
            return session.get_one(TicketRow, ticket).theme or 0


@pytest.fixture
def nights(database: Database, reader: Reader) -> Nights:
    return Nights(database, reader)


def together(nights: Nights, tickets: Sequence[int]) -> int:
    (number,) = {nights.holding(ticket) for ticket in tickets}
    return number


def test_tickets_about_one_pain_are_a_theme_and_what_is_like_no_other_is_in_none(nights: Nights) -> None:
    tills, bills, lonely = nights.file(*TILLS), nights.file(*BILLS), nights.file(LONELY)
    night = nights.pass_by()
    assert (night.looked_at, night.made, night.kept, night.alone) == (7, 2, 0, 1)
    assert together(nights, tills) != together(nights, bills)
    assert nights.holding(lonely[0]) == 0
    assert "till" in nights.themes()[together(nights, tills)].label.lower()


def test_numbers_stay_from_night_to_night_while_tickets_come(nights: Nights) -> None:
    tills, bills = nights.file(*TILLS), nights.file(*BILLS)
    nights.pass_by()
    before = together(nights, tills), together(nights, bills)
    tills += nights.file("till froze, restarted it again", "frozen till again, restart")
    night = nights.pass_by()
    assert (night.made, night.kept, night.ended) == (0, 2, 0)
    assert (together(nights, tills), together(nights, bills)) == before


def test_a_name_that_a_person_gave_stays_and_the_machines_own_follows_the_tickets(nights: Nights) -> None:
    tills, bills = nights.file(*TILLS), nights.file(*BILLS)
    nights.pass_by()
    named, other = together(nights, tills), together(nights, bills)
    with nights.database.writing.begin() as session:
        theme_moves.rename(session, named, "  Tills that   freeze ", RUTH, now=nights.now)
    nights.file(*(f"{text} today" for text in (*TILLS, *BILLS)))
    nights.pass_by()
    found = nights.themes()
    assert (found[named].label, found[named].named_by) == ("Tills that freeze", "Ruth")
    assert found[other].named_by == ""
    assert len(found[named].tickets) == 6


def test_where_a_named_theme_is_drawn_into_a_larger_one_the_name_stays(nights: Nights) -> None:
    few, many = nights.file(*TILLS[:2]), nights.file(TILLS[2], "till froze, restarted it again", "frozen till, restart")
    with nights.database.writing.begin() as session:
        for number, inside in ((1, few), (2, many)):
            session.add(
                ThemeRow(id=number, label="x", named_by="Ruth" if number == 1 else "", outcome="", changed_at=NOW)
            )
            session.flush()
            for ticket in inside:
                session.get_one(TicketRow, ticket).theme = number
    assert nights.pass_by().ended == 1
    assert together(nights, [*few, *many]) == 1


def test_a_ticket_stays_where_a_person_placed_it(nights: Nights) -> None:
    tills, bills = nights.file(*TILLS), nights.file(*BILLS)
    nights.pass_by()
    number = together(nights, bills)
    with nights.database.writing.begin() as session:
        theme_moves.place(session, tills[0], number, RUTH, now=nights.now)
    for _ in range(2):
        nights.file("till froze, restarted it again")
        nights.pass_by()
    assert together(nights, [tills[0], *bills]) == number
    assert together(nights, tills[1:]) not in {0, number}
    with nights.database.reading() as session:
        events = session.scalars(select(EventRow).where(EventRow.ticket == tills[0]).order_by(EventRow.id)).all()
    assert [(event.event, event.actor_name) for event in events][1:] == [("place", "Ruth")]


def test_themes_that_a_person_made_one_stay_one_with_the_name_that_a_person_gave(nights: Nights) -> None:
    tills, bills = nights.file(*TILLS), nights.file(*BILLS)
    nights.pass_by()
    one, other = together(nights, tills), together(nights, bills)
    with nights.database.writing.begin() as session:
        theme_moves.rename(session, one, "Tills", RUTH, now=nights.now)
        assert theme_moves.merge(session, one, other, RUTH, now=nights.now) == 6
    nights.pass_by()
    assert together(nights, [*tills, *bills]) == other
    found = nights.themes()
    assert {number: theme.label for number, theme in found.items()} == {other: "Tills"}


def test_what_is_over_leaves_its_theme_and_a_theme_without_tickets_ends(nights: Nights) -> None:
    alone = reporter("U0SAM")
    tills = nights.file(*TILLS[:2], who=alone)
    nights.pass_by()
    number = together(nights, tills)
    with nights.database.writing.begin() as session:
        for ticket in tills:
            acting.act(session, ticket, Act(Event.REJECT, "No tills any more"), RUTH, sealer=SEALER, now=nights.now)
    night = nights.pass_by()
    assert (night.looked_at, night.ended) == (0, 1)
    assert number not in nights.themes()
    assert together(nights, tills) == 0


def test_older_tickets_stay_in_their_theme_and_keep_its_number_alive(nights: Nights) -> None:
    tills = nights.file(*TILLS)
    nights.pass_by()
    number = together(nights, tills)
    night = nights.pass_by(days=200)
    assert (night.looked_at, night.ended) == (0, 0)
    assert together(nights, tills) == number


def test_what_people_chose_of_a_ticket_counts_more_than_what_its_words_tell(nights: Nights) -> None:
    tills = nights.file(*TILLS)
    other = nights.file("it froze and would not go on", "frozen, nothing went on")
    nights.pass_by()
    assert together(nights, [*tills, *other])
    with nights.database.writing.begin() as session:
        for ticket in other:
            sets = {"kind": "handoff", "tools": ["orion"], "touchpoint": "ex.desk.tidying"}
            acting.act(session, ticket, Act(Event.SET, "no till", sets=sets), RUTH, sealer=SEALER, now=nights.now)
    nights.pass_by()
    assert together(nights, tills) != together(nights, other)


def test_hours_of_a_theme_are_told_from_five_people_on(nights: Nights) -> None:
    texts = [f"{text}, 12 minutes each day" for text in TILLS]
    tills = nights.file(*texts)
    nights.file(texts[0], who=reporter("U0020"))  # the first one again: the same person
    nights.pass_by()
    (theme,) = nights.themes().values()
    assert (len(theme.tickets), theme.people, theme.hours) == (4, None, None)
    nights.file(*texts[:2])
    nights.pass_by()
    (theme,) = nights.themes().values()
    assert (len(theme.tickets), theme.people, theme.hours) == (6, None, 6.0)
    assert tills[0] in theme.tickets


def test_only_who_steers_puts_themes_in_order_and_what_is_not_there_is_said(nights: Nights) -> None:
    tills = nights.file(*TILLS)
    nights.pass_by()
    number = together(nights, tills)
    with nights.database.writing.begin() as session:
        with pytest.raises(NotAllowed, match="a triager"):
            theme_moves.rename(session, number, "Tills", Actor("U0SAM", "T0", "Sam"), now=NOW)
        with pytest.raises(MoveRefused, match="no theme 4711"):
            theme_moves.place(session, tills[0], 4711, RUTH, now=NOW)
        with pytest.raises(MoveRefused, match="two themes"):
            theme_moves.merge(session, number, number, RUTH, now=NOW)
        with pytest.raises(MoveRefused, match="is called something"):
            theme_moves.rename(session, number, "  ", RUTH, now=NOW)
        with pytest.raises(NotAllowed):
            theme_list.themes(session, audiences=frozenset({"public"}))


def test_what_was_done_last_to_themes_is_undone_once_and_not_over_what_came_after(nights: Nights) -> None:
    tills, scanners = nights.file(*TILLS), nights.file(*BILLS)
    nights.pass_by()
    one, other = together(nights, tills), together(nights, scanners)
    before = {theme.label: theme.tickets for theme in nights.themes().values()}
    with nights.database.writing.begin() as session:
        theme_moves.merge(session, one, other, RUTH, now=nights.now)
    assert len(nights.themes()) == 1
    with nights.database.writing.begin() as session:
        assert "became part of" in theme_moves.undo(session, RUTH, now=nights.now)
    assert {theme.label: theme.tickets for theme in nights.themes().values()} == before
    with nights.database.writing.begin() as session:
        with pytest.raises(MoveRefused, match="Nobody changed a theme"):
            theme_moves.undo(session, RUTH, now=nights.now)
        theme_moves.rename(session, one, "Tills", RUTH, now=nights.now)
        session.get_one(ThemeRow, one).outcome = "New tills"
        with pytest.raises(MoveRefused, match="something else happened"):
            theme_moves.undo(session, RUTH, now=nights.now)


def test_a_locked_theme_keeps_its_tickets_until_it_is_unlocked(nights: Nights) -> None:
    tills = nights.file(*TILLS)
    nights.pass_by()
    number = together(nights, tills)
    with nights.database.writing.begin() as session:
        assert theme_moves.lock(session, number, RUTH, now=nights.now) == len(tills)
    assert nights.themes()[number].locked
    with nights.database.writing.begin() as session:
        theme_moves.unlock(session, number, RUTH, now=nights.now)
    assert not nights.themes()[number].locked


def test_what_became_of_a_theme_is_told_once_to_everybody_who_reported_it(nights: Nights) -> None:
    tills = nights.file(*TILLS)
    nights.pass_by()
    number = together(nights, tills)
    desk_teller = teller()
    with nights.database.writing.begin() as session:
        with pytest.raises(MoveRefused, match="what became of it"):
            theme_moves.tell(session, number, "done", RUTH, teller=desk_teller, now=nights.now)
        told = theme_moves.tell(session, number, "The tills have new cables", RUTH, teller=desk_teller, now=nights.now)
        with pytest.raises(MoveRefused, match="told already"):
            theme_moves.tell(session, number, "The tills have new cables", RUTH, teller=desk_teller, now=nights.now)
    assert told == len(tills)
    assert nights.themes()[number].outcome == "The tills have new cables"
