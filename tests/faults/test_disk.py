"""A disk that is full, a folder that cannot be written, a database that is locked: it is said, and nothing is lost."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from bot.retrieval.documents import Question
from bot.retrieval.embedding import Embedder

from lending import Folder, question
from offices import House, house_in
from programs import THROUGHLINE, environment, throughline

pytestmark = pytest.mark.timeout(600)
EVERYONE = frozenset({"public", "everyone"})


@pytest.fixture
def pages(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "knowledge")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of five megabytes."""
    place = tmp_path / "var"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(place)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"NOT TESTED, no disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def mounted_again(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def rows(data_dir: Path) -> list[str]:
    """Everything that is stored, but vectors and marks of reindexes that came to nothing."""
    with closing(sqlite3.connect(data_dir / "throughline.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        dumped = list(database.iterdump())
    return [line for line in dumped if "knowledge_vectors" not in line and "'refused'" not in line]


def answers(house: House, thing: str) -> bool:
    found = house.library.search(Question(question(thing)), audiences=EVERYONE)
    return f"{thing}.md" in {source for source, _ in found}


def many(pages: Folder) -> int:
    """Pages that make half a megabyte of index; returns how many."""
    for number in range(30):
        words = " ".join(f"Rule {number}.{line} is about thing {number * line % 97}." for line in range(60))
        (pages.root / f"more{number}.md").write_text(f"# More {number}\n\n{words}\n")
    return 30


def fill(disk: Path, *, but: int = 0) -> None:
    """Leave so many bytes."""
    with (disk / "filler").open("wb", buffering=0) as file:
        while room := shutil.disk_usage(disk).free - but:
            if room < 0 or not file.write(bytes(min(room, 65536))):
                return


def assert_said(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    assert ended.returncode == 1, ended.stdout
    assert ended.stderr.startswith("throughline: ")
    assert "Traceback" not in ended.stderr
    for word in words:
        assert word in ended.stderr


def test_a_full_disk_is_said_and_the_old_state_goes_on_answering(
    disk: Path, pages: Folder, tmp_path: Path, encoder: Embedder
) -> None:
    house = house_in(disk, encoder)
    house.reindex(pages.root)
    assert answers(house, "kayak")
    before = rows(disk)
    more = many(pages)
    fill(disk, but=200_000)
    assert_said(throughline("reindex", folder=tmp_path), "The disk of the database is full", "Free some space")
    started_later = house_in(disk, encoder)
    for one in (house, started_later):
        assert answers(one, "kayak")
    assert throughline("ask", question("kayak"), folder=tmp_path).returncode == 0
    assert rows(disk) == before
    mounted_again(disk, "size=100m")
    assert throughline("reindex", folder=tmp_path).returncode == 0
    for one in (house, started_later):
        status = one.library.status()
        assert status
        assert status.documents == 10 + more
        assert answers(one, "kayak")
        one.database.close()


def test_a_disk_that_is_full_when_the_bot_starts_is_said(disk: Path, pages: Folder, tmp_path: Path) -> None:
    fill(disk)
    for command in (["run", "--port", "0"], ["reindex"], ["ask", "How much?"], ["knowledge", "status"]):
        assert_said(throughline(*command, folder=tmp_path), "full", "Free some space")


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.argv = ["throughline", *sys.argv[2:]]
from bot.cli import main
main()
"""


def test_a_file_that_may_not_grow_is_said(pages: Folder, tmp_path: Path, encoder: Embedder) -> None:
    house = house_in(tmp_path / "var", encoder)
    house.reindex(pages.root)
    before = rows(tmp_path / "var")
    many(pages)
    limited = [sys.executable, "-c", LIMITED, str(200_000)]
    assert_said(throughline("reindex", folder=tmp_path, program=limited), "The disk of the database", "try again")
    assert answers(house, "kayak")
    assert rows(tmp_path / "var") == before
    assert throughline("reindex", folder=tmp_path).returncode == 0
    assert answers(house, "kayak")
    house.database.close()


@pytest.fixture
def read_only(disk: Path) -> Callable[[], None]:
    return lambda: mounted_again(disk, "ro")


def test_a_data_folder_that_cannot_be_written_is_said(
    disk: Path, pages: Folder, tmp_path: Path, read_only: Callable[[], None]
) -> None:
    assert throughline("reindex", folder=tmp_path).returncode == 0
    before = rows(disk)
    read_only()
    pages.add("raft")
    for command in (["run", "--port", "0"], ["reindex"], ["ask", question("kayak")], ["knowledge", "status"]):
        assert_said(throughline(*command, folder=tmp_path), "cannot be written", "DATA_DIR")
    doctor = throughline("doctor", folder=tmp_path)
    assert doctor.returncode == 1
    assert "Traceback" not in doctor.stderr
    mounted_again(disk, "rw")
    assert rows(disk) == before
    assert throughline("reindex", folder=tmp_path).returncode == 0


@contextmanager
def locked(file: Path, *, seconds: float) -> Iterator[None]:
    """Another program writes to the database from now on, for so long."""
    script = (
        "import sqlite3, sys, time\n"
        "database = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "database.execute('BEGIN IMMEDIATE')\n"
        "print('locked', flush=True)\n"
        "time.sleep(float(sys.argv[2]))\n"
        "database.execute('COMMIT')\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(file), str(seconds)], stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"locked\n"
        yield
        other.kill()


def test_another_writer_is_waited_for_and_questions_are_answered_meanwhile(
    pages: Folder, tmp_path: Path, encoder: Embedder
) -> None:
    house = house_in(tmp_path / "var", encoder)
    house.reindex(pages.root)
    pages.add("raft")
    with locked(tmp_path / "var/throughline.db", seconds=10):
        start = time.monotonic()
        reindex = subprocess.Popen(
            [*THROUGHLINE, "reindex"], cwd=tmp_path, env=environment(tmp_path / "var"), stdout=subprocess.PIPE
        )
        answered = 0
        while reindex.poll() is None:
            assert answers(house, "kayak")
            answered += 1
        assert reindex.communicate()[0]
        assert (reindex.returncode, time.monotonic() - start > 9) == (0, True)
    print(f"{answered:>6}  questions answered while another program wrote")  # noqa: T201 - what `make faults` is for
    assert answers(house, "raft")
    house.database.close()


def test_a_writer_that_never_ends_is_said(pages: Folder, tmp_path: Path, encoder: Embedder) -> None:
    house = house_in(tmp_path / "var", encoder)
    house.reindex(pages.root)
    before = rows(tmp_path / "var")
    pages.add("raft")
    with locked(tmp_path / "var/throughline.db", seconds=120):
        assert_said(throughline("reindex", folder=tmp_path), "Another program has been writing", "try again")
        assert answers(house, "kayak")
    assert rows(tmp_path / "var") == before
    house.database.close()


def test_a_damaged_database_file_is_said(pages: Folder, tmp_path: Path) -> None:
    assert throughline("reindex", folder=tmp_path).returncode == 0
    file = tmp_path / "var/throughline.db"
    shutil.copy(file, tmp_path / "backup.db")
    for leftover in (tmp_path / "var").glob("throughline.db-*"):
        leftover.unlink()
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.seek(4096)
        stream.write(os.urandom(size - 4096))
    for command in (["reindex"], ["ask", question("kayak")], ["run", "--port", "0"]):
        assert_said(throughline(*command, folder=tmp_path), "damaged", "backup")
    shutil.copy(tmp_path / "backup.db", file)
    assert throughline("ask", question("kayak"), folder=tmp_path).returncode == 0
