"""What a question costs at 1,000, 10,000 and 100,000 passages (and the vector scan at a million), beside the floor.

Builds the bases below var/bench once (the largest takes some ten minutes), measures each in a process of its own,
prints tables and writes them into docs/benchmarks.md. Times of questions are processor time unless it says wall.
"""

# ruff: noqa: T201 - a program prints

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

import machine

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
CACHE = PROJECT / "var" / "bench"
SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (1_000,)
SCANS = 1_000_000


def main() -> None:
    arguments = _arguments()
    sizes = QUICK_SIZES if arguments.quick else SIZES
    described, load_then = machine.described(), machine.load()
    for size in sizes:
        if arguments.fresh or not (CACHE / f"world-{size}.db").is_file():
            _said("world.py", str(size), str(arguments.real_vectors))
    floor = json.loads(_said("floor.py", *map(str, (*sizes, *(() if arguments.quick else (SCANS,))))))
    found = [json.loads(_said("at_size.py", str(size), *_options(size, sizes))) for size in sizes]
    (CACHE / "scale.json").write_text(json.dumps({"floor": floor, "found": found}), encoding="utf-8")
    told = "\n\n".join(
        (
            f"{described}. Load average before {load_then}, after {machine.load()}.",
            f"`python tests/benchmarks/scale.py {' '.join(sys.argv[1:])}`".replace(" `", "`"),
            f"Floor, one core: {floor['gemm_gflops']:.0f} GFLOP/s (fp32), {floor['bandwidth_gb_s']:.1f} GB/s read.",
            _growth(found),
            _scans(floor),
            _largest(found[-1]),
        )
    )
    print(told)
    if not arguments.quick:
        machine.write_part("scale", told)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="1,000 passages only; docs/benchmarks.md stays as it is")
    parser.add_argument("--fresh", action="store_true", help="build the bases anew")
    parser.add_argument("--real-vectors", type=int, default=10_000, help="passages that are embedded (default 10000)")
    return parser.parse_args()


def _options(size: int, sizes: tuple[int, ...]) -> tuple[str, ...]:
    return ("--crowd", "--change") if size == max(sizes) else ()


def _said(program: str, *arguments: str) -> str:
    print(f"{program} {' '.join(arguments)} ...", file=sys.stderr, flush=True)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, str(HERE / program), *arguments]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"{program} ended with {done.returncode}; what it wrote stands above.")
    return done.stdout


def _growth(found: list[dict[str, Any]]) -> str:
    """CPU of one question against the number of passages."""
    rows = [
        ["passages", "search p50 / p95, ms", "wall p50 / p95", "without embedding", "10 % visible", "1 % visible",
         "answer p50 / p95, ms", "start to first answer, CPU s", "RSS, MB", "peak, MB"],
        ["---:"] * 10,
    ]  # fmt: skip
    for one in found:
        search = one["search"]["all"]
        rows.append(
            [
                f"{one['passages']:,}",
                _pair(search["whole"], "cpu"),
                _pair(search["whole"], "wall"),
                *(_pair(one["search"][name]["without_embedding"], "cpu") for name in ("all", "tenth", "hundredth")),
                _pair(one["answer"], "cpu"),
                f"{one['start']['cpu_s']:.2f}",
                f"{one['rss_mb']:.0f}",
                f"{one['peak_mb']:.0f}",
            ]
        )
    return _table(rows)


def _scans(floor: dict[str, Any]) -> str:
    """The vector scan alone beside the time that reading the vectors takes."""
    rows = [["vectors", "scan, ms", "floor, ms", "10 % visible", "1 % visible"], ["---:"] * 5]
    for scan in floor["scans"]:
        times = scan["cpu_ms"]
        rows.append(
            [
                f"{scan['count']:,}",
                f"{times['100']:.2f}",
                f"{scan['floor_ms']:.2f}",
                f"{times['10']:.2f}",
                f"{times['1']:.2f}",
            ]
        )
    return _table(rows)


def _largest(one: dict[str, Any]) -> str:
    search, crowd, change = one["search"]["all"]["whole"], one["crowd"], one["change"]
    rate = median(turn["questions_per_second"] for turn in crowd)
    cost = median(turn["cpu_ms_a_question"] for turn in crowd)
    phases = ("plan", "publish", "answer")
    took = {kind: sum(change[f"one_page_{phase}{kind}"] for phase in phases) for kind in ("_s", "_cpu_s")}
    parts = ", ".join(f"{phase} {change[f'one_page_{phase}_cpu_s']:.2f}" for phase in phases)
    lines = (
        _verdict("search p50, CPU ms", search["cpu_p50_ms"], most=15),
        _verdict("search p95, CPU ms", search["cpu_p95_ms"], most=30),
        _verdict("start to first answer, CPU s", one["start"]["cpu_s"], most=1.5),
        _verdict("RSS after all questions, MB", one["rss_mb"], most=450),
        _verdict("questions/s from 32 threads with composition, wall", rate, least=150)
        + f". A question took {cost:.1f} ms CPU, so two free cores would make {2000 / cost:.0f}/s",
        _verdict("one changed page until the next answer, wall s", took["_s"], most=1)
        + f". CPU {took['_cpu_s']:.2f} s: {parts}; a plan without a change {change['unchanged_plan_cpu_s']:.2f}",
    )
    share = f"At {one['passages']:,} passages ({one['answer']['answered_share']:.0%} of the questions answered):"
    return "\n".join([share, "", *(f"- {line}" for line in lines)])


def _verdict(what: str, value: float, *, most: float | None = None, least: float | None = None) -> str:
    met = value <= most if most is not None else value >= (least or 0)
    goal = f"≤ {most:g}" if most is not None else f"≥ {least:g}"
    return f"{what}: {value:.4g}, goal {goal}: {'met' if met else 'MISSED'}"


def _pair(figures: dict[str, float], kind: str) -> str:
    return f"{figures[f'{kind}_p50_ms']:.1f} / {figures[f'{kind}_p95_ms']:.1f}"


def _table(rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("\nStopped; docs/benchmarks.md was left as it was.")
