"""From where employees struggle to where customers are: a walk over the map, three kinds of way."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

# How much a way says: experience.md (c), step 2.
SERVES, SHARED_TOOL, HANDS_OFF = 1.0, 0.6, 0.3
# A theme is where one of so many of its members is.
_PART = 3


class EdgeKind(StrEnum):
    """Those of the map that are walked; all others are passed over."""

    SERVES = "serves"  # EX touchpoint -> CX touchpoint
    USES = "uses"  # EX touchpoint -> tool
    HANDS_OFF = "hands_off"  # EX touchpoint -> EX touchpoint


@dataclass(frozen=True, slots=True)
class Edge:
    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class Way:
    """To a CX touchpoint, with the ids passed from the EX touchpoint on; the target is the last."""

    weight: float
    passed: tuple[str, ...]


def mostly(touchpoints: Iterable[str]) -> tuple[str, ...]:
    """The touchpoints that at least a third of the members name ("" is a member that names none): at most three.

    Not half: two works that are complained of alike are often one theme, and the smaller one is no less a pain.
    """
    named = list(touchpoints)
    most = Counter(one for one in named if one)
    return tuple(sorted(id_ for id_, count in most.items() if _PART * count >= len(named)))


def ways(edges: Sequence[Edge], start: Collection[str], *, tools: Collection[str] | None = None) -> dict[str, Way]:
    """CX touchpoint -> the best way there: served, reached by a tool that both use, or by a hand-off.

    `tools` are those the theme names: friction with a printer is not about everybody who uses the same CRM. None takes
    all tools of the touchpoints.
    """
    found: dict[str, Way] = {}
    for way in _all(edges, start, tools):
        target = way.passed[-1]
        if target not in found or found[target].weight < way.weight:
            found[target] = way
    return found


def _all(edges: Sequence[Edge], start: Collection[str], tools: Collection[str] | None) -> Iterator[Way]:
    serves, uses = _targets(edges, EdgeKind.SERVES), _targets(edges, EdgeKind.USES)
    users, passed_to = _sources(edges), _targets(edges, EdgeKind.HANDS_OFF)
    for ex in start:
        yield from (Way(SERVES, (ex, cx)) for cx in serves.get(ex, ()))
        shared = [tool for tool in uses.get(ex, ()) if tools is None or tool in tools]
        beside = [(tool, other) for tool in shared for other in users[tool]]
        yield from (Way(SHARED_TOOL, (ex, tool, other, cx)) for tool, other in beside for cx in serves.get(other, ()))
        yield from (Way(HANDS_OFF, (ex, other, cx)) for other in passed_to.get(ex, ()) for cx in serves.get(other, ()))


def _targets(edges: Iterable[Edge], kind: EdgeKind) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in edges:
        if edge.kind == kind:
            found.setdefault(edge.source, []).append(edge.target)
    return found


def _sources(edges: Iterable[Edge]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for edge in edges:
        if edge.kind == EdgeKind.USES:
            found.setdefault(edge.target, []).append(edge.source)
    return found
