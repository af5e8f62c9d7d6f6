"""Every kind of file becomes a document, or is left out with the reason and the remedy."""

import time
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from bot.errors import Unreadable
from bot.retrieval.documents import Block, BlockKind, Document, Section
from bot.retrieval.readers import read, read_text


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def write(folder: Path, name: str, raw: str | bytes) -> tuple[Document, tuple[str, ...]]:
    """What a reader makes of a file with these bytes."""
    (folder / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return read(folder / name, source=name)


def refusal(folder: Path, name: str, raw: str | bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        write(folder, name, raw)
    return str(refused.value)


def test_a_page_has_its_front_matter_and_its_sections(folder: Path) -> None:
    front = "title: Fees\nowner: billing\naudience: role:shop\nverified: 2026-11-09\nkeywords: late"
    page = f"---\n{front}\n---\n# Fees\n\nDue now.\n"
    document, remarks = write(folder, "late-fees.md", page)
    assert remarks == ()
    assert document == Document(
        source="late-fees.md",
        title="Fees",
        sections=(Section((), (Block(BlockKind.PARAGRAPH, ("Due now.",)),)),),
        audiences=frozenset({"role:shop"}),
        owner="billing",
        keywords=("late",),
        verified=date(2026, 11, 9),
    )


def test_a_heading_that_says_more_than_the_title_stays_in_the_path() -> None:
    document = read_text("---\ntitle: Fees\n---\n# All fees\n\n## Late\n\nDue now.\n", source="a.md")
    assert document.sections[0].headings == ("All fees", "Late")


@pytest.mark.parametrize(
    ("name", "title"), [("late-fees.txt", "Late fees"), ("a/b/gift_cards.txt", "Gift cards"), ("FAQ.txt", "Faq")]
)
def test_a_page_without_any_title_is_called_by_its_file(name: str, title: str) -> None:
    assert read_text("The fee is due.", source=name).title == title


def test_the_ending_of_the_name_may_be_written_large(folder: Path) -> None:
    assert write(folder, "PAGE.HTML", "<h1>Fees</h1><p>Due now.</p>")[0].title == "Fees"


def test_utf_8_with_a_mark_in_front_is_read_without_it(folder: Path) -> None:
    document, remarks = write(folder, "a.md", b"\xef\xbb\xbf---\naudience: role:shop\n---\nCaf\xc3\xa9.")
    assert (document.audiences, remarks) == (frozenset({"role:shop"}), ())
    assert document.sections[0].blocks[0].text == "Café."


@pytest.mark.parametrize(("encoding", "read_as"), [("latin-1", "cp1252"), ("cp1252", "cp1252"), ("utf-16", "utf_16")])
def test_an_old_encoding_is_read_with_a_remark(folder: Path, encoding: str, read_as: str) -> None:
    words = "Le café est fermé, la boîte reste à l’accueil." if encoding != "latin-1" else "Le café est fermé."
    document, remarks = write(folder, "a.md", words.encode(encoding))
    assert document.sections[0].blocks[0].text == words
    assert remarks == (f"read as {read_as}, not UTF-8; save it as UTF-8 so that no letter is guessed",)


def test_line_ends_of_old_machines_do_not_open_a_page_to_everyone(folder: Path) -> None:
    document, _ = write(folder, "a.md", b"---\raudience: role:shop\r---\rText of the page.\r")
    assert document.audiences == {"role:shop"}


def test_an_empty_file_is_refused(folder: Path) -> None:
    assert refusal(folder, "a.md", b"") == "the file is empty (0 bytes); write the page or delete the file"


@pytest.mark.parametrize("text", [" \n\n", "<!-- to do -->", "# Only a heading\n", "---\ntitle: Fees\n---\n"])
def test_a_page_without_text_is_refused(folder: Path, text: str) -> None:
    assert refusal(folder, "a.md", text) == "there is no text to quote on this page; write some or delete the file"


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.csv", "a.html"])
def test_ten_megabytes_of_text_are_refused_at_once(folder: Path, name: str) -> None:
    start = time.perf_counter()
    said = refusal(folder, name, b"word " * 2_097_152)
    assert said == (f"the file has 10.0 MB, more than the 5 MB a {name[1:]} page may have; split it into pages")
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize(
    "raw",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + np.random.default_rng(1).bytes(3000),
        b"PK\x03\x04\x14\x00\x00\x00" + np.random.default_rng(2).bytes(3000),
        b"valid UTF-8\x00\x01\x02\x03 that is no text",
    ],
)
def test_a_binary_file_that_is_called_a_page_is_refused(folder: Path, raw: bytes) -> None:
    assert refusal(folder, "a.md", raw) == "the file is not text; export it as PDF, DOCX, HTML or Markdown"


def test_bytes_without_a_zero_that_are_no_text_are_refused(folder: Path) -> None:
    said = refusal(folder, "a.md", np.random.default_rng(3).bytes(5000).replace(b"\x00", b"\xff"))
    assert said in {
        "the file is not text; export it as PDF, DOCX, HTML or Markdown",
        "the file's encoding is unknown; save it as UTF-8",
    }


def test_front_matter_that_nests_too_deep_is_refused(folder: Path) -> None:
    assert "nest too deep" in refusal(folder, "a.md", f"---\ntitle: {'[' * 1200}\n---\nText.")


def test_a_file_that_is_gone_is_refused(folder: Path) -> None:
    with pytest.raises(Unreadable, match=r"cannot be opened \(No such file or directory\); check its permissions"):
        read(folder / "a.md", source="a.md")
