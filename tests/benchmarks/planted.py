"""How much of what is planted in made-up companies is found, and what is told that nobody planted.

    python tests/benchmarks/planted.py --seeds 1-20 --size small --into FOLDER

A seed takes two to three minutes: `throughline demo-data` of that size, the imports, routing and themes, in this
process and on SQLite; then signals as of the last week, and spikes and partner delays as of each week before. One line
a seed as it goes, a table at the end. Databases and results stay in the folder, so what was interrupted goes
on; `--again` looks at the databases that are there once more. Thresholds were chosen on seeds 1 to 4; the table leaves
them out.
"""

# ruff: noqa: T201 - a program prints

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.demo.sizes import Size
from bot.friction.tables import ImportRow, TicketRow
from bot.noticing.noticed import KINDS
from bot.noticing.partner_waits import partner_waits
from bot.noticing.rises import rises
from bot.noticing.seen import Seen
from bot.retrieval.embedding import Embedder
from bot.signals.signal import Kind, Signal
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parent.parent))
from planted_companies import Remembering, plants_of, prepared, reading_of

from programs import MODEL_CACHE

TUNED_ON = range(1, 5)
_FIXES = {"fix_worked", "fix_failed"}
# A rise is to be found within two weeks; a partner's delay is looked at over eight.
SOON, LATER = 1, 8
PLANTS = (
    "double_entry", "slow_tool", "surge", "silent_cost", "blind_spot", "partner_delay", "fix_worked", "fix_failed",
    "spike", "front_loaded",
)  # fmt: skip


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--seeds", default="1-20", help="such as 5-20, or 7")
    arguments.add_argument("--size", choices=list(Size), type=Size, default=Size.USUAL)
    arguments.add_argument("--into", type=Path, required=True, help="a folder of its own, some 30 MB a seed")
    arguments.add_argument("--again", action="store_true", help="look once more at databases that are there")
    chosen = arguments.parse_args()
    folder = chosen.into / chosen.size
    folder.mkdir(parents=True, exist_ok=True)
    first, _, last = chosen.seeds.partition("-")
    model = Remembering(Embedder(cache=MODEL_CACHE))
    found = {}
    for seed in range(int(first), int(last or first) + 1):
        file = folder / f"{seed}.json"
        if chosen.again or not file.exists():
            begun = time.perf_counter()
            result = looked_at(folder, seed, chosen.size, model)
            file.write_text(json.dumps(result, indent=1), encoding="utf-8")
            print(line(seed, result, time.perf_counter() - begun), flush=True)
        found[seed] = json.loads(file.read_text(encoding="utf-8"))
    table({seed: one for seed, one in found.items() if seed not in TUNED_ON} or found)


@dataclass(frozen=True)
class Truth:
    """The plants of a seed by kind, and which theme is of which: at least half of its reports are."""

    plants: dict[str, dict[str, Any]]
    themes: dict[str, str]

    def kinds_of(self, where: str) -> set[str]:
        """The plants at a touchpoint, of a theme, or with a tool."""
        if where.startswith("theme:"):
            return {self.themes.get(where, "")} - {""}
        of_all = self.plants.items()
        return {
            kind for kind, one in of_all if kind != "front_loaded" and where in (*one["ex"], *one["cx"], *one["tools"])
        }

    def weeks(self, kind: str, mondays: list[str], after: int = 0) -> range:
        one = self.plants[kind]
        return range(
            mondays.index(one["first_week"]), min(mondays.index(one["last_week"]) + after, len(mondays) - 1) + 1
        )


def looked_at(folder: Path, seed: int, size: Size, model: Remembering) -> dict[str, Any]:
    """Which plants were found, and what else was told, by kind."""
    database = prepared(folder, seed, size, model)
    with database.reading() as session:
        seen = Seen(reading_of(session, folder, seed))
        truth = _truth(session, folder, seed)
        begun = time.perf_counter()
        told = {kind: [signal for _, signal in find(seen).told] for kind, find in KINDS.items()}
        seconds = time.perf_counter() - begun
        mondays = [week.monday.isoformat() for week in seen.weeks]
        spikes = list(_each_week(seen, rises, range(10, len(mondays))))
        delays = list(_each_week(seen, partner_waits, range(16, len(mondays))))
    database.close()
    plants = _found(truth, told, spikes, delays, mondays)
    return {"plants": plants, "others": _others(truth, told, spikes, delays, mondays), "seconds": seconds}


def _truth(session: Any, folder: Path, seed: int) -> Truth:
    plants = {one["kind"]: one for one in plants_of(folder, seed)}
    of_ticket = {number: kind for kind, one in plants.items() for number in one["rows"]["reports"]}
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    joined = select(TicketRow.theme, ImportRow.source_id).join(ImportRow, ImportRow.ticket == TicketRow.id)
    for theme, number in session.execute(joined.where(TicketRow.theme.is_not(None))):
        counts[theme][of_ticket.get(number, "")] += 1
    most = {f"theme:{theme}": count.most_common(1)[0] for theme, count in counts.items()}
    return Truth(
        plants,
        {theme: kind for theme, (kind, many) in most.items() if 2 * many >= counts[int(theme[6:])].total()},
    )


def _each_week(seen: Seen, find: Callable[[Seen, int], Any], weeks: Iterable[int]) -> Iterator[tuple[int, Signal]]:
    for week in weeks:
        yield from ((week, signal) for _, signal in find(seen, week).told)


Told = dict[Kind, list[Signal]]
Weekly = list[tuple[int, Signal]]


def _found(truth: Truth, told: Told, spikes: Weekly, delays: Weekly, mondays: list[str]) -> dict[str, bool]:
    def at(kind: str) -> tuple[set[str], set[str]]:
        return set(truth.plants[kind]["ex"]), set(truth.plants[kind]["cx"])

    def quadrant(kind: str, verdict: str) -> bool:
        return any(one.verdict == verdict and one.where[0] in at(kind)[1] for one in told[Kind.QUADRANT])

    def effect(kind: str, *verdicts: str) -> bool:
        """By its theme, or by its work where the theme is one with another's."""
        return any(
            one.verdict in verdicts and any(kind in truth.kinds_of(each) for each in one.where)
            for one in told[Kind.EFFECT]
        )

    surge = truth.weeks("surge", mondays)
    surging = [(week, one) for week, one in spikes if week in surge and "report" not in one.sentence().lower()]
    spike = truth.weeks("spike", mondays)
    partner = truth.weeks("partner_delay", mondays, LATER)
    shared = [one for one in told[Kind.SHARED_ISSUE] if one.verdict == "shared issue"]
    return {
        # By its theme, or by its work where the theme is one with another's.
        "double_entry": any(
            ("double_entry" in truth.kinds_of(one.where[0]) or one.where[1] in at("double_entry")[0])
            and one.where[-1] in at("double_entry")[1]
            for one in shared
        ),
        "slow_tool": any(
            one.where[0] in at("slow_tool")[0] and one.where[1] in at("slow_tool")[1] and one.numbers[2].value == 1
            for one in told[Kind.CORRELATION]
        ),
        "surge": any(not one.where for _, one in surging)
        and not any(one.verdict == "theme spike" and not _planted(truth, week, one, mondays) for week, one in surging),
        "silent_cost": quadrant("silent_cost", "silent cost"),
        "blind_spot": quadrant("blind_spot", "blind spot"),
        "partner_delay": any(
            week in partner and one.where[0] == truth.plants["partner_delay"]["partner"] for week, one in delays
        ),
        "fix_worked": effect("fix_worked", "fell"),
        "fix_failed": effect("fix_failed", "did not change", "rose"),
        "spike": any(
            week in spike and one.verdict == "theme spike" and "spike" in truth.kinds_of(one.where[0])
            for week, one in spikes
        ),
        "front_loaded": bool(told[Kind.FRONT_LOADED]),
    }


def _others(truth: Truth, told: Told, spikes: Weekly, delays: Weekly, mondays: list[str]) -> dict[str, list[str]]:
    """What was told and is of no plant. A spike that goes on for weeks is one."""
    both_sides = {
        cx
        for kind in ("double_entry", "slow_tool", "partner_delay", "staffing_at_noon")
        for cx in truth.plants[kind]["cx"]
    }
    complained = both_sides | set(truth.plants["blind_spot"]["cx"])
    loaded = {ex for one in truth.plants.values() for ex in one["ex"]}
    partner = truth.weeks("partner_delay", mondays, LATER)
    ends = {cx for kind in ("silent_cost", "fix_worked", "fix_failed", "spike") for cx in truth.plants[kind]["cx"]}
    lone = [
        (week, one) for week, one in spikes if one.verdict == "theme spike" and not _planted(truth, week, one, mondays)
    ]
    return {
        "shared issue": [
            f"{one.where[0]} {one.where[-1]}"
            for one in told[Kind.SHARED_ISSUE]
            if one.verdict == "shared issue" and one.where[-1] not in both_sides
        ],
        "correlation": [" ".join(one.where) for one in told[Kind.CORRELATION] if one.where[0] not in loaded],
        "quadrant": [
            f"{one.verdict} {one.where[0]}"
            for one in told[Kind.QUADRANT]
            if one.where[0] not in (complained | ends if one.verdict != "blind spot" else complained)
        ],
        "effect": [
            one.where[0]
            for one in told[Kind.EFFECT]
            if not any(truth.kinds_of(each) & _FIXES for each in one.where)
        ],
        "slow rise": [
            one.where[0]
            for one in told[Kind.SLOW_RISE]
            if one.where[0] not in both_sides and not truth.kinds_of(one.where[0])
        ],
        "partner delay": sorted({
            one.where[0] for week, one in delays
            if one.where[0] != truth.plants["partner_delay"]["partner"] or week not in partner
        }),
        "spike": [f"{mondays[week]} {one.where[0]}" for week, one in lone if (week - 1, one.where) not in {
            (before, each.where) for before, each in lone
        }],
    }  # fmt: skip


def _planted(truth: Truth, week: int, one: Signal, mondays: list[str]) -> bool:
    """Whether a spike is where something planted begins, wanders, or is a spike itself."""
    return any(
        kind == "slow_tool" or abs(week - mondays.index(truth.plants[kind]["first_week"])) <= LATER
        for kind in truth.kinds_of(one.where[0])
    )


def line(seed: int, result: dict[str, Any], seconds: float) -> str:
    missed = [kind for kind in PLANTS if not result["plants"][kind]]
    others = {kind: rows for kind, rows in result["others"].items() if rows}
    return (
        f"seed {seed}: {sum(result['plants'].values())} of {len(PLANTS)} found in {seconds:.0f} s, missed "
        f"{', '.join(missed) or 'none'}; others: "
        + ("; ".join(f"{kind}: {', '.join(rows)}" for kind, rows in others.items()) or "none")
    )


def table(found: dict[int, dict[str, Any]]) -> None:
    print(f"seeds {', '.join(map(str, found))}: {len(found)}")
    for kind in PLANTS:
        print(f"  {kind:<14} found in {sum(one['plants'][kind] for one in found.values())} of {len(found)}")
    print("told and not planted, all seeds together, two years each:")
    for kind in next(iter(found.values()))["others"]:
        print(f"  {kind:<14} {sum(len(one['others'][kind]) for one in found.values())}")


if __name__ == "__main__":
    main()
