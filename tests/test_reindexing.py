"""A reindex does only what changed, publishes it whole, and never takes away what was answering."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from bot.database import Database, open_database
from bot.errors import KnowledgeError, NothingToGoBackTo
from bot.retrieval import catalogue
from bot.retrieval.documents import Question, Searched
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Examine, Finder, Library
from bot.retrieval.pages import pages_in
from bot.retrieval.reindexing import Problem, Report, Step, Trial
from sqlalchemy import func, select

from conftest import Shelf
from programs import MODEL_CACHE

NOW = datetime(2026, 11, 21, tzinfo=UTC)
EVERYONE = frozenset({"public", "everyone"})


class Counting:
    """The real model, and every text it was asked for."""

    def __init__(self, encoder: Embedder, *, name: str = "") -> None:
        self._encoder = encoder
        self._name = name
        self.texts: list[str] = []

    @property
    def identity(self) -> str:
        return self._name or self._encoder.identity

    def encode(self, texts: Sequence[str]) -> np.typing.NDArray[np.float32]:
        self.texts.extend(texts)
        return self._encoder.encode(texts)

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[np.ndarray, list[np.ndarray]]:
        self.texts.extend(one.text for one in texts)
        return self._encoder.encode_parts(texts)


def page(title: str, text: str = "The fee is due on Friday.", *, front: str = "") -> str:
    return f"---\ntitle: {title}\n{front}---\n{text}\n"


def sources(library: Library, text: str = "When is the fee due?", audiences: frozenset[str] = EVERYONE) -> set[str]:
    """Every page that a search finds; with so few pages, every page that is live and visible."""
    return {source for source, _ in library.search(Question(text), audiences=audiences)}


def test_what_was_added_changed_removed_and_left_is_counted(shelf: Shelf) -> None:
    for name in ("a", "b", "c", "d"):
        shelf.write(f"{name}.md", page(name))
    first = shelf.reindex()
    assert (first.added, first.changed, first.removed, first.unchanged) == (("a.md", "b.md", "c.md", "d.md"), (), (), 0)
    shelf.write("b.md", page("b", "The fee is due on Monday."))
    (shelf.folder / "c.md").unlink()
    shelf.write("new/e.md", page("e"))
    second = shelf.reindex()
    assert (second.added, second.changed, second.removed) == (("new/e.md",), ("b.md",), ("c.md",))
    assert (second.unchanged, second.documents, second.passages, second.generation) == (2, 4, 4, 2)


def test_an_unchanged_folder_embeds_nothing(shelf: Shelf, database: Database, encoder: Embedder) -> None:
    shelf.write("a.md", page("a"))
    shelf.reindex()
    counting = Counting(encoder)
    report = Shelf(shelf.folder, Library(database, counting)).reindex()
    assert (report.unchanged, report.embedded, counting.texts) == (1, 0, [])
    assert sources(shelf.library) == {"a.md"}


def test_a_changed_page_embeds_only_its_new_passages(shelf: Shelf, database: Database, encoder: Embedder) -> None:
    sections = [f"## Part {number}\n\nThe rule of part {number} holds." for number in range(4)]
    shelf.write("a.md", page("a", "\n\n".join(sections)))
    assert shelf.reindex().embedded == 4
    sections[2] = "## Part 2\n\nThe rule of part 2 has changed."
    shelf.write("a.md", page("a", "\n\n".join(sections)))
    counting = Counting(encoder)
    report = Shelf(shelf.folder, Library(database, counting)).reindex()
    assert (report.changed, report.embedded) == (("a.md",), 1)
    assert counting.texts == ["a > Part 2\nThe rule of part 2 has changed."]


def test_a_page_that_moved_or_changed_only_its_readers_embeds_nothing(shelf: Shelf) -> None:
    shelf.write("a.md", page("a"))
    shelf.reindex()
    (shelf.folder / "a.md").unlink()
    shelf.write("moved/b.md", page("a", front="audience: role:shop\nowner: billing\n"))
    report = shelf.reindex()
    assert (report.added, report.removed, report.embedded) == (("moved/b.md",), ("a.md",), 0)


def test_another_model_does_every_page_again(shelf: Shelf, database: Database, encoder: Embedder) -> None:
    shelf.write("a.md", page("a"))
    shelf.reindex()
    report = Shelf(shelf.folder, Library(database, Counting(encoder, name="another"))).reindex()
    assert (report.changed, report.unchanged, report.embedded) == (("a.md",), 0, 1)


def test_a_deleted_page_is_no_longer_found(shelf: Shelf) -> None:
    shelf.write("a.md", page("Late fees"))
    shelf.write("b.md", page("Opening hours", "The shop opens at nine."))
    shelf.reindex()
    (shelf.folder / "a.md").unlink()
    shelf.reindex()
    assert sources(shelf.library) == {"b.md"}
    answer = shelf.library.answer(Question("When is the late fee due?"), audiences=EVERYONE, today=NOW.date())
    assert {citation.source for citation in answer.see_also} | {quote.citation.source for quote in answer.quotes} == {
        "b.md"
    }


def test_an_unreadable_page_is_left_out_with_its_reason_and_the_others_go_on(shelf: Shelf) -> None:
    shelf.write("a.md", page("a"))
    shelf.write("broken.md", "---\ntitle: [x\n---\nText.")
    shelf.write("empty.md", "")
    shelf.write("links.md", "- [A](a.md)\n- [B](b.md)\n")
    shelf.write("old.md", "Die Gebühr ist am Freitag fällig.".encode("latin-1"))
    shelf.write("scan.pdf", b"%PDF-1.4\ngarbage")
    report = shelf.reindex()
    assert report.added == ("a.md", "old.md")
    reasons = {problem.source: problem.reason for problem in report.left_out}
    assert list(reasons) == ["broken.md", "empty.md", "links.md", "scan.pdf"]
    assert reasons["broken.md"].startswith("front matter, line 2: ")
    assert reasons["empty.md"] == "the file is empty (0 bytes); write the page or delete the file"
    assert reasons["links.md"] == "there are only links on this page; write the answer out"
    assert reasons["scan.pdf"] == "the PDF is damaged; export it again"
    assert [(problem.source, problem.reason[:15]) for problem in report.remarks] == [("old.md", "read as cp1252,")]


def test_a_page_that_breaks_is_taken_down_rather_than_shown_to_whom_it_may_not_concern(shelf: Shelf) -> None:
    shelf.write("a.md", page("a"))
    shelf.write("b.md", page("b"))
    shelf.reindex()
    shelf.write("b.md", page("b", front="audience: role:shp:\n  x\n"))
    report = shelf.reindex()
    assert (report.removed, [problem.source for problem in report.left_out]) == (("b.md",), ["b.md"])
    assert sources(shelf.library) == {"a.md"}


def test_a_missing_and_an_empty_folder_are_refused_and_the_old_index_answers_on(shelf: Shelf) -> None:
    shelf.write("a.md", page("a"))
    shelf.reindex()
    gone = Shelf(shelf.folder / "gone", shelf.library)
    with pytest.raises(
        KnowledgeError, match="Set KNOWLEDGE to the folder that holds your pages, or name it: `throughline"
    ):
        gone.reindex()
    gone.folder.mkdir()
    with pytest.raises(KnowledgeError, match=r"holds no page to index .* The index was left as it was\.$"):
        gone.reindex()
    gone.write("broken.md", "---\nText.")
    with pytest.raises(
        KnowledgeError, match=r"Not one page in .* left as it was:\n  broken.md: front matter is opened"
    ):
        gone.reindex()
    assert sources(shelf.library) == {"a.md"}
    status = shelf.library.status()
    assert status is not None
    assert (status.generation, status.folder, status.documents) == (1, str(shelf.folder), 1)


def test_two_pages_of_one_title_are_remarked_whenever_one_of_them_is_new(shelf: Shelf) -> None:
    remark = Problem("b.md", 'has the same title as a.md, "Fees"; rename one so that readers can tell')
    shelf.write("b.md", page("Fees"))
    assert shelf.reindex().remarks == ()
    shelf.write("a.md", page("Fees", "Another text."))
    assert shelf.reindex().remarks == (remark,)
    assert shelf.reindex().remarks == (remark,)
    shelf.write("a.md", page("Other fees"))
    assert shelf.reindex().remarks == ()


def test_a_page_whose_audience_narrows_disappears_at_once_for_everyone_else(shelf: Shelf) -> None:
    supervisor = EVERYONE | {"role:supervisor"}
    shelf.write("a.md", page("Waivers", "A waiver above $100 needs a second supervisor."))
    shelf.write("b.md", page("Opening hours", "The shop opens at nine."))
    shelf.reindex()
    assert sources(shelf.library, "Who signs a waiver?") == {"a.md", "b.md"}
    shelf.write(
        "a.md", page("Waivers", "A waiver above $100 needs a second supervisor.", front="audience: role:supervisor\n")
    )
    shelf.reindex()
    assert sources(shelf.library, "Who signs a waiver?") == {"b.md"}
    assert sources(shelf.library, "Who signs a waiver?", supervisor) == {"a.md", "b.md"}
    answer = shelf.library.answer(Question("Who signs a waiver above $100?"), audiences=EVERYONE, today=NOW.date())
    assert "a.md" not in {
        citation.source for citation in (*answer.see_also, *(quote.citation for quote in answer.quotes))
    }


def test_what_is_no_page_is_passed_over(shelf: Shelf) -> None:
    for name in (
        "a.md",
        "README.md",
        "tools/README.md",
        ".hidden.md",
        ".git/x.md",
        "~$a.docx",
        "notes.xyz",
        "questions.csv",
    ):
        shelf.write(name, page(name))
    assert [found.source for found in pages_in(shelf.folder)] == ["a.md", "tools/README.md"]


def test_progress_counts_up_through_the_phases(shelf: Shelf) -> None:
    for number in range(3):
        shelf.write(f"{number}.md", page(str(number)))
    steps: list[Step] = []
    shelf.library.reindex(pages_in(shelf.folder), folder="x", now=NOW, progress=steps.append)
    assert list(dict.fromkeys(step.phase for step in steps)) == [
        "reading", "embedding", "writing", "publishing", "comparing", "weighing",
    ]  # fmt: skip
    for phase, total in (("reading", 3), ("embedding", 3), ("writing", 1), ("publishing", 1), ("comparing", 3)):
        counts = [step.done for step in steps if step.phase == phase]
        assert counts == sorted(counts)
        assert (counts[0], counts[-1]) == (0, total)
        assert {step.total for step in steps if step.phase == phase} == {total}


def test_what_no_kept_generation_shows_is_forgotten(shelf: Shelf, database: Database) -> None:
    for number in range(6):
        shelf.write("a.md", page("a", f"The fee is {number} dollars."))
        shelf.reindex()
    with database.reading() as session:
        rows = [
            session.scalar(select(func.count()).select_from(table))
            for table in (catalogue.DocumentRow, catalogue.SectionRow, catalogue.PassageRow, catalogue.VectorRow)
        ]
        states = session.execute(select(catalogue.Generation.number, catalogue.Generation.state)).all()
    assert rows == [2, 2, 2, 2]
    assert states == [(5, "previous"), (6, "live")]


def unused_vectors(database: Database) -> int:
    used = select(catalogue.PassageRow.vector)
    with database.reading() as session:
        return len(session.scalars(select(catalogue.VectorRow.key).where(catalogue.VectorRow.key.not_in(used))).all())


REFUSE = Trial(bar=0.0, passed=False)


@pytest.mark.each_engine
@pytest.mark.parametrize("refused", [True, False])
def test_the_vectors_of_a_candidate_that_did_not_stay_go_with_the_next_that_does(
    shelf: Shelf, database: Database, refused: bool
) -> None:
    """Until then they are kept: the same pages may come back."""
    shelf.write("old/a.md", page("a"))
    shelf.write("new/a.md", page("a", "Something else entirely."))
    publish(shelf, shelf.folder / "old")
    publish(shelf, shelf.folder / "new", examine=lambda _candidate, _live: REFUSE if refused else Trial(bar=0.0))
    if not refused:
        shelf.library.roll_back()
    assert unused_vectors(database) == 1
    assert shelf.library.plan(pages_in(shelf.folder / "new"), folder="x").report.embedded == 0
    shelf.write("old/a.md", page("a", "The fee is due on Monday."))
    publish(shelf, shelf.folder / "old")
    assert unused_vectors(database) == 0


def test_vectors_that_nothing_tells_of_are_gone_after_sixteen_reindexes(shelf: Shelf, database: Database) -> None:
    """A reindex that is killed before it writes its pages leaves such."""
    with database.writing.begin() as session:
        keys = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(200)]
        session.add_all(catalogue.VectorRow(key=key, vector=b"", checksum=0) for key in keys)
    left = [200]
    for number in range(16):
        shelf.write("a.md", page("a", f"The fee is {number} dollars."))
        shelf.reindex()
        left.append(unused_vectors(database))
    assert left[-1] == 0
    assert left == sorted(left, reverse=True)
    assert len(set(left)) == 17


@pytest.mark.each_engine
def test_a_vector_stays_as_long_as_one_page_of_several_uses_it(shelf: Shelf, database: Database) -> None:
    for name in ("a", "b"):
        shelf.write(f"{name}.md", page("The same"))
    assert shelf.reindex().embedded == 1
    (shelf.folder / "a.md").unlink()
    for number in range(3):
        shelf.write("c.md", page("c", f"The fee is {number} dollars."))
        shelf.reindex()
    assert sources(shelf.library) == sources(Library(database, shelf.library._encoder)) == {"b.md", "c.md"}
    assert unused_vectors(database) == 0


def test_the_status_says_what_is_live(shelf: Shelf, encoder: Embedder) -> None:
    assert shelf.library.status() is None
    shelf.write("a.md", page("a", "The shop opens at nine and the fee is due on Friday, says the manager."))
    shelf.library.reindex(pages_in(shelf.folder), folder=str(shelf.folder), now=NOW)
    status = shelf.library.status()
    assert status is not None
    assert (status.generation, status.built_at, status.folder) == (1, NOW, str(shelf.folder))
    assert (status.model, status.documents, status.passages, status.languages) == (encoder.identity, 1, 1, ("en",))


def passed(_candidate: Finder, _live: Finder | None) -> Trial:
    return Trial(bar=0.0)


def publish(shelf: Shelf, folder: Path, *, examine: Examine = passed) -> Report:
    """Reindex with a look in from the middle: the examination is held when all rows are written and nothing is live."""
    planned = shelf.library.plan(pages_in(folder), folder=str(folder))
    return shelf.library.carry_out(planned, now=NOW, examine=examine)


def test_a_question_in_the_middle_of_publishing_is_answered_from_the_old_whole(shelf: Shelf) -> None:
    shelf.write("old/a.md", page("a"))
    shelf.write("old/b.md", page("b"))
    shelf.write("new/c.md", page("c"))
    publish(shelf, shelf.folder / "old")
    seen: list[set[str]] = []

    def look(candidate: Finder, live: Finder | None) -> Trial:
        assert live
        seen.append(sources(shelf.library))
        seen.extend(set(finder(Question("fee"), EVERYONE, NOW.date()).pages) for finder in (live, candidate))
        return Trial(bar=0.0)

    publish(shelf, shelf.folder / "new", examine=look)
    assert seen == [{"a.md", "b.md"}, {"a.md", "b.md"}, {"c.md"}]
    assert sources(shelf.library) == {"c.md"}


def test_a_candidate_that_fails_leaves_no_trace(shelf: Shelf, database: Database) -> None:
    shelf.write("old/a.md", page("a"))
    shelf.write("old/b.md", page("b"))
    shelf.write("new/a.md", page("a", "Something else entirely."))
    publish(shelf, shelf.folder / "old")
    before = rows_of(database)
    failed = Trial(bar=0.0, asked=1, fell=("When is the fee due?",), passed=False)
    report = publish(shelf, shelf.folder / "new", examine=lambda _candidate, _live: failed)
    assert (report.generation, report.trial, report.documents) == (1, failed, 2)
    assert sources(shelf.library) == {"a.md", "b.md"}
    assert rows_of(database) == before
    assert publish(shelf, shelf.folder / "new").generation == 3  # a number is never used twice


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything about pages but vectors, of which a refused reindex may leave some for the next one."""
    tables = (catalogue.DocumentRow, catalogue.SectionRow, catalogue.PassageRow)
    with database.reading() as session:
        return {table.__name__: [tuple(row) for row in session.execute(select(table.__table__))] for table in tables}


def test_nothing_changed_makes_no_new_generation(shelf: Shelf) -> None:
    shelf.write("a.md", page("a"))
    assert (shelf.reindex().generation, shelf.reindex().generation) == (1, 1)
    shelf.write("b.md", page("b"))
    assert shelf.reindex().generation == 2


def test_a_plan_says_what_would_change_and_writes_nothing(shelf: Shelf, database: Database) -> None:
    shelf.write("a.md", page("a"))
    shelf.write("b.md", page("b"))
    shelf.write("c.md", page("c"))
    shelf.reindex()
    shelf.write("b.md", page("b", "The fee is gone."))
    (shelf.folder / "c.md").unlink()
    shelf.write("d.md", page("d", "The fee is new."))
    before = rows_of(database)
    report = shelf.library.plan(pages_in(shelf.folder), folder=str(shelf.folder)).report
    assert (report.added, report.changed, report.removed, report.unchanged) == (("d.md",), ("b.md",), ("c.md",), 1)
    assert (report.embedded, report.generation) == (2, 1)
    assert rows_of(database) == before


def test_a_rollback_brings_back_the_state_before(shelf: Shelf, encoder: Embedder) -> None:
    shelf.write("a.md", page("a"))
    shelf.write("b.md", page("b"))
    shelf.reindex()
    second = Library(shelf.library._database, encoder)
    assert sources(second) == {"a.md", "b.md"}
    (shelf.folder / "a.md").unlink()
    shelf.write("c.md", page("c"))
    shelf.reindex()
    third = Library(shelf.library._database, encoder)
    assert sources(second) == sources(third) == {"b.md", "c.md"}
    assert shelf.library.roll_back() == (2, 1)
    for library in (shelf.library, second, third, Library(shelf.library._database, encoder)):
        assert sources(library) == {"a.md", "b.md"}
    with pytest.raises(NothingToGoBackTo, match="only the one before the last reindex is kept"):
        shelf.library.roll_back()


def test_after_a_rollback_mended_pages_go_live_and_everybody_sees_them(shelf: Shelf, encoder: Embedder) -> None:
    shelf.write("a.md", page("a"))
    shelf.reindex()
    (shelf.folder / "a.md").unlink()
    shelf.write("b.md", page("b"))
    shelf.reindex()
    asleep = Library(shelf.library._database, encoder)  # asked at the state that is left, and then not for a while
    assert sources(asleep) == {"b.md"}
    shelf.library.roll_back()
    planned = shelf.library.plan(pages_in(shelf.folder), folder="x")
    assert shelf.library.was_rolled_back(planned) is not None
    shelf.write("a.md", page("a"))
    shelf.write("c.md", page("c"))
    planned = shelf.library.plan(pages_in(shelf.folder), folder="x")
    assert shelf.library.was_rolled_back(planned) is None
    assert shelf.reindex().generation == 3
    assert sources(asleep) == sources(shelf.library) == {"a.md", "b.md", "c.md"}


def test_questions_during_reindexes_see_only_whole_generations(shelf: Shelf) -> None:
    wholes = [{f"{name}{number}.md" for number in range(12)} for name in "ab"]
    for name, whole in zip("ab", wholes, strict=True):
        for source in whole:
            shelf.write(f"{name}/{source}", page(source, f"The fee of page {source} is due on Friday."))
    publish(shelf, shelf.folder / "a")
    stop = Event()

    def ask(_thread: int) -> list[set[str]]:
        seen = [sources(shelf.library)]
        while not stop.is_set():
            seen.append(sources(shelf.library))
            answer = shelf.library.answer(Question("When is the fee due?"), audiences=EVERYONE, today=NOW.date())
            assert answer.reason is None
            cited = {citation.source for citation in (*answer.see_also, *(quote.citation for quote in answer.quotes))}
            assert cited <= wholes[0] or cited <= wholes[1]
        return seen

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(ask, number) for number in range(3)]
        try:
            for name in "bababa":
                publish(shelf, shelf.folder / name)
        finally:
            stop.set()
        seen = [found for one in asked for found in one.result()]
    assert all(found in wholes for found in seen)


def test_a_second_library_on_the_same_database_notices_a_reindex(
    shelf: Shelf, database: Database, encoder: Embedder
) -> None:
    shelf.write("a.md", page("a"))
    shelf.reindex()
    second = Library(open_database(str(database.engine.url)), encoder)
    assert sources(second) == {"a.md"}
    shelf.write("b.md", page("b"))
    shelf.reindex()
    assert sources(second) == {"a.md", "b.md"}
    second._database.close()


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import event
from bot.database import open_database
from bot.retrieval import pages, reindexing
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Examine, Finder, Library

folder, url, moment, cache = sys.argv[1:]
reindexing.SLICE = 8
database = open_database(url)
commits = [0]

def at(step):
    if f"{step.phase} {step.done}" == moment:
        os.kill(os.getpid(), signal.SIGKILL)

def commit(connection):
    if not connection.get_execution_options().get("read_only", False):
        commits[0] += 1
        if f"commit {commits[0]}" == moment:
            os.kill(os.getpid(), signal.SIGKILL)

event.listen(database.engine, "commit", commit)
Library(database, Embedder(cache=Path(cache))).reindex(
    pages.pages_in(Path(folder)), folder=folder, now=datetime.now(UTC), progress=at
)
"""


def reindex_and_die(shelf: Shelf, folder: Path, moment: str) -> None:
    """Reindex in a process that is killed with signal 9 at this moment: a step, or just before a commit."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(shelf.library._database.engine.url), moment, str(MODEL_CACHE)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.fixture
def editions(shelf: Shelf) -> tuple[Path, Path]:
    """An old folder of one page and a new one of 24, each page a passage."""
    shelf.write("old/old.md", page("old"))
    for number in range(24):
        shelf.write(f"new/{number}.md", page(f"Page {number}", f"The fee of page {number} is due."))
    return shelf.folder / "old", shelf.folder / "new"


NEW = {f"{number}.md" for number in range(24)}


# Of the commits, 1 takes out what an earlier kill left, 2 to 4 store vectors, 5 writes the candidate, 6 makes it live.
@pytest.mark.parametrize(
    ("moment", "live", "embedded"),
    [
        ("reading 12", "old", 24),
        ("commit 1", "old", 24),
        ("commit 3", "old", 16),
        ("embedding 16", "old", 8),
        ("writing 0", "old", 0),
        ("commit 5", "old", 0),
        ("writing 1", "old", 0),
        ("publishing 0", "old", 0),
        ("commit 6", "old", 0),
        ("publishing 1", "new", 0),
    ],
)
def test_a_kill_at_any_moment_leaves_a_whole_index_and_the_next_reindex_goes_on(
    shelf: Shelf, editions: tuple[Path, Path], encoder: Embedder, moment: str, live: str, embedded: int
) -> None:
    old, new = editions
    Shelf(old, shelf.library).reindex()
    reindex_and_die(shelf, new, moment)
    for library in (shelf.library, Library(shelf.library._database, encoder)):
        assert sources(library) == ({"old.md"} if live == "old" else NEW)
    report = Shelf(new, shelf.library).reindex()
    assert (report.embedded, report.unchanged) == (embedded, 0 if live == "old" else 24)
    for library in (shelf.library, Library(shelf.library._database, encoder)):
        assert sources(library) == NEW
    with shelf.library._database.reading() as session:
        assert {state for (state,) in session.execute(select(catalogue.Generation.state))} == {"live", "previous"}
