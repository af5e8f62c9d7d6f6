"""Questions of random askers in random worlds: each is told what the world allows, on both engines.

The truth is brute force over the definition of a world (`worlds`): a page is a Python value there.
"""

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from bot import exchanges, wording
from bot.assistant import Asked, Assistant, Reply, reply_value
from bot.curation import OPERATOR, Curator
from bot.database import Database
from bot.errors import CurationError, NotAllowed
from bot.people import Owners, Person, Team
from bot.retrieval import catalogue, conflicts
from bot.retrieval.catalogue import PassageRow
from bot.retrieval.documents import Citation, Question, Reason
from bot.retrieval.embedding import Embedder
from bot.retrieval.engines import filling
from bot.retrieval.library import Library
from bot.retrieval.pages import Page
from bot.retrieval.passages import passages_of
from bot.retrieval.reindexing import Trial
from sqlalchemy import select

from test_library import AUDIENCES, QUESTIONS, STRANGE, OfWholes
from thorough import cases
from worlds import DAYS, MARK, NOW, PAGES, TODAY, Told, World, period_of, random_world

pytestmark = pytest.mark.each_engine
# Each asker asks several questions: it is the askers that cost time, since a database works out anew what each may see.
ASKERS, ASKED, NOTICES = 25, 2, 5
WORLDS = {"sqlite": cases(6, thoroughly=40), "postgresql": cases(3, thoroughly=12)}
# So that no world is asked on both.
SEEDS = {"sqlite": 20261122, "postgresql": 20261123}
ASKED_HERE = [*QUESTIONS, "How long are call recordings kept?", "When are call recordings erased?"]
HISTORIES = [(), (), ("what about gift cards?",), ("the modem came back", "is there a late fee?")]
OWNERS = Owners(
    {f"team{number}": Team(f"team{number}", f"Team {number}", "#team", (f"owner{number}",)) for number in range(PAGES)}
)
ADMIN = Person("elif", "Elif", frozenset({"role:admin"}), roles=frozenset({"admin"}))
# So low that a third of the questions are answered.
BAR = 0.15
# One page more or less moves what a search knows of all pages together by more than this.
SURE_WITHIN = 1e-4


@dataclass
class Stage:
    """A world in a real database, with everything that may speak of it."""

    database: Database
    library: Library
    assistant: Assistant
    encoder: OfWholes
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
        question = self.dice.choice(ASKED_HERE)
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

    def check(self, number: int) -> list[tuple[Asked, Reply]]:
        """One asker with some questions, and everything that they are told."""
        person = Person(f"person{number}", "Somebody", self.somebody())
        day = self.dice.choice([*DAYS, *[TODAY] * len(DAYS)])
        readers = self.somebody() if self.dice.random() < 0.4 else None
        self._check_queries(person.audiences, day)
        self.counted["askers"] += 1
        replies = []
        for text in self.dice.sample(ASKED_HERE, k=ASKED):
            asked = Asked(person, Question(text, history=self.dice.choice(HISTORIES)), readers=readers, as_of=day)
            replies.append((asked, self._check_question(asked, day)))
        return replies

    def _check_queries(self, asker: frozenset[str], day: date) -> None:
        """Every query that shows something of a page shows no others, whatever it is asked for by whoever searched."""
        truth = self.world.visible(asker, day)
        source = self.dice.choice(sorted(self.world.pages))
        readable = self.library.readable(source, audiences=asker, day=day)
        self._compare({source} & {source if readable else ""}, {source} & truth)
        with self.database.reading() as session:
            generation = self.library._current(session).generation
            scope = self.library._scopes.at(session, asker, generation=generation, day=day)
            living = {key: name for name, (key, _) in catalogue.digests_at(session, generation).items()}
            passages = session.scalars(select(PassageRow.id).where(PassageRow.document.in_(living)))
            self._compare(set(catalogue.sources_of(session, living, scope=scope).values()), truth)
            self._compare({one.source for one in passages_of(session, list(passages), scope=scope).values()}, truth)
            clashing = {
                number for clash in conflicts.clashes(session, living, scope=scope) for number in clash.passages
            }
            shown = session.scalars(select(PassageRow.document).where(PassageRow.id.in_(clashing)))
            self.counted["leaks"] += len({living[document] for document in shown} - truth)

    def _check_question(self, asked: Asked, day: date) -> Reply:
        question, asker, readers = asked.question, asked.person.audiences, asked.readers
        found = [source for source, _ in self.library.search(question, audiences=asker, day=day)]
        self._compare(set(found), self.world.visible(asker, day))
        assert len(found) == len(set(found))
        reply = self.assistant.ask(asked, today=TODAY, now=NOW)
        reads = asker | {"channel:"} if readers is None or reply.private else (asker | {"channel:"}) & readers
        self._check_reply(reply, reads, day, question)
        if readers is None:
            closest = [citation.source for citation in reply.answer.see_also]
            assert reply.answer.answered or closest == found[:3]
        self.counted["cases (world, asker, question)"] += 1
        self.counted["of them follow-ups"] += bool(question.history)
        self.counted["of them about another day"] += day != TODAY
        self.counted["of them where others read along"] += readers is not None
        return reply

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
            assert quote.block in self.world.pages[quote.citation.source].sections[0].blocks
        self.counted["answers" if answer.answered else "refusals"] += 1
        if not visible:
            assert (answer.reason, answer.see_also, answer.quotes) == (Reason.EMPTY_INDEX, (), ())
        else:
            assert answer.reason in {None, Reason.NOTHING_CLEARS_THE_BAR}
        self._check_certainty(answer.confidence, reads, day, question)
        said = json.dumps(reply_value(reply), default=str) + wording.disagreement(answer)
        if answer.reason:
            said += wording.refusal(answer.reason, language=answer.language, as_of=reply.as_of)
        may_name = {source for source in self.world.pages if self.world.may_see(source, reads)}
        for source in self.world.pages.keys() - may_name:
            self.counted["leaks"] += source.removesuffix(".md") in said or period_of(source) in said
        self.counted["contradictions shown"] += answer.contradiction is not None
        self._check_notices([notice.text for notice in answer.notices], reads, question, now=day == TODAY)

    def _check_certainty(self, certainty: float, reads: frozenset[str], day: date, question: Question) -> None:
        """How often words stand there, and how near pages are, is counted over what they may see, and nothing else."""
        truth = self.world.certainty(question, reads, day, self.encoder)
        self.counted["leaks"] += abs(certainty - truth) > SURE_WITHIN

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
            lambda: self.curator.conflicts(owner="", by=outsider),
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
        self._check_owner(words)
        state = self.curator.state(by=OPERATOR, today=TODAY, now=NOW)
        assert {page.source for page in state.withdrawn} == self.world.withdrawn
        standing = {one.notice.text for one in state.notices}
        assert standing == {notice.text for notice in self.world.notices if notice.stands}

    def _check_owner(self, words: str) -> None:
        """Owners of a page may name it, and are not told of others."""
        number = self.dice.randrange(PAGES)
        owner = Person(f"owner{number}", "Olu", self.somebody())
        try:
            said = self.curator.verify(words, by=owner, today=TODAY).source
        except (CurationError, NotAllowed) as refused:
            said = str(refused).replace(words, "")
        named = set(re.findall(r"mark\d\dx", said))
        self.counted["leaks"] += len(named - {MARK.format(number)})
        self.counted["owners who verify"] += 1


@pytest.fixture
def stage(database: Database, encoder: Embedder, engine_name: str) -> Stage:
    model = OfWholes(encoder)
    library = Library(database, model)
    curator = Curator(database, library, OWNERS)
    return Stage(database, library, Assistant(library, OWNERS), model, curator, random.Random(SEEDS[engine_name]))


def test_every_asker_sees_exactly_what_the_worlds_allow(
    stage: Stage, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(WORLDS[engine_name]):
        # In every other world the server searches as it does where there are too many pages to look at each.
        monkeypatch.setattr(filling, "BREAK_EVEN", number % 2 * 20_000)
        stage.begin(random_world(stage.dice))
        remembered = []
        for asker in range(ASKERS):
            if asker % 4 == 0:
                stage.change_withdrawals()
            remembered += stage.check(asker)
        stage.check_gaps(remembered)
        stage.check_curation()
    for what, number in stage.counted.items():
        print(f"{number:>6}  {what}")  # noqa: T201 - shown with -s
    assert stage.counted["cases (world, asker, question)"] == WORLDS[engine_name] * ASKERS * ASKED
    assert (stage.counted["leaks"], stage.counted["misses"]) == (0, 0)
