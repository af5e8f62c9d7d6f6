"""Files are read in a process of its own, within limits, and whatever becomes of it the others are read."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from bot.errors import KnowledgeError, Unreadable
from bot.retrieval import readers
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.readers import wire
from bot.retrieval.readers.limits import MEBIBYTE, OUT_OF_MEMORY, Limits
from bot.retrieval.readers.sandbox import Sandbox
from bot.retrieval.readers.wire import Tag

from conftest import Shelf
from offices import PATIENCE_SECONDS, PROJECT

PAGE = "---\naudience: role:shop\nkeywords: late\nverified: 2026-11-09\n---\n# Fees\n\nDue now:\n\n1. Pay.\n2. Go.\n"
# Takes seconds and hundreds of megabytes to read, and would be refused then.
HEAVY = "a *b* `c` d\n" * 190_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.md").write_text(PAGE)
    (tmp_path / "heavy.md").write_text(HEAVY)
    return tmp_path


def refusal(sandbox: Sandbox, path: Path) -> str:
    with pytest.raises(Unreadable) as refused:
        sandbox.read(path, source=path.name)
    return str(refused.value)


def gone(process: int) -> bool:
    """Whether a process ends, however busy the machine; one that waits for its parent to look has ended too."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_file_reads_the_same_inside_and_outside(folder: Path) -> None:
    with Sandbox() as sandbox:
        assert sandbox.read(folder / "good.md", source="a/good.md") == readers.read(
            folder / "good.md", source="a/good.md"
        )


def test_one_worker_reads_one_file_after_the_other_and_ends_with_the_sandbox(folder: Path) -> None:
    with Sandbox() as sandbox:
        assert sandbox.worker is None
        sandbox.read(folder / "good.md", source="good.md")
        worker = sandbox.worker
        assert "cannot be opened" in refusal(sandbox, folder / "missing.md")
        sandbox.read(folder / "good.md", source="good.md")
        assert sandbox.worker == worker
    assert worker
    assert gone(worker)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(cpu_seconds=1), "reading it took more than 1 s of computing; split it, or save or export it anew"),
        (Limits(wall_seconds=0.5), "reading it took more than 0.5 s; split it, or save or export it anew"),
        (Limits(memory_bytes=60 * MEBIBYTE), "reading it took more than 60 MB of memory; split it"),
    ],
)
def test_a_file_that_breaks_a_limit_is_left_out_and_the_next_one_is_read(
    folder: Path, limits: Limits, reason: str
) -> None:
    with Sandbox(limits) as sandbox:
        sandbox.read(folder / "good.md", source="good.md")
        assert reason in refusal(sandbox, folder / "heavy.md")
        assert sandbox.read(folder / "good.md", source="good.md")[0].title == "Fees"


def test_every_file_has_the_whole_processor_limit(folder: Path) -> None:
    (folder / "long.md").write_text(HEAVY[:100_000])
    with Sandbox(Limits(cpu_seconds=2)) as sandbox:
        sandbox.read(folder / "good.md", source="good.md")
        worker = sandbox.worker
        while _processor_seconds(worker) < 4:
            sandbox.read(folder / "long.md", source="long.md")
        assert sandbox.worker == worker


def _processor_seconds(process: int | None) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


WATCHED = """
import time
from bot.retrieval.readers import limits
limits.watch_memory(limits.Limits(memory_bytes=60 << 20))
held = []  # Linux counts from the peak of whoever started this process, which is that of all tests so far
while True:
    held.append(b"x" * (10 << 20))
    time.sleep(0.01)
"""


def test_where_the_system_does_not_limit_memory_the_worker_watches_its_own() -> None:
    with _run(WATCHED) as process:
        assert process.wait() == OUT_OF_MEMORY


@pytest.mark.parametrize("noticed", [True, False])
def test_a_worker_that_somebody_ended_between_two_files_is_replaced(folder: Path, noticed: bool) -> None:
    with Sandbox() as sandbox:
        for _ in range(1 if noticed else 10):  # how soon the system says that it is gone is a matter of luck
            sandbox.read(folder / "good.md", source="good.md")
            assert sandbox.worker
            os.kill(sandbox.worker, signal.SIGKILL)
            assert not noticed or gone(sandbox.worker)
            assert sandbox.read(folder / "good.md", source="good.md")[0].title == "Fees"


def test_the_worker_knows_no_token(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    with Sandbox() as sandbox:
        sandbox.read(folder / "good.md", source="good.md")
        assert b"xoxb" not in Path(f"/proc/{sandbox.worker}/environ").read_bytes()


def test_the_worker_loads_only_what_reading_needs() -> None:
    script = "import sys; import bot.retrieval.readers.worker; print(*sys.modules)"
    with _run(script) as process:
        loaded = set(process.communicate()[0].split())
    assert loaded >= {"markdown_it", "selectolax"}
    assert not loaded & {"torch", "faiss", "sqlalchemy", "numpy", "slack_sdk", "sentence_transformers", "lxml"}


def test_a_worker_that_cannot_start_is_named_as_the_fault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with Sandbox() as sandbox, pytest.raises(KnowledgeError, match=r"ended with code 1 before .* Install .* anew"):
        sandbox.read(folder / "good.md", source="good.md")


READ_FOREVER = """
import sys
from pathlib import Path
from bot.errors import Unreadable
from bot.retrieval.readers.sandbox import Sandbox
with Sandbox() as sandbox:
    sandbox.read(Path(sys.argv[1], "good.md"), source="good.md")
    print(sandbox.worker, flush=True)
    sandbox.read(Path(sys.argv[1], "heavy.md"), source="heavy.md")
"""


def _run(script: str, *args: str, stdin: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *args],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


START_WITH_OUR_INPUT = """
import json, subprocess, sys, time
from dataclasses import asdict
from bot.retrieval.readers.limits import Limits
command = [sys.executable, "-m", "bot.retrieval.readers.worker", json.dumps(asdict(Limits()))]
worker = subprocess.Popen(command, stdin=sys.stdin, stdout=subprocess.PIPE)
worker.stdout.read(1)  # it is ready
print(worker.pid, flush=True)
time.sleep(600)
"""


def test_a_worker_does_not_outlive_its_killed_parent_though_its_input_does_not_end() -> None:
    ours, theirs = os.pipe()
    with _run(START_WITH_OUR_INPUT, stdin=ours) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    ended = gone(worker)
    os.close(ours)
    os.close(theirs)
    assert ended


def test_ctrl_c_ends_both_and_only_the_parent_speaks(folder: Path) -> None:
    with _run(READ_FOREVER, str(folder)) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        time.sleep(0.2)
        os.killpg(parent.pid, signal.SIGINT)  # what a terminal sends
        _, said = parent.communicate()
    assert parent.returncode == -signal.SIGINT, said
    assert said.count("Traceback") == 1
    assert "worker.py" not in said
    assert gone(worker)


def test_an_unchanged_reindex_starts_no_worker(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write("good.md", PAGE)
    shelf.reindex()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert shelf.reindex().unchanged == 1


def test_a_document_comes_back_as_it_was_sent() -> None:
    document = Document(
        source="a.md",
        title="Füße 🙂",
        sections=(
            Section(("A", "B"), (Block(BlockKind.STEPS, ("one", "two"), lead="Do:"),)),
            Section((), (Block(BlockKind.BULLETS, ("x",), navigation=True),)),
        ),
        audiences=frozenset({"role:shop", "public"}),
        owner="billing",
        keywords=("late", "due"),
        supersedes=("old.md",),
        effective=date(2026, 1, 2),
        verified=date(2026, 1, 3),
        review_by=date(2027, 1, 2),
    )
    forgotten = [field.name for field in fields(Document) if getattr(document, field.name) == field.default]
    assert forgotten == []  # a new field has to travel too
    assert wire.unpack(wire.pack(document, ("mended",)), source="a.md") == (document, ("mended",))


@pytest.mark.parametrize(
    "change",
    [
        {"title": 3},
        {"sections": [["A", []]]},
        {"sections": [[["A"], [["verse", ["x"], "", False]]]]},
        {"sections": [[["A"], [["paragraph", "x", "", False]]]]},
        {"audiences": "public"},
        {"days": [None, None, "soon"]},
        {"remarks": [{}]},
    ],
)
def test_what_is_no_document_is_refused(change: dict[str, object]) -> None:
    fields = json.loads(wire.pack(Document("a.md", "A", ()), ()))
    with pytest.raises((ValueError, TypeError)):
        wire.unpack(json.dumps(fields | change).encode(), source="a.md")


def test_an_answer_is_taken_whole_or_not_at_all() -> None:
    whole = io.BytesIO()
    wire.send(whole, Tag.PAGE, b"{}")
    raw = whole.getvalue()
    assert wire.receive(io.BytesIO(raw)) == (Tag.PAGE, b"{}")
    for broken in (b"", raw[:3], raw[:-1], b"\x09" + raw[1:], raw[:1] + b"\xff\xff\xff\xff" + raw[5:]):
        assert wire.receive(io.BytesIO(broken)) is None
