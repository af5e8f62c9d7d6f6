"""A first look at an export, before anything of it is kept: are its columns there, are its dates as they should be?"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from bot.customers import reading
from bot.customers.dates import DateEvidence
from bot.customers.feed import FactType, Feed, InteractionSection, RecordSection
from bot.customers.fields import Taken
from bot.errors import ImportRefused

Section = RecordSection | InteractionSection


def examine(files: Iterable[Path], feed: Feed, sections: Iterable[Section], *, now: datetime) -> int:
    """How many rows there are. Raises `ImportRefused` with the evidence where the mapping does not fit the files."""
    count = 0
    every = list(sections)
    for file in files:
        for section in every:
            _has_columns(file, feed, section)
            evidence = DateEvidence(feed.order, now)
            dated = list(_dated(section))
            for read in reading.rows(file, feed, section.at):
                count += 1
                for taken in dated:
                    for column in taken.columns:
                        for text in Taken((column,)).all(read.row):
                            evidence.look(column, text, read.place)
            if faults := "; ".join(evidence.faults()):
                raise ImportRefused(
                    f"{file}: {faults}. So nothing was imported. Correct `dates:` in the mapping, or ask who exports "
                    "this file."
                )
    return count


def _has_columns(file: Path, feed: Feed, section: Section) -> None:
    header = reading.header_of(file, feed)
    if header is None:
        return
    missing = sorted({column for taken in _taken(section) for column in taken.columns} - header)
    if missing:
        raise ImportRefused(
            f"{file} has no column {', '.join(missing)}; it has {', '.join(sorted(header))}. Correct the mapping, or "
            "export the file with them."
        )


def _dated(section: Section) -> Iterator[Taken]:
    if isinstance(section, InteractionSection):
        yield section.when
    else:
        yield from (fact.taken for fact in section.facts if fact.type is FactType.DATE)


def _taken(section: Section) -> Iterator[Taken]:
    yield section.id
    if section.gone:
        yield section.gone.taken
    if isinstance(section, InteractionSection):
        yield from (section.when, section.channel, section.text, section.transfers)
        yield from (taken for _, taken in section.words)
        yield from (key.taken for key in (*section.customer, *section.refs))
    else:
        yield from (section.name, section.address)
        yield from (taken for _, taken in section.places)
        yield from (key.taken for key in (*section.keys, *section.owner))
        yield from (fact.taken for fact in section.facts)
