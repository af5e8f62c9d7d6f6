"""What only the search on PostgreSQL does: its extension, its index of vectors, replicas that answer alike."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from bot import migrations
from bot.database import Database, open_database
from bot.errors import DatabaseUnavailable
from bot.retrieval import terms
from bot.retrieval.catalogue import DocumentRow, PassageRow
from bot.retrieval.engines import filling
from bot.retrieval.engines.postgres import PostgresEngine
from bot.retrieval.scope import Scope
from sqlalchemy import func, select, text

from conftest import Shelf
from engines import Server
from programs import MODEL_CACHE, throughline
from test_engines import AUDIENCES, Numbers, World, assert_true

NOW = datetime(2026, 11, 22, tzinfo=UTC)
EVERYONE = frozenset({"everyone"})


@pytest.fixture
def engine_name() -> str:
    return "postgresql"


def test_a_word_counts_as_often_as_it_stands_there(database: Database) -> None:
    """Whatever the count, up to the highest that is stored."""
    world = World(database, PostgresEngine.load, 2)
    world.change(10)
    with database.writing.begin() as session:
        session.execute(text("TRUNCATE knowledge_words, knowledge_meanings, knowledge_page_sums"))
        for number, passage in enumerate(session.scalars(select(PassageRow))):
            passage.terms = terms.packed({"modem": [1, 2, 3, 7, 60, 200, 254, 255, 300][number % 9], "fee": 1})
        session.flush()
        filling.fill(session)
        stored = session.execute(select(PassageRow.id, PassageRow.terms, PassageRow.document)).all()
    counts = {key: int(terms.unpacked(each)[1][0]) for key, each, _ in stored}
    lengths = {key: count + 1 for key, count in counts.items()}
    average = sum(lengths.values()) / len(lengths)
    scope = Scope(frozenset(AUDIENCES), generation=world.generation)
    with database.reading() as session:
        engine = PostgresEngine.load(session, world.generation)
        found = engine.candidates(session, Counter({"modem": 1}), np.ones(16), scope=scope, k=100)
    expected = [
        found.rarity["modem"] * counts[key] * 2.2 / (counts[key] + 1.2 * (0.25 + 0.75 * lengths[key] / average))
        for key in found.passages.tolist()
    ]
    assert len(expected) == len(counts)
    np.testing.assert_allclose(found.scores, expected, rtol=1e-6)


def test_the_index_of_vectors_loses_nobody_who_is_permitted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page in ten is permitted; pgvector's defaults would return four of ten rows."""
    world = World(database, PostgresEngine.load, 4)
    for number in range(400):
        page = world.page(f"{number}.md")
        world.documents[page.source] = page
    world.publish()
    monkeypatch.setattr(filling, "BREAK_EVEN", 0)
    filling.settle(database)
    filling.settle(database)  # a second time there is nothing to do
    truth = world.truth()
    with database.reading() as session:
        engine = PostgresEngine.load(session, world.generation)
        session.execute(text("SET LOCAL enable_seqscan = off"))
        for number in range(10):
            audiences = frozenset({AUDIENCES[number % len(AUDIENCES)]})
            few = [one for one in truth if one.audiences & audiences]
            hidden = frozenset(one.document for one in few if world.random.random() < 0.7)
            scope = Scope(audiences, generation=world.generation, hidden=hidden)
            shown = [one for one in few if one.document not in hidden]
            vector = Numbers().encode([f"question {number}"])[0]
            query = Counter({"modem": 1, "fee": 2})
            found = engine.candidates(session, query, vector, scope=scope, k=25)
            assert_true(found, shown, query, vector.astype(np.float64), 25)


def test_what_died_with_its_generation_leaves_no_row(database: Database) -> None:
    world = World(database, PostgresEngine.load, 6)
    for _ in range(6):
        world.change(6)
    with database.reading() as session:
        rows = [
            session.scalar(text(f"SELECT count(*) FROM {table}"))  # noqa: S608 - two names of our own
            for table in ("knowledge_words", "knowledge_meanings")
        ]
        assert rows == [session.scalar(select(func.count(PassageRow.id)))] * 2
        pages = session.scalar(text("SELECT count(*) FROM knowledge_page_sums"))
        assert pages == session.scalar(select(func.count(DocumentRow.id)))


@pytest.fixture
def plain_user(postgresql: Server, empty_url: str) -> Iterator[str]:
    """A user who may make tables in an empty database, and nothing else."""
    name = empty_url.rpartition("?")[0].rpartition("/")[2]
    postgresql.sql(f"CREATE ROLE plain_{name} LOGIN")
    with closing(open_database(empty_url)) as database, database.writing.begin() as session:
        session.execute(text(f"GRANT USAGE, CREATE ON SCHEMA public TO plain_{name}"))
    yield empty_url.replace("postgres:@", f"plain_{name}:@")
    with closing(open_database(empty_url)) as database, database.writing.begin() as session:
        session.execute(text(f"DROP OWNED BY plain_{name}"))
    postgresql.sql(f"DROP ROLE plain_{name}")


def test_who_may_not_switch_pgvector_on_is_told_who_must(plain_user: str, empty_url: str) -> None:
    with closing(open_database(plain_user)) as database:
        with pytest.raises(DatabaseUnavailable, match=r"permission denied.*superuser run `CREATE EXTENSION vector`"):
            migrations.upgrade(database.engine)
        with closing(open_database(empty_url)) as superuser, superuser.writing.begin() as session:
            session.execute(text("CREATE EXTENSION vector"))
        migrations.upgrade(database.engine)


def test_an_older_pgvector_is_refused(empty_url: str) -> None:
    with closing(open_database(empty_url)) as database:
        with database.writing.begin() as session:
            session.execute(text("CREATE EXTENSION vector"))
            session.execute(text("UPDATE pg_extension SET extversion = '0.7.4' WHERE extname = 'vector'"))
        with pytest.raises(DatabaseUnavailable, match=r"pgvector 0\.7\.4; .*0\.8 or newer.*ALTER EXTENSION"):
            migrations.upgrade(database.engine)


def test_a_newer_pgvector_with_two_figures_is_taken(empty_url: str) -> None:
    with closing(open_database(empty_url)) as database:
        with database.writing.begin() as session:
            session.execute(text("CREATE EXTENSION vector"))
            session.execute(text("UPDATE pg_extension SET extversion = '0.10.0' WHERE extname = 'vector'"))
        migrations.upgrade(database.engine)
        with database.reading() as session:
            assert session.scalar(text("SELECT count(*) FROM knowledge_meanings")) == 0  # the table was made


WARES = ("modem", "router", "handset", "remote", "antenna", "cable")


def write_all(shelf: Shelf, days: str) -> None:
    for ware in WARES:
        shelf.write(
            f"{ware}.md", f"---\ntitle: Return of a {ware}\n---\nA {ware} may be returned within {days} days.\n"
        )


class Asker:
    """A process of its own that answers questions; notes what it said while it was `kept_asking`."""

    def __init__(self, url: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, Path(__file__).parent / "asker.py", url, MODEL_CACHE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._keep_asking)
        self.said: list[tuple[str, str]] = []

    def ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def ask(self, ware: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"Within how many days may a {ware} be returned?\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()

    @contextmanager
    def kept_asking(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._done.set()
            self._thread.join()

    def _keep_asking(self) -> None:
        while not self._done.is_set():
            self.said += [(ware, self.ask(ware)) for ware in WARES]

    def close(self) -> None:
        self._process.communicate(timeout=30)


def whole(ware: str, days: str) -> str:
    """The one answer there is while a page says so."""
    return json.dumps([[f"A {ware} may be returned within {days} days.", f"{ware}.md"]]) + "\n"


def test_two_processes_answer_alike_before_during_and_after_a_reindex(shelf: Shelf, database_url: str) -> None:
    """Each answer is whole, of the old pages or of the new; who has said the new never says the old again."""
    write_all(shelf, "ten")
    shelf.reindex()
    order = ["ten", "twenty", "thirty"]
    with closing(Asker(database_url)) as one, closing(Asker(database_url)) as other:
        for asker in (one, other):
            asker.ready()
        for ware in WARES:
            assert one.ask(ware) == other.ask(ware) == whole(ware, "ten")
        with one.kept_asking(), other.kept_asking():
            for days in order[1:]:
                write_all(shelf, days)
                shelf.reindex()
        for ware in WARES:
            assert one.ask(ware) == other.ask(ware) == whole(ware, order[-1])
    for asker in (one, other):
        states = [next(days for days in order if line == whole(ware, days)) for ware, line in asker.said]
        assert states == sorted(states, key=order.index)
        assert len(set(states)) > 1  # it was asked while the pages changed


def test_every_command_works_on_postgresql(empty_url: str, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "fees.md").write_text("---\ntitle: Late fees\n---\nThe late fee is $9.50 per bill.\n", encoding="utf-8")
    (pages / "questions.csv").write_text(
        "question,as,page,words,kind\nHow much is the late fee?,,fees.md,$9.50,answerable\n", encoding="utf-8"
    )
    settings = {"DATABASE_URL": empty_url, "KNOWLEDGE": str(pages)}
    done = throughline("reindex", folder=tmp_path, **settings)
    assert "Indexed 1 pages, 1 passages" in done.stdout, done.stderr
    answer = json.loads(throughline("ask", "--json", "how much is the late fee?", folder=tmp_path, **settings).stdout)
    assert answer["citations"][0]["quote"] == "The late fee is $9.50 per bill."
    figures = json.loads(throughline("evaluate", "--json", folder=tmp_path, **settings).stdout)
    assert (figures["answerable"], figures["right_page_first"]) == (1, 1.0)
