"""The pages of a knowledge folder, before they are read."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.errors import KnowledgeError
from bot.retrieval import readers
from bot.retrieval.documents import Document

# Documentation about the knowledge, and the questions it is tested with, are not knowledge.
NOT_KNOWLEDGE = frozenset({"README.md", "questions.csv"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page that may have changed: `digest` stands for its bytes, `read` gives the document and remarks."""

    source: str
    digest: str
    read: Callable[[], tuple[Document, tuple[str, ...]]]


def pages_in(folder: Path) -> list[Page]:
    """The readable pages below a folder, by path. Raises `KnowledgeError` where there is none."""
    if not folder.is_dir():
        raise KnowledgeError(
            f"There is no knowledge folder {folder}. Set KNOWLEDGE to the folder that holds your pages, or name it: "
            "`throughline reindex FOLDER`."
        )
    pages = [
        Page(source=source, digest=_digest_of(path), read=partial(readers.read, path, source=source))
        for path, source in _files(folder)
    ]
    if not pages:
        kinds = ", ".join(sorted(readers.READABLE))
        raise KnowledgeError(
            f"The folder {folder} holds no page to index (one of {kinds}). Put pages there, or name another folder: "
            "`throughline reindex FOLDER`. The index was left as it was."
        )
    return pages


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob("*")):
        source = path.relative_to(folder).as_posix()
        hidden = any(part.startswith((".", "~$")) for part in Path(source).parts)
        if path.suffix.lower() in readers.READABLE and not hidden and source not in NOT_KNOWLEDGE and path.is_file():
            yield path, source


def _digest_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""  # reading it will say why
