"""Not helpful -> a form that asks what was wrong -> the page's owner hears it."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol, TypeVar

from sqlalchemy.orm import Session

from bot import inbox, outbox, verdicts
from bot import verdict_wording as wording
from bot.database import Database
from bot.handlers.blocks import FEEDBACK_ACTION
from bot.handlers.masking import Mask
from bot.handlers.replying import owe_words
from bot.handlers.surfaces import Arriving, Body, Checks, Opens, View, Work
from bot.handlers.verdicts import feedback, objection_card, objection_form
from bot.handlers.workspace.addressees import Addressee, Addressees
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.retrieval.library import Library
from bot.verdicts import Judged, Objection, Verdicts
from bot.wording import FEEDBACK_LOST

OBJECTION = "objection"
_Fault = TypeVar("_Fault")


class Faults(Protocol[_Fault]):
    """What is reported where the rule itself is at fault."""

    def fault(
        self, judged: Judged, objection: Objection, words: str, *, person: str, named: bool, now: datetime
    ) -> _Fault | None: ...

    def report(self, session: Session, fault: _Fault, *, told_by: str, now: datetime) -> str: ...


class Objections:
    """The reason behind a verdict."""

    def __init__(
        self,
        database: Database,
        verdicts: Verdicts,
        library: Library,
        directory: SlackDirectory,
        addressees: Addressees,
        *,
        mask: Mask,
        faults: Faults[Any],
        zone: tzinfo | None = None,
    ) -> None:
        """`mask` takes personal data out of what others will read."""
        self._database = database
        self._verdicts = verdicts
        self._library = library
        self._directory = directory
        self._addressees = addressees
        self._mask = mask
        self._faults = faults
        self._zone = zone

    @property
    def work(self) -> Mapping[str, Work]:
        return {OBJECTION: self.pass_on}

    @property
    def opens(self) -> Mapping[str, Opens]:
        return {FEEDBACK_ACTION: self.form}

    @property
    def checks(self) -> Mapping[str, Checks]:
        return {objection_form.FORM: objection_form.faults}

    def form(self, body: Body) -> View | None:
        """What was wrong? Nothing to ask of whoever was helped, or where the answer is not kept any more."""
        press = feedback.pressed(body)
        if press is None or press["helpful"] or not self._verdicts.known(press["exchange"]):
            return None
        team = self._verdicts.team(press["exchange"])
        context = {name: press[name] for name in ("exchange", "channel", "thread", "response_url")}
        return objection_form.form(team=team.name if team else "", context=context)

    def read(self, body: Body) -> Arriving | None:
        said = objection_form.said(body)
        if said is None:
            return None
        person = str(body["user"]["id"])
        return Arriving(
            key=f"form:{body['view']['id']}",
            kind=OBJECTION,
            conversation=feedback.conversation(said.context["exchange"], person),
            value={
                **said.context,
                "person": person,
                "objection": said.objection.value,
                "words": said.words,
                "named": said.named,
            },
        )

    def pass_on(self, event: Accepted) -> None:
        """Save the reason, tell the owner of the page, and thank whoever gave it."""
        value, now = event.value, datetime.now(UTC)
        judged = self._verdicts.judged(value["exchange"])
        if judged is None:
            with self._database.writing.begin() as session:
                owe_words(session, event, FEEDBACK_LOST, now=now)
                inbox.finish(session, event)
            return
        value["words"] = self._mask(value["words"], by=value["person"])  # admins read it too
        told = [(one, self._card(judged, value, one)) for one in self._addressed(judged, now)]
        objection = Objection(value["objection"])
        fault = self._faults.fault(
            judged, objection, value["words"], person=value["person"], named=value["named"], now=now
        )
        with self._database.writing.begin() as session:
            new = self._verdicts.object(
                session,
                judged,
                person=value["person"],
                objection=objection,
                words=value["words"],
                named=value["named"],
                now=now,
            )
            own = f"objection:{event.id}" if told else ""
            if new and told:
                self._tell(session, event, judged, told, own, now)
            more = self._faults.report(session, fault, told_by=own, now=now) if new and fault is not None else ""
            owe_words(session, event, _thanks(judged, new=new, told=bool(told), more=more), now=now)
            inbox.finish(session, event)

    def _addressed(self, judged: Judged, now: datetime) -> tuple[Addressee, ...]:
        place, day = judged.place, now.astimezone(self._zone).date()

        def may_read(audiences: frozenset[str]) -> bool:
            return place is not None and self._library.readable(place.source, audiences=audiences, day=day)

        return self._addressees.of(judged.team, may_read=may_read)

    def _card(self, judged: Judged, value: Mapping[str, Any], to: Addressee) -> dict[str, str]:
        """What an addressee reads; the page, and what was quoted of it, only where all of them may read it."""
        page, quote = (judged.page, judged.place.words) if to.reads and judged.place else ("", "")
        who = self._directory.person(value["person"]).name if value["named"] else wording.SOMEBODY
        return {
            "headline": wording.headline(page, who),
            "objection": value["objection"],
            "words": value["words"],
            "question": self._mask(judged.question, by=value["person"]),
            "quote": quote,
        }

    def _tell(
        self,
        session: Session,
        event: Accepted,
        judged: Judged,
        told: list[tuple[Addressee, dict[str, str]]],
        own: str,
        now: datetime,
    ) -> None:
        """Verdicts on one page that come soon after each other stand in one thread; `own` is the key of these cards."""
        for to, card in told:
            begun = self._verdicts.card_for(session, judged, recipient=to.channel, now=now)
            outbox.owe(
                session,
                key=verdicts.card_key(own, to.channel),
                kind=objection_card.OBJECTION,
                to=Destination(to.channel, under=verdicts.card_key(begun, to.channel) if begun else None),
                value=card,
                now=now,
            )
            self._verdicts.told(session, judged, person=event.value["person"], card=begun or own)


def _thanks(judged: Judged, *, new: bool, told: bool, more: str) -> str:
    """`more` says which ticket it has become, "" for none."""
    team = judged.team.name if judged.team else ""
    passed_on = wording.passed_on(team) if new else wording.unchanged(team)
    said = passed_on if told else wording.not_passed_on(team)
    return f"{said} {more}".strip()
