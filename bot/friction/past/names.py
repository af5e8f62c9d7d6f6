"""Whatever an export may name of the house: tools, partners and touchpoints of the map, places and roles of people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.touchpoints import TouchpointMap, folded


@dataclass(frozen=True, slots=True)
class Names:
    """Each name, folded -> the id."""

    tools: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)
    touchpoints: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, map_: TouchpointMap, *, places: Mapping[str, str], roles: Iterable[str]) -> "Names":
        """`places` are those of `config/people.yaml`, id -> name."""
        return cls(
            tools={name: id_ for name, id_ in map_.names.items() if id_ in map_.tools},
            partners={name: id_ for name, id_ in map_.names.items() if id_ in map_.partners},
            touchpoints={folded(name): one.id for one in map_.ex.values() for name in (one.name, one.id)},
            places={folded(name): id_ for id_, called in places.items() for name in (called, id_)},
            roles={folded(role): role for role in roles},
        )
