"""A pool looks for work in its rhythm, however many wait in it, and all of it wakes when somebody calls."""

import time
from threading import Event, Lock, get_ident

from bot.jobs import Pool

from offices import until


class Looks:
    """When which thread looked; `work` says whether it then has something to do for that long."""

    def __init__(self, *, rest: float) -> None:
        self.rest = rest
        self.by: list[int] = []
        self.busy = Event()
        self.let_go = Event()
        self._first = Lock()

    def __call__(self) -> float | None:
        self.by.append(get_ident())
        if self.busy.is_set() and self._first.acquire(blocking=False):
            self.let_go.wait(20)
        return self.rest


def test_of_four_that_wait_one_looks_for_all() -> None:
    looks = Looks(rest=0.1)
    pool = Pool("idle", looks, size=4)
    pool.start()
    time.sleep(1.05)
    pool.stop()
    # Four at the start, ten in this second; each for itself would be over forty.
    assert 5 <= len(looks.by) <= 16


def test_while_one_works_the_others_look_as_often() -> None:
    looks = Looks(rest=0.05)
    looks.busy.set()
    pool = Pool("busy", looks, size=2)
    pool.start()
    until(lambda: len(looks.by) >= 12)
    looks.let_go.set()
    pool.stop()
    assert len(set(looks.by)) == 2


def test_all_wake_when_somebody_calls() -> None:
    looks = Looks(rest=60)
    pool = Pool("asleep", looks, size=4)
    pool.start()
    until(lambda: len(looks.by) == 4)
    pool.wake()
    until(lambda: len(looks.by) == 8)
    assert len(set(looks.by)) == 4
    pool.stop()
