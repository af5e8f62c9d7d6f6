"""The lines of `touchpoints.yaml` -> what stands on the map. Every fault is noted, and reading goes on."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from bot.touchpoints.entries import Entry
from bot.touchpoints.faults import Faults
from bot.touchpoints.kinds import EdgeKind, EdgeStatus, PartnerKind, Purchase, SelfService, Thing
from bot.touchpoints.model import (
    Channel,
    CxTouchpoint,
    Edge,
    ExTouchpoint,
    Partner,
    Stage,
    Standard,
    Step,
    Targets,
    Tool,
)
from bot.touchpoints.naming import folded, meant
from bot.touchpoints.references import References, page_fault

T = TypeVar("T")
_KNOWN = {
    "stages": ("id", "name", "purchase"),
    "channels": ("id", "name"),
    "tools": ("id", "name", "aliases", "owner", "system_of_record_for", "retiring_on"),
    "partners": ("id", "name", "kind", "aliases", "owner"),
    "cx_touchpoints": (
        "id", "name", "stage", "channel", "owner", "targets", "self_service", "treatment_track", "customer_symptoms",
    ),
    "ex_touchpoints": (
        "id", "name", "serves", "roles", "visible_to_customer", "owner", "standard", "steps", "employee_symptoms",
    ),
    "edges": ("from", "to", "kind", "status", "owner"),
}  # fmt: skip
_NEEDED = ("stages", "channels", "tools", "cx_touchpoints", "ex_touchpoints")
_ID = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*")
_MINUTES_OF_A_DAY = 24 * 60
_A_NAME = "as people call it"
_A_TEAM = "a team of config/owners.yaml"
# What may be declared, from what to what; all else follows from the touchpoints.
_ENDS = {
    EdgeKind.SHOULD_SYNC: ((Thing.TOOL,), (Thing.TOOL,)),
    EdgeKind.HANDS_OFF: ((Thing.EX,), (Thing.EX, Thing.PARTNER)),
}


@dataclass(frozen=True, slots=True)
class Company:
    """What other files of the company have, for the map to name. None: not known, so nothing is compared with it.

    `teams` of config/owners.yaml, `roles` of config/people.yaml, `tracks` of tracks.yaml; `pages` is their folder.
    """

    teams: Collection[str] | None = None
    roles: Collection[str] | None = None
    tracks: Collection[str] | None = None
    pages: Path | None = None


class Reading:
    """One file being read, from its topmost node; which ids it declares and names goes to `references`."""

    def __init__(self, node: yaml.Node, company: Company, *, faults: Faults, references: References) -> None:
        self._company, self._faults, self._references = company, faults, references
        self._root = Entry(node, what="the map", known=tuple(_KNOWN), faults=faults)
        for name in _NEEDED:
            self._root.must_hold(name, "a list of `- id: ...` entries")

    def stages(self) -> tuple[Stage, ...]:
        return self._all("stages", Thing.STAGE, self._stage)

    def channels(self) -> tuple[Channel, ...]:
        return self._all("channels", Thing.CHANNEL, lambda entry, id_: Channel(id_, entry.needed("name", _A_NAME)))

    def tools(self) -> tuple[Tool, ...]:
        return self._all("tools", Thing.TOOL, self._tool)

    def partners(self) -> tuple[Partner, ...]:
        return self._all("partners", Thing.PARTNER, self._partner)

    def cx_touchpoints(self) -> tuple[CxTouchpoint, ...]:
        return self._all("cx_touchpoints", Thing.CX, self._cx)

    def ex_touchpoints(self) -> tuple[ExTouchpoint, ...]:
        return self._all("ex_touchpoints", Thing.EX, self._ex)

    def edges(self) -> tuple[Edge, ...]:
        return tuple(self._edge(entry) for entry in self._root.parts("edges", what="an edge", known=_KNOWN["edges"]))

    def _all(self, name: str, thing: Thing, read: Callable[[Entry, str], T]) -> tuple[T, ...]:
        found: list[T] = []
        for entry in self._root.parts(name, what=thing.a, known=_KNOWN[name]):
            id_ = entry.needed("id", f"such as {_EXAMPLES[thing]}")
            if id_ and not _ID.fullmatch(id_):
                entry.note(entry.line_of("id"), f"{id_!r} cannot be an id; write small letters, as {_EXAMPLES[thing]}")
            elif id_:
                self._references.declare(thing, id_, entry.line_of("id"))
            found.append(read(entry, id_))
        return tuple(found)

    def _stage(self, entry: Entry, id_: str) -> Stage:
        sides = [side for side in Purchase if side]
        named = entry.text("purchase")
        if named and named not in sides:
            entry.note(entry.line_of("purchase"), f"`purchase` cannot be {named!r}; {meant(named, sides)}")
            named = ""
        return Stage(id_, entry.needed("name", _A_NAME), Purchase(named))

    def _tool(self, entry: Entry, id_: str) -> Tool:
        return Tool(
            id=id_,
            name=self._name(entry, id_),
            owner=self._owner(entry),
            aliases=self._aliases(entry, id_),
            system_of_record_for=_plain(entry.texts("system_of_record_for")),
            retiring_on=entry.day("retiring_on"),
        )

    def _partner(self, entry: Entry, id_: str) -> Partner:
        return Partner(
            id=id_,
            name=self._name(entry, id_),
            owner=self._owner(entry),
            kind=entry.one_of("kind", PartnerKind, PartnerKind.DELIVERS_PART),
            aliases=self._aliases(entry, id_),
        )

    def _cx(self, entry: Entry, id_: str) -> CxTouchpoint:
        track = entry.text("treatment_track")
        if track and self._company.tracks is not None and track not in self._company.tracks:
            at = entry.line_of("treatment_track")
            entry.note(at, f"tracks.yaml has no track {track!r}; {meant(track, self._company.tracks)}")
        return CxTouchpoint(
            id=id_,
            name=entry.needed("name", _A_NAME),
            stage=self._one(entry, "stage", Thing.STAGE),
            channel=self._one(entry, "channel", Thing.CHANNEL),
            owner=self._owner(entry),
            customer_symptoms=_plain(entry.some("customer_symptoms", "what customers say when it goes wrong")),
            targets=self._targets(entry),
            self_service=self._self_service(entry),
            treatment_track=track,
        )

    def _ex(self, entry: Entry, id_: str) -> ExTouchpoint:
        serves = entry.texts("serves")
        for line, served in serves:
            self._references.use(line, served, Thing.CX)
        return ExTouchpoint(
            id=id_,
            name=entry.needed("name", _A_NAME),
            roles=self._roles(entry),
            owner=self._team(entry, entry.text("owner")),
            employee_symptoms=_plain(entry.some("employee_symptoms", "what employees say when it fights them")),
            serves=_plain(serves),
            visible_to_customer=entry.yes("visible_to_customer"),
            steps=tuple(self._steps(entry)),
            standard=self._standard(entry),
        )

    def _edge(self, entry: Entry) -> Edge:
        source, target = entry.needed("from", "an id"), entry.needed("to", "an id")
        named = entry.needed("kind", " or ".join(_ENDS))
        kind = EdgeKind(named) if named in set(_ENDS) else EdgeKind.SHOULD_SYNC
        if named and named not in set(_ENDS):
            own = "; what serves, uses and delivers follows from the steps" if named in set(EdgeKind) else ""
            entry.note(entry.line_of("kind"), f"`kind` cannot be {named!r}{own}; {meant(named, _ENDS)}")
        elif named:
            sources, targets = _ENDS[kind]
            self._references.use(entry.line_of("from"), source, *sources)
            self._references.use(entry.line_of("to"), target, *targets)
        if source and source == target:
            entry.note(entry.line_of("to"), f"an edge leads from {source} to itself; name two, or remove it")
        status = entry.one_of("status", EdgeStatus, EdgeStatus.WORKS)
        return Edge(source, target, kind, status, self._team(entry, entry.text("owner")), entry.line)

    def _steps(self, entry: Entry) -> Iterator[Step]:
        for step in entry.parts("steps", what="a step", known=("do", "tool", "partner", "reads", "writes")):
            do, tool, partner = step.needed("do", "what is done"), step.text("tool"), step.text("partner")
            self._references.use(step.line_of("tool"), tool, Thing.TOOL)
            self._references.use(step.line_of("partner"), partner, Thing.PARTNER)
            yield Step(do, tool, partner, _plain(step.texts("reads")), _plain(step.texts("writes")), step.line)

    def _name(self, entry: Entry, id_: str) -> str:
        name = entry.needed("name", _A_NAME)
        if id_:
            self._references.call(id_, id_, entry.line_of("id"))
        if id_ and name:
            self._references.call(id_, name, entry.line_of("name"))
        return name

    def _aliases(self, entry: Entry, id_: str) -> tuple[str, ...]:
        aliases = entry.texts("aliases")
        said = {folded(entry.text("name"))}
        for line, alias in aliases if id_ else ():
            if folded(alias) in said:
                entry.note(line, f"{alias!r} is a name of {id_} already; keep one")
                continue
            said.add(folded(alias))
            self._references.call_also(id_, alias, line)
        return _plain(aliases)

    def _owner(self, entry: Entry) -> str:
        return self._team(entry, entry.needed("owner", _A_TEAM))

    def _team(self, entry: Entry, owner: str) -> str:
        teams = self._company.teams
        if owner and teams is not None and owner not in teams:
            at = entry.line_of("owner")
            entry.note(at, f"config/owners.yaml has no team {owner!r}; {meant(owner, teams)}")
        return owner

    def _roles(self, entry: Entry) -> tuple[str, ...]:
        roles = entry.some("roles", "roles of config/people.yaml, whose people do it")
        known = self._company.roles
        for line, role in roles:
            if known is not None and role not in known:
                entry.note(line, f"config/people.yaml has no role {role!r}; {meant(role, known)}")
        return _plain(roles)

    def _one(self, entry: Entry, name: str, thing: Thing) -> str:
        named = entry.needed(name, f"a {thing} of the map")
        self._references.use(entry.line_of(name), named, thing)
        return named

    def _self_service(self, entry: Entry) -> SelfService:
        """Written as yes, no or missing; true and false are the same to YAML."""
        text = entry.text("self_service").casefold()
        kinds = {"true": SelfService.YES, "false": SelfService.NO, "": SelfService.NO} | {
            kind: kind for kind in SelfService
        }
        if text not in kinds:
            entry.note(entry.line_of("self_service"), f"`self_service` is yes, no or missing, not {text!r}")
        return kinds.get(text, SelfService.NO)

    def _targets(self, entry: Entry) -> Targets:
        part = entry.part("targets", known=("csat", "complaints_per_1000"))
        if part is None:
            return Targets()
        return Targets(
            csat=part.number("csat", low=1, high=5, of="points"),
            complaints_per_1000=part.number("complaints_per_1000", low=0, high=1000, of="complaints"),
        )

    def _standard(self, entry: Entry) -> Standard | None:
        part = entry.part("standard", known=("policy", "minutes"))
        if part is None:
            return None
        policy = part.text("policy")
        if policy and self._company.pages and (wrong := page_fault(policy, self._company.pages)):
            part.note(part.line_of("policy"), wrong)
        return Standard(policy, part.number("minutes", low=0.1, high=_MINUTES_OF_A_DAY, of="minutes"))


_EXAMPLES = {
    Thing.STAGE: "support",
    Thing.CHANNEL: "store",
    Thing.TOOL: "orion",
    Thing.PARTNER: "fieldpro",
    Thing.CX: "cx.store.checkout",
    Thing.EX: "ex.store.checkout",
}


def _plain(lined: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(text for _, text in lined)
