"""Every view of the page over HTTP, of two years of a large company: the first look, and the looks after it.

    python tests/benchmarks/pages_at_size.py sqlite|postgresql [--rounds 20] [--folder DIR]

The same data as `experience_at_size.py`, whose folder may be given. A lead who is signed in opens each view `--rounds`
times more after the first time, one after the other. The weekly digest is made as of the same moment.
"""

# ruff: noqa: T201 - a program prints

import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import httpx
import machine
from bot.experience.viewers import THE_COMPANY
from bot.experience.weeks import Week, week_at
from bot.letters.digest import letter
from bot.visits import visiting
from bot.visits.visiting import Visitor
from bot.web.serving import WebPage
from experience_at_size import NOW, filled, parser, the_world
from peers.measuring import percentile

sys.path.insert(0, str(Path(__file__).parent.parent))
from served import shipped_site

LEAD = Visitor("Ruth", "ruth.adeyemi@tidewater.example")
PAGES = (
    "/", "/map", "/map?weeks=12", "/map?weeks=26", "/map?cell=phone.use", "/map/heat", "/map/quadrant", "/themes",
    "/themes/1", "/themes/2", "/roadmap", "/courses", "/courses?weeks=26", "/courses?cell=tool:caredesk&weeks=12",
    "/fixes", "/targets",
    "/demand", "/demand?weeks=26", "/scorecard", "/signals", "/signals?kind=spike", "/shared", "/tickets",
    "/tickets?state=over", "/tickets/FR-49990",
)  # fmt: skip


def looked(client: httpx.Client, path: str) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    answer = client.get(path)
    took = 1000 * (time.perf_counter() - begun)
    assert answer.status_code == 200, (path, answer.status_code)
    return took


def main() -> None:
    options = parser().parse_args()
    with filled(options) as database, tempfile.TemporaryDirectory() as folder:
        world = the_world()
        site = replace(shipped_site(database, clock=lambda: NOW), world=lambda _session: world)
        page = WebPage(site, port=0, data_dir=Path(folder)).start()
        try:
            with database.writing.begin() as session:
                secret = visiting.offer(session, LEAD, now=NOW)
            with httpx.Client(base_url=page.address, headers={"Origin": page.address}, timeout=300) as client:
                assert client.post("/enter", data={"secret": secret}).status_code == 303
                measure(client, options.rounds)
        finally:
            page.stop()
        for again in ("first", "again"):
            begun = time.perf_counter()
            with database.reading() as session:
                letter(session, week_before(), world, viewer=THE_COMPANY, now=NOW)
            print(f"the weekly digest, {again}: {time.perf_counter() - begun:.1f} s")
        print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def measure(client: httpx.Client, rounds: int) -> None:
    for path in PAGES:
        first = looked(client, path)
        then = [looked(client, path) for _ in range(rounds)]
        print(
            f"{path:<42} first {first:6.0f}; then p50 {percentile(then, 50):5.0f}  p95 {percentile(then, 95):5.0f} ms; "
            f"load {machine.load()}",
            flush=True,
        )


def week_before() -> Week:
    return week_at(NOW, UTC).previous


if __name__ == "__main__":
    main()
