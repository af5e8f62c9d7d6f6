"""`touchpoints.yaml` of the knowledge folder -> the map, or every fault with its line."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from bot.touchpoints import coverage
from bot.touchpoints.faults import Faults
from bot.touchpoints.identity import Former, misused
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.reading import Company, Reading
from bot.touchpoints.references import References
from bot.yaml_lines import composed

FILE = "touchpoints.yaml"
# Ten times a rich map; so much is read in two seconds, and a person would not find the line any more.
MAX_BYTES = 500_000


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


def load_map(
    file: Path,
    *,
    teams: Collection[str] | None = None,
    roles: Collection[str] | None = None,
    tracks: Collection[str] | None = None,
    pages: Path | None = None,
    former: Mapping[str, Former] | None = None,
) -> TouchpointMap:
    """The map, checked; an empty one where there is no file, or nothing in it.

    Owners are compared with `teams` (of config/owners.yaml), roles with `roles` (of config/people.yaml), treatment
    tracks with `tracks`, pages with the folder `pages`, and ids with what they meant before; what is None is not
    compared. Raises `MapFaulty` with every fault, and `SettingsError` for what is no YAML.
    """
    node = composed(file, at_most=MAX_BYTES)
    if node is None or not node.value:
        return TouchpointMap.empty()
    faults = Faults()
    references = References(faults)
    reading = Reading(node, Company(teams, roles, tracks, pages), faults=faults, references=references)
    found = TouchpointMap(
        stages=_by_id(reading.stages()),
        channels=_by_id(reading.channels()),
        tools=_by_id(reading.tools()),
        partners=_by_id(reading.partners()),
        cx=_by_id(reading.cx_touchpoints()),
        ex=_by_id(reading.ex_touchpoints()),
        declared=reading.edges(),
        lines=references.lines,
    )
    references.compare()
    owned = coverage.with_owners(found, references.note)
    coverage.examine(owned, references.note, suspected=references.suspected)
    for id_, what in misused(owned, former or {}):
        references.note(id_, what)
    faults.end(file)
    return owned


def _by_id(things: Iterable[T]) -> Mapping[str, T]:
    return {thing.id: thing for thing in things}
