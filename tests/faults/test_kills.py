"""Forty reindexes are killed with signal 9 while somebody asks: only whole states are seen, and nothing is lost."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bot.database import Database
from bot.retrieval import catalogue, reindexing
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.rows import audiences_at, rows_of
from sqlalchemy import func, select, text

from conftest import Shelf
from programs import MODEL_CACHE, PROJECT

pytestmark = pytest.mark.timeout(1800)

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}
KILLS = int(os.environ.get("KILLS", "40"))
PAGES = 40
QUESTION = Question("What is stamped here?")
EVERYONE = frozenset({"public", "everyone"})
# So short that a search finds every page, and what it finds says which edition it saw.
WORDS = 90


@dataclass
class Editions:
    """A folder of real pages, and all that it has ever held: by edition, path -> text."""

    folder: Path
    dice: random.Random
    held: list[dict[str, str]] = field(default_factory=lambda: [{}])

    @property
    def now(self) -> dict[str, str]:
        return self.held[-1]

    def begin(self) -> None:
        real = sorted((PROJECT / "knowledge").rglob("*.md"))
        pages = {}
        for place, file in enumerate(page for page in real if page.name != "README.md"):
            body = file.read_text(encoding="utf-8").split("---", 2)[-1]
            pages[f"p{place:02}-e0.md"] = _page(file.stem, " ".join(body.split()[:WORDS]), edition=0)
        self._write(dict(list(pages.items())[:PAGES]))

    def edit(self) -> None:
        """Some pages get other paths, some other texts, one goes, one comes back; never twice the same pages."""
        edition, pages = len(self.held), dict(self.now)
        chosen = self.dice.sample(sorted(pages), k=self.dice.randint(4, 12))
        for place, source in enumerate(chosen):
            content = pages.pop(source).rsplit("## Stamp", 1)[0]
            to = f"{source.split('-e')[0]}-e{edition}.md" if place % 2 == 0 else source
            pages[to] = f"{content}## Stamp\n\n{_stamp(edition)}\n"
        if len(pages) > PAGES // 2 and self.dice.random() < 0.5:
            pages.pop(self.dice.choice(sorted(pages)))
        pages[f"new-e{edition}.md"] = _page(f"New page {edition}", "Nothing is known of it yet.", edition=edition)
        for gone in sorted(name for name in pages if name.startswith("new-"))[:-3]:
            pages.pop(gone)
        self._write(pages)

    def _write(self, pages: dict[str, str]) -> None:
        for old in self.folder.glob("*.md"):
            old.unlink()
        for name, content in pages.items():
            (self.folder / name).write_text(content, encoding="utf-8")
        self.held.append(pages)

    def of(self, sources: list[str]) -> list[int]:
        """The editions that have exactly these paths."""
        return [number for number, pages in enumerate(self.held) if sorted(pages) == sources]


def _page(title: str, said: str, *, edition: int) -> str:
    return f"---\ntitle: {title}\n---\n{said}\n\n## Stamp\n\n{_stamp(edition)}\n"


def _stamp(edition: int) -> str:
    return f"What is stamped here is the number of edition {edition}."


def digests(pages: dict[str, str], model: str) -> dict[str, str]:
    return {
        source: hashlib.sha256(
            f"{reindexing.LAYOUT}\n{model}\n{hashlib.sha256(content.encode()).hexdigest()}".encode()
        ).hexdigest()
        for source, content in pages.items()
    }


def stored(database: Database, model: str) -> tuple[dict[str, str], dict[str, str]]:
    """Of the live generation: path -> digest, and path -> all its text. Checks that it is whole in itself."""
    with database.reading() as session:
        live = catalogue.live_generation(session)
        assert live is not None
        assert session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        known = catalogue.digests_at(session, live.number)
        rows = rows_of(session, live.number)
        assert (len(known), len(rows.passages), rows.damaged) == (live.documents, live.passages, ())
        assert set(audiences_at(session, live.number)) == {key for key, _ in known.values()}
        texts: dict[str, str] = {}
        for source, said in session.execute(
            select(catalogue.DocumentRow.source, catalogue.PassageRow.text)
            .join(catalogue.PassageRow, catalogue.PassageRow.document == catalogue.DocumentRow.id)
            .where(catalogue.alive_at(live.number))
            .order_by(catalogue.PassageRow.id)
        ):
            texts[source] = f"{texts.get(source, '')} {said}"
        assert live.model == model
    return {source: digest for source, (_, digest) in known.items()}, texts


def assert_is_edition(database: Database, pages: dict[str, str], model: str) -> None:
    known, texts = stored(database, model)
    assert known == digests(pages, model)
    for source, content in pages.items():
        stamp = content.rsplit("## Stamp", 1)[1].strip()
        assert stamp in texts[source], source


class Dying:
    """A reindex in a process of its own, which waits for its signal."""

    def __init__(self, folder: Path, url: str, statement: int) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                str(Path(__file__).parent / "dying.py"),
                str(folder),
                url,
                str(MODEL_CACHE),
                str(statement),
            ],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def run(self, *, seconds: float) -> tuple[int, str]:
        """Reindex, for so many seconds at most. Returns the exit code and the last that was said."""
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        try:
            out, fault = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, fault = self._process.communicate()
        assert self._process.returncode in {0, -signal.SIGKILL}, fault
        return self._process.returncode, (out.splitlines() or ["the start"])[-1]


def test_forty_kills(shelf: Shelf, database: Database, encoder: Embedder, database_url: str) -> None:
    dice = random.Random(int(os.environ.get("SEED", "20261122")))
    editions = Editions(shelf.folder, dice)
    editions.begin()
    shelf.reindex()
    assert_is_edition(database, editions.now, encoder.identity)
    seen = shelf.folder.parent / "seen.jsonl"
    with asking(database_url, seen):
        counted = kill_forty(shelf, database, encoder, editions, dice)
    check_what_was_seen(seen, editions, counted)
    assert {source for source, _ in Library(database, encoder).search(QUESTION, audiences=EVERYONE)} == set(
        editions.now
    )
    for what, number in sorted(counted.items()):
        print(f"{number:>6}  {what}")  # noqa: T201 - what `make faults` is for


@contextmanager
def asking(url: str, seen: Path) -> Iterator[None]:
    """Somebody asks all the time until the end of the block, and writes down what they saw."""
    with seen.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, str(HERE / "asking.py"), url, str(MODEL_CACHE)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=file,
        )
        try:
            yield
            process.communicate(timeout=60)
            assert process.returncode == 0
        finally:
            process.kill()
            process.communicate()


def kill_forty(
    shelf: Shelf, database: Database, encoder: Embedder, editions: Editions, dice: random.Random
) -> Counter[str]:
    counted: Counter[str] = Counter()
    editions.edit()
    url = str(database.engine.url)
    undisturbed = Dying(shelf.folder, url, 0)
    start = time.perf_counter()
    _, said = undisturbed.run(seconds=120)
    whole, statements = time.perf_counter() - start, int(said.split()[1])
    current = len(editions.held) - 1
    while counted["killed"] < KILLS:
        editions.edit()
        timed = counted["killed"] % 2 == 0
        process = Dying(shelf.folder, url, 0 if timed else dice.randint(1, statements))
        code, last = process.run(seconds=dice.uniform(0, whole) if timed else 120)
        if code == 0 or last.startswith("statements"):
            counted["ended before the kill"] += 1
        else:
            counted["killed"] += 1
            counted[f"killed by {'the clock' if timed else 'statement'}"] += 1
            counted[f"  killed after the step: {last.split()[0]}"] += 1
        known, _ = stored(database, encoder.identity)
        new = known == digests(editions.now, encoder.identity)
        assert_is_edition(database, editions.now if new else editions.held[current], encoder.identity)
        counted["new state live after it" if new else "old state live after it"] += 1
        report = shelf.reindex()
        assert report.documents == len(editions.now)
        assert_is_edition(database, editions.now, encoder.identity)
        current = len(editions.held) - 1
        with database.reading() as session:
            states = session.scalars(select(catalogue.Generation.state).order_by(catalogue.Generation.number)).all()
            vectors = session.scalar(select(func.count()).select_from(catalogue.VectorRow)) or 0
        assert set(states) == {catalogue.PREVIOUS, catalogue.LIVE}
        counted["next reindex whole, no candidate left"] += 1
        assert vectors <= 4 * PAGES
    return counted


def check_what_was_seen(file: Path, editions: Editions, counted: Counter[str]) -> None:
    """Every question saw the pages and the texts of one edition, and never an older one than the question before."""
    latest = 0
    for line in file.read_text().splitlines():
        seen = json.loads(line)
        assert "fault" not in seen, seen
        [edition] = editions.of(seen["pages"])
        assert edition >= latest
        latest = edition
        counted["questions answered from one whole edition"] += 1
        held = [
            number
            for number in range(edition, len(editions.held))
            if all(
                source in editions.held[number]
                and (not said.startswith("What is stamped") or said in editions.held[number][source])
                for source, said in seen["quotes"]
            )
        ]
        assert held, seen  # a reindex may have come between the search and the answer, but no answer is of two editions
        counted["quotes of one edition"] += len(seen["quotes"])
