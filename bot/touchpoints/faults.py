"""What is wrong with a map: every fault, in the order of the lines."""

from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError


@dataclass(frozen=True, slots=True, order=True)
class MapFault:
    """What is wrong in a line, counted from 1, and what to do about it."""

    line: int
    what: str


class MapFaulty(SettingsError):
    """Nothing of the map is taken; `told` holds a sentence for each fault, with file and line."""

    def __init__(self, file: Path, faults: tuple[MapFault, ...]) -> None:
        self.faults = faults
        self.told = tuple(f"{file}, line {fault.line}: {fault.what.rstrip('?')}{_end(fault.what)}" for fault in faults)
        super().__init__("\n".join(self.told))


class Faults:
    """Faults as they are found, while reading goes on."""

    def __init__(self) -> None:
        self._found: set[MapFault] = set()

    def note(self, line: int, what: str) -> None:
        self._found.add(MapFault(line, what))

    def end(self, file: Path) -> None:
        """Raises `MapFaulty` if there were any."""
        if self._found:
            raise MapFaulty(file, tuple(sorted(self._found)))


def _end(what: str) -> str:
    return "?" if what.endswith("?") else "."
