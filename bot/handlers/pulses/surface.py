"""What is pressed under a one-tap question, and `/throughline pulse`, by which somebody stops and begins again.

Whoever presses is sealed before the press is written down, and its row is emptied with the work. What stands in the
place of the question says that somebody answered, and not what.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot import pulse_wording as wording
from bot.database import Database
from bot.friction.kinds import Privacy
from bot.friction.sealing import Sealer
from bot.handlers.friction.callers import Callers
from bot.handlers.presses import MAX_DIGITS
from bot.handlers.pulses import cards
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Work, pressed
from bot.handlers.throughline import COMMAND
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Person
from bot.pulses import answering, asking
from bot.pulses.asking import Open
from bot.touchpoints import TouchpointMap
from bot.workspaces import of_session

PRESSED, TYPED = "pulse_pressed", "pulse_typed"
WORD = "pulse"
_OTHERS = (cards.NOT_NOW_ACTION, cards.STOP_ACTION, cards.CHANGE_ACTION, cards.RESUME_ACTION)
_SAYS = {
    cards.NOT_NOW_ACTION: (wording.LATER, ()),
    cards.STOP_ACTION: (wording.STOPPED, (cards.RESUME_ACTION,)),
    cards.RESUME_ACTION: (wording.RESUMED, ()),
}


class Pulses:
    def __init__(
        self,
        database: Database,
        callers: Callers,
        *,
        sealer: Sealer,
        map_: Callable[[], TouchpointMap],
        asking_people: bool,
        zone: tzinfo | None = None,
    ) -> None:
        """`asking_people`: whether anybody is asked at all."""
        self._database = database
        self._callers = callers
        self._sealer = sealer
        self._map = map_
        self._asking_people = asking_people
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {PRESSED: self.take, TYPED: self.tell}

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == COMMAND:
            return _typed(body) if str(body.get("text") or "").split()[:1] == [WORD] else None
        found = _press_in(body)
        return None if found is None else self._sealed(body, found)

    def take(self, event: Accepted) -> None:
        """An answer is kept once, with the last score pressed; who it was from stands nowhere afterwards."""
        now, value = datetime.now(UTC), event.value
        with self._database.writing.begin() as session:
            found = asking.opened(session, value["number"], now=now)
            kind, card = self._done(session, value, found, now=now)
            outbox.owe(
                session,
                key=f"pulse:said:{event.id}",
                kind=kind,
                to=Destination(
                    "",
                    only=value["sealed"],
                    sealed=True,
                    response_url=value["response_url"] or None,
                    in_place=True,
                    whose=found.handle if found else value["whose"],
                ),
                value=card,
                now=now,
            )
            inbox.finish(session, event)
            inbox.strip(session, event)

    def tell(self, event: Accepted) -> None:
        now = datetime.now(UTC)
        person = self._callers.person(event.value["person"])
        with self._database.writing.begin() as session:
            owe_words(session, event, self._told(session, person, event.value["text"], now=now), now=now)
            inbox.finish(session, event)

    def stopped(self, session: Session, person: Person) -> bool:
        return asking.is_stopped(session, self._handle(session, person))

    def _done(
        self, session: Session, value: Mapping[str, Any], found: Open | None, *, now: datetime
    ) -> tuple[str, dict[str, Any]]:
        """The kind of what takes the place of the question, and its value."""
        action, number = value["action"], value["number"]
        handle = asking.handle_of_question(session, number)
        if action == cards.STOP_ACTION and handle:
            asking.stop(session, handle, now=now)
        elif action == cards.RESUME_ACTION and handle:
            asking.resume(session, handle)
        elif found is None and action != cards.NOT_NOW_ACTION:
            return cards.SAID, _said(number, wording.OVER)
        elif found is not None and action == cards.CHANGE_ACTION:
            return cards.QUESTION, question_value(found, self._map())
        elif found is not None and action == cards.SCORE_ACTION:
            answering.answer(session, number, value["score"], sealer=self._sealer, now=now)
            words = wording.thanks(found.until, zone=self._zone)
            return cards.SAID, _said(number, words, cards.CHANGE_ACTION, cards.STOP_ACTION)
        words, offers = _SAYS[action]
        return cards.SAID, _said(number, words, *offers)

    def _told(self, session: Session, person: Person, text: str, *, now: datetime) -> str:
        if person.outsider:
            return wording.EMPLOYEES_ONLY
        handle = self._handle(session, person)
        match text.split()[1:]:
            case ["off" | "stop"]:
                asking.stop(session, handle, now=now)
                return wording.state(stopped=True)
            case ["on"]:
                asking.resume(session, handle)
                return wording.RESUMED if self._asking_people else wording.NOBODY_IS_ASKED
            case []:
                shown = wording.state(stopped=asking.is_stopped(session, handle))
                return shown if self._asking_people else wording.NOBODY_IS_ASKED
            case _:
                return wording.USAGE

    def _handle(self, session: Session, person: Person) -> str:
        who = self._callers.reporter(person, workspace=of_session(session))
        return asking.handle_of(who, self._sealer)

    def _sealed(self, body: Body, found: dict[str, Any]) -> Arriving:
        """Nothing of it names whoever pressed, and its key, which stays for a day, not what."""
        person = str(body["user"]["id"])
        whose = self._sealer.handle(person, str((body.get("team") or {}).get("id") or ""), secret="pressing")  # noqa: S106 - what it is for
        under = (body.get("container") or {}).get("message_ts") or ""
        at = ":".join(str(one.get("action_ts")) for one in body.get("actions") or ())
        return Arriving(
            key=f"pulse:{under}:{at}",
            kind=PRESSED,
            conversation=f"pulse:{whose}",
            value={
                "person": "",
                "sealed": self._sealer.reached(person, Privacy.CONFIDENTIAL),
                "whose": whose,
                "response_url": str(body.get("response_url") or ""),
                **found,
            },
        )


def question_value(found: Open, map_: TouchpointMap) -> dict[str, Any]:
    """As the outbox has it."""
    tool = map_.name_of(found.choice.tool) if found.choice.tool else ""
    return {"number": found.number, "question": found.choice.question.value, "tool": tool}


def _said(number: int, text: str, *offers: str) -> dict[str, Any]:
    return {"number": number, "text": text, "offers": list(offers)}


def _press_in(body: Body) -> dict[str, Any] | None:
    """Which button of which question; None for what is neither."""
    for action in _OTHERS:
        press = pressed(body, action)
        if press is not None and (number := _number(str(press.get("value") or ""))) is not None:
            return {"action": action, "number": number}
    for action in cards.SCORE_ACTIONS:
        press = pressed(body, action)
        if press is not None:
            asked, _, score = str(press.get("value") or "").partition(":")
            number, chosen = _number(asked), _number(score)
            if number is not None and chosen is not None and action == f"{cards.SCORE_ACTION}_{chosen}":
                return {"action": cards.SCORE_ACTION, "number": number, "score": chosen}
    return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS else None


def _typed(body: Body) -> Arriving:
    return Arriving(
        key=f"throughline:{body['trigger_id']}",
        kind=TYPED,
        conversation=f"throughline:{body['user_id']}",
        value={
            "person": body["user_id"],
            "text": body.get("text") or "",
            "channel": body["channel_id"],
            "thread": "",
            "response_url": body["response_url"],
        },
    )
