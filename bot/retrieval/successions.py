"""Which pages replace which: the `supersedes` lines of all living pages, followed through to the end."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Text, cast, delete, select
from sqlalchemy.orm import Session

from bot.retrieval import catalogue
from bot.retrieval.catalogue import DocumentRow
from bot.retrieval.validity import SuccessionRow

Edges = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Successions:
    """Page -> every page it replaces; and remarks, as (page, what is wrong with its `supersedes`)."""

    replaced: Mapping[str, frozenset[str]]
    remarks: tuple[tuple[str, str], ...]


def follow(supersedes: Mapping[str, Sequence[str]]) -> Successions:
    """What each page replaces, from what each page says it does.

    A page replaces also what its predecessors replaced, whatever their dates. Pages that replace each other in a circle
    replace nothing of it: which is the newest is not known.
    """
    remarks: list[tuple[str, str]] = []
    edges: Edges = {}
    for source, named in sorted(supersedes.items()):
        found, wrong = _resolved(source, named, supersedes)
        edges[source] = frozenset(found)
        remarks.extend((source, what) for what in wrong)
    reached = _reached(edges)
    for source in sorted(edges):
        for circular in sorted(other for other in edges[source] if source in reached[other]):
            what = f"`supersedes: {circular}` closes a circle, so both still answer; remove one of the lines"
            remarks.append((source, what))
    straight = {
        source: frozenset(other for other in others if source not in reached[other]) for source, others in edges.items()
    }
    return Successions(_reached(straight), tuple(remarks))


def write(session: Session, *, generation: int) -> tuple[tuple[str, str], ...]:
    """Store what replaces what at a generation; returns the remarks."""
    found = at(session, generation=generation)
    ids = _ids(
        session, {source for source, others in found.replaced.items() for source in (source, *others)}, generation
    )
    session.add_all(
        SuccessionRow(generation=generation, successor=ids[source], replaced=ids[other])
        for source, others in found.replaced.items()
        for other in sorted(others)
    )
    session.flush()
    return found.remarks


def at(session: Session, *, generation: int) -> Successions:
    """What replaces what at a generation. Reads only pages that replace one, and those they name."""
    says_so = cast(DocumentRow.supersedes, Text) != "[]"
    supersedes = dict(
        session.execute(
            select(DocumentRow.source, DocumentRow.supersedes).where(catalogue.alive_at(generation), says_so)
        ).all()
    )
    meant = {path for source, named in supersedes.items() for name in named for path in _readings(source, name)}
    return follow({**dict.fromkeys(_ids(session, meant, generation), ()), **supersedes})


def forget(session: Session, generation: int) -> None:
    session.execute(delete(SuccessionRow).where(SuccessionRow.generation == generation))


def forget_before(session: Session, oldest: int) -> None:
    session.execute(delete(SuccessionRow).where(SuccessionRow.generation < oldest))


def _ids(session: Session, sources: Iterable[str], generation: int) -> dict[str, int]:
    """The living documents of these paths."""
    return {
        source: key
        for some in catalogue.slices(sources)
        for source, key in session.execute(
            select(DocumentRow.source, DocumentRow.id).where(
                DocumentRow.source.in_(some), catalogue.alive_at(generation)
            )
        )
    }


def _resolved(source: str, named: Iterable[str], known: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """The pages meant, and what is wrong with the rest. A path counts from the knowledge folder, or from the page."""
    found: list[str] = []
    wrong: list[str] = []
    for name in named:
        meant = next((path for path in _readings(source, name) if path in known), None)
        if meant == source:
            wrong.append("`supersedes` names the page itself; name the page it replaces, or remove the line")
        elif meant is None:
            wrong.append(
                f"`supersedes: {name}` names no page of the knowledge, so nothing is replaced; write its path inside "
                "the knowledge folder"
            )
        else:
            found.append(meant)
    return found, wrong


def _readings(source: str, name: str) -> Iterator[str]:
    path = name.replace("\\", "/").lstrip("/")
    yield posixpath.normpath(path)
    yield posixpath.normpath(posixpath.join(posixpath.dirname(source), path))


def _reached(edges: Mapping[str, frozenset[str]]) -> Edges:
    """Every page that can be reached from each; a page reaches itself only in a circle."""
    reached: Edges = {}
    for source in edges:
        seen: set[str] = set()
        ahead = list(edges[source])
        while ahead:
            page = ahead.pop()
            if page not in seen:
                seen.add(page)
                ahead.extend(edges[page])
        reached[source] = frozenset(seen)
    return reached
