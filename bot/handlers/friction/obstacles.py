"""[Could not] of a track becomes a report: at once, or, where a known ticket is very like it, as somebody says."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import friction_wording as wording
from bot import inbox, outbox
from bot.audiences import EVERYONE
from bot.customers.identity.candidates import Candidate, the_one
from bot.customers.tracks import steps
from bot.customers.tracks.rules import Track
from bot.customers.tracks.steps import Taken
from bot.database import Database
from bot.errors import EntryRefused, MoveRefused
from bot.friction import obstacles, tickets
from bot.friction.acting import Act
from bot.friction.desk import Desk
from bot.friction.intake import Draft
from bot.friction.moves import Event
from bot.friction.obstacles import Stuck
from bot.handlers.blocks import Message, escaped
from bot.handlers.customers.requests import press_of
from bot.handlers.friction.callers import Callers
from bot.handlers.modals import plain
from bot.handlers.replying import owe_words, reply_destination
from bot.handlers.surfaces import Arriving, Body, Work, pressed
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.people import Owners, Person
from bot.workspaces import of_session

NEAR = "friction_obstacle_near"
JOIN, APART = "friction_obstacle_join", "friction_obstacle_apart"
ACTIONS = (JOIN, APART)


class Obstacles:
    """What a customer's track reports; the pressed buttons of the message that asks whether it is known already."""

    def __init__(
        self,
        database: Database,
        desk: Desk,
        directory: SlackDirectory,
        *,
        tracks: Callable[[], Sequence[Track]],
        owners: Owners,
    ) -> None:
        self._database = database
        self._desk = desk
        self._callers = Callers(directory, owners)
        self._tracks = tracks
        self._owners = owners

    @property
    def work(self) -> Mapping[str, Work]:
        return {JOIN: self.join, APART: self.apart}

    def read(self, body: Body) -> Arriving | None:
        for name in ACTIONS:
            if (action := pressed(body, name)) is not None:
                return press_of(body, action, name, count=2)
        return None

    def draft(self, why: str, name: str, person: Person, *, now: datetime) -> Draft | None:
        """Read before anything is written; None for who reports no friction."""
        if EVERYONE not in person.audiences or not why.strip():
            return None
        return self._desk.read(why, person, now=now, names=[name] if name else ())

    def report(
        self, session: Session, event: Accepted, taken: Taken, draft: Draft, known: Candidate, person: Person
    ) -> str:
        """In the transaction that writes the step down. What to say of it, "" where that is asked in a message."""
        now = datetime.now(UTC)
        stuck = self._stuck(session, taken.id, taken.assignment, taken.step, draft, known.id, person)
        same = obstacles.known_already(session, stuck, self._desk)
        if same is None:
            said = self._filed(session, obstacles.file(session, stuck, self._desk, now=now), person)
            return said.replace("`", "")  # small print, in which nothing is marked
        number, mine = same
        one = tickets.ticket(session, number, audiences=person.audiences)
        if mine:
            return wording.on_it_already(one)
        outbox.owe(
            session,
            key=f"obstacle:{event.id}",
            kind=NEAR,
            to=reply_destination(event.value, private=True),
            value={"text": wording.is_it(one), "step": taken.id, "ticket": number},
            now=now,
        )
        return ""

    def withdrawn(self, session: Session, step: int, person: Person, *, now: datetime) -> str:
        """The step was taken back: what to say of its report."""
        number = obstacles.reported(session, step)
        if number is None:
            return ""
        actor = self._callers.actor(person, workspace=of_session(session))
        try:
            done = self._desk.act_in(session, number, Act(Event.WITHDRAW), actor, now=now)
        except MoveRefused:
            return wording.stays(tickets.key(number))
        return wording.withdrawn(tickets.key(done.number))

    def join(self, event: Accepted) -> None:
        """[Me too]."""
        self._settle(event, self._joined)

    def apart(self, event: Accepted) -> None:
        """[Mine is different]."""
        self._settle(event, self._apart)

    def _joined(self, session: Session, stuck: Stuck, number: int, now: datetime) -> int:
        return obstacles.join(session, stuck, number, self._desk, now=now)

    def _apart(self, session: Session, stuck: Stuck, _number: int, now: datetime) -> int:
        return obstacles.file(session, stuck, self._desk, now=now)

    def _settle(self, event: Accepted, act: Callable[[Session, Stuck, int, datetime], int]) -> None:
        now, person = datetime.now(UTC), self._callers.person(event.value["person"])
        step, number = event.value["numbers"]
        with self._database.reading() as session:
            found = steps.obstacle(session, step, by=person.id, audiences=person.audiences)
            known = the_one(session, found.customer, audiences=person.audiences) if found else None
        draft = self.draft(found.why, known.name, person, now=now) if found and known else None
        if found is None or known is None or draft is None:
            raise EntryRefused(wording.STEP_GONE)
        with self._database.writing.begin() as session:
            before = obstacles.reported(session, step)
            if before is None:
                stuck = self._stuck(session, step, 0, found.step, draft, known.id, person, track=found.track)
                said = self._filed(session, act(session, stuck, number, now), person)
            else:
                said = wording.reported_already(tickets.key(before))
            owe_words(session, event, said, now=now)
            inbox.finish(session, event)

    def _stuck(
        self,
        session: Session,
        number: int,
        assignment: int,
        step: str,
        draft: Draft,
        customer: int,
        person: Person,
        *,
        track: str = "",
    ) -> Stuck:
        key = track or steps.track_of(session, assignment, audiences=person.audiences)
        on = next((one for one in self._tracks() if one.key == key), None)
        return Stuck(number, step, customer, on, draft, self._callers.reporter(person, workspace=of_session(session)))

    def _filed(self, session: Session, number: int, person: Person) -> str:
        one = tickets.ticket(session, number, audiences=person.audiences)
        if len(tickets.handles(session, number)) > 1:
            return wording.joined(one)
        return wording.receipt(one, self._desk.map, owner=self._owners.name(one.team) if one.team else "")


def card(value: Mapping[str, Any]) -> Message:
    """Whether it is known already."""
    pair = f"{value['step']}:{value['ticket']}"
    buttons = [
        {"type": "button", "action_id": action, "text": plain(label), "value": pair}
        for action, label in ((JOIN, wording.ME_TOO), (APART, wording.DIFFERENT))
    ]
    said = {"type": "section", "text": plain(value["text"])}
    return Message(escaped(value["text"]), (said, {"type": "actions", "elements": buttons}))
