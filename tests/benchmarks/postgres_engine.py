"""The engine on PostgreSQL beside the one in memory: the same answers, and how long they take.

    python tests/benchmarks/postgres_engine.py postgresql://USER:PASSWORD@HOST/EMPTY_DATABASE SET_FOLDER COPIES [INDEX]

SET_FOLDER is in the BEIR layout. COPIES of it are added, each passage a little beside the original in words and meaning
(0: none). INDEX is an SQLite file in which the set is indexed already, or will be.
"""

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from bot import beir, migrations, settings
from bot.audiences import EVERYONE
from bot.beir import Query
from bot.database import Database, open_database
from bot.retrieval import catalogue, scoring
from bot.retrieval.catalogue import AudienceRow, DocumentRow, PassageRow, SectionRow, VectorRow
from bot.retrieval.documents import Searched
from bot.retrieval.embedding import Embedder
from bot.retrieval.engines import filling, statement
from bot.retrieval.engines.postgres import _permitted
from bot.retrieval.library import Library
from bot.retrieval.rows import rows_of
from bot.retrieval.scope import Scope
from bot.retrieval.terms import unpacked
from bot.transfer import transfer
from pgvector import Vector
from sqlalchemy import column, select, text
from sqlalchemy.orm import Session

PROJECT = Path(__file__).parent.parent.parent
SHARES = {EVERYONE: 1.0, "share:10": 0.1, "share:1": 0.01}
ASKED_FOR_RECALL = 60


class Remembering:
    """The real model, asked once for each text: it is the search that is timed."""

    def __init__(self) -> None:
        self._model = Embedder(cache=PROJECT / ".pytest_cache" / "models")
        self._known: dict[str, np.ndarray] = {}
        self.identity = self._model.identity

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        if missing := [one for one in texts if one not in self._known]:
            self._known |= dict(zip(missing, self._model.encode(missing), strict=True))
        return np.stack([self._known[one] for one in texts])

    def encode_parts(self, texts: Sequence[Searched]) -> tuple[np.ndarray, list[np.ndarray]]:
        return self._model.encode_parts(texts)


def grow(database: Database, copies: int) -> None:
    """Add copies of every page to the live generation, and an audience that sees one page in ten, and in a hundred."""
    random = np.random.default_rng(1)
    with database.writing.begin() as session:
        live = catalogue.live_generation(session)
        assert live is not None
        rows = rows_of(session, live.number)
        originals = list(session.scalars(select(DocumentRow).where(catalogue.alive_at(live.number))))
        by_document: dict[int, list[int]] = {}
        for row, document in enumerate(rows.documents.tolist()):
            by_document.setdefault(document, []).append(row)
        pool = np.concatenate([unpacked(each)[0] for each in rows.terms])
        for copy in range(copies):
            for original in originals:
                document = DocumentRow(
                    source=f"{original.source}~{copy}",
                    digest="",
                    title=original.title,
                    owner="",
                    language="en",
                    supersedes=[],
                    born=live.number,
                )
                session.add(document)
                session.flush()
                section = SectionRow(document=document.id, headings=[], blocks=[])
                session.add_all([section, AudienceRow(document=document.id, audience=EVERYONE)])
                session.flush()
                for row in by_document.get(original.id, []):
                    one, other = rows.vectors[random.integers(0, len(rows.vectors), size=2)].astype(np.float32)
                    aside = (one - other) / (np.linalg.norm(one - other) or 1.0)
                    moved = rows.vectors[row] + 0.75 * aside
                    key = f"{copy}:{row}"
                    session.add(VectorRow.of(key, moved / np.linalg.norm(moved)))
                    session.add(_beside(document.id, section.id, key, rows.terms[row], pool, random))
            session.flush()
            session.expunge_all()
        live.passages *= copies + 1
        for audience, share in list(SHARES.items())[1:]:
            for document in session.scalars(select(DocumentRow.id)).all():
                if random.random() < share:
                    session.add(AudienceRow(document=document, audience=audience))


def _beside(
    document: int, section: int, key: str, stored: bytes, pool: np.ndarray, random: np.random.Generator
) -> PassageRow:
    """A passage that says a quarter of its words otherwise."""
    keys, counts = unpacked(stored)
    other = np.where(random.random(len(keys)) < 0.25, pool[random.integers(0, len(pool), size=len(keys))], keys)
    kept, places = np.unique(other, return_index=True)
    terms = kept.astype("<u8").tobytes() + counts[places].tobytes()
    return PassageRow(document=document, section=section, first_block=0, last_block=0, text="", vector=key, terms=terms)


def asked(
    library: Library, queries: Sequence[Query], encoder: Remembering
) -> tuple[list[list[tuple[str, float]]], list[float]]:
    """For each query its pages with the score of the best passage, best first; and the milliseconds it took."""
    encoder.encode([query.question.text for query in queries])
    library.search(queries[0].question, audiences=frozenset({EVERYONE}))
    rankings, times = [], []
    for query in queries:
        start = time.perf_counter()
        found = library.search(query.question, audiences=frozenset({EVERYONE}))
        times.append((time.perf_counter() - start) * 1000)
        best: dict[str, float] = {}
        for source, hit in found:
            best.setdefault(source, hit.score)
        rankings.append(list(best.items()))
    return rankings, times


def told(name: str, queries: Sequence[Query], rankings: list[list[tuple[str, float]]], times: list[float]) -> None:
    ndcg = statistics.mean(
        scoring.ndcg(
            [page for page in dict.fromkeys(page.split("~")[0] for page, _ in ranked) if page not in query.exclude],
            query.relevant,
            10,
        )
        for query, ranked in zip(queries, rankings, strict=True)
        if query.relevant
    )
    say(
        f"  {name:<10} nDCG@10 {ndcg:.4f}  p50 {scoring.percentile(times, 0.5):.1f} ms  "
        f"p95 {scoring.percentile(times, 0.95):.1f} ms"
    )


def recall(database: Database, queries: Sequence[Query], encoder: Remembering) -> None:
    """Of the 100 nearest by brute force, how many are found exactly and by the index; and the milliseconds."""
    with database.reading() as session:
        live = catalogue.live_generation(session)
        assert live is not None
        rows = rows_of(session, live.number)
        place = {key: at for at, key in enumerate(rows.passages.tolist())}
        for audience, share in SHARES.items():
            scope = Scope(frozenset({audience}), generation=live.number)
            shown = set(session.scalars(select(_permitted(scope).c.id)))
            mask = np.isin(rows.documents, list(shown))
            for name, by_index in (("exact", False), ("HNSW", True)):
                found, times = 0, []
                for query in queries[:ASKED_FOR_RECALL]:
                    vector = encoder.encode([query.question.text])[0]
                    cosines = np.where(mask, rows.vectors @ vector, -2)
                    truth = set(np.argsort(-cosines)[: min(100, int(mask.sum()))].tolist())
                    start = time.perf_counter()
                    got = nearest(session, scope, vector, by_index=by_index)
                    times.append((time.perf_counter() - start) * 1000)
                    found += len(truth & {place[key] for key in got}) / len(truth)
                say(
                    f"  {share:4.0%} permitted ({int(mask.sum())}), {name:<5}: recall@100 "
                    f"{found / len(queries[:ASKED_FOR_RECALL]):.4f}  p50 {statistics.median(times):.1f} ms"
                )


def nearest(session: Session, scope: Scope, vector: np.ndarray, *, by_index: bool) -> list[int]:
    if by_index:
        session.execute(statement.FAR_ENOUGH)
    body = statement._BY_INDEX.format(dimension=len(vector)) if by_index else statement._EXACT
    found = select(column("passage")).select_from(text(f"({body}) AS n")).add_cte(_permitted(scope))
    return list(session.scalars(found, {"vector": Vector(vector).to_text(), "k": 100}))


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def timed(name: str, work: Callable[[], object]) -> None:
    start = time.perf_counter()
    work()
    say(f"  {name}: {time.perf_counter() - start:.1f} s")


def main(url: str, folder: str, copies: str, index: str = "") -> None:
    data, encoder = Path(folder), Remembering()
    queries = beir.read_queries(data / "queries.jsonl", data / "qrels" / "test.tsv")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "index.db"
        if index and Path(index).exists():
            shutil.copy(index, file)
        with (
            closing(open_database(f"sqlite:///{file}")) as here,
            closing(open_database(settings.database_url(url, name="The argument"))) as there,
        ):
            for database in (here, there):
                migrations.upgrade(database.engine)
            if not (index and Path(index).exists()):
                pages = beir.read_corpus(data / "corpus.jsonl")
                Library(here, encoder).reindex(pages, folder=folder, now=datetime.now(UTC))
            grow(here, int(copies))
            usual = filling.BREAK_EVEN
            timed("moved to PostgreSQL", lambda: transfer(here, there, progress=lambda _step: None))
            filling.BREAK_EVEN = 1
            timed("HNSW and ANALYZE", lambda: filling.settle(there))
            filling.BREAK_EVEN = usual
            found = {}
            for name, database in (("memory", here), ("PostgreSQL", there)):
                found[name], times = asked(Library(database, encoder), queries, encoder)
                told(name, queries, found[name], times)
            apart = max(
                abs(score - dict(other).get(page, 0.0))
                for one, other in zip(*found.values(), strict=True)
                for page, score in one[:10]
            )
            say(f"  furthest apart of the scores of the ten best pages: {apart:.1e}")
            recall(there, queries, encoder)


if __name__ == "__main__":
    main(*sys.argv[1:])
