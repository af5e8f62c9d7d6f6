"""What is wrong with a map as a whole: what nobody reaches, serves or owns."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.touchpoints.kinds import SelfService, Thing
from bot.touchpoints.map import TouchpointMap

# An id of the map, and what is wrong about it.
Note = Callable[[str, str], None]


def with_owners(map_: TouchpointMap, note: Note) -> TouchpointMap:
    """The map, with the owner of its only tool for each EX touchpoint that names none."""
    ex = dict(map_.ex)
    for one in map_.ex.values():
        if one.owner:
            continue
        if len(one.tools) == 1 and one.tools[0] in map_.tools:
            tool = map_.tools[one.tools[0]]
            ex[one.id] = replace(one, owner=tool.owner, owner_from=tool.id)
        elif len(one.tools) != 1:
            why = f"it has {len(one.tools)} tools" if one.tools else "it has no tool whose owner it could take"
            note(one.id, f"the {Thing.EX} {one.id} needs `owner:`, a team of config/owners.yaml, since {why}")
    return replace(map_, ex=ex)


def examine(map_: TouchpointMap, note: Note, *, suspected: AbstractSet[str] = frozenset()) -> None:
    """Not of the ids in `suspected`: what seems to lead nowhere may lead to them."""
    served = suspected | {cx for one in map_.ex.values() for cx in one.serves}
    for one in map_.cx.values():
        if one.id not in served and one.self_service is not SelfService.YES:
            note(
                one.id, f"nobody serves {one.id}; name it in `serves` of an EX touchpoint, or write `self_service: yes`"
            )
    stages = suspected | {one.stage for one in map_.cx.values()}
    for stage in map_.stages:
        if stage not in stages:
            note(stage, f"no CX touchpoint is in the stage {stage}; add one, or remove the stage")
    reached = _reached(map_, suspected)
    for id_ in (*map_.tools, *map_.partners):
        if id_ not in reached:
            note(id_, f"no step and no edge leads to {id_}; name it where somebody uses it, or remove it")


def _reached(map_: TouchpointMap, suspected: AbstractSet[str]) -> AbstractSet[str]:
    """What is named by some touchpoint, and what declared edges join to that."""
    joined: dict[str, set[str]] = {}
    for edge in map_.declared:
        joined.setdefault(edge.source, set()).add(edge.target)
        joined.setdefault(edge.target, set()).add(edge.source)
    reached = suspected | {id_ for one in map_.ex.values() for id_ in (one.id, *one.tools, *one.partners)}
    waiting = list(reached)
    while waiting:
        further = joined.pop(waiting.pop(), set()) - reached
        reached |= further
        waiting.extend(further)
    return reached
