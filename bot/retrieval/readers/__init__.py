"""A file becomes a Document. One reader per kind of file; what cannot be read raises `Unreadable` with the reason."""

import re
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from textwrap import shorten

from charset_normalizer import from_bytes

from bot.errors import Unreadable
from bot.retrieval.documents import Document, Section
from bot.retrieval.readers import html, invisible, markdown, plain
from bot.retrieval.readers.applies import with_conditions
from bot.retrieval.readers.files import open_file
from bot.retrieval.readers.frontmatter import FrontMatter, split_front_matter
from bot.retrieval.readers.outline import MAX_HEADING_CHARACTERS, Body

# A person's page is kilobytes; past this it is an export or a mistake, and would crowd out everything else.
MAX_TEXT_BYTES = 5 * 1024 * 1024
MAX_BINARY_BYTES = 50 * 1024 * 1024
# Of text found inside: a book of 500 pages has a million characters. Lines are paragraphs, list items, table rows.
MAX_CHARACTERS = 1_000_000
MAX_LINES = 50_000
MAX_RAW_LINES = 200_000

# Letters that no text editor writes; among the bytes of a program or a picture every tenth is one.
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
MAX_CONTROL_SHARE = 0.005
_NOT_TEXT = "the file is not text; export it as PDF, DOCX, HTML or Markdown"

_TEXT: dict[str, Callable[[str], Body]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".html": html.read,
    ".htm": html.read,
    ".txt": plain.read_text,
    ".csv": plain.read_csv,
}
# Modules that are loaded with the first such file: their libraries weigh more than all the others together.
_BINARY = {ending: f"bot.retrieval.readers.{ending[1:]}" for ending in (".pdf", ".docx", ".pptx", ".xlsx")}

READABLE = frozenset(_TEXT) | frozenset(_BINARY)


def read(path: Path, *, source: str) -> tuple[Document, tuple[str, ...]]:
    """The page in a file, and remarks for its writer about what was mended on the way in.

    Raises `Unreadable` with the reason and the remedy; the caller goes on with the other pages.
    """
    kind = path.suffix.lower()
    raw = _bytes_of(path, kind)
    if kind in _BINARY:
        reader: Callable[[bytes], Body] = import_module(_BINARY[kind]).read
        return _document(source, reader(raw), FrontMatter())
    text, remarks = decode(raw)
    lines = text.count("\n")
    if lines > MAX_RAW_LINES:
        raise Unreadable(f"it has {lines:,} lines, more than the {MAX_RAW_LINES:,} a page may; split it")
    document, more = _read_text(text, source=source)
    return document, (*remarks, *more)


def _bytes_of(path: Path, kind: str) -> bytes:
    limit = MAX_TEXT_BYTES if kind in _TEXT else MAX_BINARY_BYTES
    try:
        with open_file(path) as stream:
            raw = stream.read(limit + 1)
            size = max(len(raw), path.stat().st_size)
    except OSError as fault:
        raise Unreadable(f"the file cannot be opened ({fault.strerror}); check its permissions") from fault
    if size == 0:
        raise Unreadable("the file is empty (0 bytes); write the page or delete the file")
    if size > limit:
        raise Unreadable(
            f"the file has {size / 1048576:.1f} MB, more than the {limit // 1048576} MB a {kind} page may have; "
            "split it into pages"
        )
    return raw


def read_text(text: str, *, source: str, title: str = "") -> Document:
    """The page in a decoded text; the ending of `source` says which kind, Markdown where it has none."""
    return _read_text(text, source=source, title=title)[0]


def _read_text(text: str, *, source: str, title: str = "") -> tuple[Document, tuple[str, ...]]:
    # Before anything is looked for: a letter without width in `audience` must not open the page to everyone.
    plain, removed = invisible.stripped(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        front, below = split_front_matter(plain)
        body = _TEXT.get(Path(source).suffix.lower(), markdown.read)(below)
    except RecursionError as fault:
        raise Unreadable("its parts nest too deep to be read; write them flat, one below the other") from fault
    return _document(source, body._replace(title=title or body.title), front, removed=removed)


def decode(raw: bytes) -> tuple[str, tuple[str, ...]]:
    """Text from bytes: UTF-8, or else the likeliest old encoding, with a remark that says so."""
    text, remarks = _decoded(raw)
    if len(_CONTROL.findall(text)) > MAX_CONTROL_SHARE * len(text):
        raise Unreadable(_NOT_TEXT)
    return text, remarks


def _decoded(raw: bytes) -> tuple[str, tuple[str, ...]]:
    try:
        return raw.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        if b"\x00" in raw[:4096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise Unreadable(_NOT_TEXT) from None
    best = from_bytes(raw, cp_isolation=["cp1252", "latin_1", "utf_16"]).best()
    if best is None:
        raise Unreadable("the file's encoding is unknown; save it as UTF-8")
    return str(best), (f"read as {best.encoding}, not UTF-8; save it as UTF-8 so that no letter is guessed",)


def _document(source: str, body: Body, front: FrontMatter, *, removed: int = 0) -> tuple[Document, tuple[str, ...]]:
    """`removed` invisible letters were taken out of the text before it was read."""
    cleaner = invisible.Cleaner(removed)
    title = cleaner.line(front.title or body.title)
    name = shorten(title, MAX_HEADING_CHARACTERS, placeholder=" ...") or _named_by_its_file(source)
    sections = tuple(cleaned for section in body.sections if (cleaned := cleaner.section(section)).blocks)
    if not sections:
        raise Unreadable("there is no text to quote on this page; write some or delete the file")
    _refuse_floods(sections)
    sections = with_conditions(sections, front.applies)
    document = Document(
        source=source,
        title=name,
        # The page's own first heading repeats its title: in a citation it would stand there twice.
        sections=tuple(
            replace(section, headings=section.headings[1:]) if section.headings[:1] == (name,) else section
            for section in sections
        ),
        audiences=front.audiences,
        owner=cleaner.line(front.owner),
        keywords=tuple(filter(None, map(cleaner.line, front.keywords))),
        effective=front.effective,
        verified=front.verified,
        review_by=front.review_by,
        supersedes=front.supersedes,
    )
    return document, (*cleaner.remarks(), *body.remarks)


def _named_by_its_file(source: str) -> str:
    return " ".join(Path(source).stem.replace("-", " ").replace("_", " ").split()).capitalize()


def _refuse_floods(sections: tuple[Section, ...]) -> None:
    blocks = [block for section in sections for block in section.blocks]
    lines = sum(len(block.lines) for block in blocks)
    characters = sum(len(line) for block in blocks for line in (block.lead, *block.lines))
    if lines > MAX_LINES:
        raise Unreadable(f"it holds {lines:,} paragraphs and rows, more than the {MAX_LINES:,} a page may; split it")
    if characters > MAX_CHARACTERS:
        raise Unreadable(f"it holds {characters:,} characters, more than the {MAX_CHARACTERS:,} a page may; split it")
