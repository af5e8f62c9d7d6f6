"""Measures the library over one base of `world.py` in this process: one line of JSON.

    python tests/benchmarks/at_size.py PASSAGES [--crowd] [--change]

--crowd also asks from 32 threads at once; --change also reindexes with one changed page, on a copy of the base.
"""

# ruff: noqa: T201 - a program prints

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import real_text
import world
from bot.audiences import EVERYONE
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder
from bot.retrieval.library import Library
from bot.retrieval.pages import Page, pages_in
from peers.measuring import cpu_seconds, memory_mb, percentile, seconds_alive

TODAY = date(2026, 11, 22)
EACH, WARM_UP = 150, 5
THREADS, CROWD, ROUNDS = 32, 400, 3
CHANGED = """# Cash drawer counts in branch 17

## Counting at closing time
Count the drawer twice and write both results on the closing sheet. A difference of more than five dollars is told to
the shift lead before anybody leaves the shop, and the sheet is signed by both who counted.

## When the safe does not open
Call the facilities desk and keep the drawer locked in the back office until somebody has come. Do not take money home.
"""


def main(passages: int, options: Sequence[str]) -> None:
    file = world.database_of(passages)
    with tempfile.TemporaryDirectory(dir=world.CACHE) as folder:
        if "--change" in options:
            file = Path(shutil.copy(file, folder))
        library = Library(world.opened(file), Embedder(cache=world.MODELS))
        questions = _questions()
        _answer(library, next(questions))
        found: dict[str, object] = {
            "passages": passages,
            "start": {"cpu_s": cpu_seconds(), "wall_s": seconds_alive()},
            "loaded_mb": memory_mb("VmRSS"),
            "loaded_peak_mb": memory_mb("VmHWM"),
            "search": {name: _searches(library, questions, name) for name in world.SHARES},
            "answer": _answers(library, questions),
        }
        if "--crowd" in options:
            found["crowd"] = [_crowd(library, questions) for _ in range(ROUNDS)]
        found |= {"rss_mb": memory_mb("VmRSS"), "peak_mb": memory_mb("VmHWM")}
        if "--change" in options:
            found["change"] = _change(library, passages, Path(folder) / "changed")
            found["peak_after_change_mb"] = memory_mb("VmHWM")
    print(json.dumps(found))


def _questions() -> Iterator[str]:
    """Each only once: what was asked before is remembered."""
    texts = [entry["text"] for entry in real_text.questions(10**6)]
    yield from texts


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """CPU and wall, ms."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000


def _told(times: Sequence[tuple[float, float]]) -> dict[str, float]:
    return {
        f"{name}_p{percent}_ms": percentile([pair[at] for pair in times], percent)
        for at, name in enumerate(("cpu", "wall"))
        for percent in (50, 95)
    }


def _searches(library: Library, questions: Iterator[str], audience: str) -> dict[str, dict[str, float]]:
    """Whole searches; and the same again with the question's vector remembered, which leaves the search itself."""
    asker = frozenset({audience})
    for _ in range(WARM_UP):
        library.search(Question(next(questions)), audiences=asker)
    whole, without_embedding = [], []
    for _ in range(EACH):
        question = Question(next(questions))
        whole.append(_timed(lambda asked=question: library.search(asked, audiences=asker)))
        without_embedding.append(_timed(lambda asked=question: library.search(asked, audiences=asker)))
    return {"whole": _told(whole), "without_embedding": _told(without_embedding)}


def _answers(library: Library, questions: Iterator[str]) -> dict[str, float]:
    times, answered = [], 0
    for _ in range(EACH):
        text = next(questions)
        before = time.process_time(), time.perf_counter()
        answered += _answer(library, text)
        times.append(((time.process_time() - before[0]) * 1000, (time.perf_counter() - before[1]) * 1000))
    return {**_told(times), "answered_share": answered / EACH}


def _crowd(library: Library, questions: Iterator[str]) -> dict[str, float]:
    texts = [next(questions) for _ in range(CROWD)]
    cpu, wall = time.process_time(), time.perf_counter()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda text: _answer(library, text), texts))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"questions_per_second": CROWD / wall, "cpu_ms_a_question": cpu / CROWD * 1000}


def _change(library: Library, passages: int, folder: Path) -> dict[str, float]:
    """From the pages to the next answer; reading in the sandbox, embedding and publishing included."""
    folder.mkdir()
    (folder / "branch-17.md").write_text(CHANGED, encoding="utf-8")
    changed = pages_in(folder)[0]
    pages = [changed if page.source == changed.source else page for page in world.pages(passages)]
    found = {}
    for name, given in (("unchanged", [*_unchanged(pages, changed)]), ("one_page", pages)):
        plan_then = time.perf_counter()
        planned, plan_cpu = [], cpu_seconds()
        planned.append(library.plan(given, folder="world"))
        middle, middle_cpu = time.perf_counter(), cpu_seconds()
        report = library.carry_out(planned[0], now=datetime.now(UTC))
        end, end_cpu = time.perf_counter(), cpu_seconds()
        _answer(library, f"Who signs the closing sheet for the cash drawer, {name}?")
        found |= {
            f"{name}_plan_s": middle - plan_then,
            f"{name}_plan_cpu_s": middle_cpu - plan_cpu,
            f"{name}_publish_s": end - middle,
            f"{name}_publish_cpu_s": end_cpu - middle_cpu,
            f"{name}_answer_s": time.perf_counter() - end,
            f"{name}_answer_cpu_s": cpu_seconds() - end_cpu,
            f"{name}_embedded": report.embedded,
        }
    return found


def _unchanged(pages: Sequence[Page], changed: Page) -> Iterator[Page]:
    yield from (replace(page, digest="1") if page is changed else page for page in pages)


def _answer(library: Library, text: str) -> bool:
    return library.answer(Question(text), audiences=frozenset({"all", EVERYONE}), today=TODAY).answered


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
