"""Two replicas on one database: each event is worked on once and in order, also when one of them is killed."""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from bot import inbox, outbox
from bot.database import Database
from sqlalchemy import func, select

from offices import until

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Iterator[Start]:
    """Starts a replica by name, as a process of its own. What it does it notes in `tmp_path`."""
    with ExitStack() as closing:

        def start_one(name: str, *, lease: float = 30.0, work: float = 0.0) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                [
                    sys.executable,
                    Path(__file__).parent / "replica.py",
                    name,
                    database_url,
                    tmp_path,
                    str(lease),
                    str(work),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            closing.callback(lambda: process.communicate(timeout=30))
            return process

        yield start_one


def ready(*replicas: subprocess.Popen[str]) -> None:
    for replica in replicas:
        assert replica.stdout is not None
        assert replica.stdout.readline() == "ready\n"


def ask(database: Database, *questions: tuple[str, int]) -> None:
    """Accept these questions, each a conversation and a number, in one transaction each as they arrive from Slack."""
    for conversation, number in questions:
        with database.writing.begin() as session:
            inbox.accept(
                session,
                key=f"{conversation}:{number}",
                kind="question",
                conversation=conversation,
                value={"text": str(number)},
                now=datetime.now(UTC),
            )


def sent(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(outbox.OutboxRow.state == outbox.State.SENT)) or 0


def are_sent(database: Database, wanted: int) -> bool:
    return sent(database) == wanted


def delivered(folder: Path) -> list[tuple[str, int]]:
    lines = (folder / "delivered").read_text(encoding="utf-8").split("\n")[:-1]
    return [(conversation, int(number)) for conversation, number in (line.split(" ") for line in lines)]


def began(folder: Path, name: str) -> int:
    file = folder / f"began-{name}"
    return len(file.read_text(encoding="utf-8").split("\n")) - 1 if file.exists() else 0


@pytest.mark.each_engine
def test_two_replicas_answer_everything_once_and_in_order(database: Database, start: Start, tmp_path: Path) -> None:
    replicas = start("one", work=0.02), start("two", work=0.02)
    ready(*replicas)
    questions: list[tuple[str, int]] = []
    for _ in range(20):  # until both had a share: on a busy machine one may be quicker than the other for a while
        more = [(f"C{number % 8}", number) for number in range(len(questions), len(questions) + 48)]
        ask(database, *more)
        questions += more
        until(partial(are_sent, database, len(questions)))
        if min(began(tmp_path, "one"), began(tmp_path, "two")) > 0:
            break
    assert Counter(delivered(tmp_path)) == Counter(questions)
    for conversation in {place for place, _ in questions}:
        numbers = [number for place, number in delivered(tmp_path) if place == conversation]
        assert numbers == sorted(numbers)
    assert min(began(tmp_path, "one"), began(tmp_path, "two")) > 0


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_what_a_killed_replica_was_at_is_done_by_the_other_when_its_lease_ends(
    database: Database, start: Start, tmp_path: Path
) -> None:
    killed = start("killed", lease=1.0, work=60.0)
    ready(killed)
    questions = [("A", 1), ("A", 2), ("B", 3), ("C", 4), ("D", 5)]
    ask(database, *questions)
    until(lambda: began(tmp_path, "killed") == 3)  # as many as it has workers
    killed.kill()
    killed.wait()
    ready(start("other", lease=1.0))
    until(lambda: sent(database) == len(questions))
    assert sorted(delivered(tmp_path)) == questions
    assert [number for place, number in delivered(tmp_path) if place == "A"] == [1, 2]
    with database.reading() as session:
        attempts = session.execute(select(inbox.InboxRow.key, inbox.InboxRow.attempts).order_by(inbox.InboxRow.id))
        assert dict(attempts.all()) == {"A:1": 2, "A:2": 1, "B:3": 2, "C:4": 2, "D:5": 1}
