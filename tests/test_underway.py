"""How far work is, as others see it: alive while somebody works, over when they say so, cut off when they die."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from bot.errors import KnowledgeError
from bot.underway import Underway

WORKER = """
import sys, time
from pathlib import Path
from bot.underway import Underway
with Underway(Path(sys.argv[1]), "reindex").telling() as told:
    told.step("embedding", 3, 7)
    print("working", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def underway(tmp_path: Path) -> Underway:
    return Underway(tmp_path, "reindex")


def test_nothing_is_told_where_nobody_ever_worked(underway: Underway) -> None:
    assert underway.last() is None


def test_another_sees_the_step_and_then_what_came_of_it(underway: Underway, tmp_path: Path) -> None:
    other = Underway(tmp_path, "reindex")
    with underway.telling() as told:
        told.step("reading", 1, 4)
        seen = other.last()
        assert seen is not None
        assert (seen.at_work, seen.cut_off, seen.phase, seen.done, seen.total) == (True, False, "reading", 1, 4)
        told.end(outcome={"title": "Reindexed"})
    seen = other.last()
    assert seen is not None
    assert (seen.at_work, seen.cut_off, seen.outcome) == (False, False, {"title": "Reindexed"})


def test_a_refusal_is_how_it_ended(underway: Underway) -> None:
    with pytest.raises(KnowledgeError), underway.telling():
        raise KnowledgeError("no page can be read")
    seen = underway.last()
    assert seen is not None
    assert (seen.at_work, seen.cut_off, seen.refused) == (False, False, "no page can be read")


def test_a_fault_of_ours_is_told_as_cut_off(underway: Underway) -> None:
    with pytest.raises(ZeroDivisionError), underway.telling():
        _ = 1 / 0
    seen = underway.last()
    assert seen is not None
    assert seen.cut_off


def test_work_that_was_killed_is_told_as_cut_off_and_can_begin_anew(underway: Underway, tmp_path: Path) -> None:
    worker = subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "working\n"
    alive = underway.last()
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    dead = underway.last()
    assert alive is not None
    assert dead is not None
    assert (alive.at_work, alive.done) == (True, 3)
    assert (dead.at_work, dead.cut_off, dead.phase) == (False, True, "embedding")
    with underway.telling():
        again = underway.last()
        assert again is not None
        assert again.at_work


def test_whoever_looks_keeps_nobody_from_beginning(underway: Underway, tmp_path: Path) -> None:
    stop = Event()

    def look() -> None:
        other = Underway(tmp_path, "reindex")
        while not stop.is_set():
            other.last()

    lookers = [Thread(target=look) for _ in range(3)]
    for one in lookers:
        one.start()
    try:
        for _ in range(20):
            with underway.telling() as told:
                told.end()
    finally:
        stop.set()
        for one in lookers:
            one.join()
