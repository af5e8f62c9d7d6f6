"""The ways into the form: a command, shortcuts, the Home, an answer, a customer's card, the offer after a reaction."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from bot.database import Database
from bot.friction.kinds import Kind
from bot.friction.pages import open_about
from bot.handlers import blocks, text
from bot.handlers.customers.access import CustomerAccess
from bot.handlers.customers.blocks import ACTION
from bot.handlers.customers.requests import press_of
from bot.handlers.friction import requests
from bot.handlers.friction.attached import AttachedCustomers
from bot.handlers.friction.cards import HAVE_IT_ACTION
from bot.handlers.friction.filling import Filling, Start
from bot.handlers.friction.forms import Opened
from bot.handlers.presses import press_in
from bot.handlers.surfaces import Body, Opens, View, pressed
from bot.handlers.workspace.channels import Said
from bot.handlers.workspace.directory import SlackDirectory
from bot.people import Owners, Person
from bot.tried import Tried, seen_by

CARD_ACTION = f"{ACTION}friction"
ACTIONS = (blocks.REPORT_ACTION, blocks.LOG_ACTION, CARD_ACTION, requests.OFFERED_ACTION)


class Entrances:
    """Each gives a form for the same report; what they know of it differs."""

    def __init__(
        self,
        database: Database,
        filling: Filling,
        directory: SlackDirectory,
        attached: AttachedCustomers,
        access: CustomerAccess,
        *,
        owners: Owners,
        permalink: Callable[[str, str], str],
        said_at: Callable[[str, str], Said | None],
    ) -> None:
        """`permalink` gives the link to a message, "" where there is none, `said_at` what it says."""
        self._database = database
        self._filling = filling
        self._directory = directory
        self._attached = attached
        self._access = access
        self._owners = owners
        self._permalink = permalink
        self._said_at = said_at

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {
            requests.COMMAND: self.command,
            requests.SHORTCUT: self.message,
            requests.ANYWHERE: self.anywhere,
            blocks.REPORT_ACTION: self.anywhere,
            blocks.LOG_ACTION: self.answer,
            CARD_ACTION: self.card,
            requests.OFFERED_ACTION: self.offered,
            HAVE_IT_ACTION: self.known,
        }

    def command(self, body: Body) -> View | None:
        words = requests.words_of(body)
        opened = Opened(str(body["channel_id"]), response_url=str(body.get("response_url") or ""))
        return self._form(body, Start(opened, words))

    def message(self, body: Body) -> View | None:
        """From the menu of a message, whose words the form begins with."""
        channel = str(body["channel"]["id"])
        message = body["message"]
        opened = Opened(
            channel,
            response_url=str(body.get("response_url") or ""),
            evidence=self._permalink(channel, str(message["ts"])) if message.get("ts") else "",
        )
        return self._form(body, Start(opened, requests.words_of(body)), thread=str(message.get("thread_ts") or ""))

    def anywhere(self, body: Body) -> View | None:
        """An empty form; what is heard of it stands in the direct message."""
        return self._form(body, Start(Opened("")))

    def answer(self, body: Body) -> View | None:
        """Under an answer or a refusal: guessed from the question and its page, and about that page."""
        press = press_in(body, blocks.LOG_ACTION)
        if press is None:
            return None
        with self._database.reading() as session:
            found = seen_by(session, press.number, person=press.person, channel=press.channel)
            page = found.sources[0] if found and found.sources else ""
            near = tuple(number for number, _ in open_about(session, page))
        opened = Opened(press.channel, press.thread, press.response_url, near=near)
        if found is None:  # longer ago than questions are kept
            return self._form(body, Start(opened))
        team = self._owners.called(found.owner)
        container = body.get("container") or {}
        ts = "" if container.get("is_ephemeral") else str((body.get("message") or {}).get("ts") or "")
        opened = replace(
            opened,
            evidence=self._permalink(press.channel, ts) if ts else "",
            page=page,
            team=team.key if team else "",
            exchange=found.exchange,
        )
        kind = Kind.UNCLEAR_POLICY if found.answered else Kind.MISSING_POLICY
        return self._form(body, Start(opened, about=_about(found), kind=kind), thread=press.thread)

    def card(self, body: Body) -> View | None:
        """On a customer's card. Raises `NotAllowed` for who may not see customers, or not there."""
        action = pressed(body, CARD_ACTION)
        arriving = press_of(body, action, "") if action else None
        if arriving is None:
            return None
        self._access.presser(arriving)
        value = arriving.value
        opened = Opened(value["channel"], value["thread"], value["response_url"] or "", customer=value["numbers"][0])
        return self._form(body, Start(opened))

    def known(self, body: Body) -> View | None:
        """Under a ticket that is shown: to join it, or to say what is different."""
        press = press_in(body, HAVE_IT_ACTION)
        if press is None:
            return None
        opened = Opened(press.channel, press.thread, press.response_url, near=(press.number,))
        return self._form(body, Start(opened))

    def offered(self, body: Body) -> View | None:
        """In the offer that follows a reaction: with the words of that message, if the bot may read them."""
        at = requests.offered_for(body)
        if at is None:
            return None
        said = self._said_at(*at)
        opened = Opened(
            at[0], response_url=str(body.get("response_url") or ""), evidence=self._permalink(*at) if said else ""
        )
        return self._form(
            body,
            Start(opened, text.question_in(said.words, bot="") if said else ""),
            thread=said.thread if said else "",
        )

    def _form(self, body: Body, start: Start, *, thread: str = "") -> View:
        now, person = datetime.now(UTC), self._person(body)
        if thread and not start.opened.customer:
            there = self._attached.in_focus(person, channel=start.opened.channel, thread=thread, now=now)
            start = replace(start, opened=replace(start.opened, customer=there))
        return self._filling.begun(body, start, person, now=now)

    def _person(self, body: Body) -> Person:
        return self._directory.person(str(body.get("user_id") or body["user"]["id"]))


def _about(found: Tried) -> str:
    return f"{found.question} {found.title}".strip()
