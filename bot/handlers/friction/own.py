"""What a reporter does with their own reports: `/friction mine`, a code, and the buttons under what they are told.

Nothing of it stays that says who did it: the row of the inbox is emptied with the work, and a reply is sealed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import friction_wording, inbox
from bot import telling_wording as wording
from bot.database import Database
from bot.errors import MoveRefused, NoSuchTicket
from bot.friction import habits, mine, tickets
from bot.friction.acting import Act, say_still
from bot.friction.desk import Desk
from bot.friction.habits import Habit
from bot.friction.moves import Event, State
from bot.friction.roles import Actor
from bot.handlers.blocks import MINE_ACTION
from bot.handlers.friction import cards, own_views, presses, requests
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.forms import closing
from bot.handlers.friction.sealed import owe_sealed
from bot.handlers.modals import context_of, is_form, typed
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, Shows, View, Work
from bot.inbox import Accepted
from bot.people import Person
from bot.workspaces import of_session

SAID = "friction_said"
ACTIONS = (own_views.CHANGE_ACTION, own_views.TAKE_BACK_ACTION, own_views.HABIT_ACTION)
_PRESSES = {
    cards.FIXED_ACTION: "fixed",
    cards.STILL_ACTION: "still",
    own_views.TAKE_BACK_ACTION: "take_back",
}


class Own:
    def __init__(self, database: Database, desk: Desk, callers: Callers) -> None:
        self._database = database
        self._desk = desk
        self._callers = callers

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {
            MINE_ACTION: self.view,
            cards.ANSWER_ACTION: self.answer,
            cards.DISAGREE_ACTION: self.disagree,
            own_views.CHANGE_ACTION: self.change,
            **dict.fromkeys(_PRESSES, self.thanks),
        }

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {own_views.SAY_FORM: _faults}

    @property
    def shows(self) -> Mapping[str, Shows]:
        return {own_views.SAY_FORM: _thanks}

    @property
    def work(self) -> Mapping[str, Work]:
        return {SAID: self.take}

    def read(self, body: Body) -> Arriving | None:
        if is_form(body, own_views.SAY_FORM):
            said = own_views.said_in(body)
            words = self._desk.mask(said["words"], audiences=self._person(body).audiences)
            return presses.reporters(body, SAID, {**said, "words": words, "inside": True})
        for action, what in _PRESSES.items():
            seen = presses.seen(presses.value_of(body, action) or "")
            if seen is not None:
                return presses.reporters(
                    body, SAID, {"what": what, "number": seen[0], "code": _code(body), "inside": _inside(body)}
                )
        habit = presses.chosen(body, own_views.HABIT_ACTION)
        if habit in set(Habit):
            return presses.reporters(body, SAID, {"what": "habit", "habit": habit, "number": 0, "code": ""})
        return None

    def view(self, body: Body) -> View | None:
        """One's own reports, read as the form opens: nothing is stored of who asked."""
        person = self._person(body)
        tickets.must_be_employee(person.audiences)
        code = requests.code_in(body)
        with self._database.reading() as session:
            if code:
                one = mine.under(session, code, sealer=self._desk.sealer)
                if one is None:
                    return closing(friction_wording.MINE, [friction_wording.NO_SUCH_CODE])
                return own_views.mine_view([one], None, owners=self._callers.owners, code=code)
            who = self._callers.reporter(person, workspace=of_session(session))
            found = mine.of(session, who, sealer=self._desk.sealer)
            handle = who.handle(self._desk.sealer)
            habit = habits.habits_of(session, [handle]).get(handle, Habit.AT_ONCE)
        return own_views.mine_view(found, habit, owners=self._callers.owners)

    def answer(self, body: Body) -> View | None:
        return self._form(
            body,
            cards.ANSWER_ACTION,
            lambda one: own_views.say_form("answer", one.number, one.question, code=_code(body)),
        )

    def disagree(self, body: Body) -> View | None:
        return self._form(
            body,
            cards.DISAGREE_ACTION,
            lambda one: own_views.say_form("reopen", one.number, one.said, code=_code(body)),
        )

    def change(self, body: Body) -> View | None:
        return self._form(body, own_views.CHANGE_ACTION, lambda one: own_views.change_form(one, code=_code(body)))

    def thanks(self, body: Body) -> View | None:
        """In a form it is said there, under a message in a reply."""
        pressed = next((what for action, what in _PRESSES.items() if presses.value_of(body, action) is not None), "")
        number = presses.seen(next((str(one.get("value")) for one in body.get("actions") or ()), ""))
        if not pressed or number is None or not _inside(body):
            return None
        return closing(friction_wording.MINE, [wording.said_back(pressed, number[0])])

    def take(self, event: Accepted) -> None:
        """What a reporter said is done; whoever works on the ticket hears of it, and not who it was."""
        now, value = datetime.now(UTC), event.value
        person = self._callers.person(value["person"])
        with self._database.writing.begin() as session:
            who = self._callers.actor(person, workspace=of_session(session), code=value["code"])
            try:
                with session.begin_nested():
                    said = self._done(session, value, who, now=now)
            except (MoveRefused, NoSuchTicket) as fault:
                said = str(fault)
                self._reply(session, event, who, said, now=now)
            else:
                if not value.get("inside"):
                    self._reply(session, event, who, said, now=now)
            inbox.finish(session, event)
            inbox.strip(session, event)

    def _done(self, session: Session, value: Mapping[str, Any], who: Actor, *, now: datetime) -> str:
        what, number = value["what"], value["number"]
        match what:
            case "habit":
                habits.choose(session, who.reporter.handle(self._desk.sealer), Habit(value["habit"]))
            case "fixed":
                say_still(session, number, who, still=False, sealer=self._desk.sealer)
                self._desk.act_in(session, number, Act(Event.CONFIRM), who, now=now)
            case "still":
                self._still(session, number, who, now=now)
            case "answer":
                self._desk.act_in(session, number, Act(Event.ANSWER, value["words"]), who, now=now)
            case "reopen":
                self._desk.act_in(session, number, Act(Event.REOPEN, value["words"]), who, now=now)
            case "change":
                report = mine.report_of(session, number, who, sealer=self._desk.sealer)
                row = mine.change(session, report, own_views.change_in(value), now=now)
                self._desk.teller.refresh(session, row, now=now)
            case "take_back":
                self._take_back(session, number, who, now=now)
        return wording.said_back(what, number)

    def _still(self, session: Session, number: int, who: Actor, *, now: datetime) -> None:
        row = tickets.standing(session, number)
        if State(row.state) is not State.RESOLVED:  # it was opened again by others, or is closed
            raise MoveRefused(wording.no_longer_resolved(row.id, State(row.state)))
        self._desk.still_in(session, number, who, now=now)

    def _take_back(self, session: Session, number: int, who: Actor, *, now: datetime) -> None:
        report = mine.report_of(session, number, who, sealer=self._desk.sealer)
        row = tickets.standing(session, number)
        if len(tickets.handles(session, row.id)) == 1:
            self._desk.act_in(session, number, Act(Event.WITHDRAW), who, now=now)
        row = mine.take_back(session, report, now=now)
        self._desk.teller.refresh(session, row, now=now)

    def _form(self, body: Body, action: str, form: Callable[[mine.Mine], View]) -> View | None:
        seen = presses.seen(presses.value_of(body, action) or "")
        if seen is None:
            return None
        person = self._person(body)
        with self._database.reading() as session:
            who = self._callers.actor(person, workspace=of_session(session), code=_code(body))
            report = mine.report_of(session, seen[0], who, sealer=self._desk.sealer)
            one = mine.read(session, report)
        return form(replace(one, number=seen[0]))

    def _reply(self, session: Session, event: Accepted, who: Actor, words: str, *, now: datetime) -> None:
        """To nobody whose report is anonymous: an owed message would name them, sealed or not."""
        if not event.value["code"]:
            owe_sealed(session, event, who.reporter, self._desk.sealer, words, now=now)

    def _person(self, body: Body) -> Person:
        return self._callers.person(str(body.get("user_id") or body["user"]["id"]))


def _inside(body: Body) -> bool:
    return (body.get("view") or {}).get("type") == "modal"


def _code(body: Body) -> str:
    return str(context_of(body).get("code") or "") if _inside(body) and body["view"].get("private_metadata") else ""


def _faults(body: Body) -> dict[str, str]:
    return {} if typed(body, own_views.WORDS) else {own_views.WORDS: friction_wording.NOT_SAID}


def _thanks(body: Body) -> View | None:
    said = own_views.said_in(body)
    return closing(friction_wording.MINE, [wording.said_back(said["what"], said["number"])])
