"""The pages of a knowledge folder, before they are read."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Never

from bot.errors import KnowledgeError, Unreadable
from bot.retrieval import readers
from bot.retrieval.documents import Document
from bot.retrieval.readers.files import NOT_A_FILE, open_file
from bot.retrieval.readers.sandbox import Sandbox

# Documentation about the knowledge, and the questions it is tested with, are not knowledge.
NOT_KNOWLEDGE = frozenset({"README.md", "questions.csv", "conversations.csv", "numbers.csv"})

_OUTSIDE = "it is a link that leads out of the knowledge folder, and is not followed; copy the page into the folder"
_BROKEN = "it is a link that leads nowhere; mend or delete it"
_NAME = "its name holds letters that cannot be shown; rename the file"


@dataclass(frozen=True, slots=True)
class Page:
    """A page that may have changed: `digest` stands for its bytes, `read` gives the document and remarks.

    What comes from a file is read inside the sandbox.
    """

    source: str
    digest: str
    read: Callable[[Sandbox], tuple[Document, tuple[str, ...]]]


def pages_in(folder: Path) -> list[Page]:
    """The pages below a folder, by path; also what looks like one and cannot be read, which says so when it is read.

    Raises `KnowledgeError` where there is none.
    """
    if not folder.is_dir():
        raise KnowledgeError(
            f"There is no knowledge folder {folder}. Set KNOWLEDGE to the folder that holds your pages, or name it: "
            "`throughline reindex FOLDER`."
        )
    root = folder.resolve()
    pages = [_page(path, root) for path in sorted(_files(root))]
    if not pages:
        kinds = ", ".join(sorted(readers.READABLE))
        raise KnowledgeError(
            f"The folder {folder} holds no page to index (one of {kinds}). Put pages there, or name another folder: "
            "`throughline reindex FOLDER`. The index was left as it was."
        )
    return pages


def _files(root: Path) -> Iterator[Path]:
    """What is called like a page, and folders that cannot be looked into. Links to folders are not followed."""
    shut: list[Path] = []
    for place, folders, names in os.walk(root, onerror=lambda fault: shut.append(Path(fault.filename))):
        folders[:] = [name for name in folders if not _passed_over(name)]
        within = [Path(place, name) for name in names if not _passed_over(name)]
        yield from (path for path in within if _called_a_page(path, root))
        yield from (path for name in folders if (path := Path(place, name)).is_symlink())
    yield from shut


def _passed_over(name: str) -> bool:
    return name.startswith((".", "~$"))


def _called_a_page(path: Path, root: Path) -> bool:
    return path.suffix.lower() in readers.READABLE and path.relative_to(root).as_posix() not in NOT_KNOWLEDGE


def _page(path: Path, root: Path) -> Page:
    source = path.relative_to(root).as_posix()
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in source)
    refused = _NAME if shown != source else _refusal(path, root)
    if refused:
        return Page(source=shown, digest="", read=partial(_refuse, refused))
    return Page(source=source, digest=_digest_of(path), read=partial(_read, path.resolve(), source))


def _refusal(path: Path, root: Path) -> str:
    """Why this is not even opened, or ""."""
    try:
        target = path.resolve(strict=True)
        if not target.is_relative_to(root):
            return _OUTSIDE
        mode = target.stat().st_mode
    except PermissionError:
        return ""  # reading it will say so
    except (OSError, RuntimeError):  # the latter for links that lead in a circle, before Python 3.13
        return _BROKEN
    if stat.S_ISDIR(mode):
        if path.is_symlink():
            return "links to folders are not followed; put the pages into the knowledge folder itself"
        return "this folder cannot be looked into; check its permissions"
    return "" if stat.S_ISREG(mode) else NOT_A_FILE


def _refuse(reason: str, _sandbox: Sandbox) -> Never:
    raise Unreadable(reason)


def _read(path: Path, source: str, sandbox: Sandbox) -> tuple[Document, tuple[str, ...]]:
    return sandbox.read(path, source=source)


def _digest_of(path: Path) -> str:
    try:
        with open_file(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, Unreadable):
        return ""  # reading it will say why
