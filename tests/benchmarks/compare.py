"""Throughline beside other products that search by meaning: same weights, same chunks, same questions, same cores.

Each product gets an environment of its own below var/bench (700 MB each, built once) and runs in processes of its own:
one that indexes, then three that open the index and are asked; of those the medians count. Times are processor time.
Prints a table and writes it into docs/benchmarks.md; what could not be installed or run is listed with the reason.
"""

# ruff: noqa: T201 - a program prints

import argparse
import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import venv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import machine
import real_text

PROJECT = Path(__file__).parent.parent.parent
HERE = Path(__file__).parent / "peers"
CACHE = PROJECT / "var" / "bench"
OURS = "throughline"
PRODUCTS = (OURS, "txtai", "haystack", "llama_index", "langchain", "chromadb")
CHUNKS, QUICK_CHUNKS = 5000, 500
QUESTIONS, WARM_UP = 200, 10
ASKED_AGAIN = 3
# A first installation takes two minutes, 5,000 chunks five; a machine that needs this long has another fault.
TIMEOUT_SECONDS = 3600
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


@dataclass(frozen=True)
class Column:
    """One figure of the table. `goal`: our figure is to be at least, or at most, so many times the best peer's."""

    field: str
    title: str
    form: str
    more_is_better: bool = False
    goal: float | None = None


COLUMNS = (
    Column("chunks_per_cpu_second", "chunks / CPU-s", "{:.1f}", more_is_better=True, goal=1.9),
    Column("question_cpu_p50_ms", "question CPU p50, ms", "{:.1f}", goal=0.5),
    Column("question_cpu_p95_ms", "p95, ms", "{:.1f}", goal=0.5),
    Column("start_cpu_s", "start to first answer, CPU s", "{:.2f}"),
    Column("start_wall_s", "wall s", "{:.2f}"),
    Column("rss_mb", "RSS answering, MB", "{:.0f}"),
    Column("peak_mb", "peak, MB", "{:.0f}"),
    Column("index_peak_mb", "peak indexing, MB", "{:.0f}"),
)


@dataclass
class Outcome:
    """What one product did. `fault` says why it could not be measured."""

    name: str
    figures: dict[str, float] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    hits: list[list[str]] = field(default_factory=list)
    fault: str = ""


class Failed(Exception):
    """A program that ended badly, with the last it said."""


def main() -> None:
    arguments = _arguments()
    machine_then, load_then = machine.described(), machine.load()
    texts = _texts(arguments.chunks)
    outcomes = [_known_or_measured(name, texts, arguments) for name in arguments.only or PRODUCTS]
    told = "\n\n".join(
        (
            f"{machine_then}. Load average before {load_then}, after {machine.load()}.",
            (
                f"`{_command()}`: {arguments.chunks:,} chunks of {real_text.CHUNK_WORDS} words, {QUESTIONS} questions, "
                f"top 10, {arguments.cores} core(s) and thread(s) each."
            ),
            _table(outcomes),
            "\n".join(_verdicts(outcomes)),
            "Versions: " + "; ".join(f"{one.name}: {_versions(one)}" for one in outcomes if one.versions) + ".",
        )
    )
    print(told)
    if not arguments.only and arguments.chunks != QUICK_CHUNKS:
        print(f"\nWritten into {machine.write_part(_part(arguments.cores), told)}", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=PRODUCTS, help="this product alone; may be given again")
    parser.add_argument("--chunks", type=int, default=CHUNKS, help=f"how many are indexed (default {CHUNKS})")
    parser.add_argument("--quick", action="store_const", dest="chunks", const=QUICK_CHUNKS, help="500 chunks")
    parser.add_argument(
        "--continue", action="store_true", dest="go_on", help="keep what an interrupted run of the same size measured"
    )
    parser.add_argument("--cores", type=int, default=1, choices=(1, 2), help="cores and threads for each (default 1)")
    return parser.parse_args()


def _command() -> str:
    return " ".join(["python", "tests/benchmarks/compare.py", *sys.argv[1:]])


def _part(cores: int) -> str:
    return "peers" if cores == 1 else f"peers on {cores} cores"


def _texts(count: int) -> tuple[Path, Path]:
    CACHE.mkdir(parents=True, exist_ok=True)
    chunks, questions = CACHE / "chunks.jsonl", CACHE / "questions.jsonl"
    asked = real_text.questions(QUESTIONS + WARM_UP)
    for file, entries in ((chunks, real_text.chunks(count)), (questions, asked)):
        file.write_text("".join(f"{json.dumps(entry)}\n" for entry in entries), encoding="utf-8")
    return chunks, questions


def _known_or_measured(name: str, texts: tuple[Path, Path], arguments: argparse.Namespace) -> Outcome:
    file = CACHE / "outcomes" / f"{name}-{arguments.chunks}-{arguments.cores}.json"
    if arguments.go_on and file.is_file():
        return Outcome(**json.loads(file.read_text(encoding="utf-8")))
    outcome = _measured(name, texts, arguments)
    if not outcome.fault:
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(vars(outcome)), encoding="utf-8")
    return outcome


def _measured(name: str, texts: tuple[Path, Path], arguments: argparse.Namespace) -> Outcome:
    chunks, questions = texts
    outcome = Outcome(name)
    folder = CACHE / "stores" / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        python = _environment(name)
        found = _run(name, python, ["index", str(folder), str(chunks)], arguments.cores)
        outcome.versions = found.pop("versions")
        asked = [_run(name, python, ["ask", str(folder), str(questions)], arguments.cores) for _ in range(ASKED_AGAIN)]
    except Failed as fault:
        outcome.fault = str(fault)
        _say(name, f"left out: {fault}")
        return outcome
    outcome.hits = asked[0]["hits"]
    numbers = [field for field, value in asked[0].items() if isinstance(value, float)]
    outcome.figures = found | {field: statistics.median(run[field] for run in asked) for field in numbers}
    return outcome


def _environment(name: str) -> Path:
    """The Python of the product's own environment, built anew where its list of packages has changed."""
    folder = CACHE / "environments" / name
    wanted = (PROJECT / "constraints.txt") if name == OURS else (HERE / "requirements" / f"{name}.txt")
    stamp, digest = folder / "installed", hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = folder / "bin" / "python"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == digest:
        return python
    _say(name, "installing, some minutes ...")
    venv.create(folder, clear=True, with_pip=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    what = ["--constraint", str(wanted), "--editable", str(PROJECT)] if name == OURS else ["--requirement", str(wanted)]
    _finished([*pip, *what], dict(os.environ))
    stamp.write_text(digest, encoding="ascii")
    return python


def _run(name: str, python: Path, task: list[str], cores: int) -> dict[str, Any]:
    _say(name, f"{task[0]} ...")
    environment = {
        **os.environ,
        **dict.fromkeys(THREADS, str(cores)),
        "HF_HUB_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HAYSTACK_TELEMETRY_ENABLED": "False",
        "ANONYMIZED_TELEMETRY": "False",
        "PYTHONPATH": "",
    }
    return json.loads(
        _finished([str(python), str(HERE / f"drive_{name}.py"), *task], environment, cores).splitlines()[-1]
    )


def _finished(command: list[str], environment: dict[str, str], cores: int | None = None) -> str:
    """What the program printed. Raises `Failed` with the last lines it wrote where it ended badly."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
            preexec_fn=(lambda: os.sched_setaffinity(0, range(cores))) if cores else None,
        )
    except subprocess.TimeoutExpired as fault:
        raise Failed(f"took longer than {TIMEOUT_SECONDS} s") from fault
    if done.returncode or (cores and not done.stdout.strip()):
        raise Failed(" ".join(done.stderr.strip().splitlines()[-2:])[-300:] or f"ended with {done.returncode}")
    return done.stdout


def _table(outcomes: list[Outcome]) -> str:
    best = _best(outcomes)
    rows = [
        ["", *(column.title for column in COLUMNS), "same top 10 as the others"],
        ["---", *("---:" for _ in COLUMNS), "---:"],
    ]
    for one in outcomes:
        if one.fault:
            rows.append([one.name, f"not measured: {one.fault}", *("" for _ in COLUMNS)])
            continue
        cells = [_cell(column, one.figures[column.field], best.get(column.field), one.name) for column in COLUMNS]
        rows.append([one.name, *cells, _likeness(one, outcomes)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(column: Column, value: float, best: float | None, name: str) -> str:
    shown = column.form.format(value)
    return f"**{shown}** ({value / best:.2f}×)" if name == OURS and best else shown


def _best(outcomes: list[Outcome]) -> dict[str, float]:
    """The best figure of a peer, by field."""
    peers = [one.figures for one in outcomes if one.figures and one.name != OURS]
    if not peers:
        return {}
    return {
        column.field: (max if column.more_is_better else min)(figures[column.field] for figures in peers)
        for column in COLUMNS
    }


def _likeness(one: Outcome, outcomes: list[Outcome]) -> str:
    """The share of its ten hits that another peer has too, the median of the peers: shows a peer set up wrongly."""
    if one.name == OURS:
        return "by words too"
    others = [other for other in outcomes if other.hits and other.name not in {OURS, one.name}]
    shares = [
        statistics.fmean(len({*mine} & {*theirs}) / 10 for mine, theirs in zip(one.hits, other.hits, strict=True))
        for other in others
    ]
    return f"{statistics.median(shares):.3f}" if shares else ""


def _verdicts(outcomes: list[Outcome]) -> list[str]:
    ours = next((one.figures for one in outcomes if one.name == OURS and one.figures), None)
    best = _best(outcomes)
    if not ours:
        return []
    told = [
        _verdict(column.title, ours[column.field] / best[column.field], column.goal, more=column.more_is_better)
        for column in COLUMNS
        if best and column.goal
    ]
    return [f"- {line}" for line in (*told, _verdict("start to first answer, CPU s", ours["start_cpu_s"], 1.5))]


def _verdict(what: str, value: float, goal: float, *, more: bool = False) -> str:
    met = value >= goal if more else value <= goal
    return f"{what}: {value:.2f}, goal {'≥' if more else '≤'} {goal:g}: {'met' if met else 'MISSED'}"


def _versions(one: Outcome) -> str:
    return ", ".join(f"{name} {version}" for name, version in one.versions.items())


def _say(name: str, what: str) -> None:
    print(f"[{name}] {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped; docs/benchmarks.md was left as it was.")
