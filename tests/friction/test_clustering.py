"""Themes are made in a process of its own, and whatever becomes of it this one goes on."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from bot.errors import ThemesNotMade
from bot.friction.clustering import Apart, Proposal, Ticket, linkage, proposals, themes

from offices import PROJECT, until

CENTERS, WIDTH = 40, 64


def crowd(count: int, *, seed: int = 0) -> list[Ticket]:
    """Tickets around some centers, in no theme; their key names the center."""
    chance = np.random.default_rng(seed)
    centers = chance.normal(size=(CENTERS, WIDTH))
    rows = centers[np.arange(count) % CENTERS] + 0.5 * chance.normal(size=(count, WIDTH))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return [Ticket(str(place), f"pain {place % CENTERS}", row) for place, row in enumerate(rows)]


def ended(process: int) -> bool:
    """One that waits for its parent to look has ended too."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_another_process_proposes_what_this_one_would() -> None:
    tickets = crowd(200)
    tickets[7] = Ticket("7", "Ünïcode “title”\n", tickets[7].row, "12", locked=True)
    assert Apart()(iter(tickets)) == proposals(tickets)


def test_nothing_secret_is_in_the_surroundings_of_the_other_process_and_it_is_the_one_that_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-made-up")
    apart, seen = Apart(), dict[str, str]()

    def tickets() -> Iterator[Ticket]:
        yield from crowd(2)
        process = Path("/proc") / str(apart.worker)
        # Until its program has begun, it is a copy of this one.
        until(lambda: b"clustering.worker" in (process / "cmdline").read_bytes())
        seen.update(one.split("=", 1) for one in (process / "environ").read_text().split("\0") if one)
        until(lambda: os.sched_getscheduler(apart.worker or 0) == os.SCHED_IDLE)

    apart(tickets())
    assert seen["OPENBLAS_NUM_THREADS"] == seen["OMP_NUM_THREADS"] == "1"
    assert not any("TOKEN" in name or "SLACK" in name for name in seen)


def test_an_ended_process_is_said_and_the_next_call_gets_a_fresh_one() -> None:
    apart = Apart()

    def killing() -> Iterator[Ticket]:
        yield from crowd(10)
        assert apart.worker
        os.kill(apart.worker, signal.SIGKILL)
        yield from crowd(5000)

    with pytest.raises(ThemesNotMade, match="its process ended with code -9"):
        apart(killing())
    assert apart.worker is None
    assert apart(crowd(80))


def test_what_takes_too_long_is_ended() -> None:
    apart, ran = Apart(wall_seconds=0.2), []

    def slow() -> Iterator[Ticket]:
        ran.append(apart.worker)
        yield from crowd(4)
        until(lambda: ended(ran[0]))

    with pytest.raises(ThemesNotMade, match=r"it took more than 0\.2 s"):
        apart(slow())
    assert ended(ran[0])


def test_what_the_process_says_of_its_fault_is_passed_on() -> None:
    with pytest.raises(ThemesNotMade, match=r"ended with code 1; it said: ValueError: .*same shape"):
        Apart()([*crowd(3), Ticket("9", "odd", np.ones(3, dtype=np.float32))])


def test_a_fault_of_whoever_gives_the_tickets_is_theirs_and_leaves_no_process() -> None:
    apart, ran = Apart(), []

    def failing() -> Iterator[Ticket]:
        ran.append(apart.worker)
        yield from crowd(2)
        raise ValueError("no such ticket")

    with pytest.raises(ValueError, match="no such ticket"):
        apart(failing())
    assert ended(ran[0])


def test_closing_ends_what_is_under_way_and_nothing_begins_after_it() -> None:
    apart, said, ran = Apart(), list[str](), list[int | None]()

    def waiting() -> Iterator[Ticket]:
        ran.append(apart.worker)
        yield from crowd(2)
        until(lambda: ended(ran[0]))

    def night() -> None:
        with pytest.raises(ThemesNotMade) as stopped:
            apart(waiting())
        said.append(str(stopped.value))

    thread = Thread(target=night)
    thread.start()
    until(lambda: bool(ran))
    apart.close()
    thread.join(20)
    assert said == ["the bot was stopped meanwhile"]
    assert ended(ran[0])
    with pytest.raises(ThemesNotMade, match="stopped"):
        apart(crowd(2))


def test_when_the_bot_is_killed_the_other_process_ends_in_the_middle_of_its_work() -> None:
    bot = subprocess.Popen(
        [sys.executable, "-c", _BOT, str(PROJECT / "tests")], stdout=subprocess.PIPE, text=True, cwd=PROJECT
    )
    assert bot.stdout
    worker = json.loads(bot.stdout.readline())
    # The second one watches its input, and the first is at the themes.
    until(lambda: "Threads:\t2\n" in Path(f"/proc/{worker}/status").read_text())
    bot.kill()
    bot.wait()
    bot.stdout.close()
    until(lambda: ended(worker))


_BOT = """
import json, sys, threading
sys.path.insert(0, sys.argv[1])
from friction.test_clustering import Apart, crowd, until
apart = Apart()
threading.Thread(target=lambda: apart(crowd(6_000))).start()
until(lambda: apart.worker is not None)
print(json.dumps(apart.worker), flush=True)
"""


def matrices(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows each matrix of likeness has that is made from here on."""
    made, company = list[int](), linkage.in_company

    def counted(likeness: np.ndarray, sizes: np.ndarray | None = None) -> np.ndarray:
        made.append(len(likeness))
        return company(likeness, sizes)

    monkeypatch.setattr(themes, "in_company", counted)
    return made


@pytest.mark.parametrize("at_once", [3, 50, 120])
def test_however_many_tickets_come_never_more_are_compared_at_once(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = matrices(monkeypatch)
    fresh = crowd(300)
    found = proposals(fresh, at_once=at_once)
    assert max(made) <= at_once
    placed = [key for one in found for key in one.members]
    assert len(placed) == len(set(placed))
    # More themes than fit, and nothing new beside them.
    kept = [Ticket(one.key, one.title, one.row, f"theme {place % 150}") for place, one in enumerate(fresh)]
    assert proposals(kept, at_once=at_once)
    assert max(made) <= at_once


def test_batches_find_the_themes_that_are_found_at_once() -> None:
    tickets = crowd(600)

    def parted(found: Sequence[Proposal]) -> set[frozenset[str]]:
        return {frozenset(one.members) for one in found}

    centers = {frozenset(str(key) for key in range(center, 600, CENTERS)) for center in range(CENTERS)}
    assert parted(proposals(tickets)) == centers
    assert parted(proposals(tickets, at_once=200)) == centers


def test_a_theme_in_which_somebody_holds_tickets_stays_itself_through_all_batches() -> None:
    tickets = crowd(400)
    held = {0: "a", 40: "a", 1: "b", 41: "b", 80: "b"}  # of two centers; the third of "b" is of the first
    some = [
        Ticket(one.key, one.title, one.row, held.get(place, ""), locked=place in held)
        for place, one in enumerate(tickets)
    ]
    found = {one.theme: set(one.members) for one in proposals(some, at_once=100) if one.theme}
    assert set(found) == {"a", "b"}
    assert {"0", "40"} <= found["a"]
    assert {"1", "41", "80"} <= found["b"]
