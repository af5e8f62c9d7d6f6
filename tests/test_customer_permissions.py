"""Random people do random things about random customers through every door: nothing of a customer is seen by anybody
who may not, nowhere, and whatever is seen stands in the audit by the time it can be delivered.

The truth is brute force over the definition of a world (`customer_worlds`): who somebody is, who reads a channel, and
words that stand nowhere but in what is known of one customer.
"""

import json
import logging
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from bot import handlers, inbox
from bot.app import House
from bot.audit import Purpose
from bot.audit.rows import AuditRow
from bot.customers.entries import EntryRow
from bot.customers.identity import merging
from bot.customers.tables import CustomerRow, InteractionRow
from bot.customers.tracks.tables import AssignmentRow, StepRow
from bot.database import Base
from bot.erasure import Eraser
from bot.exchanges import ExchangeRow, FeedbackRow, GapRow
from bot.handlers import blocks
from bot.handlers.customers import asks as customer_asks
from bot.handlers.customers import entries as customer_entries
from bot.handlers.customers import forms as customer_forms
from bot.handlers.customers import steps as customer_steps
from bot.handlers.customers import surface as customers
from bot.handlers.requests import cards
from bot.handlers.verdicts import objection_card
from bot.outbox import OutboxRow
from bot.requests import CardRow, RequestRow
from bot.serving import operator
from bot.wording import FAULT
from sqlalchemy import delete, event, func, select

import customer_worlds
import slack_bodies as slack
from customer_desk import Desk, Owed
from customer_worlds import EMAILS, OUTSIDERS, Registry, World, random_customers, random_slack
from offices import PROJECT
from thorough import cases

# Every so many worlds somebody is erased, which reads the whole database.
WORLDS, ACTS, ERASING = cases(14, thoroughly=40), 24, 4
WORKSPACES = ("TONE", "TTWO")
HAPPENED = ("what did we promise {}?", "has {} sent the receipt?", "when was the last call of {}?", "{} what happened?")
HOLDS = ("may {} return a box after 20 days?", "is there a late fee for {}?", "does {} get a kayak?")
NOBODY = ("may she return a box after 20 days?", "and what did we promise her?", "is there a late fee?", "thanks", "")
COMMANDS = ("handover", "drop", "help", "")
PRESSES = (*customers.ACTIONS, *customer_asks.ACTIONS, *customer_entries.ACTIONS, *customer_steps.ACTIONS)
OTHER_PRESSES = (blocks.SHARE_ACTION, blocks.ASK_HUMAN_ACTION, blocks.FEEDBACK_ACTION, *cards.ACTIONS)
ONE_CUSTOMER = frozenset({Purpose.CARD, Purpose.QUESTION, Purpose.POLICY, Purpose.TRACK, Purpose.ENTRY})
SEVERAL = frozenset({Purpose.LOOK_UP, Purpose.HANDOVER})
# What a person wrote goes on to others, masked by what its writer may know.
PASSED_ON = frozenset({*cards.KINDS, blocks.ANSWER, blocks.SUMMARY, objection_card.OBJECTION})
# What admins and owners read of it, or could.
READ_BY_OTHERS = (ExchangeRow, GapRow, FeedbackRow, RequestRow)


@dataclass
class Doing:
    """What is under way: who does it, where, and the marks that they typed themselves."""

    person: str = ""
    channel: str = ""
    typed: frozenset[str] = frozenset()
    what: str = ""


@dataclass
class Life:
    """Everything that happens in the worlds, and what was seen of it."""

    house: House
    registry: Registry
    dice: random.Random
    desks: dict[str, Desk]
    world: World = field(default_factory=lambda: World({}))
    doing: Doing = field(default_factory=Doing)
    counted: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    pressable: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    typed_blindly: set[str] = field(default_factory=set)
    typed_by: dict[str, set[str]] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)
    owed: list[Owed] = field(default_factory=list)
    threads: list[tuple[str, str]] = field(default_factory=list)
    eraser: Eraser | None = None
    _begun: int = 0

    def __post_init__(self) -> None:
        for desk in self.desks.values():
            event.listen(desk.house.database.writing, "after_commit", lambda _session, at=desk: self._committed(at))

    # Worlds

    def begin(self, serial: int, eraser: Eraser | None = None) -> None:
        self._forget()
        self.eraser = eraser
        self._begun = self._audited()
        now = datetime.now(UTC)
        serving, roles = customer_worlds.truth_of(PROJECT / "config" / "people.yaml")
        slacks = {name: random_slack(self.dice, name, serial) for name in WORKSPACES}
        self.world = World(slacks, random_customers(self.dice, now), serving=serving, roles=roles)
        for name, desk in self.desks.items():
            desk.begin(slacks[name])
        self.registry.take_in(self.house.database, self.world.customers, now=now)
        self.world.recognize(self.house.database)
        self.counted["worlds"] += 1

    def _forget(self) -> None:
        kept = {"audit", "track_rules", "erasure_secret", "erased_keys", "erasures"}
        with self.house.database.writing.begin() as session:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name not in kept and not table.name.startswith("knowledge_"):
                    session.execute(delete(table))
        self.pressable.clear()
        self.threads.clear()
        self.typed_blindly.clear()
        self.typed_by.clear()
        self.written.clear()

    def act(self) -> None:
        """One thing that somebody does, or that happens to the world meanwhile."""
        acts = [
            *[self.command] * 4,
            *[self.write] * 4,
            *[self.press_known] * 5,
            *[self.press_forged] * 3,
            *[self.use_shortcut] * 2,
            *[self.open_home] * 2,
            self.change,
            self.ask_about,
            self.send_forged,
            self.reply,
            self.admin,
        ]
        name = self.dice.choice(WORKSPACES)
        self.counted["acts"] += 1
        self.dice.choice(acts)(self.desks[name])
        self._settle(self.desks[name])

    # What people do

    def command(self, desk: Desk) -> None:
        person, channel = self._somebody(desk)
        words = self.dice.choice([self._about(), self._about(), self._question(), self.dice.choice(COMMANDS)])
        self._do(desk, person, channel, words, slack.command("/customer", person, channel, words))

    def ask_about(self, desk: Desk) -> None:
        person, channel = self._somebody(desk)
        words = self._question()
        self._do(desk, person, channel, words, slack.command("/ask", person, channel, words))

    def write(self, desk: Desk) -> None:
        """A mention, a direct message or a follow-up, and perhaps another one in the same thread."""
        person, channel = self._somebody(desk)
        thread = ""
        for _ in range(self.dice.randint(1, 2)):
            words = self._question()
            mention = not channel.startswith("D") and (not thread or self.dice.random() < 0.3)
            body = slack.message(person, channel, words, thread=thread, mention=mention)
            self._do(desk, person, channel, words, body)
            thread = thread or ("" if channel.startswith("D") else body["event"]["ts"])
            if self.dice.random() < 0.2:
                person, _ = self._somebody(desk)

    def use_shortcut(self, desk: Desk) -> None:
        person, channel = self._somebody(desk)
        words, name = self._question(), self.dice.choice(handlers.SHORTCUTS)
        url = self.dice.choice([slack.HOOK, None])
        self._do(desk, person, channel, words, slack.shortcut(name, person, channel, words, url=url))

    def open_home(self, desk: Desk) -> None:
        person, _ = self._somebody(desk)
        self._do(desk, person, "", "", slack.opened_home(person))

    def press_known(self, desk: Desk) -> None:
        """A button that the bot has shown, pressed by whom it was shown to; forms are filled in."""
        here = [one for one in self.pressable if one[0] == desk.workspace]
        if not here:
            return self.command(desk)
        _, person, channel, action, value = self.dice.choice(here[-40:])
        return self._press(desk, person, channel, action, value)

    def press_forged(self, desk: Desk) -> None:
        """Anybody presses anything with any number."""
        person, channel = self._somebody(desk)
        action = self.dice.choice([*PRESSES, *PRESSES, *OTHER_PRESSES])
        channel = self.dice.choice([channel, channel, ""])
        self._press(desk, person, channel, action, self._forged(action))

    def send_forged(self, desk: Desk) -> None:
        """A form that nobody opened: whatever it was opened with is made up."""
        person, channel = self._somebody(desk)
        form = self.dice.choice(customer_forms.FORMS)
        kinds = ["note", "promise", "tried", "contested"]
        context = {
            "channel": channel,
            "thread": "",
            "response_url": self.dice.choice([slack.HOOK, None]),
            "customer": self._number(CustomerRow),
            "entry": self.dice.choice(kinds),
            "numbers": [self._number(self.dice.choice([CustomerRow, AssignmentRow])), 7],
        }
        view = {"callback_id": form, "private_metadata": json.dumps(context)}
        self._submit(desk, person, channel, view)

    def admin(self, desk: Desk) -> None:
        """What the admins read of what was asked."""
        person = f"U{self._mark(desk)}elif"
        channel = desk.slack.direct(person)
        words = self.dice.choice(["gaps", "feedback", "status", "undelivered", "as Sam: may Dana return a box?"])
        self._do(desk, person, channel, "", slack.command("/knowledge", person, channel, words))

    def change(self, desk: Desk) -> None:
        """The world turns: two customers become one, somebody leaves or becomes a guest, a channel is shared, or a
        customer is erased."""
        self.dice.choice([self._merge, self._merge, self._revoke, self._share, self._erase])(desk)

    def _merge(self, _desk: Desk) -> None:
        standing = [one for one in self.world.customers if one.gone_into is None and one not in self.world.erased]
        kept, gone = self.dice.sample(standing, 2)
        with self.house.database.writing.begin() as session:
            merging.merge(session, kept.id, gone.id, by="a test", reason="", now=datetime.now(UTC))
        gone.gone_into = kept
        self.counted["merges"] += 1

    def _revoke(self, desk: Desk) -> None:
        person = desk.slack.people[f"U{self._mark(desk)}{self.dice.choice(['maya', 'sam', 'niamh', 'jonas'])}"]
        person.flags.add(self.dice.choice(["deleted", "is_restricted"]))
        self._do(desk, person.id, "", "", slack.changed(person.id))
        self.counted["rights revoked"] += 1

    def _share(self, desk: Desk) -> None:
        room = self.dice.choice(list(desk.slack.rooms.values()))
        room.flags.add("is_ext_shared")
        self._do(desk, "", "", "", slack.shared(room.id))

    def _erase(self, _desk: Desk) -> None:
        if self.eraser is None or self.world.erased:
            return
        standing = [one for one in self.world.customers if one.gone_into is None]
        one = self.dice.choice(standing)
        self.eraser.erase(one.id, by=operator(), reason="asked")
        for desk in self.desks.values():
            desk.catch_up()
        self.world.erased += [each for each in self.world.customers if each.standing is one]
        self.counted["erasures"] += 1

    def reply(self, desk: Desk) -> None:
        """Somebody answers in the thread of a request, perhaps with a customer's name."""
        here = [ts for workspace, ts in self.threads if workspace == desk.workspace]
        if not here:
            return self.write(desk)
        with self.house.database.reading() as session:
            known = select(CardRow.channel, OutboxRow.ts).join(OutboxRow, OutboxRow.key == CardRow.key)
            rows = session.execute(known.where(OutboxRow.ts.in_(here))).all()
        channel, ts = self.dice.choice(rows)
        person = self.dice.choice(sorted(self.world.readers(desk.workspace, channel)))
        words = self._question()
        return self._do(desk, person, channel, words, slack.message(person, channel, words, thread=ts))

    # How they do it

    def _do(self, desk: Desk, person: str, channel: str, words: str, body: slack.Body) -> None:
        typed = frozenset(self.world.in_words(words))
        self.doing = Doing(person, channel, typed, str(body)[:400])
        self.typed_by.setdefault(person, set()).update(typed)
        known = self.world.may(person, desk.workspace)
        of_nobody = {mark for mark in typed if set(map(id, self.world.marks[mark])) <= set(map(id, self.world.erased))}
        self.typed_blindly |= of_nobody if known else typed
        desk.take(body)

    def _press(self, desk: Desk, person: str, channel: str, action: str, value: str) -> None:
        url = self.dice.choice([slack.HOOK, slack.HOOK, None])
        body = slack.press(action, value, person, channel, url=url)
        self.doing = Doing(person, channel, frozenset(), f"{action} {value} by {person} in {channel}")
        before = self._audited()
        opened = desk.open(action, body)
        self._judge_form(desk, person, channel, opened, before)
        self._do(desk, person, channel, "", body)
        if self.dice.random() < 0.2:  # Slack delivers it once more
            self._do(desk, person, channel, "", body)
        if isinstance(opened, dict) and "submit" in opened:
            self._submit(desk, person, channel, opened)

    def _submit(self, desk: Desk, person: str, channel: str, view: slack.Body) -> None:
        words = self.dice.choice([self._question(), "Prefers to be called after five."])
        typed = {"text": words, "due": self.dice.choice(["", "2026-11-23"]), "question": words, "added": self._about()}
        typed |= {"what": "wrong", "words": self._about(), "still": self._about()}
        said = " ".join(typed.values())
        if view["callback_id"] in customer_forms.FORMS:  # it stands on a card from then on, whomever it speaks of
            self.written |= self.world.in_words(words).keys()
        self._do(desk, person, channel, said, slack.submission(view, person, typed))

    def _somebody(self, desk: Desk) -> tuple[str, str]:
        """Somebody, mostly one who serves customers, and a place where they are, or are not."""
        mark = self._mark(desk)
        serving = ["maya", "sam", "niamh", "jonas"]
        name = self.dice.choice([*serving, *serving, *EMAILS, *OUTSIDERS])
        person = f"U{mark}{name}"
        direct = desk.slack.direct(person)
        return person, self.dice.choice([direct, direct, *desk.slack.rooms, f"CNOWHERE{mark}"])

    @staticmethod
    def _mark(desk: Desk) -> str:
        return next(one for one in desk.slack.people if one.endswith("maya"))[1:-4]

    def _about(self) -> str:
        return self.dice.choice(self.world.customers).said(self.dice)

    def _question(self) -> str:
        form = self.dice.choice([*HAPPENED, *HOLDS, *HOLDS, *NOBODY, "{}"])
        return form.format(self._about())

    def _forged(self, action: str) -> str:
        if action == blocks.FEEDBACK_ACTION:
            return f"{self._number(ExchangeRow)}:{self.dice.choice(['yes', 'no'])}"
        tables = [CustomerRow, EntryRow, AssignmentRow, InteractionRow, StepRow, ExchangeRow, RequestRow]
        numbers = [str(self._number(self.dice.choice(tables))) for _ in range(self.dice.choice([1, 1, 2, 3]))]
        return ":".join(numbers)

    def _number(self, table: Any) -> int:
        with self.house.database.reading() as session:
            low, high = session.execute(select(func.min(table.id), func.max(table.id))).one()
        return self.dice.randint(low, high) if low is not None else self.dice.randint(1, 9)

    # What was seen

    def _committed(self, desk: Desk) -> None:
        for owed in desk.fresh():
            self._judge(desk, owed)
            self.owed.append(owed)

    def _settle(self, desk: Desk) -> None:
        """All of it is delivered, so that it can be pressed and replied to."""
        for owed in self.owed:
            readers = [owed.only] if owed.only else sorted(self.world.readers(desk.workspace, owed.channel))
            for action, value in owed.buttons():
                self.pressable.append((desk.workspace, self.dice.choice(readers), owed.channel, action, value))
        cards_owed = [owed for owed in self.owed if owed.row.kind == cards.CARD]
        if cards_owed:
            desk.deliver(cards_owed, lambda: self._begin_thread(desk))
        self.owed.clear()

    def _begin_thread(self, desk: Desk) -> str:
        self.threads.append((desk.workspace, ts := slack.moment()))
        return ts

    def _judge(self, desk: Desk, owed: Owed) -> None:
        marks = self.world.in_words(owed.everything)
        readers = {owed.only} if owed.only else self.world.readers(desk.workspace, owed.channel)
        looks = self._looks(desk, owed.row.key)
        self.counted["messages"] += 1
        self.counted[f"of the kind {owed.row.kind}"] += 1
        if owed.row.value.get("text") == FAULT:
            self.counted["faults"] += 1
        reader = next(iter(readers)) if len(readers) == 1 else ""
        may = bool(reader) and self.world.may(reader, desk.workspace)
        here = not owed.channel or self.world.ours(desk.workspace, owed.channel)
        for mark, owners in marks.items():
            of_looked_at = any(owner.standing.alias in looks for owner in owners if owner not in self.world.erased)
            told_on = bool(looks) and mark in self.written
            if may and here and (of_looked_at or told_on):
                self.counted["marks shown to who may see them"] += 1
            elif mark in self.typed_by.get(reader, ()):
                self.counted["marks said back to who typed them"] += 1
            elif mark in self.typed_blindly and owed.row.kind in PASSED_ON:
                self.counted["marks passed on of who cannot know whose they are"] += 1
            elif reader and mark in self.doing.typed and owed.row.kind in {cards.REPLY, cards.LINE}:
                self.counted["marks that a colleague wrote to one person"] += 1
            else:
                why = f"readers {readers}, may {may}, ours {here}, looked at {of_looked_at}"
                self._leak(f"{mark} in {owed.row.kind} to {owed.row.destination} ({why}): {owed.row.value}")
        self._judge_looks(desk, owed, looks, reader if may else "")

    def _judge_looks(self, desk: Desk, owed: Owed, looks: dict[str, AuditRow], reader: str) -> None:
        """Each row says who saw whom and where; an answer about one customer is about no other."""
        for row in looks.values():
            if (row.person, row.channel, row.workspace) != (reader, owed.channel, desk.workspace):
                self._leak(f"the audit says {row.person} in {row.channel}, it went to {owed.row.destination}")
        purposes = {Purpose(row.purpose) for row in looks.values()}
        if len(looks) > 1 and purposes & ONE_CUSTOMER:
            self._leak(f"{len(looks)} customers in one {purposes}")
        for purpose in purposes:
            self.counted[f"looks: {purpose}"] += 1

    def _looks(self, desk: Desk, key: str) -> dict[str, AuditRow]:
        asked = select(AuditRow).where(AuditRow.reference == key, AuditRow.workspace == desk.workspace)
        with self.house.database.reading() as session:
            return {row.customer: row for row in session.scalars(asked.where(AuditRow.number > self._begun))}

    def _audited(self) -> int:
        with self.house.database.reading() as session:
            return session.scalar(select(func.max(AuditRow.number))) or 0

    def _judge_form(self, desk: Desk, person: str, channel: str, opened: slack.Body | str | None, before: int) -> None:
        marks = self.world.in_words(json.dumps(opened))
        may = self.world.may(person, desk.workspace) and (not channel or self.world.ours(desk.workspace, channel))
        with self.house.database.reading() as session:
            looked_at = set(session.scalars(select(AuditRow.customer).where(AuditRow.number > before)))
        for mark, owners in marks.items():
            seen = any(owner.standing.alias in looked_at for owner in owners)
            if not (may and seen) and mark not in self.typed_blindly:
                self._leak(f"{mark} in the form of {person} in {channel} (may {may}): {opened}")
        self.counted["forms opened"] += isinstance(opened, dict)

    def check_tables(self) -> None:
        """What others read of it names nobody, nor does the audit, nor what is written down of a fault."""
        with self.house.database.reading() as session:
            said = [
                (table.__tablename__, str({column.key: getattr(row, column.key) for column in table.__table__.columns}))
                for table in (*READ_BY_OTHERS, AuditRow)
                for row in session.scalars(select(table))
                if table is not AuditRow or row.number > self._begun
            ]
            said += [("inbox.fault", fault) for fault in session.scalars(select(inbox.InboxRow.fault))]
        for where, words in said:
            self.check_words(where, words)

    def check_words(self, where: str, words: str) -> None:
        for mark in self.world.in_words(words):
            if mark not in self.typed_blindly:
                self._leak(f"{mark} in {where}: {words[:600]}")

    def _leak(self, what: str) -> None:
        self.counted["leaks"] += 1
        self.leaks.append(f"{what}\n    while {self.doing}")


@pytest.fixture
def life(quiet_house: House, tmp_path: Path) -> Life:
    empty = customer_worlds.QuietSlack()
    desks = {name: Desk(quiet_house, empty, name) for name in WORKSPACES}
    return Life(quiet_house, Registry(tmp_path), random.Random(20261122), desks)


class Overheard(logging.Handler):
    """Every word that goes into the log, that of faults too."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        fault = record.exc_info[1] if record.exc_info else ""
        self.words.append(f"{record.getMessage()} {fault}")


@pytest.fixture
def log() -> Iterator[Overheard]:
    overheard, house = Overheard(), logging.getLogger("bot")
    house.addHandler(overheard)
    yield overheard
    house.removeHandler(overheard)


def test_nothing_of_a_customer_is_seen_by_who_may_not_and_every_look_is_written_down(
    life: Life, log: Overheard, tmp_path: Path
) -> None:
    eraser = Eraser(life.house.database, tmp_path / "var", clock=customer_worlds.clock)
    for number in range(WORLDS):
        life.begin(number, eraser if number % ERASING == 0 else None)
        for _ in range(ACTS):
            life.act()
        life.check_tables()
        life.check_words("the log", " ".join(log.words))
        log.words.clear()
    assert life.leaks == [], life.leaks[0]
    assert all(life.counted[f"looks: {purpose}"] for purpose in ONE_CUSTOMER | SEVERAL), life.counted
    assert life.counted["marks shown to who may see them"] > ACTS * WORLDS / 2
