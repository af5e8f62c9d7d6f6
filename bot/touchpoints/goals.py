"""`goals.yaml` of the knowledge folder: what the company wants to reach, by what that is measured, on what evidence.

A file of its own: goals change with each quarter's plan and are of whoever steers; the map changes with the work, and a
slip in one must not take the other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from bot.touchpoints.entries import Entry
from bot.touchpoints.faults import Faults
from bot.touchpoints.kinds import Thing
from bot.touchpoints.map import TouchpointMap
from bot.touchpoints.naming import meant
from bot.yaml_lines import composed

FILE = "goals.yaml"
# Some hundreds of goals: more nobody steers by.
_MAX_BYTES = 200_000


class Metric(StrEnum):
    """What is measured at a touchpoint; docs/metrics.md says how."""

    CSAT = "csat"
    COMPLAINTS = "complaints_per_1000"
    REPEAT_CONTACTS = "repeat_contacts"
    HOURS_LOST = "hours_lost"
    MINUTES = "minutes"
    TIME_TO_RESOLVE = "time_to_resolve"

    @property
    def of(self) -> Thing:
        """At which kind of touchpoint."""
        return Thing.CX if self in {Metric.CSAT, Metric.COMPLAINTS, Metric.REPEAT_CONTACTS} else Thing.EX


class EvidenceKind(StrEnum):
    """Why a goal is one: what customers complain about somewhere, or what employees reported."""

    COMPLAINTS = "complaints"  # the id of a CX touchpoint
    THEME = "theme"  # the number of a theme of friction
    TICKET = "ticket"  # F-12


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric at a touchpoint, and the value that is aimed for, in the metric's unit."""

    metric: Metric
    at: str
    to: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    kind: EvidenceKind
    what: str


@dataclass(frozen=True, slots=True)
class Goal:
    """`owner` is a team of `config/owners.yaml`."""

    id: str
    name: str
    owner: str
    by: date | None
    measured_by: tuple[Measure, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """How many of how many."""

    linked: int
    of: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where there is nothing to link."""
        return self.linked / self.of if self.of else None


def load_goals(file: Path, map_: TouchpointMap, *, teams: Collection[str] | None = None) -> tuple[Goal, ...]:
    """The goals, checked against the map; none where there is no file.

    Raises `MapFaulty` with every fault, and `SettingsError` for what is no YAML.
    """
    node = composed(file, at_most=_MAX_BYTES)
    if node is None or not node.value:
        return ()
    faults = Faults()
    root = Entry(node, what="the file of goals", known=("goals",), faults=faults)
    known = ("id", "name", "owner", "by", "measured_by", "evidence")
    found: dict[str, Goal] = {}
    for entry in root.parts("goals", what="a goal", known=known):
        goal = _goal(entry, map_, teams)
        if goal.id in found:
            entry.note(entry.line_of("id"), f"there is a goal {goal.id} already; choose another id")
        found.setdefault(goal.id, goal)
    faults.end(file)
    return tuple(found.values())


def with_evidence(goals: Sequence[Goal]) -> Linked:
    """How many goals stand on something that customers or employees said."""
    return Linked(sum(bool(goal.evidence) for goal in goals), len(goals))


def feedback_linked(goals: Sequence[Goal], complaints: Mapping[str, int]) -> Linked:
    """How many of the complaints, counted by CX touchpoint ("" where unrouted), are evidence for a goal."""
    cited = {one.what for goal in goals for one in goal.evidence if one.kind is EvidenceKind.COMPLAINTS}
    return Linked(sum(count for at, count in complaints.items() if at in cited), sum(complaints.values()))


def orphans(map_: TouchpointMap, goals: Sequence[Goal]) -> tuple[str, ...]:
    """The touchpoints that no metric joins to a goal, in the order of the map.

    Work is joined where itself is measured, or something that it serves.
    """
    measured = {one.at for goal in goals for one in goal.measured_by}
    lost = [one.id for one in map_.cx.values() if one.id not in measured]
    return (*lost, *(one.id for one in map_.ex.values() if not measured & {one.id, *one.serves}))


def _goal(entry: Entry, map_: TouchpointMap, teams: Collection[str] | None) -> Goal:
    owner = entry.needed("owner", "a team of config/owners.yaml")
    if owner and teams is not None and owner not in teams:
        entry.note(entry.line_of("owner"), f"config/owners.yaml has no team {owner!r}; {meant(owner, teams)}")
    return Goal(
        id=entry.needed("id", "such as effortless-returns"),
        name=entry.needed("name", "what is to be reached, in a sentence"),
        owner=owner,
        by=entry.day("by"),
        measured_by=tuple(_measures(entry, map_)),
        evidence=tuple(_evidence(entry, map_)),
    )


def _measures(entry: Entry, map_: TouchpointMap) -> Iterator[Measure]:
    entry.must_hold("measured_by", "a list of `- { metric: csat, at: cx.store.checkout }`")
    for part in entry.parts("measured_by", what="a measure", known=("metric", "at", "to")):
        named, at = part.needed("metric", " or ".join(Metric)), part.needed("at", "a touchpoint of the map")
        if named and named not in set(Metric):
            part.note(part.line_of("metric"), f"`metric` cannot be {named!r}; {meant(named, Metric)}")
            continue
        if named and at:
            metric = Metric(named)
            _must_be(part, at, map_.cx if metric.of is Thing.CX else map_.ex, metric.of)
            yield Measure(metric, at, part.number("to", low=0, high=1_000_000, of="what is measured"))


def _evidence(entry: Entry, map_: TouchpointMap) -> Iterator[Evidence]:
    for part in entry.parts("evidence", what="a piece of evidence", known=tuple(EvidenceKind)):
        named = [kind for kind in EvidenceKind if part.text(kind)]
        if len(named) != 1:
            part.note(part.line, f"a piece of evidence is one of {', '.join(EvidenceKind)}; write one in each")
            continue
        kind, what = named[0], part.text(named[0])
        if kind is EvidenceKind.COMPLAINTS:
            _must_be(part, what, map_.cx, Thing.CX, name=kind)
        elif not what.removeprefix("F-").isdecimal():
            part.note(part.line_of(kind), f"`{kind}` is a number, as {'F-12' if kind is EvidenceKind.TICKET else '12'}")
        yield Evidence(kind, what)


def _must_be(part: Entry, id_: str, known: Mapping[str, object], thing: Thing, *, name: str = "at") -> None:
    if id_ not in known:
        part.note(part.line_of(name), f"the map has no {thing} {id_!r}; {meant(id_, known)}")
