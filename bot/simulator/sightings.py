"""Everything that ever stood before anybody's eyes, also what is gone since: a leak stays a leak when it is deleted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum


class Surface(Enum):
    """Where something was seen."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"
    PROMPTS = "prompts"
    STATUS = "status"


@dataclass(frozen=True)
class Sighting:
    """One thing that one person could read, as it was then. `where` is its channel, or empty outside of channels."""

    surface: Surface
    where: str
    words: str


@dataclass(frozen=True)
class _Shown:
    """The same for all who could read it; its words are worked out only when somebody asks."""

    surface: Surface
    where: str
    readers: frozenset[str]
    words: Callable[[], str]


class Sightings:
    """The record, oldest first. Not locked: the workspace is."""

    def __init__(self) -> None:
        self._shown: list[_Shown] = []

    def note(self, surface: Surface, readers: Iterable[str], words: Callable[[], str], *, where: str = "") -> None:
        """Something new, or something that changed, is there to be read."""
        self._shown.append(_Shown(surface, where, frozenset(readers), words))

    def of(self, person: str) -> tuple[Sighting, ...]:
        """What this person could ever read."""
        return tuple(Sighting(one.surface, one.where, one.words()) for one in self._shown if person in one.readers)
