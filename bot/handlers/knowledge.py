"""`/knowledge`: what keeps the knowledge true, from inside Slack. Only whoever types it sees what comes of it."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from difflib import get_close_matches

from sqlalchemy.orm import Session

from bot import deadlines, inbox, outbox, wording
from bot.assistant import Asked, Assistant, reply_value
from bot.curation import Curator
from bot.database import Database
from bot.deadletters import DeadLetters
from bot.deadlines import NoDeadline
from bot.editorial import Editor
from bot.errors import CurationError, ThroughlineError
from bot.handlers import blocks, text
from bot.handlers.replying import owe_words, reply_destination
from bot.handlers.surfaces import Arriving, Body, Work, pressed
from bot.handlers.workspace.directory import SlackDirectory
from bot.inbox import Accepted
from bot.outbox import Destination
from bot.people import Directory, Owners, Person, must_be_admin
from bot.retrieval.documents import Question
from bot.retrieval.reindexing import Report, Step
from bot.summaries import knowledge as summaries
from bot.summaries.summary import Act, Item, Summary, as_value

KNOWLEDGE_COMMAND = "/knowledge"
KNOWLEDGE = "knowledge"
# Slack lets a message be changed about once a second; nobody reads faster than this.
BETWEEN_PROGRESS = 3.0

Reindex = Callable[[Callable[[Step], None]], Report]

_NOTICE = re.compile(r"(?P<text>.+?),?\s+until\s+(?P<until>\S+)(?:\s+for\s+(?P<audiences>.+))?", re.IGNORECASE)
_BECAUSE = re.compile(r"(?P<page>.+?)(?:,?\s+because\s+(?P<reason>.+))?", re.IGNORECASE)
_AS = re.compile(r"(?:<@(?P<id>[A-Z0-9]+)(?:\|[^<>]*)?>|(?P<name>[^:]+?))\s*:\s*(?P<question>.+)")


@dataclass(frozen=True, slots=True)
class Command:
    """Who typed what, and when."""

    by: Person
    rest: str
    now: datetime


class Knowledge:
    """Whoever types is told what they may not do by `Curator`, in the same words at every door."""

    def __init__(
        self,
        database: Database,
        curator: Curator,
        assistant: Assistant,
        people: SlackDirectory,
        *,
        dead_letters: DeadLetters,
        editor: Editor,
        directory: Directory,
        owners: Owners,
        reindex: Reindex,
        wake: Callable[[], None],
        zone: tzinfo | None = None,
    ) -> None:
        self._database = database
        self._curator = curator
        self._assistant = assistant
        self._people = people
        self._dead_letters = dead_letters
        self._editor = editor
        self._directory = directory
        self._owners = owners
        self._reindex_now = reindex
        self._wake = wake
        self._zone = zone
        self._commands: dict[str, Callable[[Command], Summary]] = {
            "help": lambda _command: HELP,
            "status": self._status,
            "stale": self._stale,
            "gaps": self._gaps,
            "conflicts": self._conflicts,
            "feedback": self._feedback,
            "verify": self._verify,
            "notice": self._notice,
            "notices": self._notices,
            "end": self._end,
            "withdraw": self._withdraw,
            "restore": self._restore,
            "rollback": self._roll_back,
            "proposals": self._proposals,
            "undelivered": self._undelivered,
            "replay": self._replay,
            "drop": self._drop,
        }

    @property
    def work(self) -> Mapping[str, Work]:
        return {KNOWLEDGE: self.carry_out}

    def read(self, body: Body) -> Arriving | None:
        if body.get("command") == KNOWLEDGE_COMMAND:
            return _arriving(body, key=body["trigger_id"], typed=body.get("text") or "", channel=body["channel_id"])
        if (action := pressed(body, blocks.ACT_ACTION)) is not None:
            key = f"{action['action_ts']}:{action['value']}"
            return _arriving(body, key=key, typed=action["value"], channel=(body.get("channel") or {}).get("id"))
        return None

    def carry_out(self, event: Accepted) -> None:
        """Do what was typed, and say what became of it."""
        by = self._people.person(event.value["person"])
        name, _, rest = event.value["text"].strip().partition(" ")
        command = Command(by, rest.strip(), datetime.now(UTC))
        match name.casefold():
            case "reindex":
                self._reindex(event, command)
            case "as":
                self._see_as(event, command)
            case "":
                self._tell(event, self._status(command))
            case known if known in self._commands:
                self._tell(event, self._commands[known](command))
            case unknown:
                self._tell(event, _unknown(unknown, self._commands))

    def _status(self, command: Command) -> Summary:
        state = self._curator.state(by=command.by, today=self._today(command), now=command.now)
        return summaries.status(state, zone=self._zone)

    def _stale(self, command: Command) -> Summary:
        return summaries.stale(self._curator.stale(by=command.by, today=self._today(command), now=command.now))

    def _gaps(self, command: Command) -> Summary:
        return summaries.gaps(self._curator.gap_groups(by=command.by), zone=self._zone)

    def _conflicts(self, command: Command) -> Summary:
        found = self._curator.conflicts(owner=command.rest, by=command.by)
        return summaries.conflicts(found, owners=self._owners)

    def _feedback(self, command: Command) -> Summary:
        found = self._curator.unhelpful(owner=command.rest, by=command.by)
        return summaries.feedback(found, owners=self._owners, zone=self._zone)

    def _verify(self, command: Command) -> Summary:
        named = _named(command, "verify")
        teams = self._owners.teams_of(self._people.address(command.by.id))  # Slack's ids stand in no team
        page = self._curator.verify(named, by=command.by, today=self._today(command), teams=teams)
        return Summary(f"Verified today: {page.title}", (Item(page.source),), foot=wording.VERIFIED_THEN)

    def _notice(self, command: Command) -> Summary:
        said = _NOTICE.fullmatch(command.rest)
        if said is None:
            raise CurationError(wording.NOTICE_USAGE)
        try:
            until = deadlines.until(said["until"], now=command.now, zone=self._zone)
        except NoDeadline as fault:
            raise CurationError(str(fault)) from fault
        meant_for = [name.strip() for name in (said["audiences"] or "").split(",") if name.strip()]
        shown = deadlines.said(until, zone=self._zone)
        posted = self._curator.post_notice(
            said["text"], until=until, said=shown, meant_for=meant_for, by=command.by, now=command.now
        )
        fine = f"until {shown}, for {', '.join(meant_for or ['everyone'])}"
        return Summary(
            "It stands on top of answers about it from now on",
            (Item(posted.text, (fine,), Act("End it", f"end {posted.number}")),),
        )

    def _notices(self, command: Command) -> Summary:
        return summaries.notices(self._curator.standing_notices(by=command.by, now=command.now))

    def _end(self, command: Command) -> Summary:
        if not command.rest.isdecimal():
            raise CurationError("Which notice? `/knowledge notices` lists them with their numbers: `/knowledge end 3`.")
        self._curator.end_notice(int(command.rest), by=command.by, now=command.now)
        return Summary(f"Notice {command.rest} is taken down.")

    def _withdraw(self, command: Command) -> Summary:
        said = _BECAUSE.fullmatch(_named(command, "withdraw"))
        page, reason = (said["page"], said["reason"] or "") if said else (command.rest, "")
        done = self._curator.withdraw(page, by=command.by, reason=reason, now=command.now)
        undo = Act("Restore it", f"restore {done.source}")
        return Summary(f"Withdrawn: {done.title}", (Item(done.source, act=undo),), foot=wording.WITHDRAWN_THEN)

    def _restore(self, command: Command) -> Summary:
        done = self._curator.restore(_named(command, "restore"), by=command.by, now=command.now)
        return Summary(f"It answers again: {done.title}", (Item(done.source),))

    def _roll_back(self, command: Command) -> Summary:
        left, live = self._curator.roll_back(by=command.by)
        return Summary(f"Generation {live} answers again, as before generation {left}.", foot=wording.ROLLED_BACK_THEN)

    def _proposals(self, command: Command) -> Summary:
        reviewer = self._editor.reviewer(command.by, self._people.address(command.by.id))
        return summaries.proposed(self._editor.waiting(reviewer), owners=self._owners)

    def _undelivered(self, command: Command) -> Summary:
        standing = self._dead_letters.deliveries(by=command.by, now=command.now)
        return summaries.undelivered(standing, self._dead_letters.letters(by=command.by), zone=self._zone)

    def _replay(self, command: Command) -> Summary:
        if command.rest.casefold() == "all":
            number = self._dead_letters.replay_all(by=command.by, now=command.now)
            return Summary(f"{wording.count(number, 'message')} will be sent again now.")
        again = self._dead_letters.replay(_numbered(command, "replay"), by=command.by, now=command.now)
        self._wake()
        return Summary(f"Message {again.number} will be sent again now.")

    def _drop(self, command: Command) -> Summary:
        gone = self._dead_letters.drop(_numbered(command, "drop"), by=command.by)
        return Summary(f"Message {gone.number} is let go for good.")

    def _see_as(self, event: Accepted, command: Command) -> None:
        """The answer somebody else would get, for an admin's eyes; it is not remembered as a question of theirs."""
        must_be_admin(command.by)
        said = _AS.fullmatch(command.rest)
        if said is None:
            raise CurationError(wording.AS_USAGE)
        person = self._people.person(said["id"]) if said["id"] else self._directory.find(said["name"])
        asked = Asked(person=person, question=Question(text.question_in(said["question"], bot="")))
        reply = self._assistant.ask(asked, today=self._today(command), now=command.now)
        value = {"reply": reply_value(reply), "exchange": None, "seen_as": person.name}
        self._owe(event, f"answer:{event.id}", blocks.ANSWER, value)

    def _reindex(self, event: Accepted, command: Command) -> None:
        """Reindex, and say in a direct message how far it is. Killed halfway, it is done by the next life."""
        must_be_admin(command.by)
        begun = f"reindex:{event.id}"
        to = Destination(channel="", only=command.by.id)
        with self._database.writing.begin() as session:
            if event.value["channel"]:
                owe_words(session, event, wording.REINDEX_BEGUN, now=command.now)
            value = as_value(Summary(wording.REINDEXING))
            outbox.owe(session, key=begun, kind=blocks.SUMMARY, to=to, value=value, now=command.now)
        start = last = time.monotonic()
        number = 0

        def progress(step: Step) -> None:
            nonlocal last, number
            if time.monotonic() - last < BETWEEN_PROGRESS:
                return
            last, number = time.monotonic(), number + 1
            with self._database.writing.begin() as session:
                shown = Summary(wording.REINDEXING, (Item(summaries.step(step)),))
                self._change(session, begun, f"{event.attempts}:{number}", shown, to=to)
            self._wake()

        try:
            report = self._reindex_now(progress)
            done = summaries.reindexed(report, seconds=time.monotonic() - start)
        except ThroughlineError as refusal:
            done = Summary(wording.NOT_REINDEXED, (Item(str(refusal)),))
        with self._database.writing.begin() as session:
            self._change(session, begun, "done", done, to=to)
            inbox.finish(session, event)

    @staticmethod
    def _change(session: Session, begun: str, what: str, shown: Summary, *, to: Destination) -> None:
        outbox.owe(
            session,
            key=f"{begun}:{what}",
            kind=blocks.SUMMARY,
            to=replace(to, replaces=begun),
            value=as_value(shown),
            now=datetime.now(UTC),
        )

    def _tell(self, event: Accepted, summary: Summary) -> None:
        self._owe(event, f"summary:{event.id}", blocks.SUMMARY, as_value(summary))

    def _owe(self, event: Accepted, key: str, kind: str, value: Mapping[str, object]) -> None:
        with self._database.writing.begin() as session:
            to = reply_destination(event.value, private=True)
            outbox.owe(session, key=key, kind=kind, to=to, value=dict(value), now=datetime.now(UTC))
            inbox.finish(session, event)

    def _today(self, command: Command) -> date:
        return command.now.astimezone(self._zone).date()


def _arriving(body: Body, *, key: str, typed: str, channel: str | None) -> Arriving:
    person = str(body.get("user_id") or body["user"]["id"])
    return Arriving(
        key=f"knowledge:{key}:{person}",
        kind=KNOWLEDGE,
        conversation=f"knowledge:{person}",
        value={
            "person": person,
            "text": typed,
            "channel": channel or "",
            "thread": "",
            "response_url": body.get("response_url"),
        },
    )


def _numbered(command: Command, name: str) -> int:
    if not command.rest.isdecimal():
        raise CurationError(
            f"Which one? `/knowledge undelivered` lists them with their numbers: `/knowledge {name} 3`."
        )
    return int(command.rest)


def _named(command: Command, name: str) -> str:
    if not command.rest:
        raise CurationError(f"Which page? Name it by its title or path: `/knowledge {name} Equipment returns`.")
    return text.question_in(command.rest, bot="")


def _unknown(name: str, known: Mapping[str, object]) -> Summary:
    near = get_close_matches(name.casefold(), [*known, "reindex", "as"], n=1)
    title = f"There is no /knowledge {name}." + (f" Did you mean /knowledge {near[0]}?" if near else "")
    return Summary(title, HELP.items)


HELP = Summary(
    "What /knowledge can do",
    tuple(
        Item(f"/knowledge {usage}", (meaning,))
        for usage, meaning in (
            ("status", "what is live, what is withdrawn, which notices stand, what needs care"),
            ("reindex", "read the knowledge folder again; you see how far it is"),
            ("stale", "pages past their review date or unverified for half a year, most used first"),
            ("gaps", "what nothing answered, grouped by meaning"),
            ("conflicts", "pages that disagree"),
            ("feedback", "pages whose answers did not help, what people said, what became of it (feedback TEAM)"),
            ("verify PAGE", "you have checked a page today; its age counts from now (owners may, too)"),
            ("notice TEXT, until 15:00", "say something on top of answers about it, at once (… for role:phone)"),
            ("notices", "the notices that stand; each can be ended"),
            ("withdraw PAGE because REASON", "take a wrong page out of all answers, at once"),
            ("restore PAGE", "let a withdrawn page answer again"),
            ("rollback", "go back to the knowledge before the last reindex"),
            ("proposals", "pages that people proposed from an answer, for you to decide on"),
            ("undelivered", "messages that Slack did not take, and why; replay NUMBER (or all), drop NUMBER"),
            ("as PERSON: QUESTION", "see the answer that somebody else would get"),
        )
    ),
)
