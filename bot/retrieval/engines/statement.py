"""The one statement by which PostgreSQL is searched: both rankings, inside what is permitted."""

from functools import cache
from itertools import pairwise
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, column, select, text

from bot.retrieval import bm25

# Of so many nearest by the index the best are taken by their whole vectors.
WIDER = 4
# A search by the index goes on until it has enough that are permitted. pgvector's defaults stop at the first 40 found,
# whoever may see them, or at 20,000, and return the fewer without a word.
FAR_ENOUGH = text(
    "SELECT set_config('hnsw.ef_search', '1000', true), set_config('hnsw.iterative_scan', 'relaxed_order', true), "
    "set_config('hnsw.max_scan_tuples', '2000000', true), set_config('hnsw.scan_mem_multiplier', '8', true)"
)

# Not a join, and kept from becoming one: the planner, who cannot know how often a word occurs, expects a handful of
# rows and would go through all documents for each of thousands. So it looks each up in a hash table.
_PERMITTED = "(w.document IN (SELECT id FROM permitted)) IS TRUE"

_EXACT = """
    SELECT w.passage FROM knowledge_meanings w JOIN permitted ON permitted.id = w.document
    ORDER BY w.meaning <#> CAST(:vector AS vector), w.passage LIMIT :k
"""
_BY_INDEX = f"""
    SELECT passage FROM (
        SELECT w.passage, w.meaning FROM knowledge_meanings w
        WHERE vector_dims(w.meaning) = {{dimension}} AND {_PERMITTED}
        ORDER BY (w.meaning::halfvec({{dimension}})) <#> CAST(CAST(:vector AS vector) AS halfvec({{dimension}}))
        LIMIT {WIDER} * :k
    ) AS wide ORDER BY meaning <#> CAST(:vector AS vector), passage LIMIT :k
"""  # noqa: S608 - a condition and a number of our own
_LENGTH = f"({1 - bm25.B} + {bm25.B} * {{length}} / :{{average}})"
_GAIN = f"{{often}} * {bm25.K1 + 1} / ({{often}} + {bm25.K1} * {_LENGTH})"
_RARITY = "ln(1 + (:{total} - coalesce({holding}, 0) + float8 '0.5') / (coalesce({holding}, 0) + float8 '0.5'))"

_SEARCH = f"""(
WITH asked AS MATERIALIZED (
    SELECT place, query, weight
    FROM unnest(CAST(CAST(:lexemes AS text[]) AS tsquery[]), CAST(:weights AS float8[]))
    WITH ORDINALITY AS a (query, weight, place)
), held AS MATERIALIZED (
    SELECT a.place, w.passage, w.document, w.length,
           CAST(1 + width_bucket(CAST(ts_rank(w.words, a.query) AS float8), CAST(:counts AS float8[])) AS float8)
               AS often
    FROM asked AS a JOIN knowledge_words AS w ON w.words @@ a.query
    WHERE {_PERMITTED}
), held_by_page AS MATERIALIZED (
    SELECT place, document, count(*) AS passages, sum(often) AS often FROM held GROUP BY place, document
), worth AS MATERIALIZED (
    SELECT array_agg({_RARITY.format(total="passages", holding="h.passages")} ORDER BY place) AS rarity,
           array_agg(weight * {_RARITY.format(total="passages", holding="h.passages")} ORDER BY place) AS of_passage,
           array_agg(weight * {_RARITY.format(total="pages", holding="h.pages")} ORDER BY place) AS of_page
    FROM asked LEFT JOIN (
        SELECT place, CAST(sum(passages) AS float8) AS passages, count(*) AS pages FROM held_by_page GROUP BY place
    ) AS h USING (place)
), worded AS MATERIALIZED (
    SELECT passage, sum((SELECT of_passage FROM worth)[place]
        * {_GAIN.format(often="often", length="length", average="passage_words")}) AS score
    FROM held GROUP BY passage
), found AS MATERIALIZED (
    SELECT passage FROM ({{nearest}}) AS nearest
    UNION (SELECT passage FROM worded ORDER BY score DESC, passage LIMIT :k)
), shown AS MATERIALIZED (
    SELECT passage, w.document, -(w.meaning <#> CAST(:vector AS vector)) AS cosine
    FROM found JOIN knowledge_meanings AS w USING (passage)
), shown_pages AS MATERIALIZED (
    SELECT document, p.length,
           coalesce(-(p.meaning <#> CAST(:vector AS vector)) / nullif(vector_norm(p.meaning), 0), 0) AS cosine
    FROM knowledge_page_sums AS p WHERE document IN (SELECT document FROM shown)
), worded_pages AS MATERIALIZED (
    SELECT document, sum((SELECT of_page FROM worth)[place]
        * {_GAIN.format(often="h.often", length="p.length", average="page_words")}) AS score
    FROM held_by_page AS h JOIN shown_pages AS p USING (document) GROUP BY document
)
SELECT passage, document, shown.cosine AS cosine, coalesce(worded.score, 0) AS score, p.cosine AS page_cosine,
       coalesce(worded_pages.score, 0) AS page_score, (SELECT rarity FROM worth) AS rarity
FROM shown JOIN shown_pages AS p USING (document)
LEFT JOIN worded USING (passage) LEFT JOIN worded_pages USING (document)
) AS search"""  # noqa: S608 - formulas of our own; what was asked comes as parameters

_COLUMNS = ("passage", "document", "cosine", "score", "page_cosine", "page_score", "rarity")


def search(permitted: CTE, *, dimension: int, by_index: bool) -> Select[*tuple[Any, ...]]:
    """The columns of `Candidates`, a row for each passage, and in each row the rarity of all terms in their order.

    `permitted` holds the ids of the documents that may be searched.
    """
    nearest = _BY_INDEX.format(dimension=dimension) if by_index else _EXACT
    body = text(_SEARCH.format(nearest=nearest)).bindparams(counts=_counts())
    columns: list[ColumnElement[Any]] = [column(name) for name in _COLUMNS]
    return select(*columns).select_from(body).add_cte(permitted)


@cache
def _counts() -> list[float]:
    """Between which ranks a word counts once, twice, and so on.

    PostgreSQL tells how often a lexeme stands in a text by nothing cheaper than its rank, the sum of .1 / place² over
    its occurrences, divided by π² / 6. The 255 ranks are far enough apart to be told from each other.
    """
    ranks: list[float] = []
    reached = 0.0
    for place in range(1, 256):
        reached += 0.1 / place**2
        ranks.append(reached / 1.64493406685)
    return [(lower + higher) / 2 for lower, higher in pairwise(ranks)]
