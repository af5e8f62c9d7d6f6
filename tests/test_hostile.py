"""Files made to break whoever reads them end within limits, with a reason a person understands, beside a good page."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bot.errors import Unreadable
from bot.retrieval import readers
from bot.retrieval.documents import Document
from bot.retrieval.pages import Page, pages_in
from bot.retrieval.readers.limits import MEBIBYTE, Limits
from bot.retrieval.readers.sandbox import Sandbox

import hostile
from conftest import Shelf

GROWTH_BYTES = 50 * MEBIBYTE
GOOD = "# Fees\n\nThe fee is due on Friday.\n"
# Less than the real ones, so that the same limits are met sooner.
LIMITS = Limits(memory_bytes=384 * MEBIBYTE, cpu_seconds=8, wall_seconds=10)
NO_PATH = re.compile(r"Traceback|Error\b|/tmp|\.py|None")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(LIMITS) as opened:
        yield opened


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Makes a hostile file, once for all tests."""
    folder = tmp_path_factory.mktemp("hostile")

    def make(name: str) -> Path:
        if not (folder / name).exists():
            (hostile.TEXTS | hostile.OFFICE)[name](folder / name)
        return folder / name

    return make


def resident() -> int:
    """Bytes of memory this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def outcome(sandbox: Sandbox, path: Path) -> Document | str:
    """The document, or the reason why there is none."""
    try:
        return sandbox.read(path, source=path.name)[0]
    except Unreadable as refused:
        return str(refused)


# Why they are refused, where that is the same on every machine.
REASONS = {
    "divs.html": "its tags nest more than 400 deep; save the page as plain HTML or Markdown",
    "one_line.txt": "the file has 50.1 MB, more than the 5 MB a .txt page may have; split it into pages",
    "one_line.md": "it holds 4,499,999 characters, more than the 1,000,000 a page may; split it",
    "single_letters.md": "it has 3,000,000 lines, more than the 200,000 a page may; split it",
    "loop.pdf": "the PDF is damaged; export it again",
    "zip_bomb.docx": "the file unpacks to 572 MB, which no page does; save its text as a new file",
    "bomb.pptx": "the file unpacks to 114 MB, which no page does; save its text as a new file",
    "entries.pptx": "the file holds 11,036 parts, which no page does; save its text as a new file",
    "laughs.docx": "the file is damaged, encrypted, too large inside or not a Word document",
    "nested_flate.pdf": "as with damaged files and with ones that need too much memory; split it",
}


@pytest.mark.parametrize("name", [*hostile.TEXTS, *hostile.OFFICE])
def test_a_hostile_file_costs_a_bounded_time_and_nothing_of_the_parent(
    sandbox: Sandbox, made: Callable[[str], Path], tmp_path: Path, name: str
) -> None:
    path = made(name)
    (tmp_path / "good.md").write_text(GOOD)
    before = resident()
    start = time.perf_counter()
    found = outcome(sandbox, path)
    assert time.perf_counter() - start < LIMITS.wall_seconds + 3
    if name in REASONS:
        assert isinstance(found, str)
        assert REASONS[name] in found
    assert resident() - before < GROWTH_BYTES
    if isinstance(found, str):
        assert ";" in found  # the fault; the remedy
        assert not NO_PATH.search(found)
    else:
        words = [line for section in found.sections for block in section.blocks for line in block.lines]
        assert len(words) <= readers.MAX_LINES
        assert sum(map(len, words)) <= readers.MAX_CHARACTERS
        assert "secret" not in " ".join(words)
    assert isinstance(outcome(sandbox, tmp_path / "good.md"), Document)


def test_an_entity_that_names_a_file_of_the_machine_reads_nothing(sandbox: Sandbox, tmp_path: Path) -> None:
    hostile.outside_entity(tmp_path / "xxe.docx")
    found = outcome(sandbox, tmp_path / "xxe.docx")
    assert isinstance(found, Document)
    assert found.sections[0].blocks[0].text == "The fee:"


def refusals(folder: Path) -> dict[str, str]:
    """By source, why each page of the folder that cannot be read cannot."""
    reasons = {}
    with Sandbox(LIMITS) as sandbox:
        for page in pages_in(folder):
            try:
                page.read(sandbox)
            except Unreadable as refused:
                reasons[page.source] = str(refused)
    return reasons


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    made.mkdir()
    (made / "good.md").write_text(GOOD)
    return made


def test_what_is_no_ordinary_file_is_named_and_never_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    (folder / "device.md").symlink_to("/dev/zero")
    (folder / "circle.md").symlink_to("circle.md")
    (folder / "broken.md").symlink_to("nowhere.md")
    assert refusals(folder) == {
        "pipe.md": "it is no ordinary file (a pipe, a device or a folder); put a file there or delete it",
        "device.md": (
            "it is a link that leads out of the knowledge folder, and is not followed; copy the page into the folder"
        ),
        "circle.md": "it is a link that leads nowhere; mend or delete it",
        "broken.md": "it is a link that leads nowhere; mend or delete it",
    }


def test_a_link_is_followed_inside_the_folder_and_never_out_of_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("The secret of another folder.")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.md").write_text("The secret of another folder.")
    (folder / "inside.md").symlink_to("good.md")
    (folder / "outside.md").symlink_to(tmp_path / "secret.md")
    (folder / "shared").symlink_to(tmp_path / "other")
    out = "it is a link that leads out of the knowledge folder, and is not followed; copy the page into the folder"
    assert refusals(folder) == {"outside.md": out, "shared": out}


def test_a_knowledge_folder_that_is_a_link_itself_is_read(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to(folder)
    assert [page.source for page in pages_in(tmp_path / "current")] == ["good.md"]
    assert refusals(tmp_path / "current") == {}


def test_pages_that_a_cluster_mounts_as_links_into_a_hidden_folder_are_read(folder: Path) -> None:
    (folder / "..2026_11_21").mkdir()
    (folder / "..2026_11_21" / "late.md").write_text(GOOD)
    (folder / "..data").symlink_to("..2026_11_21")
    (folder / "late.md").symlink_to("..data/late.md")
    assert [page.source for page in pages_in(folder)] == ["good.md", "late.md"]
    assert refusals(folder) == {}


def test_a_page_that_changes_into_something_else_before_it_is_read_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / "pipe.md").write_text(GOOD)
    (folder / "gone.md").write_text(GOOD)
    pages = {page.source: page for page in pages_in(folder)}
    (folder / "gone.md").unlink()
    (folder / "pipe.md").unlink()
    os.mkfifo(folder / "pipe.md")
    with Sandbox(LIMITS) as sandbox:
        assert "No such file or directory" in _refusal(pages["gone.md"], sandbox)
        assert "no ordinary file" in _refusal(pages["pipe.md"], sandbox)


def _refusal(page: Page, sandbox: Sandbox) -> str:
    with pytest.raises(Unreadable) as refused:
        page.read(sandbox)
    return str(refused.value)


def test_names_that_cannot_be_shown_are_refused_and_odd_ones_are_read(folder: Path) -> None:
    for name in ("it's late.md", 'quo"te <b>.md', "ünïcode 🙂.md", "-rf.md", "$(touch x).md"):
        (folder / name).write_text(GOOD)
    for raw in (b"two\nlines.md", b"byte\xff.md", b"escape\x1b[2J.md", "bidi\u202edm.md".encode()):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + raw)).write_text(GOOD)
    reason = "its name holds letters that cannot be shown; rename the file"
    assert refusals(folder) == dict.fromkeys(
        ("two\ufffdlines.md", "byte\ufffd.md", "escape\ufffd[2J.md", "bidi\ufffddm.md"), reason
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_named(folder: Path) -> None:
    (folder / "shut.md").write_text(GOOD)
    (folder / "shut.md").chmod(0)
    (folder / "shut").mkdir(mode=0)
    said = refusals(folder)
    (folder / "shut").chmod(0o700)
    assert said["shut.md"] == "the file cannot be opened (Permission denied); check its permissions"
    assert said["shut"] == "this folder cannot be looked into; check its permissions"


def test_a_reindex_takes_the_good_pages_and_names_the_bad_ones(shelf: Shelf, made: Callable[[str], Path]) -> None:
    shelf.write("good.md", GOOD)
    for name in ("nested_flate.pdf", "zip_bomb.docx", "divs.html"):
        shelf.write(name, made(name).read_bytes())
    (shelf.folder / "outside.md").symlink_to("/etc/hostname")
    shelf.write("late.md", "# Late\n\nThe late fee is nine dollars.\n")
    report = shelf.reindex()
    assert report.added == ("good.md", "late.md")
    assert [problem.source for problem in report.left_out] == [
        "divs.html", "nested_flate.pdf", "outside.md", "zip_bomb.docx",
    ]  # fmt: skip
