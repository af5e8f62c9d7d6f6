"""What travels between the bot and the process that makes themes: a line of JSON for each ticket, and its row after it.

What comes back is taken apart field by field: that process may have been at fault.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import numpy as np

from bot.friction.clustering.themes import Proposal, Ticket

# The same on every machine.
_ROW = np.dtype("<f4")
_END = b"\n"


def send(stream: BinaryIO, tickets: Iterable[Ticket]) -> None:
    for one in tickets:
        head = [one.key, one.title, one.theme, one.locked, len(one.row)]
        stream.write(json.dumps(head).encode() + b"\n" + one.row.astype(_ROW).tobytes())
    stream.write(_END)
    stream.flush()


def received(stream: BinaryIO) -> Iterator[Ticket]:
    """Raises `EOFError` where the stream ends before the tickets do."""
    while (line := stream.readline()) != _END:
        if not line:
            raise EOFError
        key, title, theme, locked, width = json.loads(line)
        row = np.frombuffer(stream.read(width * _ROW.itemsize), _ROW).astype(np.float32)
        yield Ticket(key, title, row, theme, locked)


def answer(stream: BinaryIO, proposed: Sequence[Proposal]) -> None:
    told = [[one.theme, one.members, one.central, one.title, one.bigrams] for one in proposed]
    stream.write(json.dumps(told).encode() + b"\n")
    stream.flush()


def answered(stream: BinaryIO) -> tuple[Proposal, ...] | None:
    """None where the stream ended before the answer did. Raises `ValueError` and `TypeError` for what is no answer."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    return tuple(
        Proposal(_text(theme), _texts(members), _text(central), _text(title), _texts(bigrams))
        for theme, members, central, title, bigrams in json.loads(line)
    )


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return tuple(_text(entry) for entry in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
