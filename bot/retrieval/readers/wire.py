"""What travels between the sandbox and its worker: tagged answers, and a Document as plain JSON.

What comes back is taken apart field by field, since a hostile file may have made it.
"""

import json
from datetime import date
from enum import IntEnum
from typing import BinaryIO

from bot.conditions import as_stored, from_stored
from bot.retrieval.documents import Block, BlockKind, Document, Section

# Far above what `readers.MAX_CHARACTERS` of text need.
MAX_ANSWER_BYTES = 16 * 1024 * 1024
_LENGTH_BYTES = 4


class Tag(IntEnum):
    READY = 1
    PAGE = 2  # `pack`
    UNREADABLE = 3  # the reason
    ENDED = 4  # the name of the exception that ended the worker
    BEGUN = 5  # the request has come; an end from here on is the file's doing


def send(stream: BinaryIO, tag: Tag, payload: bytes) -> None:
    stream.write(bytes([tag]) + len(payload).to_bytes(_LENGTH_BYTES, "big") + payload)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[Tag, bytes] | None:
    """The next answer; None where the stream ended, or holds something that is no answer."""
    head = stream.read(1 + _LENGTH_BYTES)
    length = int.from_bytes(head[1:], "big")
    if len(head) <= _LENGTH_BYTES or head[0] not in set(Tag) or length > MAX_ANSWER_BYTES:
        return None
    payload = stream.read(length)
    return (Tag(head[0]), payload) if len(payload) == length else None


def pack(document: Document, remarks: tuple[str, ...]) -> bytes:
    """Everything but the source, which the asking side knows better."""
    return json.dumps(
        {
            "title": document.title,
            "sections": [
                [
                    section.headings,
                    [[block.kind, block.lines, block.lead, block.navigation] for block in section.blocks],
                    as_stored(section.conditions),
                ]
                for section in document.sections
            ],
            "audiences": sorted(document.audiences),
            "owner": document.owner,
            "keywords": document.keywords,
            "supersedes": document.supersedes,
            "days": [day and day.isoformat() for day in (document.effective, document.verified, document.review_by)],
            "remarks": remarks,
        },
        ensure_ascii=False,
    ).encode()


def unpack(packed: bytes, *, source: str) -> tuple[Document, tuple[str, ...]]:
    """Raises `ValueError`, `KeyError` or `TypeError` where this is not what `pack` makes."""
    fields = json.loads(packed)
    effective, verified, review_by = (date.fromisoformat(day) if day else None for day in fields["days"])
    document = Document(
        source=source,
        title=_text(fields["title"]),
        sections=tuple(
            Section(_texts(headings), tuple(_block(*block) for block in blocks), from_stored(conditions))
            for headings, blocks, conditions in fields["sections"]
        ),
        audiences=frozenset(_texts(fields["audiences"])),
        owner=_text(fields["owner"]),
        keywords=_texts(fields["keywords"]),
        supersedes=_texts(fields["supersedes"]),
        effective=effective,
        verified=verified,
        review_by=review_by,
    )
    return document, _texts(fields["remarks"])


def _block(kind: object, lines: object, lead: object, navigation: object) -> Block:
    return Block(kind=BlockKind(_text(kind)), lines=_texts(lines), lead=_text(lead), navigation=navigation is True)


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(_text(entry) for entry in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
