"""Small checks that combine into the shape of a block, each finding faults in Slack's words.

A check takes a value and the JSON pointer to it, and yields what is wrong. `limits.py` combines them into tables.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

Check = Callable[[object, str], Iterator[str]]


def chars(most: int, *, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _fault("must provide a string", at)
        elif len(value) > most:
            yield _fault(f"must be less than {most + 1} characters", at)
        elif len(value) < least:
            yield _fault(f"must be more than {least - 1} characters", at)

    return check


def one_of(*values: str) -> Check:
    """One of a few words."""

    def check(value: object, at: str) -> Iterator[str]:
        if value not in values:
            yield _fault(f"must be one of: {', '.join(values)}", at)

    return check


def pattern(regex: str, words: str) -> Check:
    """A string that is, as a whole, what `words` call it."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not re.fullmatch(regex, value):
            yield _fault(f"must be {words}", at)

    return check


def number(least: int, most: int) -> Check:
    """A whole number in a range."""

    def check(value: object, at: str) -> Iterator[str]:
        # In Python True is a number; in JSON it is not.
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            yield _fault(f"must be a number from {least} to {most}", at)

    return check


def flag(value: object, at: str) -> Iterator[str]:
    """True or false."""
    if not isinstance(value, bool):
        yield _fault("must provide a boolean", at)


def anything(_value: object, _at: str) -> Iterator[str]:
    """No limit is known."""
    yield from ()


def items(most: int, *, of: Check, least: int = 1) -> Check:
    """A list of so many things."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _fault("must provide an array", at)
            return
        if len(value) > most:
            yield _fault(f"no more than {most} items allowed", at)
        if len(value) < least:
            yield _fault(f"no fewer than {least} items allowed", at)
        for index, item in enumerate(value):
            yield from of(item, f"{at}/{index}")

    return check


def shape(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *,
    either: Collection[str] = (),
) -> Check:
    """An object with these fields and no others; at least one of `either`, where some are named."""
    needed, known = required or {}, {**(required or {}), **(optional or {})}

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _fault("must provide an object", at)
            return
        yield from (_fault(f"missing required field: {name}", at) for name in needed if name not in value)
        yield from (_fault(f"invalid additional property: {name}", at) for name in value if name not in known)
        if either and not any(name in value for name in either):
            yield _fault("must define either " + " or ".join(f"`{name}`" for name in either), at)
        for name, inner in known.items():
            if name in value:
                yield from inner(value[name], f"{at}/{name}")

    return check


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says which shape it must have."""

    def check(value: object, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _fault("must provide an object", at)
        elif "type" not in value:
            yield _fault("missing required field: type", at)
        elif value["type"] not in shapes:
            yield _fault(f"unsupported type: {value['type']}", f"{at}/type")
        else:
            untyped = {name: inner for name, inner in value.items() if name != "type"}
            yield from shapes[value["type"]](untyped, at)

    return check


def _fault(words: str, at: str) -> str:
    return f"{words} [json-pointer:{at}]"
