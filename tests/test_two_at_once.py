"""Several people and processes at work on one knowledge: nobody's work is lost, and no state is made of two."""

import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from bot.curation import OPERATOR, Curator
from bot.database import Database
from bot.errors import AlreadyRunning, Overtaken
from bot.people import Owners
from bot.retrieval import catalogue
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Finder, Library
from bot.retrieval.pages import pages_in
from bot.retrieval.reindexing import Plan, Report, Step, Trial
from sqlalchemy import func, select, text

from conftest import Shelf
from lending import THINGS, Folder, question
from offices import house_in
from programs import THROUGHLINE, environment, throughline

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
EVERYONE = frozenset({"public", "everyone"})


def page(title: str, said: str = "The fee is due on Friday.") -> str:
    return f"---\ntitle: {title}\n---\n{said}\n"


def found(library: Library, asked: str = "When is the fee due?") -> list[tuple[str, float]]:
    return [(source, round(hit.cosine, 4)) for source, hit in library.search(Question(asked), audiences=EVERYONE)]


def sources(library: Library) -> set[str]:
    return {source for source, _ in found(library)}


def planned(shelf: Shelf) -> Plan:
    return shelf.library.plan(pages_in(shelf.folder), folder=str(shelf.folder))


def reindex_while(shelf: Shelf, work: Callable[[], object]) -> Report:
    """Reindex, and do something else when all rows are written and nothing is live."""

    def examine(_candidate: Finder, _live: Finder | None) -> Trial:
        work()
        return Trial(bar=0.0)

    return shelf.library.carry_out(planned(shelf), now=NOW, examine=examine)


def states(database: Database) -> dict[int, str]:
    with database.reading() as session:
        return dict(session.execute(select(catalogue.Generation.number, catalogue.Generation.state)).all())


@pytest.fixture
def two_states(shelf: Shelf) -> Shelf:
    """A shelf that can be rolled back, with changes to it that are not indexed yet."""
    shelf.write("a.md", page("a"))
    shelf.reindex()
    shelf.write("b.md", page("b"))
    shelf.reindex()
    shelf.write("c.md", page("c"))
    return shelf


@pytest.mark.each_engine
def test_a_rollback_in_the_middle_of_a_reindex_holds(two_states: Shelf, database: Database, encoder: Embedder) -> None:
    with pytest.raises(Overtaken, match=r"so nothing of it was published.* Run `throughline reindex` again"):
        reindex_while(two_states, two_states.library.roll_back)
    for library in (two_states.library, Library(database, encoder)):
        assert sources(library) == {"a.md"}
    assert "candidate" not in states(database).values()
    assert two_states.reindex().generation == 4
    for library in (two_states.library, Library(database, encoder)):
        assert sources(library) == {"a.md", "b.md", "c.md"}


@pytest.mark.each_engine
def test_a_rollback_while_pages_are_read_holds(two_states: Shelf, database: Database) -> None:
    plan = planned(two_states)
    two_states.library.roll_back()
    with pytest.raises(Overtaken):
        two_states.library.carry_out(plan, now=NOW)
    assert sources(two_states.library) == {"a.md"}
    assert "candidate" not in states(database).values()


@pytest.mark.each_engine
def test_of_two_reindexes_that_no_lock_keeps_apart_the_later_one_counts(two_states: Shelf, database: Database) -> None:
    with pytest.raises(Overtaken):
        reindex_while(two_states, two_states.reindex)
    assert sources(two_states.library) == {"a.md", "b.md", "c.md"}
    assert sorted(states(database).values()) == ["live", "previous"]


def test_a_process_that_slept_over_a_rollback_sees_the_new_pages_and_not_the_old_ones_numbers(
    shelf: Shelf, database: Database, encoder: Embedder
) -> None:
    """The rows of what was rolled back are gone, and their numbers must not come again for other pages."""
    shelf.write("a.md", page("a"))
    shelf.reindex()
    shelf.write("b.md", page("Kayaks", "A kayak is lent for a deposit of nine dollars."))
    shelf.reindex()
    asleep = Library(database, encoder)
    found(asleep)
    shelf.library.roll_back()
    shelf.write("b.md", page("Umbrellas", "An umbrella costs four dollars."))
    shelf.reindex()
    asked = "What does an umbrella cost?"
    assert found(asleep, asked) == found(Library(database, encoder), asked)


@pytest.mark.each_engine
def test_of_two_reindexes_that_write_their_pages_one_after_the_other_only_the_later_is_published(
    two_states: Shelf, database: Database, encoder: Embedder
) -> None:
    """Both have begun before either wrote: the pages of the one must not stay beside those of the other."""
    first, second = planned(two_states), planned(two_states)
    written, go_on = Event(), Event()

    def examine(_candidate: Finder, _live: Finder | None) -> Trial:
        written.set()
        assert go_on.wait(60)
        return Trial(bar=0.0)

    with ThreadPoolExecutor(1) as thread:
        overtaken = []

        def write_the_first(step: Step) -> None:
            if (step.phase, step.done) == ("writing", 0):
                overtaken.append(thread.submit(two_states.library.carry_out, first, now=NOW, examine=examine))
                assert written.wait(60)

        try:
            Library(database, encoder).carry_out(second, now=NOW, progress=write_the_first)
        finally:
            go_on.set()
        with pytest.raises(Overtaken):
            overtaken[0].result()
    for library in (two_states.library, Library(database, encoder)):
        assert [source for source, _ in sorted(found(library))] == ["a.md", "b.md", "c.md"]
    assert sorted(states(database).values()) == ["live", "previous"]


@pytest.mark.each_engine
def test_what_admins_do_during_a_reindex_is_kept(two_states: Shelf, database: Database) -> None:
    curator = Curator(database, two_states.library, Owners({}))

    def work() -> None:
        curator.withdraw("a.md", by=OPERATOR, reason="wrong", now=NOW)
        curator.verify("b.md", by=OPERATOR, today=TODAY)
        curator.post_notice(
            "The fee desk is closed", until=NOW + timedelta(hours=2), said="11:00", meant_for=(), by=OPERATOR, now=NOW
        )

    two_states.write("b.md", page("b", "The fee is due on Monday."))  # its row is another one afterwards
    assert reindex_while(two_states, work).generation == 3
    assert sources(two_states.library) == {"b.md", "c.md"}
    answer = two_states.library.answer(Question("When is the fee due?"), audiences=EVERYONE, today=TODAY, now=NOW)
    assert [notice.text for notice in answer.notices] == ["The fee desk is closed"]
    ages = {one.source: one.age_days for one in (*answer.see_also, *(quote.citation for quote in answer.quotes))}
    assert (ages["b.md"], ages["c.md"]) == (0, None)
    two_states.write("a.md", page("a", "The fee is due on Tuesday."))
    curator.restore("a.md", by=OPERATOR, now=NOW)
    assert reindex_while(two_states, lambda: curator.withdraw("c.md", by=OPERATOR, reason="", now=NOW)).generation == 4
    assert sources(two_states.library) == {"a.md", "b.md"}


@pytest.mark.each_engine
def test_admins_and_reindexes_at_the_same_time_lose_nothing(two_states: Shelf, database: Database) -> None:
    curator = Curator(database, two_states.library, Owners({}))
    rounds = 15

    def verify(_person: int) -> None:
        for _ in range(rounds):
            curator.verify("a.md", by=OPERATOR, today=TODAY)

    def toggle(_person: int) -> None:
        for _ in range(rounds):
            curator.withdraw("b.md", by=OPERATOR, reason="", now=NOW)
            curator.restore("b.md", by=OPERATOR, now=NOW)
        curator.withdraw("b.md", by=OPERATOR, reason="for good", now=NOW)

    with ThreadPoolExecutor(3) as people:
        at_work = [people.submit(verify, 1), people.submit(verify, 2), people.submit(toggle, 3)]
        number = 0
        while not all(one.done() for one in at_work):
            number += 1
            two_states.write("c.md", page("c", f"The fee is {number} dollars."))
            two_states.reindex()
        for one in at_work:
            one.result()
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(text("knowledge_verifications"))) == 2 * rounds
    assert sources(two_states.library) == {"a.md", "c.md"}
    assert [one.reason for one in curator.state(by=OPERATOR, today=TODAY, now=NOW).withdrawn] == ["for good"]


def test_a_second_reindex_is_told_that_one_is_under_way(tmp_path: Path, encoder: Embedder) -> None:
    folder = Folder(tmp_path / "knowledge")
    house = house_in(tmp_path / "var", encoder)
    seen: list[str] = []

    def progress(step: object) -> None:
        if not seen:
            with pytest.raises(AlreadyRunning, match=r"A reindex is under way\. Wait until it is done\."):
                house.reindex(folder.root)
            ended = throughline("reindex", folder=tmp_path)
            seen.append(ended.stderr)
            assert ended.returncode == 1

    assert house.reindex(folder.root, progress).documents == len(THINGS)
    house.database.close()
    assert seen == ["throughline: A reindex is under way. Wait until it is done.\n"]
    assert throughline("reindex", folder=tmp_path).returncode == 0


def test_of_processes_that_reindex_at_once_one_does_it_and_the_others_are_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "knowledge")
    for edition in range(2):
        processes = [
            subprocess.Popen(
                [*THROUGHLINE, "reindex"],
                cwd=tmp_path,
                env=environment(tmp_path / "var"),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        ended = [(*process.communicate(), process.returncode) for process in processes]
        assert 0 in {code for _, _, code in ended}
        for said, fault, code in ended:
            assert (code == 0 and "Indexed" in said) or (code == 1 and "A reindex is under way" in fault), fault
        folder.add(f"raft{edition}")
    asked = throughline("ask", question("kayak"), folder=tmp_path)
    assert "The kayak" in asked.stdout, asked.stderr
