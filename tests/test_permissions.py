"""Two thousand random askers in forty random worlds see exactly what the world's definition allows them, everywhere.

The truth is brute force over the definition: a page is a Python value here, and no query is asked.
"""

import json
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from bot import exchanges, wording
from bot.assistant import Asked, Assistant, Reply, reply_value
from bot.curation import OPERATOR, Curator
from bot.database import Database
from bot.errors import NotAllowed
from bot.people import Owners, Person, Team
from bot.retrieval.documents import Block, BlockKind, Citation, Document, Question, Reason, Section
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.pages import Page
from bot.retrieval.reindexing import Trial

from test_library import AUDIENCES, MATTERS, QUESTIONS, STRANGE, Remembering

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
DAYS = [TODAY + timedelta(days=days) for days in (-400, -30, -1, 0, 1, 30, 400)]
WORLDS, ASKERS, PAGES, NOTICES = 40, 50, 24, 5
HISTORIES = [(), (), ("what about gift cards?",), ("the modem came back", "is there a late fee?")]
OWNERS = Owners({f"team{number}": Team(f"team{number}", f"Team {number}", "#team", ()) for number in range(PAGES)})
ADMIN = Person("elif", "Elif", frozenset({"role:admin"}), roles=frozenset({"admin"}))
# So low that a third of the questions are answered.
BAR = 0.15
# Stands in everything that a page says, and nowhere else.
MARK = "mark{:02}x"


@dataclass(frozen=True)
class Told:
    """A notice of the world."""

    number: int
    text: str
    question: str
    audiences: frozenset[str]
    stands: bool


@dataclass
class World:
    """Who may see what: pages by path, notices, and what is withdrawn."""

    pages: dict[str, Document]
    notices: list[Told] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)
    _replaced_by: dict[str, set[str]] = field(default_factory=dict)

    def replaced_by(self, source: str) -> set[str]:
        """The pages that replace this one, also through others; pages that replace each other in a circle do not."""
        if not self._replaced_by:
            reached = {other: self._reached(other, straight=True) for other in self.pages}
            self._replaced_by = {one: {other for other in self.pages if one in reached[other]} for one in self.pages}
        return self._replaced_by[source]

    def _reached(self, source: str, *, straight: bool) -> set[str]:
        seen: set[str] = set()
        ahead = self._edges(source, straight=straight)
        while ahead:
            page = ahead.pop()
            if page not in seen:
                seen.add(page)
                ahead += self._edges(page, straight=straight)
        return seen

    def _edges(self, source: str, *, straight: bool) -> list[str]:
        named = [other for other in self.pages[source].supersedes if other in self.pages and other != source]
        return [other for other in named if not straight or source not in self._reached(other, straight=False)]

    def may_see(self, source: str, asker: frozenset[str]) -> bool:
        return bool(self.pages[source].audiences & asker) and source not in self.withdrawn

    def in_force(self, source: str, day: date) -> bool:
        effective = self.pages[source].effective
        return effective is None or effective <= day

    def visible(self, asker: frozenset[str], day: date | None) -> set[str]:
        """What somebody is answered from on a day."""
        allowed = {source for source in self.pages if self.may_see(source, asker)}
        if day is None:
            return allowed
        return {
            source
            for source in allowed
            if self.in_force(source, day)
            and not any(
                self.pages[newer].audiences & asker and self.in_force(newer, day) for newer in self.replaced_by(source)
            )
        }

    def replacement(self, source: str, asker: frozenset[str], day: date) -> tuple[date | None, set[str]]:
        """The day on which another page takes over that the asker may see, and the titles that it may have."""
        coming = [
            page for page in self.replaced_by(source) if self.may_see(page, asker) and not self.in_force(page, day)
        ]
        if not coming:
            return None, {""}
        first = min(self.pages[page].effective or TODAY for page in coming)
        return first, {self.pages[page].title for page in coming if self.pages[page].effective == first}


def random_world(dice: random.Random) -> World:
    pages: dict[str, Document] = {}
    names = [f"{MARK.format(number)}.md" for number in range(PAGES)]
    for number, source in enumerate(names):
        text = f"The rule for the {MATTERS[number % len(MATTERS)]} in district {number} is {MARK.format(number)}."
        pages[source] = Document(
            source=source,
            title=f"Rule {MARK.format(number)}",
            sections=(Section((), (Block(BlockKind.PARAGRAPH, (text,)),)),),
            audiences=frozenset(dice.choices(AUDIENCES, k=dice.randint(1, 3))),
            owner=f"team{number}",
            effective=dice.choice([None, None, None, *DAYS]),
            supersedes=tuple(dice.sample(names, k=dice.choice([0, 0, 0, 1, 2]))),
        )
    return World(dict(dice.sample(sorted(pages.items()), k=dice.randint(PAGES // 2, PAGES))))


@dataclass
class Stage:
    """A world in a real database, with everything that may speak of it."""

    database: Database
    library: Library
    assistant: Assistant
    curator: Curator
    dice: random.Random
    world: World = field(default_factory=lambda: World({}))
    counted: Counter[str] = field(default_factory=Counter)

    def begin(self, world: World) -> None:
        for source in sorted(self.world.withdrawn):
            self.curator.restore(source, by=ADMIN, now=NOW)
        self._publish(world)
        if self.world.pages and self.dice.random() < 0.2:  # a reindex that somebody takes back
            self.library.roll_back()
            world = replace(self.world, withdrawn=set())
            self.counted["worlds rolled back to"] += 1
        for old in self.world.notices:
            if old.stands:
                self.curator.end_notice(old.number, by=ADMIN, now=NOW)
        self.world = replace(world, notices=[self._notice() for _ in range(NOTICES)])
        self.counted["worlds"] += 1

    def _publish(self, world: World) -> None:
        pages = [
            Page(source, repr(sorted(document.audiences)) + repr(document), lambda _sandbox, one=document: (one, ()))
            for source, document in world.pages.items()
        ]
        planned = self.library.plan(pages, folder="")
        self.library.carry_out(planned, now=NOW, examine=lambda _candidate, _live: Trial(bar=BAR))

    def _notice(self) -> Told:
        """Some have ended, some are of another time."""
        question = self.dice.choice(QUESTIONS)
        words = f"{question} Note {self.dice.randrange(10**6)}noticex"
        meant = frozenset(self.dice.choices(AUDIENCES, k=self.dice.randint(1, 2)))
        stands = self.dice.random() < 0.8
        until = NOW + timedelta(hours=1 if stands else -1)
        posted = self.curator.post_notice(words, until=until, said="later", meant_for=meant, by=ADMIN, now=NOW)
        return Told(posted.number, words, question, meant, stands)

    def change_withdrawals(self) -> None:
        source = self.dice.choice(sorted(self.world.pages))
        if source in self.world.withdrawn:
            self.curator.restore(source, by=ADMIN, now=NOW)
            self.world.withdrawn.remove(source)
        else:
            self.curator.withdraw(source, by=ADMIN, reason="", now=NOW)
            self.world.withdrawn.add(source)

    def somebody(self) -> frozenset[str]:
        own = self.dice.choices(AUDIENCES, k=self.dice.randint(0, 4))
        return frozenset({*own, *self.dice.choices(STRANGE, k=2)})

    def check(self, number: int) -> tuple[Asked, Reply]:
        """One asker, one question, and everything that they are told."""
        asker = self.somebody()
        question = Question(self.dice.choice(QUESTIONS), history=self.dice.choice(HISTORIES))
        day = self.dice.choice([*DAYS, *[TODAY] * len(DAYS)])
        found = [source for source, _ in self.library.search(question, audiences=asker, day=day)]
        self._compare(set(found), self.world.visible(asker, day))
        assert len(found) == len(set(found))
        readers = self.somebody() if self.dice.random() < 0.4 else None
        person = Person(f"person{number}", "Somebody", asker)
        asked = Asked(person, question, readers=readers, as_of=day)
        reply = self.assistant.ask(asked, today=TODAY, now=NOW)
        reads = asker | {"channel:"} if readers is None or reply.private else (asker | {"channel:"}) & readers
        self._check_reply(reply, reads, day, question)
        if readers is None:
            closest = [citation.source for citation in reply.answer.see_also]
            assert reply.answer.answered or closest == found[:3]
        for source in self.dice.sample(sorted(self.world.pages), k=2):
            readable = self.library.readable(source, audiences=asker, day=day)
            self._compare({source} & {source if readable else ""}, {source} & self.world.visible(asker, day))
        self.counted["cases (world, asker, question)"] += 1
        self.counted["of them follow-ups"] += bool(question.history)
        self.counted["of them about another day"] += day != TODAY
        self.counted["of them where others read along"] += readers is not None
        return asked, reply

    def _compare(self, found: set[str], truth: set[str]) -> None:
        self.counted["pages shown that may be seen"] += len(found & truth)
        self.counted["leaks"] += len(found - truth)
        self.counted["misses"] += len(truth - found)

    def _check_reply(self, reply: Reply, reads: frozenset[str], day: date, question: Question) -> None:
        answer, visible = reply.answer, self.world.visible(reads, day)
        cited = [*answer.see_also, *(quote.citation for quote in answer.quotes)]
        self.counted["leaks"] += len({citation.source for citation in cited} - visible)
        for citation in cited:
            self._check_citation(citation, reads, day)
        for quote in answer.quotes:
            assert quote.block == self.world.pages[quote.citation.source].sections[0].blocks[0]
        self.counted["answers" if answer.answered else "refusals"] += 1
        if not visible:
            assert (answer.reason, answer.see_also, answer.quotes) == (Reason.EMPTY_INDEX, (), ())
        else:
            assert answer.reason in {None, Reason.NOTHING_CLEARS_THE_BAR}
        said = json.dumps(reply_value(reply), default=str)
        if answer.reason:
            said += wording.refusal(answer.reason, language=answer.language, as_of=reply.as_of)
        may_name = {source for source in self.world.pages if self.world.may_see(source, reads)}
        for source in self.world.pages.keys() - may_name:
            self.counted["leaks"] += source.removesuffix(".md") in said
        self._check_notices([notice.text for notice in answer.notices], reads, question, now=day == TODAY)

    def _check_citation(self, citation: Citation, reads: frozenset[str], day: date) -> None:
        page = self.world.pages[citation.source]
        assert (citation.title, citation.section) == (page.title, "")
        assert citation.owner == OWNERS.name(page.owner)
        on, titles = self.world.replacement(citation.source, reads, day)
        assert (citation.replaced_on, citation.replaced_by in titles) == (on, True)
        self.counted["citations"] += 1
        self.counted["of them with what replaces them"] += on is not None

    def _check_notices(self, shown: list[str], reads: frozenset[str], question: Question, *, now: bool) -> None:
        allowed = [notice for notice in self.world.notices if notice.stands and notice.audiences & reads and now]
        self.counted["leaks"] += len(set(shown) - {notice.text for notice in allowed})
        self.counted["notices shown"] += len(shown)
        if len(allowed) <= 3:
            about = {notice.text for notice in allowed if notice.question == question.text}
            self.counted["misses"] += len(about - set(shown))

    def check_gaps(self, remembered: list[tuple[Asked, Reply]]) -> None:
        """What is written down of a gap names the closest pages of the reply, which the asker was shown."""
        with self.database.writing.begin() as session:
            before = exchanges.gaps(session)
            for asked, reply in remembered:
                self.assistant.remember(session, asked, reply, now=NOW)
            gaps = exchanges.asked_gaps(session)[before:]
        refused = [
            reply
            for _, reply in remembered
            if reply.answer.reason is Reason.NOTHING_CLEARS_THE_BAR and reply.as_of is None
        ]
        told = [tuple((one.source, one.title) for one in reply.answer.see_also) for reply in refused]
        assert [gap.closest for gap in gaps] == told
        self.counted["gaps"] += len(gaps)

    def check_curation(self) -> None:
        """Who is no admin learns nothing from it, not even from how they are refused."""
        outsider = Person("sam", "Sam", self.somebody())
        words = self.dice.choice([*self.world.pages, "rule", "mark", "Rule"])
        for listing in (
            lambda: self.curator.state(by=outsider, today=TODAY, now=NOW),
            lambda: self.curator.stale(by=outsider, today=TODAY, now=NOW),
            lambda: self.curator.gap_groups(by=outsider),
            lambda: self.curator.standing_notices(by=outsider, now=NOW),
            lambda: self.curator.roll_back(by=outsider),
            lambda: self.curator.end_notice(self.world.notices[0].number, by=outsider, now=NOW),
            lambda: self.curator.withdraw(words, by=outsider, reason="", now=NOW),
            lambda: self.curator.restore(words, by=outsider, now=NOW),
            lambda: self.curator.verify(words, by=outsider, today=TODAY),
        ):
            with pytest.raises(NotAllowed) as refused:
                listing()
            said = str(refused.value).replace(words, "")
            self.counted["leaks"] += "mark" in said or "noticex" in said
            self.counted["curations refused"] += 1
        state = self.curator.state(by=OPERATOR, today=TODAY, now=NOW)
        assert {page.source for page in state.withdrawn} == self.world.withdrawn
        standing = {one.notice.text for one in state.notices}
        assert standing == {notice.text for notice in self.world.notices if notice.stands}


@pytest.fixture
def library(database: Database, encoder: Embedder) -> Library:
    return Library(database, Remembering(encoder))


@pytest.fixture
def stage(database: Database, library: Library) -> Stage:
    curator = Curator(database, library, OWNERS)
    return Stage(database, library, Assistant(library, OWNERS), curator, random.Random(20261122))


def test_two_thousand_askers_see_exactly_what_the_worlds_allow(stage: Stage) -> None:
    for _ in range(WORLDS):
        stage.begin(random_world(stage.dice))
        remembered = []
        for number in range(ASKERS):
            if number % 8 == 0:
                stage.change_withdrawals()
            remembered.append(stage.check(number))
        stage.check_gaps(remembered)
        stage.check_curation()
    for what, number in stage.counted.items():
        print(f"{number:>6}  {what}")  # noqa: T201 - shown with -s
    assert stage.counted["cases (world, asker, question)"] == WORLDS * ASKERS
    assert (stage.counted["leaks"], stage.counted["misses"]) == (0, 0)
