"""The `name: value` lines of one thing on the map, read on past every fault."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

import yaml

from bot.touchpoints.faults import Faults
from bot.touchpoints.naming import meant

E = TypeVar("E", bound=StrEnum)
_YES = {"yes": True, "true": True, "no": False, "false": False}
# Longer than any name or sentence that somebody would say.
MAX_LETTERS = 300


class Entry:
    """What is missing or wrong is noted, and read as nothing.

    `what` is what a fault calls it, as "a tool", which becomes "the tool orion" where it has an id.
    """

    def __init__(self, node: yaml.Node, *, what: str, known: Sequence[str], faults: Faults) -> None:
        self.what = _called(node, what)
        self.line = node.start_mark.line + 1
        self._faults = faults
        self._values: dict[str, tuple[int, yaml.Node]] = {}
        self._readable = isinstance(node, yaml.MappingNode)
        if not self._readable:
            faults.note(self.line, f"{what} is written as `name: value` lines; it has {', '.join(known)}")
        for key, value in node.value if self._readable else ():
            self._take(key, value, known)

    def _take(self, key: yaml.Node, value: yaml.Node, known: Sequence[str]) -> None:
        name, line = str(key.value) if isinstance(key, yaml.ScalarNode) else "?", key.start_mark.line + 1
        if name not in known:
            self._faults.note(line, f"`{name}` says nothing of {self.what}; {meant(name, known)}")
        elif name in self._values:
            self._faults.note(line, f"`{name}` stands there twice; keep one")
        else:
            self._values[name] = line, value

    def note(self, line: int, what: str) -> None:
        self._faults.note(line, what)

    def line_of(self, name: str) -> int:
        """Where a value stands; the beginning of the thing where it has none."""
        return self._values[name][0] if name in self._values else self.line

    def has(self, name: str) -> bool:
        return name in self._values

    def needed(self, name: str, how: str) -> str:
        """One text; `how` says what to write where there is none."""
        self.must_hold(name, how)
        return self.text(name)

    def text(self, name: str) -> str:
        """One text, "" where there is none."""
        if name not in self._values:
            return ""
        line, node = self._values[name]
        return self._text(name, line, node)

    def texts(self, name: str) -> list[tuple[int, str]]:
        """One text or a list of them, each with its line."""
        if name not in self._values:
            return []
        line, node = self._values[name]
        if isinstance(node, yaml.SequenceNode):
            listed = [(each.start_mark.line + 1, each) for each in node.value]
        elif _blank(node):
            listed = []
        else:
            listed = [(line, node)]
        found: list[tuple[int, str]] = []
        for at, each in listed:
            text = self._text(name, at, each)
            if not text:
                if isinstance(each, yaml.ScalarNode):
                    self.note(at, f"an entry of `{name}` is empty; write it, or remove it")
            elif text in {before for _, before in found}:
                self.note(at, f"{text!r} stands in `{name}` twice; keep one")
            else:
                found.append((at, text))
        return found

    def must_hold(self, name: str, how: str) -> None:
        """That something stands there; `how` says what to write where nothing does."""
        if not self._readable:
            return
        if not self.has(name):
            self.note(self.line, f"{self.what} needs `{name}:`, {how}")
        elif _blank(self._values[name][1]):
            self.note(self.line_of(name), f"`{name}` is empty; write {how}")

    def some(self, name: str, how: str) -> list[tuple[int, str]]:
        """Texts of which there must be one at least; `how` says what to write where there is none."""
        self.must_hold(name, how)
        return self.texts(name)

    def yes(self, name: str) -> bool:
        """No, where nothing is said."""
        text = self.text(name).casefold()
        if text and text not in _YES:
            self.note(self.line_of(name), f"`{name}` is yes or no, not {text!r}")
        return _YES.get(text, False)

    def one_of(self, name: str, kinds: type[E], default: E) -> E:
        text = self.text(name)
        if not text:
            return default
        if text not in set(kinds):
            self.note(self.line_of(name), f"`{name}` cannot be {text!r}; {meant(text, kinds)}")
            return default
        return kinds(text)

    def number(self, name: str, *, low: float, high: float, of: str) -> float | None:
        """`of` says what is counted, as "minutes"."""
        text = self.text(name)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not low <= number <= high:
            self.note(self.line_of(name), f"`{name}` is a number of {of} from {low:g} to {high:g}, not {text!r}")
            return None
        return number

    def day(self, name: str) -> date | None:
        text = self.text(name)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.note(self.line_of(name), f"`{name}: {text}` is not a date; write it as 2027-03-31")
            return None

    def part(self, name: str, *, known: Sequence[str]) -> "Entry | None":
        """Lines of its own under a name."""
        if name not in self._values:
            return None
        return Entry(self._values[name][1], what=f"`{name}`", known=known, faults=self._faults)

    def parts(self, name: str, *, what: str, known: Sequence[str]) -> Iterator["Entry"]:
        """The entries of a list under a name."""
        if name not in self._values:
            return
        line, node = self._values[name]
        if isinstance(node, yaml.SequenceNode):
            for each in node.value:
                yield Entry(each, what=what, known=known, faults=self._faults)
        elif not _blank(node):
            self.note(line, f"`{name}` is a list: each {what.split(' ', 1)[-1]} begins with `- `")

    def _text(self, name: str, line: int, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.note(line, f"`{name}` takes one text, not lines below it; write it in this line")
            return ""
        text = " ".join(str(node.value).split())
        if len(text) > MAX_LETTERS:
            self.note(line, f"`{name}` has more than {MAX_LETTERS} letters; say it shorter")
        return text


def _called(node: yaml.Node, what: str) -> str:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    ids = [value.value for key, value in pairs if key.value == "id" and isinstance(value, yaml.ScalarNode)]
    return f"the {what.partition(' ')[2]} {ids[0]}" if ids and ids[0] else what


def _blank(node: yaml.Node) -> bool:
    return not (node.value.strip() if isinstance(node, yaml.ScalarNode) else node.value)
