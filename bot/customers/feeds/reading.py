"""Rows of an export, one after the other: however large a file is, one row of it is in memory."""

import csv
import io
import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import ijson
import ijson.common

from bot.customers.feeds.feed import Feed, Layout
from bot.errors import ImportRefused

# The longest field of a CSV file: a conversation, not a file in which a quotation mark was left open.
LONGEST_FIELD = 5_000_000
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Read:
    """A row and where it stands: "line 4", or in JSON "record 4". With a `fault` in place of a row it is unreadable."""

    place: str
    row: Mapping[str, Any]
    fault: str = ""


def layout_of(file: Path, feed: Feed) -> Layout:
    """As the mapping says, else by the file's ending. Raises `ImportRefused`."""
    if feed.layout:
        return feed.layout
    ending = file.suffix.casefold().removeprefix(".")
    known = {"csv": Layout.CSV, "tsv": Layout.CSV, "json": Layout.JSON, "jsonl": Layout.JSONL, "ndjson": Layout.JSONL}
    if ending not in known:
        raise ImportRefused(f"{file} ends in no format we know. Add `format: csv`, json or jsonl to the mapping.")
    return known[ending]


def rows(file: Path, feed: Feed, at: str) -> Generator[Read]:
    """Every row below the path `at`. Raises `ImportRefused` where the file is not what the mapping says."""
    try:
        with file.open("rb") as raw:
            yield from _READERS[layout_of(file, feed)](raw, file, feed, at)
    except UnicodeDecodeError as fault:
        raise ImportRefused(
            f"{file} is not {feed.encoding} text (byte {fault.start}). Add `encoding: cp1252`, or what the export is "
            "written in, to the mapping."
        ) from fault
    except OSError as fault:
        raise ImportRefused(
            f"{file} cannot be read ({fault.strerror}). Name a file that this user may read."
        ) from fault


def _csv(raw: IO[bytes], file: Path, feed: Feed, _at: str) -> Iterator[Read]:
    with io.TextIOWrapper(raw, encoding=feed.encoding, newline="") as text:
        yield from _csv_rows(text, file, feed)


def _csv_rows(text: IO[str], file: Path, feed: Feed) -> Iterator[Read]:
    head = text.readline()
    text.seek(0)
    delimiter = feed.delimiter or max(_DELIMITERS, key=head.count)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        if not any(header) or len(set(header)) < len(header):
            raise ImportRefused(
                f"{file} begins with no line of column names, or one stands twice. Export it with them."
            )
        before = reader.line_num
        for values in reader:
            place, before = f"line {before + 1}", reader.line_num
            if len(values) == len(header):
                yield Read(place, dict(zip(header, values, strict=True)))
            elif any(values):
                yield Read(place, {}, f"it has {len(values)} columns where the first line names {len(header)}")
    except csv.Error as fault:
        raise ImportRefused(
            f"{file}, line {reader.line_num}: no CSV from here on ({fault}). Export it again."
        ) from fault


def header_of(file: Path, feed: Feed) -> frozenset[str] | None:
    """The columns of a CSV file; None for a format whose rows may differ."""
    if layout_of(file, feed) is not Layout.CSV:
        return None
    with closing(rows(file, feed, "")) as read_rows:
        return next((frozenset(read.row) for read in read_rows if read.row), None)


def _jsonl(raw: IO[bytes], _file: Path, feed: Feed, at: str) -> Iterator[Read]:
    for number, line in enumerate(raw, start=1):
        text = line.decode(feed.encoding).strip()
        if text:
            yield from _one_line(f"line {number}", text, at)


def _one_line(place: str, text: str, at: str) -> Iterator[Read]:
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        yield Read(place, {}, "it is no JSON")
        return
    for part in filter(None, at.split(".")):
        value = value.get(part) if isinstance(value, dict) else None
    yield Read(place, value) if isinstance(value, dict) else Read(place, {}, "it holds no fields")


def _json(raw: IO[bytes], file: Path, _feed: Feed, at: str) -> Iterator[Read]:
    try:
        found = _shape(raw, at)
        if found is None:
            there = at or "its top"
            raise ImportRefused(f"{file} holds no list of records at {there}. Correct `at:` in the mapping.")
        raw.seek(0)
        prefix = f"{at}.item" if at else "item"
        values = (
            ijson.items(raw, prefix, use_float=True)
            if found == "start_array"
            else (value for _, value in ijson.kvitems(raw, at, use_float=True))
        )
        for number, value in enumerate(values, start=1):
            place = f"record {number}"
            yield Read(place, value) if isinstance(value, dict) else Read(place, {}, "it holds no fields")
    except ijson.common.JSONError as fault:
        raise ImportRefused(f"{file} is no JSON ({fault}). Export it again, or correct `format:`.") from fault


def _shape(raw: IO[bytes], at: str) -> str | None:
    """Whether a list or a map of records stands there."""
    for prefix, event, _ in ijson.parse(raw, use_float=True):
        if prefix == at and event in {"start_array", "start_map"}:
            return str(event)
    return None


_READERS = {Layout.CSV: _csv, Layout.JSON: _json, Layout.JSONL: _jsonl}
