"""What people do with a request: take it, answer it in the thread of its card, say whether the answer helped."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import inbox, outbox, requests
from bot import request_wording as wording
from bot.database import Database
from bot.errors import PeopleUnknown, RequestRefused
from bot.handlers import modals, text
from bot.handlers.masking import Mask
from bot.handlers.presses import press_in
from bot.handlers.replying import owe_words
from bot.handlers.requests import cards, forms
from bot.handlers.requests.told import owe_asker, owe_asker_alone, owe_cards, owe_team
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Owners
from bot.requests import Replied, State, Written

REPLY = "request_reply"
ASIDE = "request_aside"
TAKE = "request_take"
HELPS = "request_helps"
WITHDRAW = "request_withdraw"
STILL = "request_still"

_PRESSES = {cards.TAKE_ACTION: TAKE, cards.HELPS_ACTION: HELPS, cards.WITHDRAW_ACTION: WITHDRAW}
# Two connections bring events out of order, by milliseconds mostly.
SETTLING_SECONDS = 1.0
# Messages of these kinds are written by a person.
_WRITTEN = frozenset({None, "file_share", "thread_broadcast"})


class HumanReplies:
    """Everything about one request is worked off in order."""

    def __init__(
        self,
        database: Database,
        directory: SlackDirectory,
        *,
        owners: Owners,
        mask: Mask,
        bot: str,
    ) -> None:
        self._database = database
        self._directory = directory
        self._owners = owners
        self._mask = mask
        self._bot = bot

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {cards.OPEN_ACTION: self.form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {}

    @property
    def work(self) -> Mapping[str, Work]:
        return {
            REPLY: self.pass_on,
            ASIDE: self.leave_be,
            TAKE: self.take,
            HELPS: self.thank,
            WITHDRAW: self.withdraw,
            STILL: self.reopen,
        }

    def read(self, body: Body) -> Arriving | None:
        if modals.is_form(body, forms.STILL_FORM):
            return self._still(body)
        press = press_in(body, *_PRESSES)
        if press is not None:
            return press.arriving(_PRESSES[press.action], _conversation(press.number))
        event = body.get("event")
        return self._message(event) if isinstance(event, dict) and event.get("type") == "message" else None

    def form(self, body: Body) -> View | None:
        """What is still open. Raises `RequestRefused` for a request that is not theirs."""
        press = press_in(body, cards.OPEN_ACTION)
        if press is None:
            return None
        with self._database.reading() as session:
            request = requests.own(session, press.number, asker=press.person)
        if request is None:
            raise RequestRefused(wording.ONLY_THE_ASKER)
        context = {"number": request.number, "channel": press.channel, "thread": press.thread}
        return forms.still_open_form(question=request.question, context=context)

    def pass_on(self, event: Accepted) -> None:
        """A message in the thread of a card goes to the asker, once in each of its versions and in the order written.

        What was written before it and came after it goes first; when that event's turn comes, nothing is left of it.
        """
        time.sleep(min(SETTLING_SECONDS, max(0.0, float(event.value["ts"]) + SETTLING_SECONDS - time.time())))
        with self._database.reading() as session:
            late = inbox.waiting_in(session, event.conversation, REPLY)
        order = [one for one in late if _place(one) < _place(event.value)]
        written = [self._read(value) for value in (*sorted(order, key=_place), event.value)]
        now = datetime.now(UTC)
        with self._database.writing.begin() as session:
            for message, who in written:
                replied = message.text and requests.reply(session, event.value["number"], message, now=now)
                if replied:
                    self._owe_reply(session, event, message, replied, who=who, now=now)
            inbox.finish(session, event)

    def _read(self, value: Mapping[str, Any]) -> tuple[Written, str]:
        """A message, and who wrote it."""
        words = text.written_in(value["text"], name_of=self._name)
        whole = "\n".join(part for part in (words, wording.WITH_FILE if value["files"] else "") if part)
        message = Written(value["channel"], value["ts"], value["version"], value["person"], whole)
        return message, self._who(value["person"], value["team"])

    def leave_be(self, event: Accepted) -> None:
        """What people in the thread say to each other is theirs."""
        with self._database.writing.begin() as session:
            inbox.finish(session, event)

    def take(self, event: Accepted) -> None:
        """Somebody sees to a request; the team and the asker hear of it."""
        value = event.value
        now = datetime.now(UTC)
        name = self._name(value["person"])
        with self._database.writing.begin() as session:
            request = requests.take(
                session, value["number"], channel=value["channel"], person=value["person"], name=name, now=now
            )
            if request is None:
                owe_words(session, event, wording.UNKNOWN_REQUEST, now=now)
            elif request.changed_at == now:  # it has just become theirs
                owe_cards(session, request, key=f"taken:{event.id}", now=now)
                said = wording.taken_for_you(self._who(value["person"], request.team), request.number)
                owe_asker_alone(session, request, key=f"taken:{event.id}", words=said, now=now)
            else:
                taken = request.state is State.TAKEN
                said = wording.taken_by(request.taker_name, request.number) if taken else ""
                owe_words(session, event, said or wording.no_longer_waiting(request.number), now=now)
            inbox.finish(session, event)

    def thank(self, event: Accepted) -> None:
        self._judge(event, State.ACCEPTED, thanks=wording.THANKS, line=wording.helped)

    def withdraw(self, event: Accepted) -> None:
        self._judge(event, State.CLOSED, thanks=wording.WITHDRAWN, line=wording.not_needed)

    def reopen(self, event: Accepted) -> None:
        """The asker says that something is still open, and perhaps what."""
        value = event.value
        now = datetime.now(UTC)
        words = self._mask(value["still"], by=value["person"])
        with self._database.writing.begin() as session:
            request = requests.own(session, value["number"], asker=value["person"])
            judged = requests.judge(session, value["number"], asker=value["person"], to=State.REOPENED, now=now)
            if request is None:
                owe_words(session, event, wording.ONLY_THE_ASKER, now=now)
            elif judged is None and not words:
                owe_words(session, event, wording.SETTLED, now=now)
            else:
                line = {"text": wording.not_settled(request.asker_name), "quote": words}
                owe_team(session, request.number, key=f"still:{event.id}", kind=cards.LINE, value=line, now=now)
                owe_cards(session, judged or request, key=f"reopened:{event.id}", now=now)
                owe_words(session, event, wording.REOPENED, now=now)
            inbox.finish(session, event)

    def _judge(self, event: Accepted, to: State, *, thanks: str, line: Callable[[str], str]) -> None:
        value = event.value
        now = datetime.now(UTC)
        with self._database.writing.begin() as session:
            own = requests.own(session, value["number"], asker=value["person"])
            judged = requests.judge(session, value["number"], asker=value["person"], to=to, now=now)
            if judged is not None:
                said = {"text": line(judged.asker_name), "quote": ""}
                owe_team(session, judged.number, key=f"judged:{event.id}", kind=cards.LINE, value=said, now=now)
                owe_cards(session, judged, key=f"judged:{event.id}", now=now)
            answer = thanks if judged else wording.SETTLED if own else wording.ONLY_THE_ASKER
            owe_words(session, event, answer, now=now)
            inbox.finish(session, event)

    def _owe_reply(
        self, session: Session, event: Accepted, message: Written, replied: Replied, *, who: str, now: datetime
    ) -> None:
        """To the asker; to those who read other cards; and once to those who read this one, that it was passed on."""
        request, alone = replied.request, replied.request.place.alone
        number, here, words = request.number, message.channel, message.text
        key = f"reply:{here}:{message.ts}:{message.version}"
        said = wording.corrects(who, number) if replied.correction else wording.answers(who, number, yours=alone)
        reply = {
            "number": number,
            "mention": "" if alone else request.asker,
            "said": said,
            "text": words if alone else self._mask(words, by=message.person),
            "asked": wording.you_asked(request.question) if replied.first and alone else "",
        }
        owe_asker(session, request, key=key, kind=cards.REPLY, value=reply, now=now)
        others = {"text": wording.answers(who, number, yours=False), "quote": words}
        owe_team(session, number, key=key, kind=cards.LINE, value=others, now=now, but=here)
        if replied.correction:
            owe_words(session, event, wording.correction_passed_on(request.asker_name), now=now)
        elif replied.first:
            owe_cards(session, request, key=key, now=now)
            outbox.owe(
                session,
                key=f"passed:{number}",
                kind=cards.PASSED,
                to=Destination(here, thread=event.value["thread"]),
                value={"text": wording.passed_on(request.asker_name), "number": number},
                now=now,
            )

    def _message(self, event: Mapping[str, Any]) -> Arriving | None:
        """What a person wrote, or wrote anew, in the thread of a card; to whom it may go."""
        edited = event.get("subtype") == "message_changed"
        message = event.get("message") if edited else event
        if not isinstance(message, dict) or not _is_reply(message, self._bot):
            return None
        said, channel, ts = str(message.get("text") or ""), str(event["channel"]), str(message["ts"])
        if text.mentions(said, self._bot):
            return None  # a question to the bot, which may be asked in such a thread too
        if edited and said == (event.get("previous_message") or {}).get("text"):
            return None
        with self._database.reading() as session:
            request = requests.shown_at(session, channel, str(message["thread_ts"]))
        if request is None:
            return None
        version = str((message.get("edited") or {}).get("ts") or event.get("event_ts") or "") if edited else ""
        return Arriving(
            key=f"edit:{channel}:{ts}:{version}" if edited else f"message:{channel}:{ts}",
            kind=ASIDE if text.meant_for_others(said, but=request.asker) else REPLY,
            conversation=_conversation(request.number),
            value={
                "person": message["user"],
                "alone": True,
                "channel": channel,
                "thread": message["thread_ts"],
                "ts": ts,
                "version": version,
                "text": said,
                "files": bool(message.get("files")),
                "number": request.number,
                "team": request.team,
            },
        )

    @staticmethod
    def _still(body: Body) -> Arriving:
        context = modals.context_of(body)
        return Arriving(
            key=f"form:{body['view']['id']}",
            kind=STILL,
            conversation=_conversation(context["number"]),
            value={"person": body["user"]["id"], "alone": True, **context, "still": modals.typed(body, forms.STILL)},
        )

    def _who(self, user: str, team: str) -> str:
        """Who answers, with the team they belong to: the one that was asked, if it is theirs."""
        try:
            teams = self._owners.teams_of(self._directory.address(user))
        except PeopleUnknown:
            return wording.SOMEBODY
        own = team if team in teams else next((key for key in self._owners.teams if key in teams), "")
        return wording.answers_as(self._name(user), self._owners.name(own) if own else "")

    def _name(self, user: str) -> str:
        """What somebody is called; no reply is held back because Slack does not say it."""
        try:
            return self._directory.person(user).name
        except PeopleUnknown:
            return wording.SOMEBODY


def _is_reply(message: Mapping[str, Any], bot: str) -> bool:
    thread = message.get("thread_ts")
    person = message.get("user") and not message.get("bot_id") and message["user"] != bot
    return bool(thread and thread != message.get("ts") and person and message.get("subtype") in _WRITTEN)


def _place(value: Mapping[str, Any]) -> tuple[str, str]:
    """Where a message stands in its thread: ts have one length for the next 250 years."""
    return value["ts"], value["version"]


def _conversation(number: int) -> str:
    return f"request:{number}"
