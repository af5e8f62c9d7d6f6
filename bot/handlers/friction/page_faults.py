"""That a rule is unclear, out of date or incomplete, said of an answer, is friction with its page: one ticket."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from bot import verdict_wording
from bot.audiences import EVERYONE
from bot.friction import asking_again, filing, pages, tickets
from bot.friction.desk import Desk, Form
from bot.friction.intake import Draft
from bot.friction.kinds import Kind, Privacy
from bot.friction.tables import TicketRow
from bot.handlers.friction.callers import Callers
from bot.people import Person
from bot.retrieval.library import Library
from bot.verdicts import OF_THE_RULE, Judged, Objection
from bot.workspaces import of_session


@dataclass(frozen=True, slots=True)
class Fault:
    """A report that is ready to be filed."""

    draft: Draft
    form: Form
    person: Person
    exchange: int


class PageFaults:
    def __init__(self, desk: Desk, library: Library, callers: Callers, *, zone: tzinfo | None) -> None:
        self._desk = desk
        self._library = library
        self._callers = callers
        self._zone = zone

    def fault(
        self, judged: Judged, objection: Objection, words: str, *, person: str, named: bool, now: datetime
    ) -> Fault | None:
        """Read before anything is written; None where it is no friction, or of somebody who reports none.

        `words` are masked. Who does not want to be named is known to the bot alone.
        """
        if objection not in OF_THE_RULE or judged.place is None:
            return None
        by = self._callers.person(person)
        if EVERYONE not in by.audiences:
            return None
        source, day = judged.place.source, now.astimezone(self._zone).date()
        for_all = self._library.readable(source, audiences=frozenset({EVERYONE}), day=day)
        said = verdict_wording.rule_at_fault(objection, judged.page if for_all else "", words)
        form = Form(
            Kind.UNCLEAR_POLICY,
            privacy=Privacy.NAMED if named else Privacy.CONFIDENTIAL,
            page=source,
            team=judged.team.key if judged.team else "",
        )
        return Fault(self._desk.read(said, by, now=now), form, by, judged.exchange)

    def report(self, session: Session, fault: Fault, *, told_by: str, now: datetime) -> str:
        """In the caller's transaction; what to say of the ticket that it is, or has become one more report of.

        `told_by` is the key of the message that tells whoever owns the page, "" where none does.
        """
        who = self._callers.reporter(fault.person, workspace=of_session(session))
        number = pages.unclear(session, fault.form.page)
        row = tickets.standing(session, number) if number is not None else None
        if row is None or not filing.reports_of(session, row, who, sealer=self._desk.sealer):
            number = self._desk.file_in(session, fault.draft, fault.form, who, now=now).ticket
            filed = session.get_one(TicketRow, number)
            if row is None and filed.team == fault.form.team:
                filed.told_by = told_by
        assert number is not None  # noqa: S101 - one was there, or was filed
        asking_again.keep(session, number, fault.exchange, audiences=fault.person.audiences)
        return verdict_wording.reported(tickets.key(number) if fault.form.privacy is Privacy.NAMED else "")
