"""The map, as whoever needs it looks things up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.touchpoints.kinds import EdgeKind
from bot.touchpoints.model import Channel, CxTouchpoint, Edge, ExTouchpoint, Partner, Stage, Tool
from bot.touchpoints.naming import folded


@dataclass(frozen=True)
class TouchpointMap:
    """Each thing under its id, in the order of the file; no id names two. False where nothing is on it.

    `lines`: id -> where it stands in the file.
    """

    stages: Mapping[str, Stage]
    channels: Mapping[str, Channel]
    tools: Mapping[str, Tool]
    partners: Mapping[str, Partner]
    cx: Mapping[str, CxTouchpoint]
    ex: Mapping[str, ExTouchpoint]
    declared: tuple[Edge, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    @classmethod
    def empty(cls) -> "TouchpointMap":
        return cls({}, {}, {}, {}, {}, {})

    def __bool__(self) -> bool:
        return bool(self.cx or self.ex or self.tools or self.partners)

    def name_of(self, id_: str) -> str:
        """What people call it; an id that is not on the map, or not any more, is shown as it stands."""
        found = self._anything(id_)
        return found.name if found else id_

    def owner_of(self, id_: str) -> str:
        """The team that answers for a tool, a partner or a touchpoint; "" for what is not on the map.

        An EX touchpoint that names none has the owner of its only tool; its `owner_from` says so.
        """
        found = self.tools.get(id_) or self.partners.get(id_) or self.cx.get(id_) or self.ex.get(id_)
        return found.owner if found else ""

    def tools_at(self, touchpoint: str) -> tuple[Tool, ...]:
        """Those of an EX touchpoint in the order of its steps; of a CX one, those of all that serve it."""
        ids = dict.fromkeys(tool for one in self._work_at(touchpoint) for tool in one.tools)
        return tuple(self.tools[tool] for tool in ids)

    def partners_at(self, touchpoint: str) -> tuple[Partner, ...]:
        ids = dict.fromkeys(partner for one in self._work_at(touchpoint) for partner in one.partners)
        return tuple(self.partners[partner] for partner in ids)

    def touchpoints_of(self, role: str) -> tuple[ExTouchpoint, ...]:
        """What people with a role of `config/people.yaml` do."""
        return tuple(one for one in self.ex.values() if role in one.roles)

    def touchpoints_with(self, tool_or_partner: str) -> tuple[ExTouchpoint, ...]:
        """The EX touchpoints with a step that needs it."""
        return tuple(one for one in self.ex.values() if tool_or_partner in (*one.tools, *one.partners))

    def serving(self, touchpoint: str) -> tuple[ExTouchpoint, ...]:
        """The EX touchpoints that serve a CX touchpoint by name; not those that stand behind all."""
        return tuple(one for one in self.ex.values() if touchpoint in one.serves)

    def served_by(self, touchpoint: str) -> tuple[CxTouchpoint, ...]:
        """The CX touchpoints that an EX touchpoint serves."""
        return tuple(self.cx[one] for one in self.ex[touchpoint].serves) if touchpoint in self.ex else ()

    def channels_at(self, touchpoint: str) -> frozenset[str]:
        """The channels of a CX touchpoint, or of all that an EX touchpoint serves."""
        at = (self.cx[touchpoint],) if touchpoint in self.cx else self.served_by(touchpoint)
        return frozenset(one.channel for one in at)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Every name, alias and id of tools and partners, folded -> the id."""
        things: tuple[Tool | Partner, ...] = (*self.tools.values(), *self.partners.values())
        return {folded(name): one.id for one in things for name in (one.id, one.name, *one.aliases)}

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """What the file declares, and what follows from the touchpoints."""
        return (*self.declared, *self._derived())

    def _derived(self) -> Iterator[Edge]:
        for one in self.ex.values():
            yield from (Edge(one.id, served, EdgeKind.SERVES) for served in one.serves)
            yield from (Edge(one.id, tool, EdgeKind.USES) for tool in one.tools)
            yield from (Edge(partner, one.id, EdgeKind.DELIVERS) for partner in one.partners)
            if one.standard and one.standard.policy:
                yield Edge(one.id, one.standard.policy, EdgeKind.GOVERNED_BY)

    def _work_at(self, touchpoint: str) -> tuple[ExTouchpoint, ...]:
        return (self.ex[touchpoint],) if touchpoint in self.ex else self.serving(touchpoint)

    def _anything(self, id_: str) -> Stage | Channel | Tool | Partner | CxTouchpoint | ExTouchpoint | None:
        kinds = (self.tools, self.partners, self.ex, self.cx, self.stages, self.channels)
        return next((found for kind in kinds if (found := kind.get(id_))), None)
