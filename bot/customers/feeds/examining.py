"""A first look at an export, before anything of it is kept: are its columns there, are its dates as they should be?"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

from bot.customers.feeds import reading
from bot.customers.feeds.dates import DateEvidence
from bot.customers.feeds.feed import FactType, Feed, InteractionSection, RecordSection
from bot.customers.feeds.fields import Taken
from bot.customers.feeds.rows import AHEAD
from bot.errors import ImportRefused

Section = RecordSection | InteractionSection


def examine(files: Iterable[Path], feed: Feed, sections: Iterable[Section], *, now: datetime) -> int:
    """How many rows there are. Raises `ImportRefused` with the evidence where the mapping does not fit the files."""
    every = list(sections)
    return sum(_examine(file, feed, section, now) for file in files for section in every)


def look_through(
    file: Path, feed: Feed, at: str, *, taken: Iterable[Taken], dated: Iterable[Taken], latest: date | None
) -> int:
    """How many rows there are at `at`, of which these columns are `taken` and of those are dates, none after `latest`.

    Raises `ImportRefused` as `examine`.
    """
    _has_columns(file, feed, taken)
    evidence, days = DateEvidence(feed.order, latest), list(dated)
    count = 0
    for read in reading.rows(file, feed, at):
        count += 1
        for one in days:
            for column in one.columns:
                for text in Taken((column,)).all(read.row):
                    evidence.look(column, text, read.place)
    if faults := "; ".join(evidence.faults()):
        raise ImportRefused(
            f"{file}: {faults}. So nothing was imported. Correct `dates:` in the mapping, or ask who exports this file."
        )
    return count


def _examine(file: Path, feed: Feed, section: Section, now: datetime) -> int:
    # What happened has happened; a contract may end next year.
    latest = (now + AHEAD).date() if isinstance(section, InteractionSection) else None
    return look_through(file, feed, section.at, taken=_taken(section), dated=_dated(section), latest=latest)


def _has_columns(file: Path, feed: Feed, taken: Iterable[Taken]) -> None:
    header = reading.header_of(file, feed)
    if header is None:
        return
    missing = sorted({column for each in taken for column in each.columns} - header)
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
