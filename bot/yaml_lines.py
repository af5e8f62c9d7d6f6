"""A YAML file of `config/` that remembers the line of each entry, so that a fault can be found and mended."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from bot.errors import SettingsError, line_at_fault


class PlainLoader(yaml.BaseLoader):
    """YAML in which every value is text as it was typed, without aliases: ten lines of them unpack to gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # PyYAML's
            raise yaml.MarkedYAMLError(
                problem="a value begins with *, put it in quotes or write it out", problem_mark=mark
            )
        return super().compose_node(parent, index)


# Deeper than anybody writes; libyaml composes what is nested 100,000 deep by a crash of the process.
_DEEP = 50


class _Undated(yaml.SafeLoader):
    """Days stay text, as they were typed: YAML's own reading of 2026-02-30 fails without saying where it stands."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - so PyYAML has it
        first: [(tag, shape) for tag, shape in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def composed(file: Path, *, at_most: int) -> yaml.Node | None:
    """A file of at most so many bytes as nodes, every value as it was typed; None for an empty one, or for none.

    Raises `SettingsError` with the line at fault.
    """
    text = ""
    with _explained(file):
        if not file.exists():
            return None
        if not file.is_file():
            raise SettingsError(f"{file} is no file. Put the file there, or name another one.")
        if file.stat().st_size > at_most:
            raise SettingsError(f"{file} has more than {at_most:,} bytes. Keep to what people can read.")
        text = file.read_text(encoding="utf-8")
    with _explained(file, text):
        return _composed_by_libyaml(text) or yaml.compose(text, Loader=PlainLoader)


def _composed_by_libyaml(text: str) -> yaml.Node | None:
    """What `PlainLoader` gives, in a tenth of the time; None for what that has to refuse, or to explain."""
    depth = 0
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEP or isinstance(event, yaml.AliasEvent):
                return None
        return yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.YAMLError:
        return None


class Lines:
    """A YAML file that remembers the line of each entry."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._text: list[str] = []
        text = ""
        with _explained(file):
            text = file.read_text(encoding="utf-8")
        with _explained(file, text):
            self._text = text.splitlines()
            node = yaml.compose(text, Loader=yaml.SafeLoader)
            value = yaml.load(text, Loader=_Undated)  # noqa: S506 - a safe one
        if not isinstance(value, dict) or not isinstance(node, yaml.MappingNode):
            raise self.fault(1, "expected `name: value` lines")
        names: set[str] = set()
        for key, _ in node.value:
            if key.value in names:  # YAML would silently keep the last
                raise self.fault(key.start_mark.line + 1, f"{key.value} stands there twice; keep one")
            names.add(key.value)
        self._node: yaml.MappingNode = node
        self._value: dict[Any, Any] = value

    @property
    def node(self) -> yaml.MappingNode:
        """The file as it was composed: each node knows its line, counted from 0, and the text as it was written."""
        return self._node

    def fault(self, line: int, what: str) -> SettingsError:
        return fault_at(self._file, line, what)

    def line_of(self, name: str, *, after: int = 1) -> int:
        """Where an entry that begins at a line holds this name; that line itself where it does not show."""
        begins = re.compile(rf"(?:^|[\s{{,])[\"']?{re.escape(name)}[\"']?\s*:")
        found = (number for number, text in enumerate(self._text, start=1) if number >= after and begins.search(text))
        return next(found, after)

    def value(self, name: str) -> Any:  # noqa: ANN401 - whatever YAML holds
        """What stands behind a name of the file itself, None where nothing does."""
        return self._value.get(name)

    def names(self) -> list[str]:
        return [str(name) for name in self._value]

    def mapping(self, name: str) -> dict[Any, Any]:
        value = self._value.get(name) or {}
        if not isinstance(value, dict):
            raise self.fault(self._line(name), f"{name} must hold `name: value` lines")
        return value

    def entries(self, name: str) -> list[tuple[int, dict[str, Any]]]:
        """The entries of a list with their lines."""
        value, node = self._value.get(name) or [], self._child(name)
        if not value:
            return []
        if not isinstance(value, list) or not isinstance(node, yaml.SequenceNode):
            raise self.fault(self._line(name), f"{name} must be a list of `- ...` lines")
        pairs = [(item.start_mark.line + 1, entry) for item, entry in zip(node.value, value, strict=True)]
        for line, entry in pairs:
            if not isinstance(entry, dict):
                raise self.fault(line, f"an entry of {name} must be `name: value` pairs")
        return pairs

    def pairs(self, name: str) -> list[tuple[int, str, Any]]:
        """The `name: value` lines under a name, each with its line."""
        value, node = self.mapping(name), self._child(name)
        if not value or not isinstance(node, yaml.MappingNode):
            return []
        keys = [(str(key.value), key.start_mark.line + 1) for key, _ in node.value]
        for place, (key, line) in enumerate(keys):
            if key in {before for before, _ in keys[:place]}:  # YAML would silently keep the last
                raise self.fault(line, f"{key} stands there twice; keep one")
        return [(line, key, entry) for (key, line), entry in zip(keys, value.values(), strict=True)]

    def named(self) -> list[tuple[int, str, dict[str, Any]]]:
        """The entries of the file itself, each under its name, with their lines."""
        found: list[tuple[int, str, dict[str, Any]]] = []
        for key, _ in self._node.value:
            entry = self._value.get(key.value)
            if not isinstance(entry, dict):
                raise self.fault(key.start_mark.line + 1, f"{key.value} must hold name, channel and people")
            found.append((key.start_mark.line + 1, str(key.value), entry))
        return found

    def _child(self, name: str) -> yaml.Node | None:
        return next((node for key, node in self._node.value if key.value == name), None)

    def _line(self, name: str) -> int:
        return next((key.start_mark.line + 1 for key, _ in self._node.value if key.value == name), 1)


def fault_at(file: Path, line: int, what: str) -> SettingsError:
    return SettingsError(f"{file}, line {line}: {what}.")


@contextmanager
def _explained(file: Path, text: str = "") -> Iterator[None]:
    """What keeps a file with this text from being read, in words that say what to do."""
    try:
        yield
    except FileNotFoundError as fault:
        raise SettingsError(
            f"There is no {file}. Copy the example that ships with Throughline, or set CONFIG to its folder."
        ) from fault
    except yaml.MarkedYAMLError as fault:
        raise fault_at(file, line_at_fault(fault) + 1, f"{fault.problem}; mend the YAML") from fault
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        raise fault_at(file, line, f"{fault.reason}; type it anew") from fault
    except RecursionError as fault:
        raise SettingsError(f"{file} holds lists inside lists without end. Write it flat.") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise SettingsError(f"{file} cannot be read ({fault}). Save it as UTF-8 text.") from fault
