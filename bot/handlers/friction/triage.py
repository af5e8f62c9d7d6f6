"""What whoever works on a ticket does with its card: one press, or a form that one press opens."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot import telling_wording as wording
from bot.database import Database
from bot.friction import moves, sights, tickets
from bot.friction.acting import Act, Resolution
from bot.friction.desk import Desk
from bot.friction.moves import Event
from bot.friction.roles import Actor, roles_of
from bot.friction.tables import EventRow, TicketRow, TicketToolRow
from bot.handlers import blocks
from bot.handlers.friction import cards, move_forms, presses
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.forms import closing
from bot.handlers.friction.move_forms import Sheet
from bot.handlers.modals import context_of, is_form
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Directory
from bot.workspaces import of_session

MOVE = "friction_move"
# What needs nothing said is done with the press.
_AT_ONCE = frozenset({Event.ACKNOWLEDGE, Event.START, Event.RESUME, Event.UNMERGE})
_CHOOSABLE = tuple(wording.DOES)
ACTIONS = tuple(f"{move_forms.CHOOSE_ACTION}_{event}" for event in _CHOOSABLE)
_PRESSED = {f"{cards.ACT_ACTION}_{event}": event for event in cards.OFFERED} | {
    f"{move_forms.CHOOSE_ACTION}_{event}": event for event in _CHOOSABLE
}


class Triage:
    def __init__(
        self, database: Database, desk: Desk, callers: Callers, *, people: Directory, zone: tzinfo | None = None
    ) -> None:
        self._database = database
        self._desk = desk
        self._callers = callers
        self._people = people
        self._zone = zone

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {
            cards.MORE_ACTION: self.more,
            cards.WHO_ACTION: self.who,
            **dict.fromkeys(_PRESSED, self.form),
        }

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {move_forms.MOVE_FORM: move_forms.faults}

    @property
    def work(self) -> Mapping[str, Work]:
        return {MOVE: self.move}

    def read(self, body: Body) -> Arriving | None:
        if is_form(body, move_forms.MOVE_FORM):
            number, one = move_forms.act_in(body)
            return presses.owners(body, MOVE, {**context_of(body), "number": number, "act": _kept(one)})
        pressed = _pressed(body)
        if pressed is None:
            return None
        event, number, version = pressed
        if event not in _AT_ONCE:
            return None
        return presses.owners(body, MOVE, {"number": number, "act": _kept(Act(event, version=version))})

    def form(self, body: Body) -> View | None:
        """What a move needs; None for one that needs nothing. Raises `MoveRefused` for what cannot be done now."""
        pressed = _pressed(body)
        if pressed is None:
            return None
        event, number, version = pressed
        if event in _AT_ONCE:
            return _done(event) if (body.get("view") or {}).get("type") == "modal" else None
        with self._database.reading() as session:
            row = tickets.standing(session, number)
            moves.permitted(moves.State(row.state), event, self._roles(session, row, self._actor(session, body)))
            context = {**_opened(body), "number": row.id, "version": version}
            sheet = self._sheet(session, row)
        return move_forms.move_form(event, sheet, context, map_=self._desk.map, owners=self._callers.owners)

    def more(self, body: Body) -> View | None:
        seen = presses.seen(presses.value_of(body, cards.MORE_ACTION) or "")
        if seen is None:
            return None
        with self._database.reading() as session:
            row = session.get(TicketRow, seen[0]) or tickets.standing(session, seen[0])
            possible = moves.possible(moves.State(row.state), self._roles(session, row, self._actor(session, body)))
            history = self._history(session, row.id)
        return move_forms.more(row, possible, history, presses.where(body))

    def who(self, body: Body) -> View | None:
        """That somebody looked stands there before they see it."""
        seen = presses.seen(presses.value_of(body, cards.WHO_ACTION) or "")
        if seen is None:
            return None
        with self._database.writing.begin() as session:
            viewer = self._actor(session, body)
            found = sights.look(session, seen[0], viewer, sealer=self._desk.sealer, now=datetime.now(UTC))
        return move_forms.who_reported(seen[0], found, self._people.places)

    def move(self, event: Accepted) -> None:
        """The move is made, everybody is told; whoever filled in a form hears that it is done."""
        now, person = datetime.now(UTC), self._callers.person(event.value["person"])
        one = _act(event.value["act"])
        if one.assignee:
            one = replace(one, assignee_name=self._callers.person(one.assignee).name)
        with self._database.writing.begin() as session:
            actor = self._callers.actor(person, workspace=of_session(session))
            done = self._desk.act_in(session, event.value["number"], one, actor, now=now)
            if event.value.get("event"):
                said = {"text": wording.moved(done.made or done.number, done.target)}
                to = Destination("", only=person.id)
                if event.value["channel"]:
                    to = Destination(event.value["channel"], only=person.id)
                outbox.owe(session, key=f"words:{event.id}", kind=blocks.WORDS, to=to, value=said, now=now)
            inbox.finish(session, event)

    def _actor(self, session: Session, body: Body) -> Actor:
        return self._callers.actor(self._callers.person(str(body["user"]["id"])), workspace=of_session(session))

    def _roles(self, session: Session, row: TicketRow, actor: Actor) -> frozenset[moves.Role]:
        return frozenset(roles_of(session, row, actor, sealer=self._desk.sealer))

    def _sheet(self, session: Session, row: TicketRow) -> Sheet:
        of_it = select(TicketToolRow.tool).where(TicketToolRow.ticket == row.id).order_by(TicketToolRow.tool)
        near = self._desk.like(session, row.id, now=datetime.now(UTC))
        return Sheet(row, tuple(session.scalars(of_it)), tickets.reports(session, row.id), near)

    def _history(self, session: Session, number: int) -> Sequence[str]:
        """Without who is on it: that stands behind a button of its own."""
        happened = session.scalars(select(EventRow).where(EventRow.ticket == number).order_by(EventRow.id))
        return [wording.happened(one, zone=self._zone) for one in happened if one.event not in {"file", Event.ME_TOO}]


def _pressed(body: Body) -> tuple[Event, int, int | None] | None:
    for action, event in _PRESSED.items():
        seen = presses.seen(presses.value_of(body, action) or "")
        if seen is not None:
            return event, *seen
    return None


def _opened(body: Body) -> dict[str, str]:
    """Where the first press was: a form that follows another keeps that."""
    view = body.get("view") or {}
    if view.get("type") == "modal":
        return {name: value for name, value in context_of(body).items() if name in {"channel", "response_url"}}
    return presses.where(body)


def _done(event: Event) -> View:
    return closing(wording.OPEN_TICKET, [wording.under_way(event)])


def _kept(one: Act) -> dict[str, object]:
    """As the inbox keeps a move."""
    return {
        "event": one.event,
        "words": one.words,
        "resolution": one.resolution,
        "other": one.other,
        "assignee": one.assignee,
        "reports": sorted(one.reports),
        "sets": dict(one.sets),
        "version": one.version,
    }


def _act(kept: Mapping[str, object]) -> Act:
    values = dict(kept)
    resolution = values.pop("resolution")
    return Act(
        Event(str(values.pop("event"))),
        resolution=Resolution(str(resolution)) if resolution else None,
        reports=frozenset(values.pop("reports")),  # type: ignore[call-overload]  # numbers, as `_kept` wrote them
        **values,  # type: ignore[arg-type]  # the rest as `_kept` wrote it
    )
