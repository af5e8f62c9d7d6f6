"""How good the guesses of friction are, how fast the nearest are found, and what themes come out of real tickets.

    python tests/benchmarks/friction_guesses.py

Prints, for the made-up reports that choices were made by, for those that are held out and for the shared sixty: kind,
tool, touchpoint, what is said of time and of the customer, the nearest three, the themes, and what corrections change.
Then the time for 10,000 tickets, and the themes of the shared tickets of an IT desk.
"""

# ruff: noqa: T201 - a program prints

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
from bot.friction.clustering import Apart, Ticket, proposals
from bot.friction.clustering.themes import ALIKE_IN_WORDS
from bot.friction.guessing import Guesser, Guesses
from bot.friction.kinds import Kind
from bot.friction.likeness import Described, Space
from bot.friction.nearest import KnownTickets
from bot.retrieval.embedding import Embedder
from bot.touchpoints import TouchpointMap, load_map

sys.path.insert(0, str(Path(__file__).parent.parent))
from friction.guess_figures import SHARED, Measured, made_up, the_sixty
from programs import MODEL_CACHE, PROJECT

TICKETS = 10_000


def main() -> None:
    encoder = Embedder(cache=MODEL_CACHE)
    encoder.encode(["warm up"])
    map_ = load_map(PROJECT / "knowledge" / "touchpoints.yaml")
    begin = perf_counter()
    guesser = Guesser(map_, encoder.encode)
    print(f"made ready in {perf_counter() - begin:.1f} s")
    for name, reports in (
        ("development", made_up("development")),
        ("held out", made_up("held out")),
        ("the shared sixty", the_sixty()),
    ):
        if reports:
            _figures(name, Measured(reports, guesser, encoder.encode, map_))
    _guessing_time(guesser)
    _nearest_time(map_)
    _themes_time(map_)
    _themes_of_tickets(guesser, encoder, map_)


def _figures(name: str, found: Measured) -> None:
    print(f"\n{name}: {len(found.reports)} reports, {len({one.theme for one in found.reports})} themes")
    first, three = found.kinds()
    print(f"  kind right in the first {first:.3f}, in the first three {three:.3f}")
    print(f"  tool {found.tools():.3f}  touchpoint {found.touchpoints():.3f}")
    for field in ("minutes", "frequency", "effect"):
        if any(getattr(one, field) for one in found.reports):
            right, told = found.spoken(field)
            print(f"  {field}: of the guesses right {right:.3f}, of what is said guessed {told:.3f}")
    three, first = found.nearest()
    print(f"  of the same theme: one of the nearest three {three:.3f}, the nearest {first:.3f}")
    words, whole = found.themes()
    print(f"  themes, adjusted Rand index: words alone {words:.3f}, with guessed tools and touchpoints {whole:.3f}")
    before, after = found.learning()
    print(f"  kind, tool, touchpoint right before 20 corrections {before:.3f}, after {after:.3f}")


def _guessing_time(guesser: Guesser) -> None:
    reports = [one.text for one in made_up("development")]
    times = [_timed(lambda text=text: guesser.guess(text)) for text in reports]
    print(f"\na guess, with its embedding: median {_at(times, 50):.1f} ms, p95 {_at(times, 95):.1f} ms")


def _nearest_time(map_: TouchpointMap) -> None:
    made = _made(map_, TICKETS + 200)
    begin = perf_counter()
    tickets = KnownTickets(Space(map_), {f"FR-{row}": one for row, one in enumerate(made[:TICKETS])})
    placed = perf_counter() - begin
    begin = perf_counter()
    again = {f"FR-{row}": one for row, one in enumerate(made[: TICKETS + 1])}
    tickets = KnownTickets(Space(map_), again, before=tickets)
    print(f"{TICKETS} tickets placed in {placed:.1f} s, with one more in {1000 * (perf_counter() - begin):.0f} ms")
    times = [_timed(lambda one=one: tickets.nearest(one)) for one in made[TICKETS:]]
    print(f"nearest three of {TICKETS}: median {_at(times, 50):.1f} ms, p95 {_at(times, 95):.1f} ms")


def _themes_time(map_: TouchpointMap) -> None:
    space = Space(map_)
    for count in (1_000, 3_000, 5_000, 20_000):
        tickets = [Ticket(str(row), "", space.of(one)) for row, one in enumerate(_made(map_, count))]
        begin = perf_counter()
        Apart()(tickets)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"themes of {count} tickets: {perf_counter() - begin:.1f} s, in a process of at most {peak:.0f} MB so far"
        )


def _themes_of_tickets(guesser: Guesser, encoder: Embedder, map_: TouchpointMap) -> None:
    file = SHARED / "it_tickets" / "it_tickets.json"
    if not file.exists():
        return
    texts = [row["Issue"] for row in json.loads(file.read_text(encoding="utf-8"))]
    space = Space(map_)
    vectors = encoder.encode(texts)
    tickets = [
        Ticket(str(row), text, space.of_words(Described.of(vector, guesser.guess(text, vector=vector))))
        for row, (text, vector) in enumerate(zip(texts, vectors, strict=True))
    ]
    found = proposals(tickets, alike=ALIKE_IN_WORDS)
    print(f"\nthemes of {len(texts)} tickets that were no friction (how many; of them of VPN; what tells them apart)")
    for one in found:
        vpn = sum("vpn" in texts[int(key)].lower() for key in one.members)
        print(f"  {len(one.members):3} {vpn:3}  {', '.join(one.bigrams)}")


def _made(map_: TouchpointMap, count: int) -> list[Described]:
    chance = np.random.default_rng(0)
    # Around some centers, as tickets are.
    centers = chance.normal(size=(count // 20 + 1, 384))
    vectors = centers[chance.integers(len(centers), size=count)] + 0.8 * chance.normal(size=(count, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    tools, kinds, touchpoints = tuple(map_.tools), tuple(Kind), tuple(map_.ex)
    return [
        Described.of(
            vector,
            Guesses(),
            kind=kinds[row % len(kinds)],
            tools=(tools[row % len(tools)],),
            touchpoint=touchpoints[row % len(touchpoints)],
        )
        for row, vector in enumerate(vectors)
    ]


def _timed(work) -> float:
    begin = perf_counter()
    work()
    return 1000 * (perf_counter() - begin)


def _at(times: list[float], percent: int) -> float:
    return float(np.percentile(times, percent))


if __name__ == "__main__":
    main()
