"""Every event in every state by everybody: what the table allows happens to a real ticket, and nothing else does."""

import itertools

import pytest
from bot.database import Database
from bot.errors import MoveRefused
from bot.friction import acting, moves
from bot.friction.acting import Act, Resolution
from bot.friction.kinds import Kind, Severity
from bot.friction.moves import Event, Role, State
from bot.friction.roles import THROUGHLINE, Actor
from bot.friction.tables import EventRow, ReportRow, TicketRow
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from friction.desk import NOW, SEALER, TEAM, filed, reporter

# As it was agreed: for each event the states that it may happen in, who may do it, and where it leads. "-" is nowhere,
# "<" back to where it came from. States by their first letters: new, acknowledged, triaged, in progress, waiting for
# the reporter or a partner, resolved, closed, merged, withdrawn, rejected. People: S the system, E an employee who has
# not reported it, R one of several reporters, A who alone reported it, O its owner, T a triager.
AGREED = """
    me_too            new ack tri inp war wap res       E      -
    acknowledge       new                               OT     ack
    triage            new ack                           OT     tri
    assign            new ack tri inp war wap           OT     -
    set               new ack tri inp war wap res       OT     -
    start             ack tri                           OT     inp
    ask               ack tri inp                       OT     war
    answer            war                               RA     <
    hold_for_partner  tri inp                           OT     wap
    resume            war wap                           OT     <
    resolve           ack tri inp war wap               OT     res
    resolve           new ack tri inp war wap           S      res
    confirm           res                               RA     clo
    still_happens     res                               RA     -
    close             res                               S      clo
    reopen            res clo                           RAT    inp
    reopen            res                               S      inp
    reopen            rej                               RA     new
    merge             new ack tri inp war wap           AOT    mer
    unmerge           mer                               OT     <
    split             new ack tri inp war wap           OT     -
    reject            new ack tri                       OT     rej
    withdraw          new ack tri inp war wap           A      wit
"""
STATES = {
    "new": State.NEW,
    "ack": State.ACKNOWLEDGED,
    "tri": State.TRIAGED,
    "inp": State.IN_PROGRESS,
    "war": State.WAITING_REPORTER,
    "wap": State.WAITING_PARTNER,
    "res": State.RESOLVED,
    "clo": State.CLOSED,
    "mer": State.MERGED,
    "wit": State.WITHDRAWN,
    "rej": State.REJECTED,
}
PEOPLE = {
    "S": Role.SYSTEM,
    "E": Role.EMPLOYEE,
    "R": Role.REPORTER,
    "A": Role.SOLE_REPORTER,
    "O": Role.OWNER,
    "T": Role.TRIAGER,
}
# Where each waiting or merged ticket of this test came from.
BEFORE = State.TRIAGED
CELLS = list(itertools.product(State, Event, PEOPLE))


def agreed() -> dict[tuple[State, Event, str], State]:
    found = {}
    for line in AGREED.strip().splitlines():
        event, *states, who, to = line.split()
        for state, person in itertools.product((STATES[one] for one in states), who):
            leads = {"-": state, "<": BEFORE}.get(to) or STATES[to]
            found[state, Event(event), person] = leads
    return found


@pytest.fixture(scope="module")
def truth() -> dict[tuple[State, Event, str], State]:
    return agreed()


def test_the_table_of_moves_is_the_one_that_was_agreed(truth: dict[tuple[State, Event, str], State]) -> None:
    for state, event, person in CELLS:
        one = next(
            (
                move
                for move in moves.MOVES
                if move.event is event and state in move.sources and PEOPLE[person] in move.who
            ),
            None,
        )
        leads = moves.target(one, state, BEFORE) if one else None
        assert leads == truth.get((state, event, person)), (state, event, person)
    print(f"\n{len(truth)} of {len(CELLS)} cells are allowed:")  # noqa: T201 - the table, shown with -s
    print(AGREED)  # noqa: T201 - as above


def actor_of(person: str) -> Actor:
    return {
        "S": THROUGHLINE,
        "E": Actor("U0ELSE", "T0", "Else"),
        "R": Actor("U0MAYA", "T0", "Maya"),
        "A": Actor("U0MAYA", "T0", "Maya"),
        "O": Actor("U0OLU", "T0", "Olu", teams=frozenset({TEAM})),
        "T": Actor("U0RUTH", "T0", "Ruth", triager=True),
    }[person]


def staged(session: Session, state: State, person: str) -> TicketRow:
    """A ticket in this state, of two reporters unless one is alone; as if nobody had done anything yet."""
    number = filed(session, "the till froze again", who=reporter("U0MAYA" if person in "RA" else "U0SAM"))
    if person != "A":
        filed(session, "frozen till", who=reporter("U0NOOR"), joins=number)
    row = session.get_one(TicketRow, number)
    row.state, row.before, row.page = state, BEFORE, "returns.md"
    if state is State.MERGED:
        row.merged_into = filed(session, "another one", who=reporter("U0ZOE"))
    session.flush()
    return row


def act_of(session: Session, event: Event, row: TicketRow) -> Act:
    """With all that could be said."""
    other = filed(session, "the other one", who=reporter("U0ZOE")) if event is Event.MERGE else None
    reports = frozenset(session.scalars(select(ReportRow.id).where(ReportRow.ticket == row.id).limit(1)))
    return Act(
        event,
        "We exchanged the cable of the till.",
        resolution=Resolution.POLICY_CLARIFIED if event is Event.RESOLVE else None,
        other=other,
        assignee="U0OLU" if event is Event.ASSIGN else "",
        reports=reports if event is Event.SPLIT else frozenset(),
        sets={"kind": Kind.OUTAGE, "severity": Severity.S2, "tools": ["pos"], "team": TEAM, "partner": "fieldpro"},
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_every_cell_does_to_a_ticket_what_was_agreed_or_changes_nothing(
    database: Database, person: str, truth: dict[tuple[State, Event, str], State]
) -> None:
    for state, event in itertools.product(State, Event):
        if event is Event.ME_TOO:
            continue  # that is a report: test_filing
        with rolled_back(database) as session:
            row = staged(session, state, person)
            one = act_of(session, event, row)
            # A merged ticket stands for the one that it was merged into; only taking them apart speaks of itself.
            number = row.id
            if state is State.MERGED and event is not Event.UNMERGE:
                continue
            expected = truth.get((state, event, person))
            before = (row.state, row.version, events(session, number))
            if expected is None:
                with pytest.raises(MoveRefused):
                    acting.act(session, number, one, actor_of(person), sealer=SEALER, now=NOW)
                assert (row.state, row.version, events(session, number)) == before, (state, event)
            else:
                done = acting.act(session, number, one, actor_of(person), sealer=SEALER, now=NOW)
                assert (done.source, done.target, row.state) == (state, expected, expected), (state, event)
                assert events(session, number) == before[2] + 1


def events(session: Session, number: int) -> int:
    return session.scalar(select(func.count()).select_from(EventRow).where(EventRow.ticket == number)) or 0


class rolled_back:  # noqa: N801 - reads as a word
    """A session whose work is undone at the end."""

    def __init__(self, database: Database) -> None:
        self._session = database.writing()

    def __enter__(self) -> Session:
        return self._session

    def __exit__(self, *_: object) -> None:
        self._session.rollback()
        self._session.close()


@pytest.mark.parametrize(
    ("event", "sets", "missing"),
    [
        (Event.TRIAGE, {}, "Say also: tool or touchpoint."),
        (Event.RESOLVE, {}, "Say also: resolution, what was done, in at least ten characters."),
    ],
)
def test_what_has_to_be_said_with_a_move_is_asked_for(
    database: Database, event: Event, sets: dict[str, object], missing: str
) -> None:
    with rolled_back(database) as session:
        number = filed(session, "the till froze", tools=())
        session.get_one(TicketRow, number).state = State.NEW if event is Event.TRIAGE else State.TRIAGED
        with pytest.raises(MoveRefused, match=missing):
            acting.act(session, number, Act(event, sets=sets), actor_of("T"), sealer=SEALER, now=NOW)


def test_a_refusal_says_what_can_be_done_instead(database: Database) -> None:
    with rolled_back(database) as session:
        number = filed(session, "the till froze")
        with pytest.raises(MoveRefused) as refused:
            acting.act(session, number, Act(Event.START), actor_of("O"), sealer=SEALER, now=NOW)
    assert str(refused.value).startswith(
        "A ticket that is new cannot be started. It can be reported by one more, acknowledged, "
    )


@pytest.mark.parametrize("event", Event)
def test_every_event_is_in_the_table(event: Event) -> None:
    assert any(move.event is event for move in moves.MOVES)


def test_throughline_itself_resolves_only_what_its_page_says_now(database: Database) -> None:
    with database.writing.begin() as session:
        number = filed(session, "the rule says soon")
        for resolution, page in ((Resolution.POLICY_CLARIFIED, ""), (Resolution.FIXED, "returns.md")):
            session.get_one(TicketRow, number).page = page
            one = Act(Event.RESOLVE, "The page was changed.", resolution=resolution)
            with pytest.raises(MoveRefused, match="that its page was clarified"):
                acting.act(session, number, one, THROUGHLINE, sealer=SEALER, now=NOW)
