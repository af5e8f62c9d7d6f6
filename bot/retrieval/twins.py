"""Pages that a reader of an answer could not tell apart."""

from collections.abc import Iterator, Mapping


def remarks(titles: Mapping[str, str], digests: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(page, what to do) for each page that is a copy of another, or has its title; the first of them is not named.

    `titles` holds the pages that are indexed; `digests` stand for the bytes of pages.
    """
    known = {source: digests[source] for source in titles if digests.get(source)}
    copies = {source: first for first, *others in _groups(known) for source in others}
    for source, first in copies.items():
        yield source, f"is a copy of {first}; delete one of them"
    for first, *others in _groups({source: title for source, title in titles.items() if source not in copies}):
        for source in others:
            yield source, f'has the same title as {first}, "{titles[first]}"; rename one so that readers can tell'


def _groups(values: Mapping[str, str]) -> Iterator[list[str]]:
    """The keys that share a value with others, in order."""
    found: dict[str, list[str]] = {}
    for key in sorted(values):
        found.setdefault(values[key], []).append(key)
    return (keys for _, keys in sorted(found.items()) if len(keys) > 1)
