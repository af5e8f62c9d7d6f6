"""`/friction themes`: what tickets are about, read by everybody and put in order by those who steer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import friction_wording as wording
from bot import inbox
from bot.database import Database
from bot.errors import MoveRefused, NoSuchTicket, NotAllowed
from bot.friction import ranking, theme_list, theme_moves, tickets
from bot.friction.desk import Desk
from bot.friction.roles import Actor
from bot.friction.theme_changes import last_change
from bot.friction.theme_list import Theme
from bot.handlers.friction import theme_views as views
from bot.handlers.friction.callers import Callers
from bot.handlers.friction.forms import closing
from bot.handlers.modals import context_of, is_form, typed
from bot.handlers.presses import press_in
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, Shows, View, Work
from bot.inbox import Accepted
from bot.people import Person
from bot.workspaces import of_session

CHANGE = "friction_theme_change"


class Themes:
    def __init__(self, database: Database, desk: Desk, callers: Callers) -> None:
        self._database = database
        self._desk = desk
        self._callers = callers

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {
            views.OPEN_ACTION: self.theme,
            views.BACK_ACTION: self.view,
            **dict.fromkeys(views.FORMS, self.form),
            **dict.fromkeys(views.AT_ONCE, lambda _body: closing(wording.THEMES, [wording.UNDER_WAY])),
        }

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {views.THEME_FORM: views.faults}

    @property
    def shows(self) -> Mapping[str, Shows]:
        return {views.THEME_FORM: lambda _body: closing(wording.THEMES, [wording.UNDER_WAY])}

    @property
    def work(self) -> Mapping[str, Work]:
        return {CHANGE: self.change}

    def read(self, body: Body) -> Arriving | None:
        if is_form(body, views.THEME_FORM):
            context = context_of(body)
            said = typed(body, views.SAID)
            words = self._desk.mask(said) if context["what"] in {views.RENAME_ACTION, views.TELL_ACTION} else said
            return _arriving(body, f"form:{body['view']['id']}", context | {"said": words})
        press = press_in(body, *views.AT_ONCE)
        if press is None or "view" not in body:
            return None
        return _arriving(
            body, press.key, {**context_of(body), "what": press.action, "number": press.number, "said": ""}
        )

    def view(self, body: Body) -> View:
        """All themes, as the form opens. Raises `NotAllowed` for whoever is no employee."""
        person, now = self._person(body), datetime.now(UTC)
        with self._database.reading() as session:
            found = theme_list.themes(session, audiences=person.audiences)
            last = last_change(session, now=now) if theme_moves.steers(self._actor(session, person)) else None
            undoable = wording.undoable(last.told, last.actor_name) if last else ""
        return views.list_view(found, _context(body), undoable=undoable)

    def theme(self, body: Body) -> View | None:
        press = press_in(body, views.OPEN_ACTION)
        if press is None:
            return None
        person = self._person(body)
        with self._database.reading() as session:
            one = _called(theme_list.themes(session, audiences=person.audiences), press.number)
            rows = theme_list.inside(one.number)
            inside = sorted(tickets.listed(session, rows, audiences=person.audiences), key=ranking.hottest_first)
            steers = theme_moves.steers(self._actor(session, person))
        return views.theme_view(one, inside, _context(body), map_=self._desk.map, steers=steers)

    def form(self, body: Body) -> View | None:
        press = press_in(body, *views.FORMS)
        if press is None:
            return None
        person = self._person(body)
        with self._database.reading() as session:
            found = theme_list.themes(session, audiences=person.audiences)
        form = views.change_form(press.action, _called(found, press.number), found, _context(body))
        return form or closing(wording.THEMES, [wording.ONLY_THEME])

    def change(self, event: Accepted) -> None:
        """It is done, and whoever did it reads what; what cannot be done is said with the reason."""
        now, value = datetime.now(UTC), event.value
        person = self._callers.person(value["person"])
        with self._database.writing.begin() as session:
            by = self._actor(session, person)
            try:
                with session.begin_nested():
                    said = self._done(session, value, by, now=now)
            except (MoveRefused, NoSuchTicket, NotAllowed) as fault:
                said = str(fault)
            owe_words(session, event, said, now=now)
            inbox.finish(session, event)

    def _done(self, session: Session, value: Mapping[str, Any], by: Actor, *, now: datetime) -> str:
        number, said = int(value["number"]), value["said"]
        match value["what"]:
            case views.RENAME_ACTION:
                return wording.renamed(theme_moves.rename(session, number, said, by, now=now))
            case views.MERGE_ACTION:
                theme_moves.merge(session, number, int(said), by, now=now)
                return wording.MERGED_THEMES
            case views.PLACE_ACTION:
                placed = theme_moves.place(session, tickets.number_of(said) or 0, number, by, now=now)
                return wording.placed(tickets.key(placed))
            case views.TELL_ACTION:
                theme_moves.tell(session, number, said, by, teller=self._desk.teller, now=now)
                return wording.outcome_told(said)
            case views.LOCK_ACTION | views.UNLOCK_ACTION as what:
                hold = theme_moves.lock if what == views.LOCK_ACTION else theme_moves.unlock
                hold(session, number, by, now=now)
                return wording.HELD[what]
            case _:
                return wording.undone(theme_moves.undo(session, by, now=now))

    def _actor(self, session: Session, person: Person) -> Actor:
        return self._callers.actor(person, workspace=of_session(session))

    def _person(self, body: Body) -> Person:
        return self._callers.person(str(body.get("user_id") or body["user"]["id"]))


def _called(found: list[Theme], number: int) -> Theme:
    one = next((each for each in found if each.number == number), None)
    if one is None:
        raise MoveRefused(wording.THEME_IS_GONE)
    return one


def _context(body: Body) -> dict[str, Any]:
    """Where what comes of it is said: to whoever opened it, where they did."""
    if "command" in body:
        return {"channel": str(body["channel_id"]), "response_url": str(body.get("response_url") or "")}
    context = context_of(body)
    return {name: context[name] for name in ("channel", "response_url")}


def _arriving(body: Body, key: str, value: Mapping[str, Any]) -> Arriving:
    person = str(body["user"]["id"])
    return Arriving(
        key=key,
        kind=CHANGE,
        conversation="friction:themes",
        value={**value, "person": person, "thread": "", "alone": True},
    )
